// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

const (
	dnsWrite  = "4755a26eedb94da69e1066d98aa820be"
	zoneRead  = "c8fed203ed3043cba015a93ad1616f1f"
	unknownID = "ffffffffffffffffffffffffffffffff"
)

// as is a client of the server that runs as what the world calls ref: a token, or a user's key.
func as(t *testing.T, server *mocktest.Server, ref string) *client.Client {
	t.Helper()
	given := server.Credential(ref)
	credential := client.Credential{APIToken: given.Value}
	if given.Kind == mocktest.GlobalKey {
		credential = client.Credential{Email: given.Email, APIKey: given.Value}
	}
	c, err := client.New(client.Options{BaseURL: server.BaseURL, Credential: credential, MaxRetries: 1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func definition(server *mocktest.Server, owner client.Owner) client.TokenDefinition {
	zone := "com.cloudflare.api.account.zone." + server.ID("zone:example.com")
	resources := map[string]client.ResourceValue{
		zone: {Nested: []string{
			"com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.*",
			"com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.example.com",
		}},
	}
	if owner.AccountID != "" {
		resources = map[string]client.ResourceValue{"com.cloudflare.api.account." + owner.AccountID: {Nested: []string{"com.cloudflare.api.account.zone.*"}}}
	}
	return client.TokenDefinition{
		Name:      "acme client",
		Policies:  []client.Policy{{Effect: client.EffectAllow, Groups: []client.PolicyGroup{{ID: dnsWrite}}, Resources: resources}},
		Condition: &client.IPCondition{In: []string{"192.0.2.7"}, NotIn: []string{"198.51.100.0/24"}},
		NotBefore: new(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
		ExpiresOn: new(time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)),
	}
}

// A token's whole life against the reference server, for both kinds of owner.
func TestServer_tokens(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t, mocktest.WithShuffledReplies(7))
	for name, owner := range map[string]client.Owner{"user": {}, "account": {AccountID: server.ID("account:acme")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := as(t, server, "super")
			def := definition(server, owner)
			created, err := c.CreateToken(t.Context(), owner, def)
			if err != nil {
				t.Fatal(err)
			}
			if created.Value == "" || created.IssuedOn.IsZero() || created.Status != client.StatusActive {
				t.Errorf("created = %v, status %q, issued %s", created, created.Status, created.IssuedOn)
			}
			got, err := c.GetToken(t.Context(), owner, created.ID)
			if err != nil {
				t.Fatal(err)
			}
			unsent := cmpopts.IgnoreFields(client.PolicyGroup{}, "Name")
			if diff := cmp.Diff(def.Policies, got.Policies, unsent, cmpopts.IgnoreFields(client.Policy{}, "ID")); diff != "" {
				t.Errorf("policies (-sent +got):\n%s", diff)
			}
			if !got.NotBefore.Equal(*def.NotBefore) || !got.ExpiresOn.Equal(*def.ExpiresOn) || got.Condition == nil || got.Value != "" {
				t.Errorf("token = %v", got)
			}

			def.Name, def.Status, def.Condition, def.NotBefore, def.ExpiresOn = "renamed", client.StatusDisabled, nil, nil, nil
			def.Policies[0].Groups = append(def.Policies[0].Groups, client.PolicyGroup{ID: zoneRead})
			def.Policies[0].Resources = map[string]client.ResourceValue{"com.cloudflare.api.account.zone." + server.ID("zone:example.com"): {}}
			updated, err := c.UpdateToken(t.Context(), owner, created.ID, def)
			if err != nil {
				t.Fatal(err)
			}
			if updated.Name != "renamed" || updated.Status != client.StatusDisabled || updated.Condition != nil || updated.NotBefore != nil || updated.ExpiresOn != nil {
				t.Errorf("what was left out was not cleared: %q, %q, %v", updated.Name, updated.Status, updated.Condition)
			}
			if len(updated.Policies[0].Groups) != 2 {
				t.Errorf("groups = %v", updated.Policies[0].Groups)
			}

			rolled, err := c.RollToken(t.Context(), owner, created.ID)
			if err != nil || rolled == "" || rolled == created.Value {
				t.Errorf("roll: the secret is new: %v, error %v", rolled != created.Value, err)
			}
			listed, err := c.ListTokens(t.Context(), owner)
			if err != nil || !slices.ContainsFunc(listed, func(token client.Token) bool { return token.ID == created.ID }) {
				t.Errorf("list of %d lacks the token, error %v", len(listed), err)
			}
			for range 2 { // The second finds nothing, which is what was asked for.
				if err := c.DeleteToken(t.Context(), owner, created.ID); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := c.GetToken(t.Context(), owner, created.ID); !client.IsNotFound(err) {
				t.Errorf("error = %v, want not found", err)
			}
		})
	}
}

// A token is the same whether it is read by id or from its owner's list, in whatever order that comes.
func TestServer_listedTokens(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t, mocktest.WithShuffledReplies(7))
	owner := client.Owner{AccountID: server.ID("account:acme")}
	writer := as(t, server, "super")
	def := definition(server, owner)
	def.Policies[0].Resources["com.cloudflare.api.account.zone."+server.ID("zone:example.org")] = client.ResourceValue{}
	var ids []string
	for i := range 60 {
		def.Name = fmt.Sprintf("token %d", i)
		if i%2 == 1 {
			def.Condition, def.NotBefore = nil, nil
			def.ExpiresOn = new(time.Date(2098, 1, 1, 0, 0, 0, 0, time.UTC))
		}
		token, err := writer.CreateToken(t.Context(), owner, def)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, token.ID)
	}
	server.SetTime(time.Date(2098, 6, 1, 0, 0, 0, 0, time.UTC)) // half of them are expired
	reader := as(t, server, "super")
	server.ResetJournal()
	for _, id := range ids {
		listed, err := reader.GetToken(t.Context(), owner, id)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := as(t, server, "super").GetToken(t.Context(), owner, id)
		if err != nil {
			t.Fatal(err)
		}
		orders := []cmp.Option{
			cmpopts.SortSlices(func(a, b client.Policy) bool { return a.ID < b.ID }),
			cmpopts.SortSlices(func(a, b client.PolicyGroup) bool { return a.ID < b.ID }),
			cmpopts.SortSlices(func(a, b string) bool { return a < b }),
		}
		if diff := cmp.Diff(alone, listed, orders...); diff != "" {
			t.Errorf("token %s (-by id +from the list):\n%s", id, diff)
		}
	}
	if got := server.Count(http.MethodGet, "/accounts/*/tokens"); got != 2 {
		t.Errorf("the list was read in %d requests, want its 2 pages", got)
	}
}

func TestServer_lostCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]mocktest.Fault{
		"reply lost":      {Method: http.MethodPost, Path: "/user/tokens", Times: 1, DropAfter: true},
		"reply cut short": {Method: http.MethodPost, Path: "/user/tokens", Times: 1, TruncateBody: true},
		"request lost":    {Method: http.MethodPost, Path: "/user/tokens", Times: 1, DropBefore: true},
		"500":             {Method: http.MethodPost, Path: "/user/tokens", Times: 1, Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mocktest.New(t)
			c := as(t, server, "super")
			before, err := c.ListTokens(t.Context(), client.Owner{})
			if err != nil {
				t.Fatal(err)
			}
			server.Fault(fault)
			token, err := c.CreateToken(t.Context(), client.Owner{}, definition(server, client.Owner{}))
			if err != nil {
				t.Fatal(err)
			}
			after, err := c.ListTokens(t.Context(), client.Owner{})
			if err != nil {
				t.Fatal(err)
			}
			if token.Value == "" || len(after) != len(before)+1 {
				t.Errorf("%d tokens before, %d after; want one more, and its secret", len(before), len(after))
			}
		})
	}
}

func TestServer_switches(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t)
	c := as(t, server, "super")
	account, member := server.ID("account:acme"), server.ID("member:acme/super")
	// First the caller's own member, else the account's switch would end its access.
	for _, enabled := range []*bool{new(true), new(false), nil, new(true)} {
		other := server.ID("member:acme/dns")
		if got, err := c.SetMemberAPIAccess(t.Context(), account, other, enabled); err != nil || !cmp.Equal(got.APIAccessEnabled, enabled) {
			t.Fatalf("member: %v, %v", got, err)
		}
	}
	before, err := c.Member(t.Context(), account, member)
	if err != nil {
		t.Fatal(err)
	}
	after, err := c.SetMemberAPIAccess(t.Context(), account, member, new(true))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after, cmpopts.IgnoreFields(client.Member{}, "APIAccessEnabled")); diff != "" {
		t.Errorf("the member changed beyond the switch (-before +after):\n%s", diff)
	}
	whole, err := c.Account(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	for _, enabled := range []*bool{new(false), new(true), nil} {
		got, err := c.SetAccountAPIAccess(t.Context(), account, enabled)
		if err != nil {
			t.Fatal(err)
		}
		whole.Settings.APIAccessEnabled = enabled
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Errorf("the account changed beyond the switch (-want +got):\n%s", diff)
		}
	}
	_, err = c.SetAccountAPIAccess(t.Context(), server.ID("account:globex"), new(false))
	if refusal, ok := errors.AsType[*client.Error](err); !ok || refusal.Code() != client.CodeInvalid {
		t.Errorf("a standard account has no switch: error = %v", err)
	}
}

func TestServer_reads(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t)
	key, token := as(t, server, "super"), as(t, server, "terraform")
	acme := server.ID("account:acme")

	user, err := key.User(t.Context())
	if err != nil || user.Email != "super@example.com" || user.ID != server.ID("user:super") {
		t.Errorf("user = %+v, %v", user, err)
	}
	memberships, err := key.Memberships(t.Context())
	if err != nil || len(memberships) != 2 {
		t.Errorf("memberships = %+v, %v", memberships, err)
	}
	members, err := key.Members(t.Context(), acme)
	if err != nil || len(members) != 6 {
		t.Errorf("members = %+v, %v", members, err)
	}
	zones, err := key.ZonesByName(t.Context(), "example.com", "")
	if err != nil || len(zones) != 1 || zones[0].Account.ID != acme {
		t.Fatalf("zones = %+v, %v", zones, err)
	}
	zone, err := key.Zone(t.Context(), zones[0].ID)
	if err != nil || zone.Name != "example.com" {
		t.Errorf("zone = %+v, %v", zone, err)
	}
	none, err := key.ZonesByName(t.Context(), "example.com", server.ID("account:globex"))
	if err != nil || len(none) != 0 {
		t.Errorf("zones in another account = %+v, %v", none, err)
	}
	for _, owner := range []client.Owner{{}, {AccountID: acme}} {
		groups, err := key.TokenPermissionGroups(t.Context(), owner)
		if err != nil || len(groups) < 200 {
			t.Errorf("permission groups of %+v: %d, %v", owner, len(groups), err)
		}
	}
	verified, err := token.VerifyToken(t.Context(), client.Owner{})
	if err != nil || verified.ID != server.ID("token:terraform") || verified.Status != client.StatusActive {
		t.Errorf("verification = %+v, %v", verified, err)
	}
	if _, err := key.Zone(t.Context(), unknownID); !client.IsDenied(err) || client.IsNotFound(err) {
		t.Errorf("a zone that is not there: error = %v, want a refusal and no proof of absence", err)
	}
}

// A refusal of the reference server carries its explanation all the way to the caller.
func TestServer_explainedRefusal(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t)
	_, err := as(t, server, "terraform").Members(t.Context(), server.ID("account:acme"))
	if err != nil {
		t.Fatalf("Terraform's token cannot list members: %v", err)
	}
	_, err = as(t, server, "ci_dns").Members(t.Context(), server.ID("account:acme"))
	refusal, ok := errors.AsType[*client.Error](err)
	if !ok || !client.IsDenied(err) {
		t.Fatalf("error = %v, want a refusal", err)
	}
	if chain := refusal.Chain(); len(chain) == 0 || refusal.RequestID == "" {
		t.Errorf("chain = %v, request id %q; want both", chain, refusal.RequestID)
	}
}
