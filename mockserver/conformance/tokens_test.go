// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

func TestLifeOfAToken(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	api, zone := as(t, s, "terraform"), s.ID("example.com")
	expires := s.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)

	created := must[cloudflare.APIToken](t)(api.CreateAPIToken(ctx, cloudflare.APIToken{
		Name:      "reads records",
		ExpiresOn: &expires,
		Policies:  []cloudflare.APITokenPolicies{allow(zoneScope+"."+zone, groups(t, api, zoneScope, "DNS Read"))},
		Condition: &cloudflare.APITokenCondition{RequestIP: &cloudflare.APITokenRequestIPCondition{In: []string{"127.0.0.0/8"}}},
	}))
	if !strings.HasPrefix(created.Value, "cfut_") || created.Status != "active" || !created.ExpiresOn.Equal(expires) {
		t.Errorf("created: status %s, expires %s", created.Status, created.ExpiresOn)
	}
	client := withToken(t, s, created.Value)
	if v := must[cloudflare.APITokenVerifyBody](t)(client.VerifyAPIToken(ctx)); v.ID != created.ID || v.Status != "active" || !v.ExpiresOn.Equal(expires) {
		t.Errorf("verified: %+v", v)
	}
	readRecords(t, client, zone, nil)

	read := must[cloudflare.APIToken](t)(api.GetAPIToken(ctx, created.ID))
	if read.Value != "" || read.Name != "reads records" || len(read.Policies) != 1 || read.Policies[0].PermissionGroups[0].Name != "DNS Read" {
		t.Errorf("read: %+v", read)
	}
	listed := must[[]cloudflare.APIToken](t)(api.APITokens(ctx))
	if !slices.ContainsFunc(listed, func(token cloudflare.APIToken) bool { return token.ID == created.ID && token.Value == "" }) {
		t.Error("the list lacks the token")
	}

	// The client sends back what it read, with one change.
	read.Status = "disabled"
	if updated := must[cloudflare.APIToken](t)(api.UpdateAPIToken(ctx, read.ID, read)); updated.Status != "disabled" {
		t.Errorf("disabled: %s", updated.Status)
	}
	readRecords(t, client, zone, func(err error) { refused(t, err, forbidden, 9109) })
	if v := must[cloudflare.APITokenVerifyBody](t)(client.VerifyAPIToken(ctx)); v.Status != "disabled" {
		t.Errorf("verified: %s", v.Status)
	}
	read.Status = "active"
	must[cloudflare.APIToken](t)(api.UpdateAPIToken(ctx, read.ID, read))
	readRecords(t, client, zone, nil)

	rolled := must[string](t)(api.RollAPIToken(ctx, created.ID))
	_, err := client.VerifyAPIToken(ctx)
	refused(t, err, unauthenticated, 1000)
	client = withToken(t, s, rolled)
	readRecords(t, client, zone, nil)

	s.Advance(25 * time.Hour)
	readRecords(t, client, zone, func(err error) { refused(t, err, forbidden, 9109) })

	if err := api.DeleteAPIToken(ctx, created.ID); err != nil {
		t.Fatal(err)
	}
	_, err = api.GetAPIToken(ctx, created.ID)
	refused(t, err, notFound, 1003)
	_, err = client.VerifyAPIToken(ctx)
	refused(t, err, unauthenticated, 1000)
}

// readRecords lists the records of a zone. It is allowed unless there is something to say about its error.
func readRecords(t *testing.T, api *cloudflare.API, zone string, failure func(error)) {
	t.Helper()
	_, _, err := api.ListDNSRecords(t.Context(), cloudflare.ZoneIdentifier(zone), cloudflare.ListDNSRecordsParams{})
	switch {
	case failure != nil:
		failure(err)
	case err != nil:
		t.Errorf("reading records: %v", err)
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	super := as(t, s, "super")
	user := groups(t, super, userScope, "User Details Read")
	zone := zoneScope + "." + s.ID("example.com")
	past := s.Now().Add(-time.Hour)
	for _, tt := range []struct {
		name, ref string
		token     cloudflare.APIToken
		kind      cloudflare.ErrorType
		code      int
	}{
		{
			"no right to make tokens", "viewer_read",
			cloudflare.APIToken{Name: "x", Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("viewer"), user)}},
			forbidden, 9109,
		},
		{
			"an account makes no user tokens", "acme_ops",
			cloudflare.APIToken{Name: "x", Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("super"), user)}},
			forbidden, 9109,
		},
		{
			"a token makes no token that makes tokens", "terraform",
			cloudflare.APIToken{Name: "x", Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("super"), groups(t, super, userScope, "API Tokens Write"))}},
			badRequest, 1001,
		},
		{
			"a right that the user lacks", "dns",
			cloudflare.APIToken{Name: "x", Policies: []cloudflare.APITokenPolicies{allow(zone, groups(t, super, zoneScope, "Cache Purge"))}},
			badRequest, 1001,
		},
		{
			"another user's resource", "super",
			cloudflare.APIToken{Name: "x", Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("dns"), user)}},
			badRequest, 1001,
		},
		{
			"a group that the resource cannot serve", "super",
			cloudflare.APIToken{Name: "x", Policies: []cloudflare.APITokenPolicies{allow(zone, user)}},
			badRequest, 1001,
		},
		{
			"an unknown group", "super",
			cloudflare.APIToken{Name: "x", Policies: []cloudflare.APITokenPolicies{allow(zone, []cloudflare.APITokenPermissionGroups{{ID: strings.Repeat("9", 32)}})}},
			badRequest, 1001,
		},
		{"no policy", "super", cloudflare.APIToken{Name: "x"}, badRequest, 1001},
		{
			"no name", "super",
			cloudflare.APIToken{Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("super"), user)}},
			badRequest, 1001,
		},
		{
			"expired from the start", "super",
			cloudflare.APIToken{Name: "x", ExpiresOn: &past, Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("super"), user)}},
			badRequest, 1001,
		},
		{
			"a range with a typo", "super",
			cloudflare.APIToken{
				Name: "x", Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("super"), user)},
				Condition: &cloudflare.APITokenCondition{RequestIP: &cloudflare.APITokenRequestIPCondition{In: []string{"10.0.0.0/33"}}},
			},
			badRequest, 1001,
		},
	} {
		api := as(t, s, tt.ref)
		unchanged(t, s, func() {
			_, err := api.CreateAPIToken(t.Context(), tt.token)
			if err == nil {
				t.Errorf("%s: the token was made", tt.name)
				return
			}
			t.Log(tt.name, "→", err)
			refused(t, err, tt.kind, tt.code)
		})
	}
}

func TestCredentialsThatAreNone(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	unknown := "cfut_" + strings.Repeat("A", 40) + "00000000"
	_, err := withToken(t, s, unknown).UserDetails(t.Context())
	refused(t, err, forbidden, 9109)
	_, err = withToken(t, s, unknown).VerifyAPIToken(t.Context())
	refused(t, err, unauthenticated, 1000)
	_, err = withToken(t, s, "too short").UserDetails(t.Context())
	refused(t, err, badRequest, 6003)
	key, err := cloudflare.New(strings.Repeat("0", 37), "super@example.com", options(s)...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = key.UserDetails(t.Context())
	refused(t, err, forbidden, 9103)
	_, err = as(t, s, "super").VerifyAPIToken(t.Context())
	refused(t, err, badRequest, 1001)
}

func TestIPCondition(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	super := as(t, s, "super")
	for _, tt := range []struct {
		name      string
		condition cloudflare.APITokenRequestIPCondition
		allowed   bool
	}{
		{"inside", cloudflare.APITokenRequestIPCondition{In: []string{"127.0.0.1"}}, true},
		{"outside", cloudflare.APITokenRequestIPCondition{In: []string{"192.0.2.0/24"}}, false},
		{"excluded", cloudflare.APITokenRequestIPCondition{In: []string{"127.0.0.0/8"}, NotIn: []string{"127.0.0.1/32"}}, false},
		{"excluded elsewhere", cloudflare.APITokenRequestIPCondition{NotIn: []string{"192.0.2.0/24"}}, true},
	} {
		token := must[cloudflare.APIToken](t)(super.CreateAPIToken(t.Context(), cloudflare.APIToken{
			Name: tt.name, Condition: &cloudflare.APITokenCondition{RequestIP: &tt.condition},
			Policies: []cloudflare.APITokenPolicies{allow(userScope+"."+s.ID("super"), groups(t, super, userScope, "User Details Read"))},
		}))
		api := withToken(t, s, token.Value)
		if _, err := api.UserDetails(t.Context()); tt.allowed && err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if !tt.allowed {
			refused(t, err, forbidden, 9109)
		}
		// The condition does not count here, so that a token can find out that it lives.
		if v, err := api.VerifyAPIToken(t.Context()); err != nil || v.Status != "active" {
			t.Errorf("%s: verify: %s %v", tt.name, v.Status, err)
		}
	}
}

// accountToken is an account-owned token; the client has no type for it.
type accountToken struct {
	ID, Name, Status, Value string
}

func TestTokensOfAnAccount(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	super, path := as(t, s, "super"), "/accounts/"+s.ID("globex")+"/tokens"
	body := map[string]any{
		"name": "reads zones",
		"policies": []any{map[string]any{
			"effect": "allow", "permission_groups": groups(t, super, zoneScope, "Zone Read"),
			"resources": map[string]any{accountScope + "." + s.ID("globex"): map[string]any{zoneScope + ".*": "*"}},
		}},
	}
	for _, ref := range []string{"super", "terraform"} {
		created := must[accountToken](t)(raw[accountToken](t, as(t, s, ref), "POST", path, body))
		if !strings.HasPrefix(created.Value, "cfat_") || created.Status != "active" {
			t.Errorf("%s: created %s", ref, created.Status)
		}
		api := withToken(t, s, created.Value)
		zones := must[[]cloudflare.Zone](t)(api.ListZones(t.Context()))
		if len(zones) != 1 || zones[0].Name != "globex.example" {
			t.Errorf("%s: the token sees %+v", ref, zones)
		}
		verified := must[accountToken](t)(raw[accountToken](t, api, "GET", path+"/verify", nil))
		if verified.ID != created.ID || verified.Status != "active" {
			t.Errorf("%s: verified %+v", ref, verified)
		}
		_, err := api.VerifyAPIToken(t.Context())
		refused(t, err, unauthenticated, 1000)
		_, err = api.UserDetails(t.Context())
		refused(t, err, forbidden, 9109)
		_, _, err = api.Accounts(t.Context(), cloudflare.AccountsListParams{})
		refused(t, err, badRequest, 1001)
		_, err = raw[accountToken](t, as(t, s, ref), "DELETE", path+"/"+created.ID, nil)
		if err != nil {
			t.Errorf("%s: deleting: %v", ref, err)
		}
		_, err = api.ListZones(t.Context())
		refused(t, err, forbidden, 9109)
	}
	unchanged(t, s, func() {
		// Not a member, no right, and an account, which manages no tokens.
		for _, ref := range []string{"admin", "ci_dns", "acme_ops"} {
			_, err := raw[accountToken](t, as(t, s, ref), "POST", path, body)
			refused(t, err, forbidden, 9109)
		}
		flat := maps.Clone(body)
		flat["policies"] = []any{allow(zoneScope+".*", groups(t, super, zoneScope, "Zone Read"))}
		_, err := raw[accountToken](t, super, "POST", path, flat)
		refused(t, err, badRequest, 1001)
	})
}

func TestPermissionGroups(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	const published = 313
	all := must[[]cloudflare.APITokenPermissionGroups](t)(as(t, s, "terraform").ListAPITokensPermissionGroups(ctx))
	ids := map[string]bool{}
	for _, g := range all {
		if len(g.ID) != 32 || g.Name == "" || len(g.Scopes) == 0 {
			t.Errorf("group %+v", g)
		}
		ids[g.ID] = true
	}
	if len(all) != published || len(ids) != published {
		t.Errorf("%d groups with %d ids, want %d", len(all), len(ids), published)
	}
	_, err := as(t, s, "ci_dns").ListAPITokensPermissionGroups(ctx)
	refused(t, err, forbidden, 9109)

	path := "/accounts/" + s.ID("acme") + "/tokens/permission_groups"
	of := must[[]cloudflare.APITokenPermissionGroups](t)(raw[[]cloudflare.APITokenPermissionGroups](t, as(t, s, "super"), "GET", path, nil))
	if len(of) == 0 {
		t.Error("the account lists no groups")
	}
	_, err = raw[[]cloudflare.APITokenPermissionGroups](t, as(t, s, "ci_dns"), "GET", path, nil)
	refused(t, err, forbidden, 9109)
}
