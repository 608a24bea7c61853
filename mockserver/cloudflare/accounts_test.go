// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

func mustJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestAccountList holds what each credential sees (authorization model §6
// "Lists", §8).
func TestAccountList(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		ref, query string
		want       []string
	}{
		{"all", "", []string{"Acme", "Globex"}},
		{"all", "?name=acme", []string{"Acme"}},
		{"key:super", "", []string{"Acme", "Globex"}},
		{"key:dns", "", []string{"Acme"}},
		{"key:zoned", "", []string{"Acme"}},
		{"key:blocked", "", []string{}},
		{"key:pending", "", []string{}},
		{"key:stranger", "", []string{}},
		{"none", "", []string{"Acme"}}, // Billing Read is accepted there
	} {
		got := listed(s.do(c.ref, "GET", "/accounts"+c.query, nil), "name")
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s%s sees %v, want %v", c.ref, c.query, got, c.want)
		}
	}
	s.do("zone_read", "GET", "/accounts", nil).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("origin:super", "GET", "/accounts", nil).refused(403, 9109)
	if r := s.do("all", "GET", "/accounts?page=3", nil).ok(); string(r.Result) != "[]" || r.Info.TotalCount != 2 {
		t.Errorf("past the end: %s", r.body)
	}
}

// TestAccountSwitch is the account's API access switch on the wire
// (authorization model §7).
func TestAccountSwitch(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path, zone := "/accounts/"+acme, "/zones/"+zoneCom
	set := func(value any) object { return object{"settings": object{"api_access_enabled": value}} }

	// A whole account can be sent back; nothing changes.
	before := s.digest()
	whole := s.do("all", "GET", path, nil).ok()
	s.do("all", "PUT", path, string(whole.Result)).ok()
	if s.digest() != before {
		t.Error("sending an account back changed it")
	}

	s.do("key:second", "PUT", path, set(false)).ok()
	// Off for everybody, Super Administrators and account-owned tokens too.
	for _, ref := range []string{"key:second", "all", "ops", "zone_read", "key:dns"} {
		s.do(ref, "GET", zone, nil).refused(403, 10000).because(authz.ReasonAPIAccessDisabled)
	}
	s.do("key:super", "PUT", path, set(true)).refused(403, 10000)
	// Not for the user's other accounts, nor for the user's own objects.
	s.do("all", "GET", "/zones/"+zoneOther, nil).ok()
	s.do("all", "GET", "/user/tokens", nil).ok()
	if got := listed(s.do("all", "GET", "/zones", nil), "name"); !slices.Equal(got, []string{"globex.example"}) {
		t.Errorf("the zone list holds %v", got)
	}
	if got := listed(s.do("all", "GET", "/accounts", nil), "name"); !slices.Equal(got, []string{"Globex"}) {
		t.Errorf("the account list holds %v", got)
	}
}

func TestAccountSwitchBounds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/accounts/" + acme
	set := func(value any) object { return object{"settings": object{"api_access_enabled": value}} }
	s.do("admin_tokens", "PUT", path, set(false)).refused(403, 9109).because(authz.ReasonSuperAdministratorRequired)
	s.do("ops", "PUT", path, set(false)).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
	s.do("none", "PUT", path, set(false)).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("all", "PUT", "/accounts/"+globex, set(true)).refused(400, 1001).because(authz.ReasonEnterpriseRequired)
	s.do("all", "PUT", "/accounts/"+globex, set(nil)).ok()
	// The stored value is no change, for whoever may write settings at all.
	s.do("ops", "PUT", path, set(nil)).ok()
	s.do("admin_tokens", "PUT", path, object{"name": "Acme Corporation", "settings": object{"enforce_twofactor": true}}).ok()
	got := s.do("all", "GET", path, nil).ok()
	if o := into[object](got); o.text("name") != "Acme Corporation" {
		t.Errorf("got %s", got.body)
	}
	// A member's own value beats the account's, in both directions.
	s.do("all", "PATCH", members+"/"+s.member("acme/super"), object{"api_access_enabled": true}).ok()
	s.do("all", "PUT", path, set(false)).ok()
	s.do("zone_read", "GET", "/zones/"+zoneCom, nil).ok()
	s.do("key:dns", "GET", "/zones/"+zoneCom, nil).refused(403, 10000)
	s.do("all", "PUT", path, set(true)).ok()
	s.do("key:dns", "GET", "/zones/"+zoneCom, nil).ok()
	s.do("key:blocked", "GET", "/zones/"+zoneCom, nil).refused(403, 10000)
	if o := into[object](s.do("all", "PUT", path, set(nil)).ok()); o["settings"].(map[string]any)["api_access_enabled"] != nil { //nolint:forcetypeassert // A test may fail so.
		t.Errorf("null left %v", o)
	}
}

func TestAccountRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/accounts/" + acme
	before := s.digest()
	s.do("all", "PUT", path, object{"type": "standard"}).refused(400, 1001).says("account type is not supported")
	s.do("all", "PUT", path, object{"id": globex}).refused(400, 1001)
	s.do("all", "PUT", path, object{"name": ""}).refused(400, 1001)
	s.do("all", "PUT", path, object{"settings": object{"api_access_enable": false}}).refused(400, 1001).says("did you mean api_access_enabled?")
	s.do("key:viewer", "PUT", path, object{"name": "x"}).refused(403, 9109).because(authz.ReasonOwnerLacksRight)
	s.do("all", "POST", "/accounts", object{"name": "New"}).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("all", "DELETE", path, nil).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("key:second", "POST", "/accounts", object{"name": "New"}).refused(403, 1002).because(authz.ReasonTenantRequired)
	s.do("key:second", "DELETE", path, nil).refused(403, 1002).because(authz.ReasonTenantRequired)
	s.do("key:super", "POST", "/accounts", object{}).refused(400, 1001)
	s.do("key:super", "POST", "/accounts", object{"name": "New", "type": "huge"}).refused(400, 1001)
	s.do("key:super", "POST", "/accounts", object{"name": "New", "settings": object{"api_access_enabled": false}}).refused(403, 9109)
	if s.digest() != before {
		t.Error("something was changed")
	}
}

// TestAccountLife: a tenant's administrator makes and deletes accounts.
func TestAccountLife(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	made := into[object](s.do("key:super", "POST", "/accounts", object{"name": "New", "type": "enterprise"}).ok())
	path := "/accounts/" + made.text("id")
	s.do("key:super", "GET", path, nil).ok()
	s.do("key:super", "PUT", path, object{"settings": object{"api_access_enabled": true}}).ok()
	s.do("key:second", "GET", path, nil).refused(403, 9109)
	s.do("key:super", "DELETE", path, nil).ok()
	s.do("key:super", "GET", path, nil).refused(403, 9109).because(authz.ReasonTargetNotFound)
}

// TestUser: one's own record, and nothing of it for an account.
func TestUser(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	me := s.do("all", "GET", "/user", nil).ok()
	if o := into[object](me); o.text("email") != "super@example.com" || o.text("id") != s.user("super") || o.text("first_name") != "Sam" {
		t.Errorf("got %s", me.body)
	}
	s.do("all", "PATCH", "/user", string(me.Result)).ok()
	changed := into[object](s.do("all", "PATCH", "/user", object{"first_name": "Max", "country": "IS"}).ok())
	if changed.text("first_name") != "Max" || changed.text("country") != "IS" {
		t.Errorf("changed %v", changed)
	}
	s.do("all", "PATCH", "/user", object{"first_name": nil}).ok()
	s.do("zone_read", "GET", "/user", nil).refused(403, 9109)
	s.do("zone_read", "PATCH", "/user", object{"first_name": "No"}).refused(403, 9109)
	if got := listed(s.do("all", "GET", "/user/organizations", nil), "name"); len(got) != 2 {
		t.Errorf("organizations %v", got)
	}
}
