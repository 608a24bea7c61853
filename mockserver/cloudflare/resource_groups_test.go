// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

const resourceGroups = "/accounts/" + acme + "/iam/resource_groups"

// over is the body of a resource group.
func over(name string, keys ...string) object {
	objects := make([]object, 0, len(keys))
	for _, k := range keys {
		objects = append(objects, object{"key": k})
	}
	return object{"name": name, "scope": object{"key": keyAcme, "objects": objects}}
}

const keyOrg = "com.cloudflare.api.account.zone." + zoneOrg

// byPolicy is a member's body with one policy.
func byPolicy(access, role string, groups ...string) object {
	list := make([]object, 0, len(groups))
	for _, g := range groups {
		list = append(list, object{"id": g})
	}
	return object{"policies": []object{{"access": access, "permission_groups": []object{{"id": role}}, "resource_groups": list}}}
}

// TestResourceGroupLife: create, read, list, change, delete; a policy of a
// member covers what the group holds at that instant (authorization model §8).
func TestResourceGroupLife(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	made := s.do("all", "POST", resourceGroups, over("Web", keyCom)).ok()
	id := into[object](made).text("id")
	if got := listed(s.do("all", "GET", resourceGroups, nil), "id"); !slices.Equal(got, []string{acme, zoneCom, zoneOrg, id}) {
		t.Errorf("the groups are %v", got)
	}
	for query, want := range map[string][]string{"name=Web": {id}, "id=" + id: {id}, "name=web": {}} {
		if got := listed(s.do("all", "GET", resourceGroups+"?"+query, nil), "id"); !slices.Equal(got, want) {
			t.Errorf("%s finds %v", query, got)
		}
	}
	member := members + "/" + s.member("acme/dns")
	changed := s.do("all", "PUT", member, byPolicy("allow", roleDomainDNS, id)).ok()
	if groups := into[object](changed)["policies"]; first(first(groups)["resource_groups"]).text("id") != id {
		t.Errorf("the policy names %s", changed.body)
	}
	reads := func(zone string, want bool) {
		t.Helper()
		if r := s.do("key:dns", "GET", "/zones/"+zone+"/dns_records", nil); r.Success != want {
			t.Errorf("the records of %s: %d\n%s", zone, r.status, r.body)
		}
	}
	reads(zoneCom, true)
	reads(zoneOrg, false)
	// What was read can be sent back, its scope a list.
	read := s.do("all", "GET", resourceGroups+"/"+id, nil).ok()
	s.do("all", "PUT", resourceGroups+"/"+id, string(read.Result)).ok()
	s.do("all", "PUT", member, string(changed.Result)).ok()
	reads(zoneCom, true)
	s.do("all", "PUT", resourceGroups+"/"+id, over("Web", keyOrg)).ok()
	reads(zoneCom, false)
	reads(zoneOrg, true)
	renamed := into[object](s.do("all", "PUT", resourceGroups+"/"+id, object{"name": "Renamed"}).ok())
	if scope := first(renamed["scope"]); renamed.text("name") != "Renamed" || first(scope["objects"]).text("key") != keyOrg {
		t.Errorf("renamed to %v", renamed)
	}
	s.do("all", "PUT", resourceGroups+"/"+id, over("Web", "*")).ok()
	reads(zoneCom, true)
	reads(zoneOrg, true)
	s.do("all", "DELETE", resourceGroups+"/"+id, nil).refused(400, 1001).says("named by a policy")
	s.do("all", "PATCH", member, object{"roles": []object{{"id": roleDNS}}}).ok()
	s.do("all", "DELETE", resourceGroups+"/"+id, nil).ok()
	s.do("all", "GET", resourceGroups+"/"+id, nil).refused(404, 1003)
	s.do("all", "DELETE", resourceGroups+"/"+id, nil).refused(404, 1003)
	s.do("all", "PUT", resourceGroups+"/"+id, over("Web", "*")).refused(404, 1003)
	s.do("all", "PUT", member, byPolicy("allow", roleDomainDNS, id)).refused(400, 1001).says("is not one of the account")
}

func TestResourceGroupRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	id := into[object](s.do("all", "POST", resourceGroups, over("Web", keyCom)).ok()).text("id")
	before := s.digest()
	foreign := object{"name": "x", "scope": object{"key": "com.cloudflare.api.account." + globex, "objects": []object{{"key": "*"}}}}
	for name, c := range map[string]struct {
		body any
		says string
	}{
		"no name":               {object{"scope": over("x", keyCom)["scope"]}, "needs a name and a scope"},
		"no scope":              {object{"name": "x"}, "needs a name and a scope"},
		"an empty name":         {over("", keyCom), "1 to 120 characters"},
		"nothing":               {over("x"), "at least one zone"},
		"all and some":          {over("x", "*", keyCom), "not both"},
		"a zone twice":          {over("x", keyCom, keyCom), "twice"},
		"a foreign zone":        {over("x", "com.cloudflare.api.account.zone."+zoneOther), "is not one of the account"},
		"an absent zone":        {over("x", "com.cloudflare.api.account.zone."+absent), "is not one of the account"},
		"all zones":             {over("x", "com.cloudflare.api.account.zone.*"), "* for the whole account"},
		"another kind of key":   {over("x", keyAcme), "* for the whole account"},
		"another account":       {foreign, "the account in the path"},
		"two scopes":            {object{"name": "x", "scope": []any{over("", keyCom)["scope"], over("", keyOrg)["scope"]}}, "exactly one scope"},
		"an unknown field":      {object{"name": "x", "scopes": []any{}}, "did you mean scope?"},
		"an unknown scope part": {object{"name": "x", "scope": object{"key": keyAcme, "objets": []any{}}}, "did you mean objects?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.do("all", "POST", resourceGroups, c.body).refused(400, 1001).says(c.says)
		})
	}
	t.Cleanup(func() {
		if s.digest() != before {
			t.Error("something was changed")
		}
	})
	// The account and its zones are groups that nobody changes.
	for _, own := range []string{acme, zoneCom} {
		s.do("all", "PUT", resourceGroups+"/"+own, over("x", keyCom)).refused(400, 1001).says("cannot be changed")
		s.do("all", "DELETE", resourceGroups+"/"+own, nil).refused(400, 1001).says("cannot be changed")
	}
	s.do("all", "DELETE", resourceGroups+"/"+zoneOther, nil).refused(404, 1003)
	// Another account's group is none here.
	s.do("all", "GET", "/accounts/"+globex+"/iam/resource_groups/"+id, nil).refused(404, 1003)
	s.do("all", "PUT", "/accounts/"+globex+"/members/"+s.member("globex/super"), byPolicy("allow", roleSuper, id)).refused(400, 1001).says("is not one of the account")
	// Super Administrators alone (authorization model §6 "Gate 10").
	for _, c := range [][2]string{{"POST", resourceGroups}, {"PUT", resourceGroups + "/" + id}, {"DELETE", resourceGroups + "/" + id}} {
		s.do("admin_tokens", c[0], c[1], over("x", keyCom)).refused(403, 9109).because(authz.ReasonSuperAdministratorRequired)
		s.do("ops", c[0], c[1], over("x", keyCom)).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
		s.do("zone_read", c[0], c[1], over("x", keyCom)).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	}
	s.do("admin_tokens", "GET", resourceGroups+"/"+id, nil).ok()
}

// TestDomainRoles: a domain role counts on the zones of its policies and
// nowhere else, for keys and as the bound of tokens (authorization model §8,
// gate 9).
func TestDomainRoles(t *testing.T) {
	t.Parallel()
	const roleDomainAdmin, roleDomainReader = "a5e5061418ea445fbba04aac57f359a8", "98d2b0c4bd3b4a2c842fcd2a81273ee9"
	zone, other := "/zones/"+zoneCom, "/zones/"+zoneOrg
	txt := object{"type": "TXT", "name": "x", "content": "y"}
	lacks := authz.ReasonOwnerLacksRight
	for _, c := range []struct {
		name         string
		member       object
		method, path string
		body         any
		reason       authz.Reason // "" is allowed
	}{
		{"DNS on the zone", byPolicy("allow", roleDomainDNS, zoneCom), "POST", zone + "/dns_records", txt, ""},
		{"DNS on another zone", byPolicy("allow", roleDomainDNS, zoneCom), "POST", other + "/dns_records", txt, lacks},
		{"another right on the zone", byPolicy("allow", roleDomainDNS, zoneCom), "PATCH", zone, object{"paused": true}, lacks},
		{"a reader reads", byPolicy("allow", roleDomainReader, zoneCom), "GET", zone + "/dns_records", nil, ""},
		{"a reader writes", byPolicy("allow", roleDomainReader, zoneCom), "POST", zone + "/dns_records", txt, lacks},
		{"an administrator of the zone", byPolicy("allow", roleDomainAdmin, zoneCom), "PATCH", zone, object{"paused": true}, ""},
		{"an administrator of another zone", byPolicy("allow", roleDomainAdmin, zoneOrg), "PATCH", zone, object{"paused": true}, lacks},
		{"not on the account", byPolicy("allow", roleDomainAdmin, zoneCom), "GET", "/accounts/" + acme + "/members", nil, lacks},
		{"but who has a role sees it", byPolicy("allow", roleDomainDNS, zoneCom), "GET", "/accounts/" + acme, nil, ""},
		{"an account role over a zone, its zone groups", byPolicy("allow", roleDNS, zoneCom), "POST", zone + "/dns_records", txt, ""},
		{"an account role over a zone, elsewhere", byPolicy("allow", roleAdmin, zoneCom), "POST", other + "/dns_records", txt, lacks},
		{"an account role over a zone, its account groups", byPolicy("allow", roleAdmin, zoneCom), "GET", "/accounts/" + acme + "/members", nil, lacks},
		{"a domain role over the account", byPolicy("allow", roleDomainDNS, acme), "POST", other + "/dns_records", txt, ""},
		{"new zones take the whole account", byPolicy("allow", roleDomainAdmin, zoneCom, zoneOrg), "POST", "/zones", object{"name": "new.example", "account": object{"id": acme}}, lacks},
		{"a deny strikes", object{"policies": []object{
			{"access": "allow", "permission_groups": []object{{"id": roleDomainAdmin}}, "resource_groups": []object{{"id": acme}}},
			{"access": "deny", "permission_groups": []object{{"id": roleDomainDNS}}, "resource_groups": []object{{"id": zoneCom}}},
		}}, "POST", zone + "/dns_records", txt, lacks},
		{"a deny strikes there alone", object{"policies": []object{
			{"access": "allow", "permission_groups": []object{{"id": roleDomainAdmin}}, "resource_groups": []object{{"id": acme}}},
			{"access": "deny", "permission_groups": []object{{"id": roleDomainDNS}}, "resource_groups": []object{{"id": zoneCom}}},
		}}, "POST", other + "/dns_records", txt, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			// The token holds everything; its owner is the bound.
			s.grant("wide", "zoned", policy(object{"com.cloudflare.api.account.zone.*": "*"}, dnsWrite))
			s.do("all", "PUT", members+"/"+s.member("acme/zoned"), c.member).ok()
			refs := []string{"key:zoned"}
			if c.path == zone+"/dns_records" || c.path == other+"/dns_records" {
				refs = append(refs, "wide")
			}
			for i, ref := range refs {
				body := c.body
				if c.method == "POST" && i > 0 {
					body = object{"type": "TXT", "name": "another", "content": "y"}
				}
				r := s.do(ref, c.method, c.path, body)
				if c.reason == "" {
					r.ok()
				} else if r.because(c.reason).status != 403 {
					t.Errorf("%s got %d", ref, r.status)
				}
			}
		})
	}
}

// TestRolesOrPolicies: a member never has both (authorization model §8).
func TestRolesOrPolicies(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := members + "/" + s.member("acme/dns")
	parts := func(r *response) (roles, policies int) {
		o := into[object](r)
		a, _ := o["roles"].([]any)
		b, _ := o["policies"].([]any)
		return len(a), len(b)
	}
	for _, step := range []struct {
		body            object
		roles, policies int
	}{
		{byPolicy("allow", roleDomainDNS, zoneCom), 0, 1},
		{object{"roles": []object{{"id": roleDNS}, {"id": roleAdmin}}}, 2, 0},
		{byPolicy("deny", roleDomainDNS, zoneCom), 0, 1},
		{object{"roles": []object{{"id": roleDNS}}, "policies": []object{}}, 1, 0},
	} {
		changed := s.do("all", "PUT", path, step.body).ok()
		if roles, policies := parts(changed); roles != step.roles || policies != step.policies {
			t.Errorf("%v leaves %d roles and %d policies", step.body, roles, policies)
		}
		if read := s.do("all", "GET", path, nil).ok(); string(read.Result) != string(changed.Result) {
			t.Errorf("read %s after %s", read.body, changed.body)
		}
	}
	both := byPolicy("allow", roleDomainDNS, zoneCom)
	both["roles"] = []object{{"id": roleDNS}}
	before := s.digest()
	s.do("all", "PUT", path, both).refused(400, 1001).says("not both")
	s.do("all", "PATCH", path, object{"roles": []object{{"id": roleDomainDNS}}}).refused(400, 1001).says("can be given by a policy only")
	for _, scope := range []string{zoneOther, globex, absent} {
		s.do("all", "PUT", path, byPolicy("allow", roleDomainDNS, scope)).refused(400, 1001).says("is not one of the account")
	}
	if s.digest() != before {
		t.Error("something was changed")
	}
	// The role of a policy is shown as the permission group that it is there.
	s.do("all", "PUT", path, byPolicy("allow", roleDomainDNS, zoneCom)).ok()
	group := into[object](s.do("all", "GET", "/accounts/"+acme+"/iam/permission_groups/"+roleDomainDNS, nil).ok())
	shown := first(first(into[object](s.do("all", "GET", path, nil).ok())["policies"])["permission_groups"])
	if group.text("name") != "Domain DNS" || shown.text("name") != group.text("name") || shown.text("id") != group.text("id") || group.text("status") != "V" {
		t.Errorf("the group is %v, the policy shows %v", group, shown)
	}
}
