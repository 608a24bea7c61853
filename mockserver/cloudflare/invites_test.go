// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// TestInvites: an invited user sees the invitation, and accepts or rejects it;
// only then do its rights count (authorization model §8).
func TestInvites(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	zone := "/zones/" + zoneCom + "/dns_records"
	invite := into[[]object](s.do("key:pending", "GET", "/user/invites", nil).ok())
	if len(invite) != 1 {
		t.Fatalf("the invitations are %v", invite)
	}
	got := invite[0]
	if got.text("id") != s.member("acme/pending") || got.text("invited_member_email") != "pending@example.com" ||
		got.text("organization_id") != acme || got.text("organization_name") != "Acme" || got.text("status") != "pending" ||
		got.text("invited_member_id") != s.user("pending") || first(got["roles"]).text("id") != roleDNS {
		t.Errorf("the invitation is %v", got)
	}
	path := "/user/invites/" + got.text("id")
	s.do("key:pending", "GET", zone, nil).refused(403, 9109).because(authz.ReasonTargetNotFound)
	before := s.digest()
	for _, body := range []object{{}, {"status": "pending"}, {"status": "expired"}, {"status": nil}, {"status": 1}, {"state": "accepted"}} {
		s.do("key:pending", "PATCH", path, body).refused(400, 1001)
	}
	// Nobody else's, by no other right, and none that is a membership already.
	s.do("key:dns", "PATCH", path, object{"status": "accepted"}).refused(404, 1003)
	s.do("key:super", "GET", path, nil).refused(404, 1003)
	s.do("key:dns", "GET", "/user/invites/"+s.member("acme/dns"), nil).refused(404, 1003)
	s.do("zone_read", "GET", "/user/invites", nil).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("blocked", "PATCH", path, object{"status": "accepted"}).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("ops", "GET", "/user/invites", nil).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
	if s.digest() != before {
		t.Error("something was changed")
	}
	// The whole of it may be sent back.
	got["status"] = "accepted"
	if done := into[object](s.do("key:pending", "PATCH", path, got).ok()); done.text("status") != "accepted" {
		t.Errorf("accepted %v", done)
	}
	s.do("key:pending", "GET", zone, nil).ok()
	if left := listed(s.do("key:pending", "GET", "/user/invites", nil), "id"); len(left) != 0 {
		t.Errorf("an accepted invitation is left: %v", left)
	}
	s.do("key:pending", "GET", path, nil).refused(404, 1003)
	s.do("key:pending", "PATCH", path, object{"status": "rejected"}).refused(404, 1003)
}

// TestRejectedInvites: no way back but a new invitation, which is another.
func TestRejectedInvites(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/user/invites/" + s.member("acme/pending")
	if done := into[object](s.do("key:pending", "PATCH", path, object{"status": "rejected"}).ok()); done.text("status") != "rejected" {
		t.Errorf("rejected %v", done)
	}
	if got := into[object](s.do("key:pending", "GET", path, nil).ok()); got.text("status") != "rejected" {
		t.Errorf("read %v", got)
	}
	for _, answer := range []string{path, "/memberships/" + s.member("acme/pending")} {
		method := map[bool]string{true: "PATCH", false: "PUT"}[answer == path]
		s.do("key:pending", method, answer, object{"status": "accepted"}).refused(400, 1001).says("new one")
	}
	s.do("key:pending", "GET", "/zones/"+zoneCom, nil).refused(403, 9109)
	s.do("all", "POST", members, object{"email": "pending@example.com", "roles": []string{roleDNS}}).ok()
	again := into[[]object](s.do("key:pending", "GET", "/user/invites", nil).ok())
	if len(again) != 1 || again[0].text("status") != "pending" || again[0].text("id") == s.member("acme/super") {
		t.Fatalf("invited again: %v", again)
	}
	s.do("key:pending", "PATCH", path, object{"status": "accepted"}).refused(404, 1003)
	s.do("key:pending", "PATCH", "/user/invites/"+again[0].text("id"), object{"status": "accepted"}).ok()
	s.do("key:pending", "GET", "/zones/"+zoneCom+"/dns_records", nil).ok()
}

// TestUserChangesItself: what a user may change, and what the reply shows.
func TestUserChangesItself(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	whole := into[object](s.do("key:dns", "GET", "/user", nil).ok())
	whole["first_name"], whole["country"] = "Dana", "DE"
	changed := into[object](s.do("key:dns", "PATCH", "/user", whole).ok())
	if changed.text("first_name") != "Dana" || changed.text("country") != "DE" || changed.text("email") != "dns@example.com" {
		t.Errorf("changed %v", changed)
	}
	// What is not sent stays, null clears, and nothing else can be changed.
	changed = into[object](s.do("key:dns", "PATCH", "/user", object{"country": nil, "email": "super@example.com", "id": s.user("super")}).ok())
	if changed.text("first_name") != "Dana" || changed["country"] != nil || changed.text("email") != "dns@example.com" || changed.text("id") != s.user("dns") {
		t.Errorf("changed %v", changed)
	}
	before := s.digest()
	s.do("key:dns", "PATCH", "/user", object{"tenant_admin": true}).refused(400, 1001).says("unknown field")
	s.do("key:dns", "PATCH", "/user", object{"first_name": 7}).refused(400, 1001).says("must be a string")
	s.do("zone_read", "PATCH", "/user", object{"first_name": "X"}).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
	s.do("ops", "PATCH", "/user", object{"first_name": "X"}).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
	if s.digest() != before {
		t.Error("something was changed")
	}
}
