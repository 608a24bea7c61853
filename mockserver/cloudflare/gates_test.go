// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// TestPresentedCredentials is gates 1 and 2 on the wire (authorization model
// §2, §6).
func TestPresentedCredentials(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	good := s.authorize("zone_read").Get("Authorization")
	key := s.authorize("key:super")
	for _, c := range []struct {
		name         string
		header       http.Header
		status, code int
	}{
		{"nothing", http.Header{}, 400, 9106},
		{"empty headers are absent", http.Header{"Authorization": {""}, "X-Auth-Key": {""}, "X-Auth-Email": {""}}, 400, 9106},
		{"another scheme", http.Header{"Authorization": {"Basic dXNlcjpwYXNz"}}, 400, 6003},
		{"a token of no form", http.Header{"Authorization": {"Bearer short"}}, 400, 6003},
		{"a repeated header", http.Header{"Authorization": {good, good}}, 400, 6003},
		{"an e-mail without a key", http.Header{"X-Auth-Email": {"super@example.com"}}, 400, 9107},
		{"a key without an e-mail", http.Header{"X-Auth-Key": key["X-Auth-Key"]}, 400, 6003},
		{"a key of no form", http.Header{"X-Auth-Email": {"super@example.com"}, "X-Auth-Key": {"xyz"}}, 400, 6003},
		{"an unknown token", http.Header{"Authorization": {"Bearer " + strings.Repeat("a", 40)}}, 403, 9109},
		{"an unknown key", http.Header{"X-Auth-Email": {"super@example.com"}, "X-Auth-Key": {strings.Repeat("0", 37)}}, 403, 9103},
		{"a key of somebody else", http.Header{"X-Auth-Email": {"dns@example.com"}, "X-Auth-Key": key["X-Auth-Key"]}, 403, 9103},
		{"an unknown Origin CA key", http.Header{"X-Auth-User-Service-Key": {"v1.0-00"}}, 403, 9109},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := s.send(c.header, "GET", "/zones/"+zoneCom, nil).refused(c.status, c.code)
			if len(r.Errors[0].Chain) != 0 {
				t.Errorf("a refusal at gates 1 to 4 carries a chain:\n%s", r.body)
			}
		})
	}
	// Empty key headers beside a token, and the scheme in any case.
	s.send(http.Header{
		"Authorization": {strings.Replace(good, "Bearer", "bEARER", 1)}, "X-Auth-Key": {""}, "X-Auth-Email": {""},
	}, "GET", "/zones/"+zoneCom, nil).ok()
	// The token decides alone, whatever the key could do.
	both := s.authorize("none")
	both["X-Auth-Email"], both["X-Auth-Key"] = key["X-Auth-Email"], key["X-Auth-Key"]
	s.send(both, "GET", "/zones/"+zoneCom, nil).refused(403, 9109)
}

// TestDeadTokensAnswerAlike: at gates 2 and 3 the replies are byte for byte
// the same (authorization model §9).
func TestDeadTokensAnswerAlike(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	unknown := http.Header{"Authorization": {"Bearer " + strings.Repeat("z", 40)}}
	for _, path := range []string{"/zones", "/zones/" + zoneCom + "/dns_records", "/user/tokens", "/accounts/" + acme} {
		want := s.send(unknown, "GET", path, nil).refused(403, 9109)
		for _, ref := range []string{"disabled", "expired", "future"} {
			got := s.do(ref, "GET", path, nil)
			if got.body != want.body || got.status != want.status {
				t.Errorf("%s on %s answers\n%d %s\nwant\n%d %s", ref, path, got.status, got.body, want.status, want.body)
			}
		}
	}
	reasons := map[string]authz.Reason{
		"disabled": authz.ReasonCredentialDisabled, "expired": authz.ReasonCredentialExpired, "future": authz.ReasonCredentialNotYetValid,
	}
	for ref, want := range reasons {
		s.do(ref, "GET", "/zones", nil)
		if got := s.lastDecision().Decision.Reason; got != want {
			t.Errorf("%s: the journal hears %q, want %q", ref, got, want)
		}
	}
}

// TestReplyFamilies is the table of replies of gates 7 to 9 (authorization
// model §6 "Reply family").
func TestReplyFamilies(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		method, path string
		code         int
	}{
		{"GET", "/user", 9109},
		{"GET", "/user/tokens", 9109},
		{"GET", "/memberships", 9109},
		{"GET", "/organizations", 9109},
		{"GET", "/accounts/" + acme + "/tokens", 9109},
		{"GET", "/accounts/" + acme + "/members", 9109},
		{"GET", "/accounts/" + acme + "/roles", 9109},
		{"GET", "/accounts/" + acme + "/iam/permission_groups", 9109},
		{"GET", "/accounts/" + acme + "/profile", 9109},
		{"PUT", "/accounts/" + acme, 9109},
		{"DELETE", "/accounts/" + acme, 9109},
		{"GET", "/zones/" + zoneCom, 9109},
		{"GET", "/zones/" + zoneCom + "/settings", 9109},
		{"GET", "/zones/" + zoneCom + "/settings/ssl", 9109},
		{"GET", "/zones", 0},
		{"GET", "/zones/" + zoneCom + "/dns_records", 10000},
		{"POST", "/zones/" + zoneCom + "/purge_cache", 10000},
		{"GET", "/zones/" + zoneCom + "/firewall/access_rules/rules", 10000},
		{"GET", "/accounts/" + acme + "/firewall/access_rules/rules", 10000},
	} {
		var body any
		if c.method != "GET" {
			body = "{}"
		}
		r := s.do("overreach_none", c.method, c.path, body).refused(403, c.code).because(authz.ReasonNoMatchingGrant)
		if c.code != 0 && r.Errors[0].Chain[0].Code != c.code {
			t.Errorf("the chain of %s %s has the code %d", c.method, c.path, r.Errors[0].Chain[0].Code)
		}
	}
	s.do("none", "POST", "/zones", object{"name": "new.example", "account": object{"id": acme}}).
		refused(403, 0).says("com.cloudflare.api.account.zone.create").because(authz.ReasonNoMatchingGrant)
	s.do("denied", "GET", "/zones/"+zoneCom, nil).refused(403, 9109).because(authz.ReasonDeniedByPolicy)
	s.do("overreaching", "POST", "/zones/"+zoneCom+"/purge_cache", object{"purge_everything": true}).
		refused(403, 10000).because(authz.ReasonOwnerLacksRight)
	s.do("origin:super", "GET", "/zones", nil).refused(403, 0).because(authz.ReasonNoMatchingGrant).
		says("com.cloudflare.api.user." + s.user("super"))
}

// TestTargets is gate 5: one text for absent, foreign and pending.
func TestTargets(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	absentZone := s.do("all", "GET", "/zones/"+absent, nil).refused(403, 9109).because(authz.ReasonTargetNotFound)
	for _, c := range []struct{ ref, path string }{
		{"dns_other", "/zones/" + zoneOther},
		{"key:stranger", "/zones/" + zoneCom},
		{"key:pending", "/zones/" + zoneCom},
		{"ops", "/zones/" + zoneOther},
		{"key:stranger", "/accounts/" + acme},
		{"ops", "/accounts/" + globex},
		{"all", "/zones/" + strings.Repeat("0", 32)},
	} {
		if r := s.do(c.ref, "GET", c.path, nil); r.body != absentZone.body {
			t.Errorf("%s on %s answers\n%s\nwant\n%s", c.ref, c.path, r.body, absentZone.body)
		}
	}
	s.do("ops", "GET", "/user", nil).refused(403, 9109).says("Valid user-level authentication not found").because(authz.ReasonUserCredentialRequired)
	s.do("ops", "GET", "/accounts", nil).refused(400, 1001).says("does not support account owned tokens")
	// Gate 10 asks for a user too, after the grant.
	s.do("ops", "GET", "/accounts/"+acme+"/tokens", nil).refused(403, 9109).because(authz.ReasonUserCredentialRequired)
	// A zone that a body or a path names below an account.
	s.do("all", "POST", "/zones", object{"name": "new.example", "account": object{"id": absent}}).refused(403, 9109).because(authz.ReasonTargetNotFound)
	s.do("all", "POST", "/zones", object{"name": "new.example", "account": object{"id": "no id"}}).refused(403, 9109).because(authz.ReasonTargetNotFound)
}

// TestLocation is gate 4 and the rules of the address (authorization model §6
// "Address").
func TestLocation(t *testing.T) {
	t.Parallel()
	proxied := func(o *cloudflare.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} }
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		trust, ok  bool
		shown      string
	}{
		{name: "inside", peer: "10.1.2.3:1000", ok: true},
		{name: "mapped", peer: "[::ffff:10.1.2.3]:1000", ok: true},
		{name: "outside", peer: "192.0.2.1:1000", shown: "192.0.2.1"},
		{name: "forwarding is ignored", peer: "192.0.2.1:1000", forwarded: []string{"10.1.2.3"}, shown: "192.0.2.1"},
		{name: "behind a trusted proxy", peer: "192.0.2.1:1000", forwarded: []string{"10.1.2.3"}, trust: true, ok: true},
		{name: "the right-most that is no proxy", peer: "192.0.2.1:1000", forwarded: []string{"10.1.2.3, 203.0.113.9", "192.0.2.7"}, trust: true, shown: "203.0.113.9"},
		{name: "with a port", peer: "192.0.2.1:1000", forwarded: []string{"10.1.2.3:555"}, trust: true, ok: true},
		{name: "unreadable", peer: "192.0.2.1:1000", forwarded: []string{"10.1.2.3, nonsense"}, trust: true, shown: "unknown"},
		{name: "a proxy that adds nothing", peer: "192.0.2.1:1000", trust: true, shown: "192.0.2.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var change []func(*cloudflare.Options)
			if c.trust {
				change = append(change, proxied)
			}
			s := newServer(t, change...)
			s.address = c.peer
			h := s.authorize("home")
			h["X-Forwarded-For"] = c.forwarded
			r := s.send(h, "GET", "/zones/"+zoneCom, nil)
			if c.ok {
				r.ok()
				return
			}
			r.refused(403, 9109).says("Cannot use the access token from location: " + c.shown)
		})
	}
}

// TestVerify is the two verify operations (authorization model §6 "Verify").
func TestVerify(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	status := func(ref, path, want string) {
		t.Helper()
		r := s.do(ref, "GET", path, nil).ok()
		if got := into[object](r); got.text("status") != want || got.text("id") != s.id(ref) {
			t.Errorf("%s: %s", ref, r.body)
		}
		if active := len(r.Messages) == 1 && r.Messages[0].Code == 10000; active != (want == "active") {
			t.Errorf("%s: the message does not fit %s: %s", ref, want, r.body)
		}
	}
	const own = "/user/tokens/verify"
	status("zone_read", own, "active")
	status("home", own, "active") // the IP condition is not applied
	status("disabled", own, "disabled")
	status("expired", own, "expired")
	status("future", own, "disabled")
	status("blocked", own, "active") // nor the switch
	status("ops", "/accounts/"+acme+"/tokens/verify", "active")
	if r := s.do("future", "GET", own, nil); into[object](r).text("not_before") != "2031-01-01T00:00:00Z" {
		t.Errorf("not_before is missing: %s", r.body)
	}
	s.do("ops", "GET", own, nil).refused(401, 1000)
	s.do("zone_read", "GET", "/accounts/"+acme+"/tokens/verify", nil).refused(401, 1000)
	s.do("ops", "GET", "/accounts/"+globex+"/tokens/verify", nil).refused(401, 1000)
	s.send(http.Header{"Authorization": {"Bearer " + strings.Repeat("a", 40)}}, "GET", own, nil).refused(401, 1000)
	s.do("key:super", "GET", own, nil).refused(400, 1001)
	s.send(http.Header{"X-Auth-Email": {"a@b.c"}, "X-Auth-Key": {strings.Repeat("0", 37)}}, "GET", own, nil).refused(400, 1001)
	s.do("", "GET", own, nil).refused(400, 9106)
}

// TestTerseErrors: explanations can be left out.
func TestTerseErrors(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *cloudflare.Options) { o.TerseErrors = true })
	if r := s.do("none", "GET", "/zones/"+zoneCom, nil).refused(403, 9109); len(r.Errors[0].Chain) != 0 {
		t.Errorf("a terse refusal explains itself:\n%s", r.body)
	}
}

// TestDecisionsAreReported: the listener hears the decision that counts, the
// credential's name and the trace as of that instant.
func TestDecisionsAreReported(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.do("all", "DELETE", "/user/tokens/"+s.id("all"), nil).ok()
	d := s.lastDecision()
	if !d.Decision.Allowed || d.CredentialRef != "all" || d.Operation.Name() != "DELETE /user/tokens/{token_id}" {
		t.Errorf("heard %+v", d)
	}
	if e := d.Explain(); len(e.Steps) != 10 || e.Steps[6].Outcome != authz.Passed {
		t.Errorf("the trace is %+v", e.Steps)
	}
	s.do("key:dns", "DELETE", "/zones/"+zoneCom, nil).refused(403, 9109).because(authz.ReasonOwnerLacksRight)
	if d := s.lastDecision(); d.Decision.Reason != authz.ReasonOwnerLacksRight || d.CredentialRef != "dns" {
		t.Errorf("heard %+v", d)
	}
}

// TestEveryDecisionIsFresh: the request after a change sees it.
func TestEveryDecisionIsFresh(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.do("zone_read", "GET", "/zones/"+zoneCom, nil).ok()
	s.do("all", "DELETE", "/user/tokens/"+s.id("zone_read"), nil).ok()
	s.do("zone_read", "GET", "/zones/"+zoneCom, nil).refused(403, 9109).says("Invalid access token")
}

// TestLostLog: what the log of changes did not take is not acknowledged and
// not done.
func TestLostLog(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	export, err := s.world.Export()
	if err != nil {
		t.Fatal(err)
	}
	failing, err := state.Replay(state.Options{HashKey: [32]byte{1}, Log: fullDisk{}}, func(yield func(state.Batch) bool) { yield(export) })
	if err != nil {
		t.Fatal(err)
	}
	s.handler = cloudflare.New(cloudflare.Options{World: failing, Clock: s.clock}).Handler()
	r := s.do("all", "DELETE", "/zones/"+zoneCom, nil).refused(500, 500)
	if r.header.Get("X-Should-Retry") != "false" {
		t.Error("a client may repeat it for ever")
	}
	s.do("all", "GET", "/zones/"+zoneCom, nil).ok()
}

type fullDisk struct{}

func (fullDisk) Append(state.Batch) error { return context.DeadlineExceeded }
