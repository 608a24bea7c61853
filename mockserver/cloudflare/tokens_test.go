// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// The resource keys that tests write.
const (
	keyCom  = "com.cloudflare.api.account.zone." + zoneCom
	keyAcme = "com.cloudflare.api.account." + acme
	keyRec  = "com.cloudflare.api.account.zone.dns_record."
)

// groups are the permission_groups of a policy.
func groups(ids ...string) []object {
	list := make([]object, 0, len(ids))
	for _, id := range ids {
		list = append(list, object{"id": id})
	}
	return list
}

// policy is an allow policy.
func policy(resources object, ids ...string) object {
	return object{"effect": "allow", "permission_groups": groups(ids...), "resources": resources}
}

// token is the body of a create.
func token(name string, policies ...object) object {
	if policies == nil {
		policies = []object{}
	}
	return object{"name": name, "policies": policies}
}

// TestTokenLife: create, read, list, update, roll, delete, and that the secret
// works exactly while it should.
func TestTokenLife(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct{ caller, base, prefix string }{
		{"all", "/user/tokens", "cfut_"},
		{"key:super", "/user/tokens", "cfut_"},
		{"admin_tokens", "/accounts/" + acme + "/tokens", "cfat_"},
		{"key:super", "/accounts/" + acme + "/tokens", "cfat_"},
	} {
		t.Run(c.caller+c.base, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			body := token("life", policy(object{keyCom: "*"}, zoneRead))
			body["condition"] = object{"request_ip": object{"in": []string{"192.0.2.0/24"}}}
			body["expires_on"] = "2031-01-01T01:00:00+01:00"
			created := into[object](s.do(c.caller, "POST", c.base, body).ok())
			id, secret := created.text("id"), created.text("value")
			if !strings.HasPrefix(secret, c.prefix) || !authz.IsTokenForm(secret) {
				t.Errorf("the secret is %q", secret)
			}
			if created.text("status") != "active" || created.text("issued_on") != "2030-06-01T12:00:00Z" || created.text("expires_on") != "2031-01-01T00:00:00Z" {
				t.Errorf("created %v", created)
			}
			s.learn("new", secret)
			s.do("new", "GET", "/zones/"+zoneCom, nil).ok()
			s.do("new", "GET", "/zones/"+zoneOrg, nil).refused(403, 9109)

			read := s.do(c.caller, "GET", c.base+"/"+id, nil).ok()
			if got := into[object](read); got["value"] != nil || got.text("last_used_on") != "2030-06-01T12:00:00Z" {
				t.Errorf("read %s", read.body)
			}
			if names := listed(s.do(c.caller, "GET", c.base, nil), "id"); !slices.Contains(names, id) {
				t.Errorf("the list lacks the token: %v", names)
			}

			// Sending back what was read changes the times alone.
			s.advance(time.Minute)
			updated := into[object](s.do(c.caller, "PUT", c.base+"/"+id, string(read.Result)).ok())
			if updated.text("modified_on") != "2030-06-01T12:01:00Z" || updated.text("issued_on") != created.text("issued_on") || updated["condition"] == nil {
				t.Errorf("updated %v", updated)
			}
			if first(created["policies"])["id"] != first(updated["policies"])["id"] {
				t.Error("an unchanged policy got another id")
			}

			// An update replaces the whole definition and keeps the secret.
			updated = into[object](s.do(c.caller, "PUT", c.base+"/"+id, token("renamed", policy(object{keyAcme: "*"}, zoneRead))).ok())
			if updated["condition"] != nil || updated["expires_on"] != nil || updated.text("name") != "renamed" {
				t.Errorf("the update left something: %v", updated)
			}
			s.do("new", "GET", "/zones/"+zoneOrg, nil).ok()

			rolled := into[string](s.do(c.caller, "PUT", c.base+"/"+id+"/value", "{}").ok())
			s.do("new", "GET", "/zones/"+zoneOrg, nil).refused(403, 9109)
			s.learn("new", rolled)
			s.do("new", "GET", "/zones/"+zoneOrg, nil).ok()
			if again := into[string](s.do(c.caller, "PUT", c.base+"/"+id+"/value", nil).ok()); again == rolled {
				t.Error("a roll gave the same secret")
			}

			if got := into[object](s.do(c.caller, "DELETE", c.base+"/"+id, nil).ok()); got.text("id") != id {
				t.Errorf("deleted %v", got)
			}
			s.do(c.caller, "GET", c.base+"/"+id, nil).refused(404, 1003)
			s.do(c.caller, "PUT", c.base+"/"+id, body).refused(404, 1003)
			s.do(c.caller, "DELETE", c.base+"/"+id, nil).refused(404, 1003)
			s.do(c.caller, "PUT", c.base+"/"+id+"/value", nil).refused(404, 1003)
		})
	}
	// Each other's tokens are not there.
	for _, path := range []string{"/user/tokens/" + s.id("ops"), "/user/tokens/" + s.id("overreaching"), "/accounts/" + acme + "/tokens/" + s.id("all"), "/accounts/" + globex + "/tokens/" + s.id("ops")} {
		s.do("all", "GET", path, nil).refused(404, 1003)
		s.do("all", "DELETE", path, nil).refused(404, 1003)
		s.do("all", "PUT", path+"/value", nil).refused(404, 1003)
	}
}

func first(list any) object {
	items, _ := list.([]any)
	if len(items) == 0 {
		return nil
	}
	o, _ := items[0].(map[string]any)
	return o
}

// TestTokenRefusals: what a create refuses, every problem in one reply, and
// that nothing is changed (authorization model §3).
func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	zone := policy(object{keyCom: "*"}, zoneRead)
	with := func(o object, field string, v any) object {
		c := maps.Clone(o)
		c[field] = v
		return c
	}
	for _, c := range []struct {
		name, caller, base string
		body               any
		pointer, says      string
	}{
		{"no policy", "all", "/user/tokens", token("x"), "/policies", "at least one policy"},
		{"no name", "all", "/user/tokens", token("", zone), "/name", "name must have a length"},
		{"a long name", "all", "/user/tokens", token(strings.Repeat("é", 121), zone), "/name", "name must have a length"},
		{"no groups", "all", "/user/tokens", token("x", policy(object{keyCom: "*"})), "/policies/0/permission_groups", "at least one permission group"},
		{"no resources", "all", "/user/tokens", token("x", policy(object{}, zoneRead)), "/policies/0/resources", "at least one resource"},
		{"an unknown group", "all", "/user/tokens", token("x", policy(object{keyCom: "*"}, absent)), "/policies/0/permission_groups", "Permission group"},
		{"a group by name", "all", "/user/tokens", token("x", object{"effect": "allow", "permission_groups": []object{{"name": "DNS Write"}}, "resources": object{keyCom: "*"}}), "/policies/0/permission_groups/0/id", "id must be present"},
		{"no effect", "all", "/user/tokens", token("x", with(zone, "effect", "")), "/policies/0/effect", "allow or deny"},
		{"a group that no key serves", "all", "/user/tokens", token("x", policy(object{keyCom: "*"}, accountSettingsR)), "/policies/0/permission_groups", "can serve"},
		{"an absent zone", "all", "/user/tokens", token("x", policy(object{"com.cloudflare.api.account.zone." + absent: "*"}, zoneRead)), "", "no such"},
		{"a foreign zone", "key:dns", "/user/tokens", token("x", policy(object{"com.cloudflare.api.account.zone." + zoneOther: "*"}, zoneRead)), "", "no such"},
		{"another value", "all", "/user/tokens", token("x", policy(object{keyCom: "all"}, zoneRead)), "/policies/0/resources/" + keyCom, `must be "*" or a map`},
		{"a number", "all", "/user/tokens", token("x", policy(object{keyCom: 1}, zoneRead)), "/policies/0/resources/" + keyCom, `must be "*" or a map`},
		{"an empty map", "all", "/user/tokens", token("x", policy(object{keyAcme: object{}}, zoneRead)), "/policies/0/resources/" + keyAcme, "at least one entry"},
		{"a nested value", "all", "/user/tokens", token("x", policy(object{keyAcme: object{keyCom: true}}, zoneRead)), "/policies/0/resources/" + keyAcme + "/" + keyCom, `must be "*"`},
		{"an unknown key", "all", "/user/tokens", token("x", policy(object{"com.example": "*"}, zoneRead)), "/policies/0/resources/com.example", "known form"},
		{"a bad record pattern", "all", "/user/tokens", token("x", policy(object{keyCom: object{keyRec + "TXT.UPPER": "*"}}, dnsWrite)), "/policies/0/resources/" + keyCom, "lower case"},
		{"a group that records do not serve", "all", "/user/tokens", token("x", policy(object{keyCom: object{keyRec + "TXT.a": "*"}}, zoneRead)), "/policies/0/permission_groups", "can serve"},
		{"a CIDR", "all", "/user/tokens", with(token("x", zone), "condition", object{"request_ip": object{"in": []string{"10.0.0.0/8", "10.0.0.0/99"}}}), "/condition/request_ip/in/1", "CIDR"},
		{"times in the wrong order", "all", "/user/tokens", with(with(token("x", zone), "not_before", "2032-01-01T00:00:00Z"), "expires_on", "2031-01-01T00:00:00Z"), "/expires_on", "after not_before"},
		{"past", "all", "/user/tokens", with(token("x", zone), "expires_on", "2030-06-01T12:00:00Z"), "/expires_on", "past"},
		{"a policy with an id", "all", "/user/tokens", token("x", with(zone, "id", absent)), "/policies/0/id", "Reusing existing policies is not supported by token creation"},
		{"a status", "all", "/user/tokens", with(token("x", zone), "status", "expired"), "/status", "active or disabled"},
		{"a right not held", "key:dns", "/user/tokens", token("x", policy(object{keyCom: "*"}, cachePurge)), "/policies/0/permission_groups", `Failed common permission check against resources. (Permission group: "Cache Purge")`},
		{"a token that manages tokens", "all", "/user/tokens", token("x", policy(object{"com.cloudflare.api.user." + s.user("super"): "*"}, apiTokensWrite)), "/policies/0/permission_groups", "sub-token is not allowed to have permissions to manage other tokens"},
		{"an account's that manages tokens", "admin_tokens", "/accounts/" + acme + "/tokens", token("x", policy(object{keyAcme: "*"}, accountTokens)), "/policies/0/permission_groups", "sub-token"},
		{"user groups for an account", "key:super", "/accounts/" + acme + "/tokens", token("x", policy(object{"com.cloudflare.api.user." + s.user("super"): "*"}, apiTokensWrite)), "/policies/0/permission_groups", "account-owned"},
		{"flat zones for an account", "key:super", "/accounts/" + acme + "/tokens", token("x", policy(object{"com.cloudflare.api.account.zone.*": "*"}, zoneRead)), "", "Must specify a zone for account owned tokens"},
		{"another account for an account", "key:super", "/accounts/" + acme + "/tokens", token("x", policy(object{"com.cloudflare.api.account." + globex: "*"}, accountSettingsR)), "", "no such"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			r := s.do(c.caller, "POST", c.base, c.body).refused(400, 1001).says(c.says)
			found := c.pointer == ""
			for _, e := range r.Errors {
				found = found || e.Source.Pointer == c.pointer
			}
			if !found {
				t.Errorf("no error points to %s:\n%s", c.pointer, r.body)
			}
			if s.digest() != before {
				t.Error("something was changed")
			}
		})
	}
	// Every problem in one reply.
	bad := token("", policy(object{keyCom: "all"}, absent), policy(object{"com.example": "*"}, zoneRead))
	bad["expires_on"] = "2000-01-01T00:00:00Z"
	r := s.do("all", "POST", "/user/tokens", bad).refused(400, 1001)
	pointers := []string{}
	for _, e := range r.Errors {
		pointers = append(pointers, e.Source.Pointer)
	}
	slices.Sort(pointers)
	want := []string{"/expires_on", "/name", "/policies/0/permission_groups", "/policies/0/resources/" + keyCom, "/policies/1/resources/com.example"}
	if !slices.Equal(pointers, want) {
		t.Errorf("got problems at %v, want %v\n%s", pointers, want, r.body)
	}
}

// TestTokenCallers: who may manage whose tokens.
func TestTokenCallers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	good := token("x", policy(object{keyAcme: "*"}, accountSettingsR))
	base := "/accounts/" + acme + "/tokens"
	s.do("key:admin", "POST", base, good).ok()
	s.do("key:viewer", "GET", base, nil).refused(403, 9109).because(authz.ReasonAdministratorRequired)
	s.do("key:viewer", "POST", base, good).refused(403, 9109)
	s.do("zone_read", "POST", base, good).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("ops", "POST", base, good).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
	s.do("key:viewer", "GET", base+"/permission_groups", nil).ok()
	s.do("key:dns", "GET", base+"/permission_groups", nil).refused(403, 9109).because(authz.ReasonOwnerLacksRight)
	s.do("ops", "GET", base+"/permission_groups", nil).ok()
	s.do("all", "GET", "/user/tokens/permission_groups", nil).ok()
	s.do("zone_read", "GET", "/user/tokens", nil).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	// A key makes what a token may not make.
	s.do("key:super", "POST", "/user/tokens", token("manager", policy(object{"com.cloudflare.api.user." + s.user("super"): "*"}, apiTokensWrite))).ok()
}

// TestSelfUpdate: a token may put itself unchanged, token-management groups
// and all, and widen itself within its owner's rights (authorization model §3).
func TestSelfUpdate(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/user/tokens/" + s.id("all")
	self := s.do("all", "GET", path, nil).ok()
	s.do("all", "PUT", path, string(self.Result)).ok()
	widened := into[object](self)
	policies, _ := widened["policies"].([]any)
	widened["policies"] = append(policies, policy(object{keyAcme: "*"}, accountSettingsR))
	s.do("all", "PUT", path, widened).ok()
	// What is new is judged: another manager on top is refused.
	widened["policies"] = append(policies, policy(object{keyAcme: "*"}, "7cf72faf220841aabcfdfab81c43c4f6", accountTokens), policy(object{"com.cloudflare.api.account.*": "*"}, accountTokens))
	s.do("all", "PUT", path, widened).refused(400, 1001).says("sub-token")
	// Dropping the right to manage tokens is the last thing it does.
	widened["policies"] = []object{policy(object{keyCom: "*"}, zoneRead)}
	s.do("all", "PUT", path, widened).ok()
	s.do("all", "GET", path, nil).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
}

// TestStoredIsNotJudgedAgain: an expired token, and one of an owner who lost
// the right, can still be renamed, narrowed and disabled; only what is new is
// judged.
func TestStoredIsNotJudgedAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	expired := into[object](s.do("all", "GET", "/user/tokens/"+s.id("expired"), nil).ok())
	if expired.text("status") != "expired" {
		t.Fatalf("got %v", expired)
	}
	expired["name"] = "renamed"
	expired = into[object](s.do("all", "PUT", "/user/tokens/"+s.id("expired"), expired).ok())
	if expired.text("status") != "expired" || expired.text("name") != "renamed" {
		t.Errorf("got %v", expired)
	}
	expired["expires_on"] = "2030-02-01T00:00:00Z"
	s.do("all", "PUT", "/user/tokens/"+s.id("expired"), expired).refused(400, 1001).says("past")

	path := "/user/tokens/" + s.id("overreaching")
	over := into[object](s.do("key:dns", "GET", path, nil).ok())
	over["status"] = "disabled"
	if got := into[object](s.do("key:dns", "PUT", path, over).ok()); got.text("status") != "disabled" {
		t.Errorf("got %v", got)
	}
	s.do("overreaching", "GET", "/zones/"+zoneCom+"/dns_records", nil).refused(403, 9109).says("Invalid access token")
	// Without a status it stays disabled.
	delete(over, "status")
	if got := into[object](s.do("key:dns", "PUT", path, over).ok()); got.text("status") != "disabled" {
		t.Errorf("got %v", got)
	}
	over["status"] = "active"
	s.do("key:dns", "PUT", path, over).ok()
	s.do("overreaching", "GET", "/zones/"+zoneCom+"/dns_records", nil).ok()
	over["policies"] = []object{policy(object{keyAcme: "*"}, dnsWrite, cachePurge), policy(object{keyCom: "*"}, cachePurge)}
	s.do("key:dns", "PUT", path, over).refused(400, 1001).says("Cache Purge")
	over["status"] = "revoked"
	s.do("key:dns", "PUT", path, over).refused(400, 1001).says("active or disabled")
}

// TestRollOfAccountToken: its caller must hold every right in it.
func TestRollOfAccountToken(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	base := "/accounts/" + acme + "/tokens"
	const billing = "6c80e02421494afc9ae14414ed442632" // Billing Write
	made := into[object](s.do("key:super", "POST", base, token("billing", policy(object{keyAcme: "*"}, billing))).ok())
	before := s.digest()
	s.do("key:admin", "PUT", base+"/"+made.text("id")+"/value", "{}").refused(400, 1001).says("Billing Write")
	if s.digest() != before {
		t.Error("the refused roll changed something")
	}
	s.do("key:super", "PUT", base+"/"+made.text("id")+"/value", "{}").ok()
	s.do("key:admin", "PUT", base+"/"+s.id("ops")+"/value", "{}").ok()
}

// TestTokenQuota holds the world's limits (authorization model §3).
func TestTokenQuota(t *testing.T) {
	t.Parallel()
	s := newSeeded(t, `
users: {u: {email: u@example.com}}
accounts: {a: {name: A, type: standard, members: {u: {roles: [Super Administrator - All Privileges]}}}}
limits: {tokens_per_user: 2, tokens_per_account: 1}
`)
	body := token("x", policy(object{"com.cloudflare.api.account.*": "*"}, accountSettingsR))
	s.do("key:u", "POST", "/user/tokens", body).ok()
	made := into[object](s.do("key:u", "POST", "/user/tokens", body).ok())
	s.do("key:u", "POST", "/user/tokens", body).refused(400, 1001).says("maximum number of tokens")
	s.do("key:u", "DELETE", "/user/tokens/"+made.text("id"), nil).ok()
	s.do("key:u", "POST", "/user/tokens", body).ok()
}

// TestCondition: both spellings, and every way to say that there is none.
func TestCondition(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	body := token("x", policy(object{keyCom: "*"}, zoneRead))
	body["condition"] = object{"request.ip": object{"not_in": []string{"203.0.113.1"}, "in": []string{"192.0.2.0/24"}}}
	made := s.do("all", "POST", "/user/tokens", body).ok()
	if !strings.Contains(made.body, `"condition":{"request_ip":{"in":["192.0.2.0/24"],"not_in":["203.0.113.1"]}}`) {
		t.Errorf("got %s", made.body)
	}
	path := "/user/tokens/" + into[object](made).text("id")
	for _, none := range []any{nil, object{}, object{"request_ip": object{}}, object{"request.ip": nil}, object{"request_ip": object{"in": []string{}}}} {
		body["condition"] = object{"request_ip": object{"in": []string{"192.0.2.0/24"}}}
		s.do("all", "PUT", path, body).ok()
		body["condition"] = none
		if got := s.do("all", "PUT", path, body).ok(); into[object](got)["condition"] != nil {
			t.Errorf("%v leaves a condition: %s", none, got.body)
		}
	}
	body["condition"] = object{"request_ip": object{}, "request.ip": object{}}
	s.do("all", "PUT", path, body).refused(400, 1001).says("which is the same")
}

// TestTokenList: pages, and expired tokens only when they are asked for.
func TestTokenList(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	plain := listed(s.do("all", "GET", "/user/tokens?per_page=50", nil), "id")
	full := listed(s.do("all", "GET", "/user/tokens?per_page=50&include_expired=true", nil), "id")
	if slices.Contains(plain, s.id("expired")) || !slices.Contains(full, s.id("expired")) || len(full) != len(plain)+1 {
		t.Errorf("without expired %v, with %v", plain, full)
	}
	back := listed(s.do("all", "GET", "/user/tokens?per_page=50&include_expired=true&direction=desc", nil), "id")
	slices.Reverse(back)
	if !slices.Equal(back, full) {
		t.Error("desc is not the reverse of asc")
	}
	s.do("all", "GET", "/user/tokens?include_expired=perhaps", nil).refused(400, 1001)
}

// TestPermissionGroups: everything on the first page, nothing after it, exact
// filters, and no user groups for an account.
func TestPermissionGroups(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const path = "/user/tokens/permission_groups"
	for _, query := range []string{"", "?per_page=5", "?per_page=1000&page=1"} {
		if r := s.do("all", "GET", path+query, nil).ok(); len(into[[]object](r)) != 313 || r.Info.TotalPages != 1 {
			t.Errorf("%q answers %d groups, %+v", query, len(into[[]object](r)), r.Info)
		}
	}
	if r := s.do("all", "GET", path+"?page=2", nil).ok(); string(r.Result) != "[]" {
		t.Errorf("page 2 is %s", r.Result)
	}
	if got := listed(s.do("all", "GET", path+"?name=Logs%20Read", nil), "name"); len(got) != 2 {
		t.Errorf("a name in two scopes gives %v", got)
	}
	if got := listed(s.do("all", "GET", path+"?name=Logs%20Read&scope=com.cloudflare.api.account.zone", nil), "name"); len(got) != 1 {
		t.Errorf("with its scope it gives %v", got)
	}
	if got := listed(s.do("all", "GET", path+"?name=Logs%2520Read", nil), "name"); len(got) != 0 {
		t.Errorf("a name encoded twice gives %v", got)
	}
	for _, o := range into[[]object](s.do("all", "GET", "/accounts/"+acme+"/tokens/permission_groups", nil).ok()) {
		scopes, _ := o["scopes"].([]any)
		if len(scopes) != 1 || scopes[0] == "com.cloudflare.api.user" {
			t.Errorf("an account's list holds %v", o)
		}
	}
}

// TestShuffle: replies in an order that differs hold the same.
func TestShuffle(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *cloudflare.Options) { o.Shuffle = 7 })
	path := "/user/tokens/" + s.id("all")
	orders := make(map[string]bool)
	for range 20 {
		r := s.do("all", "GET", path, nil).ok()
		orders[string(r.Result)] = true
		policies, _ := into[object](r)["policies"].([]any)
		if len(policies) != 3 {
			t.Fatalf("a shuffled reply lost a policy: %s", r.body)
		}
	}
	if len(orders) < 2 {
		t.Error("twenty replies have one order")
	}
	// The next reader still finds the stored order.
	s.handler = newServer(t).handler
}

// TestTimesThatMeanNone: an instant that the server would store as "no time",
// or could not store, is refused: an expiry in the past must not become none.
func TestTimesThatMeanNone(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for field, instants := range map[string][]string{
		"expires_on": {"0001-01-01T00:00:00Z", "0001-01-01T02:00:00+02:00", "9999-12-31T23:59:59-12:00"},
		"not_before": {"0001-01-01T00:00:00Z", "0000-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00"},
	} {
		for _, at := range instants {
			body := `{"name":"x","policies":[{"effect":"allow","permission_groups":[{"id":"` + zoneRead + `"}],"resources":{"` + keyCom + `":"*"}}],"` + field + `":"` + at + `"}`
			s.do("all", "POST", "/user/tokens", body).refused(400, 1001).says("/" + field)
			s.do("all", "PUT", "/user/tokens/"+s.id("expired"), body).refused(400, 1001).says("/" + field)
		}
	}
	s.do("expired", "GET", "/zones/"+zoneCom, nil).refused(403, 9109)
}

// TestStatusExpired: a token that lives is not expired by its status; the
// status of one that has may be sent back.
func TestStatusExpired(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	body := `{"name":"x","policies":[{"effect":"allow","permission_groups":[{"id":"` + zoneRead + `"}],"resources":{"` + keyCom + `":"*"}}],"status":"expired"`
	s.do("all", "PUT", "/user/tokens/"+s.id("zone_read"), body+"}").refused(400, 1001).says("/status")
	s.do("all", "PUT", "/user/tokens/"+s.id("expired"), body+`,"expires_on":"2030-01-01T00:00:00Z"}`).ok()
}

// TestVerifyOfNoAccount: the id of all zeros is no account, and its path is not
// the user's.
func TestVerifyOfNoAccount(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/accounts/" + strings.Repeat("0", 32) + "/tokens/verify"
	for _, ref := range []string{"all", "disabled", "ops"} {
		s.do(ref, "GET", path, nil).refused(401, 1000)
	}
	s.do("key:super", "GET", path, nil).refused(400, 1001)
}

// TestTokenBounds: an expiry is shown as exactly as it is compared, so that
// what a read showed can be sent back when it has passed.
func TestTokenBounds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	body := token("exact", policy(object{keyCom: "*"}, zoneRead))
	body["expires_on"] = "2031-01-01T00:00:00.25Z"
	created := into[object](s.do("all", "POST", "/user/tokens", body).ok())
	if got := created.text("expires_on"); got != "2031-01-01T00:00:00.25Z" {
		t.Errorf("expires_on is %q", got)
	}
}
