// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"net/netip"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestGates_order holds authorization model §6: the first gate that refuses
// decides, whatever the later ones would say.
func TestGates_order(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accounts[named("ent")].APIAccess = Off
	inOther := func(s string) *IPCondition {
		c, err := CompileIP([]string{s}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	nothing := func() *Credential { return userToken(t, "super", pol(t, Deny, "DNS Write", "zone:z1")) }
	cases := []struct {
		name    string
		request func() *Request
		gate    Gate
		reason  Reason
	}{
		{"missing before all", func() *Request {
			return &Request{}
		}, GatePresent, ReasonCredentialMissing},
		{"malformed", func() *Request {
			return &Request{Presence: Malformed, Credential: nothing()}
		}, GatePresent, ReasonCredentialMalformed},
		{"unknown", func() *Request {
			return &Request{Presence: WellFormed}
		}, GateKnown, ReasonCredentialUnknown},
		{"disabled before expired", func() *Request {
			c := nothing()
			c.Disabled, c.ExpiresOn = true, instant.Add(-time.Hour)
			return ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("zf")))
		}, GateAlive, ReasonCredentialDisabled},
		{"expired at the very instant, before not yet valid", func() *Request {
			c := nothing()
			c.ExpiresOn, c.NotBefore = instant, instant.Add(time.Hour)
			return ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("zf")))
		}, GateAlive, ReasonCredentialExpired},
		{"not yet valid", func() *Request {
			c := nothing()
			c.NotBefore, c.IP = instant.Add(time.Nanosecond), inOther("198.51.100.0/24")
			return ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("zf")))
		}, GateAlive, ReasonCredentialNotYetValid},
		{"address before target", func() *Request {
			c := nothing()
			c.IP = inOther("198.51.100.0/24")
			return ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("zf")))
		}, GateAddress, ReasonIPNotAllowed},
		{"target before switch", func() *Request {
			return ask(t, nothing(), "GET /zones/{zone_id}", ZoneTarget(named("zf")))
		}, GateTarget, ReasonTargetNotFound},
		{"switch before grant", func() *Request {
			return ask(t, nothing(), "GET /zones/{zone_id}", ZoneTarget(named("z1")))
		}, GateAPIAccess, ReasonAPIAccessDisabled},
		{"grant before owner", func() *Request {
			return ask(t, userToken(t, "super", pol(t, Allow, "DNS Read", "zone:z3")), "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z3")))
		}, GateGrant, ReasonNoMatchingGrant},
		{"deny before owner", func() *Request {
			return ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z3"), pol(t, Deny, "Cache Purge", "zone:z3")),
				"POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z3")))
		}, GateDeny, ReasonDeniedByPolicy},
		{"no target at all", func() *Request {
			return ask(t, nothing(), "GET /zones/{zone_id}")
		}, GateTarget, ReasonTargetNotFound},
		{"a target of no kind", func() *Request {
			return ask(t, globalKey("super"), "GET /zones/{zone_id}", Target{})
		}, GateTarget, ReasonTargetNotFound},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := Decide(w, c.request())
			if got.Allowed || got.Gate != c.gate || got.Reason != c.reason {
				t.Errorf("got %+v, want gate %d %s", got, c.gate, c.reason)
			}
		})
	}
}

// TestCredential_life holds gate 3's bounds: valid from not_before on, and
// until just before expires_on, at full resolution.
func TestCredential_life(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z1"))
	c.NotBefore, c.ExpiresOn = instant, instant.Add(time.Second)
	for _, row := range []struct {
		at     time.Duration
		reason Reason
		verify string
	}{
		{-time.Nanosecond, ReasonCredentialNotYetValid, "disabled"},
		{0, ReasonNone, "active"},
		{time.Second - time.Nanosecond, ReasonNone, "active"},
		{time.Second, ReasonCredentialExpired, "expired"},
	} {
		r := ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("z1")))
		r.Now = instant.Add(row.at)
		if got := Decide(w, r); got.Reason != row.reason || got.Allowed != (row.reason == ReasonNone) {
			t.Errorf("at %s: %+v, want %q", row.at, got, row.reason)
		}
		if got := c.VerifyStatus(r.Now); got != row.verify {
			t.Errorf("at %s: verify says %s, want %s", row.at, got, row.verify)
		}
	}
	// Keys have no life (§2): neither a bound nor the status ends them.
	key := globalKey("super")
	key.Disabled, key.ExpiresOn = true, instant.Add(-time.Hour)
	if got := Decide(w, ask(t, key, "GET /zones/{zone_id}", ZoneTarget(named("z1")))); !got.Allowed {
		t.Errorf("a Global key has no life, got %+v", got)
	}
	session := &Credential{Kind: ConsoleSession, User: named("super"), ExpiresOn: instant}
	if got := Decide(w, ask(t, session, "GET /zones/{zone_id}", ZoneTarget(named("z1")))); got.Reason != ReasonCredentialExpired {
		t.Errorf("a session expires, got %+v", got)
	}
}

// TestGate4_address holds §6 "Address" and gate 4.
func TestGate4_address(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, row := range []struct {
		name      string
		in, notIn []string
		from      string
		allowed   bool
	}{
		{"no condition", nil, nil, "192.0.2.7", true},
		{"inside", []string{"192.0.2.0/24"}, nil, "192.0.2.7", true},
		{"outside", []string{"192.0.2.0/24"}, nil, "192.0.3.7", false},
		{"one of two", []string{"203.0.113.0/24", "192.0.2.0/24"}, nil, "192.0.2.7", true},
		{"not_in alone", nil, []string{"192.0.2.0/24"}, "192.0.2.7", false},
		{"outside not_in", nil, []string{"192.0.2.0/24"}, "192.0.3.7", true},
		{"not_in beats in", []string{"192.0.2.0/24"}, []string{"192.0.2.7"}, "192.0.2.7", false},
		{"bare address is one host", []string{"192.0.2.7"}, nil, "192.0.2.8", false},
		{"host bits masked", []string{"192.0.2.9/24"}, nil, "192.0.2.200", true},
		{"mapped client", []string{"192.0.2.0/24"}, nil, "::ffff:192.0.2.7", true},
		{"mapped range", []string{"::ffff:192.0.2.0/120"}, nil, "192.0.2.7", true},
		{"bare mapped range", []string{"::ffff:192.0.2.7"}, nil, "192.0.2.7", true},
		{"IPv6", []string{"2001:db8::/32"}, nil, "2001:db8::1", true},
		{"IPv6 client, IPv4 range", []string{"0.0.0.0/0"}, nil, "2001:db8::1", false},
		{"scoped client", []string{"fe80::/10"}, nil, "fe80::1%eth0", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			ip, err := CompileIP(row.in, row.notIn)
			if err != nil {
				t.Fatal(err)
			}
			c := userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z1"))
			c.IP = ip
			r := ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("z1")))
			r.Address = netip.MustParseAddr(row.from)
			if got := Decide(w, r); got.Allowed != row.allowed {
				t.Errorf("got %+v", got)
			}
		})
	}
	c := userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z1"))
	c.IP = &IPCondition{}
	r := ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("z1")))
	r.Address = netip.Addr{}
	if got := Decide(w, r); got.Reason != ReasonIPNotAllowed {
		t.Errorf("without an address a condition cannot hold: %+v", got)
	}
	for _, bad := range []string{"", "x", "192.0.2.0/33", "fe80::1%eth0", "fe80::%eth0/64", "::ffff:0:0/90", "192.0.2.0/24/1"} {
		if _, err := CompileIP(nil, []string{bad}); err == nil {
			t.Errorf("range %q compiled", bad)
		}
	}
	if none, err := CompileIP(nil, nil); err != nil || none != nil {
		t.Errorf("no ranges are the condition %v, %v", none, err)
	}
	if _, err := CompileIP([]string{"nonsense"}, nil); err == nil {
		t.Error("a bad in range compiled")
	}
}

// TestGate5_targets holds gate 5: one reason for absent, foreign and pending.
func TestGate5_targets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := accountToken(t, "ent", pol(t, Allow, "Account Settings Read;Zone Read", "account:ent"))
	for _, row := range []struct {
		name       string
		credential *Credential
		operation  string
		target     Target
		reason     Reason
	}{
		{"absent zone", globalKey("super"), "GET /zones/{zone_id}", ZoneTarget(named("none")), ReasonTargetNotFound},
		{"foreign zone", globalKey("super"), "GET /zones/{zone_id}", ZoneTarget(named("zf")), ReasonTargetNotFound},
		{"foreign account", globalKey("super"), "GET /accounts/{account_id}", AccountTarget(named("far")), ReasonTargetNotFound},
		{"absent account", globalKey("super"), "GET /accounts/{account_id}", AccountTarget(named("none")), ReasonTargetNotFound},
		{"pending member", globalKey("pending"), "GET /accounts/{account_id}", AccountTarget(named("ent")), ReasonTargetNotFound},
		{"user without membership", globalKey("nobody"), "GET /zones/{zone_id}", ZoneTarget(named("z1")), ReasonTargetNotFound},
		{"zone whose account is gone", globalKey("super"), "GET /zones/{zone_id}", ZoneTarget(named("orphan")), ReasonTargetNotFound},
		{"account token elsewhere", own, "GET /zones/{zone_id}", ZoneTarget(named("z3")), ReasonTargetNotFound},
		{"account token on the user", own, "GET /user", UserTarget(), ReasonUserCredentialRequired},
		{"account token at home", own, "GET /zones/{zone_id}", ZoneTarget(named("z1")), ReasonNone},
		{"zone below its account", own, "GET /accounts/{account_id}", Target{Kind: OnAccount, Account: named("ent"), Zone: named("z1")}, ReasonNone},
		{"zone below another account", own, "GET /accounts/{account_id}", Target{Kind: OnAccount, Account: named("ent"), Zone: named("z3")}, ReasonTargetNotFound},
		{"absent zone below an account", own, "GET /accounts/{account_id}", Target{Kind: OnAccount, Account: named("ent"), Zone: named("none")}, ReasonTargetNotFound},
		{"user", globalKey("nobody"), "GET /user", UserTarget(), ReasonNone},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := w
			if row.target.Zone == named("orphan") {
				w = newWorld(t)
				w.zones[named("orphan")] = &Zone{ID: named("orphan"), Account: named("gone")}
			}
			got := Decide(w, ask(t, row.credential, row.operation, row.target))
			if got.Reason != row.reason || got.Allowed != (row.reason == ReasonNone) {
				t.Errorf("got %+v, want %q", got, row.reason)
			}
		})
	}
}

// TestGate6_switch crosses account value, member value and account type
// (authorization model §7).
func TestGate6_switch(t *testing.T) {
	t.Parallel()
	effective := func(account, member Switch) bool {
		if member != Unset {
			return member == On
		}
		return account != Off
	}
	for _, account := range []Switch{Unset, On, Off} {
		for _, member := range []Switch{Unset, On, Off} {
			w := newWorld(t)
			w.accounts[named("ent")].APIAccess = account
			w.accounts[named("std")].APIAccess = account // a state that no write allows
			w.members[[2]ID{named("super"), named("ent")}] = NewMembership(true, member, rolesOf(t, catalog.RoleSuperAdministrator), nil)
			w.members[[2]ID{named("super"), named("std")}] = NewMembership(true, member, rolesOf(t, catalog.RoleSuperAdministrator), nil)
			token := userToken(t, "super", pol(t, Allow, "Zone Read", "zone:*"), pol(t, Allow, "User Details Read;Memberships Read", "user:super"))
			check := func(name string, c *Credential, operation string, target Target, want bool) {
				t.Helper()
				got := Decide(w, ask(t, c, operation, target))
				if got.Allowed != want || !want && got.Reason != ReasonAPIAccessDisabled {
					t.Errorf("account %d, member %d, %s: got %+v, want allowed %t", account, member, name, got, want)
				}
			}
			on := effective(account, member)
			check("token", token, "GET /zones/{zone_id}", ZoneTarget(named("z1")), on)
			check("Global key of a Super Administrator", globalKey("super"), "GET /zones/{zone_id}", ZoneTarget(named("z1")), on)
			check("token on a standard account", token, "GET /zones/{zone_id}", ZoneTarget(named("z3")), true)
			check("the user", token, "GET /user", UserTarget(), true)
			check("memberships", token, "GET /memberships", UserTarget(), true)
			check("account token", accountToken(t, "ent", pol(t, Allow, "Zone Read", "zone:z1")), "GET /zones/{zone_id}", ZoneTarget(named("z1")), account != Off)
			check("console", &Credential{Kind: ConsoleSession, User: named("super")}, "GET /zones/{zone_id}", ZoneTarget(named("z1")), true)
		}
	}
	w := newWorld(t)
	w.accounts[named("ent")].APIAccess = Off
	key := globalKey("super")
	got := Decide(w, ask(t, key, "GET /zones/{zone_id}", ZoneTarget(named("z3")), ZoneTarget(named("z1"))))
	if got.Reason != ReasonAPIAccessDisabled || got.Target != 1 {
		t.Errorf("with several targets each one's account counts: %+v", got)
	}
}

// TestGate10_needs holds gate 10 and its order.
func TestGate10_needs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	membersWrite := func(owner string) *Credential {
		return userToken(t, owner, pol(t, Allow, "account:Account Settings Write;account:Account API Tokens Write", "account:ent"))
	}
	w.member(t, "admin", "std", catalog.RoleAdministrator)
	const post = "POST /accounts/{account_id}/members"
	const tokens = "GET /accounts/{account_id}/tokens"
	ent := AccountTarget(named("ent"))
	for _, row := range []struct {
		name    string
		request *Request
		reason  Reason
	}{
		{"members: Super Administrator", ask(t, membersWrite("super"), post, ent), ReasonNone},
		{"members: Administrator", ask(t, globalKey("admin"), post, ent), ReasonSuperAdministratorRequired},
		{"members: account token", ask(t, accountToken(t, "ent", pol(t, Allow, "account:Account Settings Write", "account:ent")), post, ent), ReasonUserCredentialRequired},
		{"tokens: Super Administrator", ask(t, membersWrite("super"), tokens, ent), ReasonNone},
		{"tokens: Administrator", ask(t, membersWrite("admin"), tokens, ent), ReasonNone},
		{"tokens: account token", ask(t, accountToken(t, "ent", pol(t, Allow, "account:Account API Tokens Write", "account:ent")), tokens, ent), ReasonUserCredentialRequired},
		{"tokens: read only administrator", ask(t, globalKey("viewer"), tokens, ent), ReasonAdministratorRequired},
		{"create account: tenant", ask(t, globalKey("super"), "POST /accounts", UserTarget()), ReasonNone},
		{"create account: no tenant", ask(t, globalKey("admin"), "POST /accounts", UserTarget()), ReasonTenantRequired},
		{"create account: token", ask(t, membersWrite("super"), "POST /accounts", UserTarget()), ReasonNoMatchingGrant},
		{"delete account: no tenant", ask(t, globalKey("admin"), "DELETE /accounts/{account_id}", ent), ReasonTenantRequired},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got := Decide(w, row.request); got.Reason != row.reason {
				t.Errorf("got %+v, want %q", got, row.reason)
			}
		})
	}
}

// TestGate10_switchChange holds what a change of a switch asks: Account
// Settings Write alone, a Super Administrator, and an Enterprise account
// unless the value is null.
func TestGate10_switchChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const put = "PUT /accounts/{account_id}"
	change := func(c *Credential, account string, to Switch) *Request {
		r := ask(t, c, put, AccountTarget(named(account)))
		r.ChangesSwitch(to)
		return r
	}
	settings := pol(t, Allow, "account:Account Settings Write", "account:*")
	for _, row := range []struct {
		name    string
		request *Request
		reason  Reason
	}{
		{"Super Administrator", change(userToken(t, "super", settings), "ent", Off), ReasonNone},
		{"Administrator", change(userToken(t, "admin", settings), "ent", Off), ReasonSuperAdministratorRequired},
		{"account token", change(accountToken(t, "ent", pol(t, Allow, "account:Account Settings Write", "account:ent")), "ent", Off), ReasonUserCredentialRequired},
		{"standard account", change(userToken(t, "super", settings), "std", On), ReasonEnterpriseRequired},
		{"null on a standard account", change(userToken(t, "super", settings), "std", Unset), ReasonNone},
		{"another accepted group", change(userToken(t, "super", pol(t, Allow, "SCIM Provisioning", "account:ent")), "ent", Off), ReasonNoMatchingGrant},
		{"role before type of account", change(userToken(t, "admin", settings), "std", On), ReasonTargetNotFound},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got := Decide(w, row.request); got.Reason != row.reason {
				t.Errorf("got %+v, want %q", got, row.reason)
			}
		})
	}
	r := ask(t, globalKey("super"), "GET /user", UserTarget())
	r.Needs = catalog.NeedsEnterprise
	if got := Decide(w, r); got.Reason != ReasonEnterpriseRequired {
		t.Errorf("the user is no Enterprise account: %+v", got)
	}
}
