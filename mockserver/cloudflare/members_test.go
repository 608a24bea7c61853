// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Roles by their published ids.
const (
	roleSuper     = "33666b9c79b9a5273fc7344ff42f953d"
	roleAdmin     = "05784afa30c1afe1440e79d9351c7430"
	roleDNS       = "069fe803647ed3609e93d041d5df6050"
	roleDomainDNS = "132c52e7e6654b999c183cfcbafd37d7"
)

const members = "/accounts/" + acme + "/members"

// TestMemberLife: invite, read, change, remove.
func TestMemberLife(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	invited := s.do("all", "POST", members, object{"email": "new@example.com", "roles": []string{roleDNS}}).ok()
	o := into[object](invited)
	if _, has := o["roles"]; has || o.text("status") != "pending" || o["api_access_enabled"] != nil {
		t.Errorf("the reply to an invitation is %s", invited.body)
	}
	path := members + "/" + o.text("id")
	read := s.do("all", "GET", path, nil).ok()
	if roles := into[object](read)["roles"]; first(roles).text("id") != roleDNS {
		t.Errorf("read %s", read.body)
	}
	s.do("all", "POST", members, object{"email": "NEW@example.com", "roles": []string{roleDNS}}).refused(400, 1001).says("already exists")
	// What was read can be sent back.
	s.do("all", "PUT", path, string(read.Result)).ok()
	// Roles to policies and back: what is written removes the other.
	byPolicy := object{"policies": []object{{
		"access": "allow", "permission_groups": []object{{"id": roleDomainDNS}}, "resource_groups": []object{{"id": zoneCom}},
	}}}
	changed := s.do("all", "PUT", path, byPolicy).ok()
	if roles, _ := into[object](changed)["roles"].([]any); len(roles) != 0 || !strings.Contains(changed.body, keyCom) {
		t.Errorf("changed %s", changed.body)
	}
	s.do("all", "PUT", path, string(changed.Result)).ok()
	back := s.do("all", "PATCH", path, object{"roles": []object{{"id": roleAdmin}}}).ok()
	if policies, _ := into[object](back)["policies"].([]any); len(policies) != 0 {
		t.Errorf("changed back %s", back.body)
	}
	s.do("all", "DELETE", path, nil).ok()
	s.do("all", "GET", path, nil).refused(404, 1003)
	if r := s.do("all", "GET", path, nil); string(r.Result) != "[]" {
		t.Errorf("a failure about members carries %s", r.Result)
	}
	s.do("all", "DELETE", path, nil).refused(404, 1003)
}

func TestMemberRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	dns := members + "/" + s.member("acme/dns")
	zones := []object{{"id": zoneCom}}
	for _, c := range []struct {
		name, method, path string
		body               any
		says               string
	}{
		{"no e-mail", "POST", members, object{"roles": []string{roleDNS}}, "e-mail"},
		{"no right", "POST", members, object{"email": "n@example.com"}, "at least one role or policy"},
		{"empty rights", "POST", members, object{"email": "n@example.com", "roles": []string{}}, "at least one role or policy"},
		{"both", "POST", members, object{"email": "n@example.com", "roles": []string{roleDNS}, "policies": []object{{"access": "allow", "permission_groups": []object{{"id": roleDNS}}, "resource_groups": zones}}}, "not both"},
		{"an unknown role", "POST", members, object{"email": "n@example.com", "roles": []string{absent}}, "Invalid role assignments found"},
		{"a domain role", "POST", members, object{"email": "n@example.com", "roles": []string{roleDomainDNS}}, "Invalid role assignments found"},
		{"accepted at once", "POST", members, object{"email": "n@example.com", "roles": []string{roleDNS}, "status": "rejected"}, "pending or accepted"},
		{"roles as objects in a create", "POST", members, object{"email": "n@example.com", "roles": []object{{"id": roleDNS}}}, "must be a string"},
		{"roles as texts in an update", "PUT", dns, object{"roles": []string{roleDNS}}, "must be an object"},
		{"no role left", "PUT", dns, object{"roles": []object{}}, "at least one role or policy"},
		{"a zone elsewhere", "PUT", dns, object{"policies": []object{{"access": "allow", "permission_groups": []object{{"id": roleDomainDNS}}, "resource_groups": []object{{"id": zoneOther}}}}}, "not one of the account"},
		{"no resource group", "PUT", dns, object{"policies": []object{{"access": "allow", "permission_groups": []object{{"id": roleDNS}}}}}, "resource group"},
		{"another access", "PUT", dns, object{"policies": []object{{"access": "maybe", "permission_groups": []object{{"id": roleDNS}}, "resource_groups": zones}}}, "allow or deny"},
		{"a status", "PUT", dns, object{"status": "rejected"}, "status"},
		{"the switch as text", "PATCH", dns, object{"api_access_enabled": "off"}, "true, false or null"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			s.do("all", c.method, c.path, c.body).refused(400, 1001).says(c.says)
			if s.digest() != before {
				t.Error("something was changed")
			}
		})
	}
	// Only a tenant's administrator makes members accepted.
	s.do("key:second", "POST", members, object{"email": "n@example.com", "roles": []string{roleDNS}, "status": "accepted"}).
		refused(400, 1001).says("automatic verification of new members is not allowed")
	s.do("all", "POST", members, object{"email": "n@example.com", "roles": []string{roleDNS}, "status": "accepted"}).ok()
	// Only a Super Administrator changes members, whatever the token holds.
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		body := object{}
		s.do("admin_tokens", method, dns, body).refused(403, 9109).because(authz.ReasonSuperAdministratorRequired)
		s.do("ops", method, dns, body).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
	}
	s.do("admin_tokens", "POST", members, object{}).refused(403, 9109).because(authz.ReasonSuperAdministratorRequired)
	s.do("admin_tokens", "GET", members, nil).ok()
	s.do("zone_read", "GET", members, nil).refused(403, 9109)
}

func TestMemberList(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if got := listed(s.do("all", "GET", members+"?status=pending", nil), "email"); !slices.Equal(got, []string{"pending@example.com"}) {
		t.Errorf("pending are %v", got)
	}
	down := listed(s.do("all", "GET", members+"?order=user.email&direction=desc", nil), "email")
	up := listed(s.do("all", "GET", members+"?order=user.email", nil), "email")
	if len(up) != 8 || !slices.IsSorted(up) {
		t.Errorf("by e-mail: %v", up)
	}
	slices.Reverse(down)
	if !slices.Equal(up, down) {
		t.Errorf("down is %v", down)
	}
	s.do("all", "GET", members+"?order=age", nil).refused(400, 1001)
	s.do("all", "GET", members+"?status=gone", nil).refused(400, 1001)
}

// TestLastSuperAdministrator: it cannot be removed, demoted, rejected or leave
// on any path, two at once included (authorization model §8).
func TestLastSuperAdministrator(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	super, second := s.member("acme/super"), s.member("acme/second")
	demote := object{"roles": []object{{"id": roleAdmin}}}
	replies := make([]*response, 2)
	var both sync.WaitGroup
	for i, member := range []string{super, second} {
		both.Go(func() { replies[i] = s.do([]string{"key:second", "key:super"}[i], "PUT", members+"/"+member, demote) })
	}
	both.Wait()
	if replies[0].Success == replies[1].Success {
		t.Fatalf("of two demotions at once, %v and %v succeeded", replies[0].Success, replies[1].Success)
	}
	left, ref := super, "key:super"
	if replies[0].Success {
		left, ref = second, "key:second"
	}
	before := s.digest()
	for _, c := range []struct {
		method, path string
		body         any
	}{
		{"PUT", members + "/" + left, demote},
		{"PATCH", members + "/" + left, demote},
		{"DELETE", members + "/" + left, nil},
		{"DELETE", "/memberships/" + left, nil},
		{"PUT", "/memberships/" + left, object{"status": "rejected"}},
	} {
		s.do(ref, c.method, c.path, c.body).refused(400, 1001).says("last Super Administrator")
	}
	if s.digest() != before {
		t.Error("something was changed")
	}
}

// TestMemberSwitch is the member's API access switch on the wire
// (authorization model §7).
func TestMemberSwitch(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	blocked := members + "/" + s.member("acme/blocked")
	zone := "/zones/" + zoneCom
	s.do("key:blocked", "GET", zone, nil).refused(403, 10000).because(authz.ReasonAPIAccessDisabled)
	s.do("blocked", "GET", zone, nil).refused(403, 10000).because(authz.ReasonAPIAccessDisabled)
	// It does not apply to the user's own objects, where the reason can be read.
	s.do("blocked", "GET", "/user/tokens", nil).ok()
	mine := s.do("blocked", "GET", "/memberships", nil).ok()
	if o := into[[]object](mine)[0]; o["api_access_enabled"] != false {
		t.Errorf("the membership shows %s", mine.body)
	}
	// Three values, and a body without roles leaves roles as they are.
	for _, c := range []struct {
		method string
		value  any
		works  bool
	}{{"PATCH", true, true}, {"PUT", false, false}, {"PATCH", nil, true}, {"PUT", true, true}} {
		changed := into[object](s.do("all", c.method, blocked, object{"api_access_enabled": c.value}).ok())
		if changed["api_access_enabled"] != c.value || first(changed["roles"]).text("id") != roleAdmin {
			t.Errorf("%v gave %v", c.value, changed)
		}
		if got := s.do("key:blocked", "GET", zone, nil); got.Success != c.works {
			t.Errorf("%v: the member's request got %d", c.value, got.status)
		}
	}
	// Who may change it: a Super Administrator with Account Settings Write; a
	// repeated value is no change.
	s.do("key:second", "PATCH", blocked, object{"api_access_enabled": false}).ok()
	s.do("scim", "PUT", blocked, object{"api_access_enabled": true}).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("scim", "PUT", blocked, object{"api_access_enabled": false}).ok()
	s.do("scim", "PUT", blocked, object{}).ok()
	s.do("admin_tokens", "PATCH", blocked, object{"api_access_enabled": true}).refused(403, 9109).because(authz.ReasonSuperAdministratorRequired)
	// On a standard account null alone.
	globexMembers := "/accounts/" + globex + "/members"
	own := globexMembers + "/" + s.member("globex/super")
	s.do("all", "PATCH", own, object{"api_access_enabled": true}).refused(400, 1001).because(authz.ReasonEnterpriseRequired)
	s.do("all", "PATCH", own, object{"api_access_enabled": nil}).ok()
	s.do("all", "POST", globexMembers, object{"email": "n@example.com", "roles": []string{roleDNS}, "api_access_enabled": false}).refused(400, 1001).because(authz.ReasonEnterpriseRequired)
	// It goes with the membership.
	s.do("all", "POST", members, object{"email": "n@example.com", "roles": []string{roleDNS}, "api_access_enabled": false}).ok()
	made := into[object](s.do("all", "GET", members+"?status=pending&order=user.email", nil).ok().first(t))
	if made["api_access_enabled"] != false {
		t.Errorf("invited with false: %v", made)
	}
	s.do("all", "DELETE", members+"/"+made.text("id"), nil).ok()
	again := into[object](s.do("all", "POST", members, object{"email": "n@example.com", "roles": []string{roleDNS}}).ok())
	if again["api_access_enabled"] != nil {
		t.Errorf("invited again: %v", again)
	}
	// Locking oneself out is carried out.
	s.do("key:second", "PATCH", members+"/"+s.member("acme/second"), object{"api_access_enabled": false}).ok()
	s.do("key:second", "GET", zone, nil).refused(403, 10000)
}

// first narrows a list's reply to its first item.
func (r *response) first(t *testing.T) *response {
	t.Helper()
	items := into[[]object](r)
	if len(items) == 0 {
		t.Fatalf("the list is empty: %s", r.body)
	}
	c := *r
	c.Result = mustJSON(t, items[0])
	return &c
}

// TestMemberships: what a user sees and does of its own memberships.
func TestMemberships(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	list := s.do("key:pending", "GET", "/memberships", nil).ok()
	mine := into[[]object](list)
	if len(mine) != 1 || mine[0].text("status") != "pending" || strings.Contains(list.body, "settings") {
		t.Fatalf("an invited user sees %s", list.body)
	}
	path := "/memberships/" + mine[0].text("id")
	s.do("key:pending", "GET", "/zones/"+zoneCom, nil).refused(403, 9109).because(authz.ReasonTargetNotFound)
	s.do("key:pending", "PUT", path, object{"status": "accepted", "api_access_enabled": true}).refused(400, 1001).says("never changes it")
	s.do("key:pending", "PUT", path, object{"status": "perhaps"}).refused(400, 1001)
	s.do("key:pending", "PUT", path, object{}).refused(400, 1001)
	s.do("key:pending", "PUT", path, object{"status": "accepted", "api_access_enabled": nil}).ok()
	s.do("key:pending", "GET", "/zones/"+zoneCom+"/dns_records", nil).ok()
	s.do("key:pending", "GET", path, nil).ok()
	// Rejecting ends it; there is no way back but a new invitation.
	s.do("key:pending", "PUT", path, object{"status": "rejected"}).ok()
	s.do("key:pending", "GET", "/zones/"+zoneCom, nil).refused(403, 9109)
	s.do("key:pending", "PUT", path, object{"status": "accepted"}).refused(400, 1001).says("new one")
	s.do("all", "POST", members, object{"email": "pending@example.com", "roles": []string{roleDNS}}).ok()
	again := into[[]object](s.do("key:pending", "GET", "/memberships", nil).ok())
	if len(again) != 1 || again[0].text("status") != "pending" || again[0].text("id") == mine[0].text("id") {
		t.Errorf("invited again: %v", again)
	}
	// Nobody else's, and leaving.
	s.do("key:pending", "GET", "/memberships/"+s.member("acme/dns"), nil).refused(404, 1003)
	s.do("key:dns", "DELETE", "/memberships/"+s.member("acme/dns"), nil).ok()
	s.do("key:dns", "GET", "/zones/"+zoneCom, nil).refused(403, 9109)
	s.do("ops", "GET", "/memberships", nil).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
	if got := listed(s.do("all", "GET", "/memberships?account.name=acme&status=accepted", nil), "status"); len(got) != 1 {
		t.Errorf("by name: %v", got)
	}
	names := []string{}
	for _, o := range into[[]object](s.do("all", "GET", "/memberships?order=account.name&direction=desc", nil).ok()) {
		account, _ := o["account"].(map[string]any)
		names = append(names, object(account).text("name"))
	}
	if !slices.Equal(names, []string{"Globex", "Acme"}) {
		t.Errorf("ordered: %v", names)
	}
}

// TestRoles: those of level account, by page and by id.
func TestRoles(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	base := "/accounts/" + acme + "/roles"
	r := s.do("all", "GET", base+"?per_page=50", nil).ok()
	if names := listed(r, "id"); !slices.Contains(names, roleSuper) || slices.Contains(names, roleDomainDNS) {
		t.Errorf("the roles are %v", names)
	}
	if got := into[object](s.do("all", "GET", base+"/"+roleDNS, nil).ok()); got.text("name") != "DNS" || got.text("description") == "" {
		t.Errorf("got %v", got)
	}
	s.do("all", "GET", base+"/"+roleDomainDNS, nil).refused(404, 1003)
	s.do("zone_read", "GET", base, nil).refused(403, 9109)
}

// TestForeignZoneBesideTheWholeAccount: a scope outside the account is refused
// also where the whole account makes it superfluous (authorization model §8).
func TestForeignZoneBesideTheWholeAccount(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	body := func(zone string) string {
		return `{"email":"new@example.com","policies":[{"access":"allow","permission_groups":[{"id":"` + roleAdmin +
			`"}],"resource_groups":[{"id":"` + acme + `"},{"id":"` + zone + `"}]}]}`
	}
	for _, zone := range []string{zoneOther, absent, globex} {
		s.do("all", "POST", members, body(zone)).refused(400, 1001).says("is not one of the account")
	}
	s.do("all", "POST", members, body(zoneCom)).ok()
}
