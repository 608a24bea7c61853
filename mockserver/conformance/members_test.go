// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

// role finds a role by its name.
func role(t *testing.T, api *cloudflare.API, account, name string) cloudflare.AccountRole {
	t.Helper()
	all := must[[]cloudflare.AccountRole](t)(api.ListAccountRoles(t.Context(), cloudflare.AccountIdentifier(account), cloudflare.ListAccountRolesParams{}))
	i := slices.IndexFunc(all, func(r cloudflare.AccountRole) bool { return r.Name == name })
	if i < 0 {
		t.Fatalf("the server lists no role %q", name)
	}
	return all[i]
}

func TestLifeOfAMember(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	acme := s.ID("acme")
	account := cloudflare.AccountIdentifier(acme)
	for _, ref := range []string{"super", "terraform"} {
		api := as(t, s, ref)
		super := as(t, s, "super")
		dns, analytics := role(t, super, acme, "DNS"), role(t, super, acme, "Analytics")
		invited := must[cloudflare.AccountMember](t)(api.CreateAccountMember(ctx, account, cloudflare.CreateAccountMemberParams{
			EmailAddress: "new@example.com", Roles: []string{dns.ID},
		}))
		if invited.User.Email != "new@example.com" || invited.Status != "pending" {
			t.Errorf("%s: invited %+v", ref, invited)
		}
		// The reply to an invitation leaves the roles out; clients read the member next.
		invited = must[cloudflare.AccountMember](t)(api.AccountMember(ctx, acme, invited.ID))
		if len(invited.Roles) != 1 || invited.Roles[0].ID != dns.ID {
			t.Errorf("%s: invited with %+v", ref, invited.Roles)
		}
		invited.Roles = []cloudflare.AccountRole{analytics}
		updated := must[cloudflare.AccountMember](t)(api.UpdateAccountMember(ctx, acme, invited.ID, invited))
		if len(updated.Roles) != 1 || updated.Roles[0].ID != analytics.ID {
			t.Errorf("%s: updated %+v", ref, updated)
		}
		if read := must[cloudflare.AccountMember](t)(api.AccountMember(ctx, acme, invited.ID)); read.Roles[0].Name != "Analytics" {
			t.Errorf("%s: read %+v", ref, read)
		}
		if err := api.DeleteAccountMember(ctx, acme, invited.ID); err != nil {
			t.Errorf("%s: deleting: %v", ref, err)
		}
		_, err := api.AccountMember(ctx, acme, invited.ID)
		refused(t, err, notFound, 1003)
	}
}

func TestMembersAreListed(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for _, ref := range []string{"super", "terraform", "viewer"} {
		all, info, err := as(t, s, ref).AccountMembers(t.Context(), s.ID("acme"), cloudflare.PaginationOptions{Page: 1, PerPage: 50})
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		var emails []string
		for _, m := range all {
			emails = append(emails, m.User.Email)
		}
		slices.Sort(emails)
		want := []string{"admin@example.com", "ci@example.com", "dns@example.com", "pending@example.com", "super@example.com", "viewer@example.com"}
		if !slices.Equal(emails, want) || info.Total != len(want) {
			t.Errorf("%s: %v of %d", ref, emails, info.Total)
		}
	}
}

func TestMembersThatAreRefused(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	acme := s.ID("acme")
	super := as(t, s, "super")
	dns := role(t, super, acme, "DNS")
	member := must[cloudflare.AccountMember](t)(super.AccountMember(ctx, acme, s.ID("acme/dns")))
	self := must[cloudflare.AccountMember](t)(super.AccountMember(ctx, acme, s.ID("acme/super")))
	unchanged(t, s, func() {
		// An Administrator is no Super Administrator; the others hold less.
		for _, ref := range []string{"admin", "viewer", "dns", "ci_dns", "viewer_read", "acme_ops"} {
			api := as(t, s, ref)
			_, err := api.CreateAccountMember(ctx, cloudflare.AccountIdentifier(acme), cloudflare.CreateAccountMemberParams{
				EmailAddress: "new@example.com", Roles: []string{dns.ID},
			})
			refused(t, err, forbidden, 9109)
			_, err = api.UpdateAccountMember(ctx, acme, member.ID, member)
			refused(t, err, forbidden, 9109)
			refused(t, api.DeleteAccountMember(ctx, acme, member.ID), forbidden, 9109)
		}
		// The last Super Administrator stays one.
		refused(t, super.DeleteAccountMember(ctx, acme, self.ID), badRequest, 1001)
		self.Roles = []cloudflare.AccountRole{dns}
		_, err := super.UpdateAccountMember(ctx, acme, self.ID, self)
		refused(t, err, badRequest, 1001)
		// An account that one is no member of looks like none.
		_, _, err = as(t, s, "admin").AccountMembers(ctx, s.ID("globex"), cloudflare.PaginationOptions{})
		refused(t, err, forbidden, 9109)
	})
}

// The API access switch, which the client has no methods for (authorization model §7).
func TestAPIAccessSwitch(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	acme, super := s.ID("acme"), as(t, s, "super")
	type object struct {
		ID        string
		APIAccess *bool `json:"api_access_enabled"`
		Settings  struct {
			APIAccess *bool `json:"api_access_enabled"`
		}
	}
	set := func(member string, value any) {
		t.Helper()
		must[object](t)(raw[object](t, super, "PATCH", "/accounts/"+acme+"/members/"+s.ID(member), map[string]any{"api_access_enabled": value}))
	}
	switchOff := map[string]any{"name": "Acme", "settings": map[string]any{"api_access_enabled": false}}

	unchanged(t, s, func() {
		_, err := raw[object](t, as(t, s, "admin"), "PUT", "/accounts/"+acme, switchOff)
		refused(t, err, forbidden, 9109)
		_, err = raw[object](t, super, "PUT", "/accounts/"+s.ID("globex"), map[string]any{"name": "Globex", "settings": switchOff["settings"]})
		refused(t, err, badRequest, 1001)
	})
	readRecords(t, as(t, s, "ci_dns"), s.ID("example.com"), nil)

	set("acme/super", true)
	got := must[object](t)(raw[object](t, super, "PUT", "/accounts/"+acme, switchOff))
	if got.Settings.APIAccess == nil || *got.Settings.APIAccess {
		t.Errorf("switched: %+v", got)
	}
	off := func(err error) { refused(t, err, forbidden, 10000) }
	for _, ref := range []string{"ci_dns", "dns", "viewer_read", "acme_ops"} {
		readRecords(t, as(t, s, ref), s.ID("example.com"), off)
	}
	readRecords(t, super, s.ID("example.com"), nil)
	readRecords(t, as(t, s, "terraform"), s.ID("globex.example"), nil)
	if _, err := as(t, s, "dns").UserDetails(t.Context()); err != nil {
		t.Errorf("the switch reaches /user: %v", err)
	}

	set("acme/ci", true)
	readRecords(t, as(t, s, "ci_dns"), s.ID("example.com"), nil)
	set("acme/ci", nil)
	readRecords(t, as(t, s, "ci_dns"), s.ID("example.com"), off)
	must[object](t)(raw[object](t, super, "PUT", "/accounts/"+acme, map[string]any{"name": "Acme", "settings": map[string]any{"api_access_enabled": nil}}))
	readRecords(t, as(t, s, "ci_dns"), s.ID("example.com"), nil)
	set("acme/ci", false)
	readRecords(t, as(t, s, "ci_dns"), s.ID("example.com"), off)
	readRecords(t, as(t, s, "dns"), s.ID("example.com"), nil)
}
