// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed_test

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func builtinWorld(t *testing.T) (*state.World, map[string]seed.Credential) {
	t.Helper()
	w := state.New(state.Options{HashKey: hashKey})
	loaded, err := seed.Load(seed.BuiltinName, seed.Builtin(), w)
	if err != nil {
		t.Fatalf("the built-in world:\n%v", err)
	}
	credentials := make(map[string]seed.Credential)
	for _, c := range loaded.Credentials {
		credentials[c.Kind+" "+c.Ref] = c
	}
	return w, credentials
}

// TestBuiltinDecisions holds what the documented principals of the built-in
// world may do, by the engine itself.
func TestBuiltinDecisions(t *testing.T) {
	t.Parallel()
	w, credentials := builtinWorld(t)
	user := func(*state.Tx) authz.Target { return authz.UserTarget() }
	account := func(ref string) func(*state.Tx) authz.Target {
		return func(tx *state.Tx) authz.Target { return authz.AccountTarget(tx.AccountByRef(ref).ID) }
	}
	zone := func(name string) func(*state.Tx) authz.Target {
		return func(tx *state.Tx) authz.Target { return authz.ZoneTarget(tx.ZoneByName(name).ID) }
	}
	record := func(zone, recordType, name string) func(*state.Tx) authz.Target {
		return func(tx *state.Tx) authz.Target { return authz.RecordTarget(tx.ZoneByName(zone).ID, recordType, name) }
	}
	allZones := func(tx *state.Tx) authz.Target { return authz.AllZonesTarget(tx.AccountByRef("acme").ID) }
	const (
		terraform, ciDNS, challenge, viewer, ops = "user_token terraform", "user_token ci_dns", "user_token dns_challenge", "user_token viewer_read", "account_token acme_ops"

		createToken, getToken, getUser            = "POST /user/tokens", "GET /user/tokens/{token_id}", "GET /user"
		putAccount, getAccount                    = "PUT /accounts/{account_id}", "GET /accounts/{account_id}"
		putMember, getMembers, createAccountToken = "PUT /accounts/{account_id}/members/{member_id}", "GET /accounts/{account_id}/members", "POST /accounts/{account_id}/tokens"
		createZone, getZone, patchZone            = "POST /zones", "GET /zones/{zone_id}", "PATCH /zones/{zone_id}"
		createRecord, getRecord                   = "POST /zones/{zone_id}/dns_records", "GET /zones/{zone_id}/dns_records/{dns_record_id}"
		purge, patchSettings, createRule          = "POST /zones/{zone_id}/purge_cache", "PATCH /zones/{zone_id}/settings", "POST /zones/{zone_id}/firewall/access_rules/rules"
	)
	cases := []struct {
		who, operation string
		on             func(*state.Tx) authz.Target
		want           authz.Reason // none: allowed
	}{
		{terraform, createToken, user, ""},
		{terraform, getToken, user, ""},
		{terraform, getUser, user, ""},
		{terraform, "GET /memberships", user, ""},
		{terraform, putAccount, account("acme"), ""},
		{terraform, putAccount, account("globex"), ""},
		{terraform, putMember, account("acme"), ""},
		{terraform, createAccountToken, account("globex"), ""},
		{terraform, createZone, allZones, ""},
		{terraform, patchZone, zone("globex.example"), ""},
		{terraform, createRecord, record("example.org", "A", "x.example.org"), ""},
		{terraform, purge, zone("example.com"), ""},
		{terraform, patchSettings, zone("example.com"), ""},
		{terraform, createRule, zone("example.com"), ""},
		{terraform, "GET /accounts/{account_id}/workers/scripts", account("acme"), authz.ReasonNoMatchingGrant},
		{ciDNS, createRecord, record("example.com", "A", "x.example.com"), ""},
		{ciDNS, getZone, zone("example.com"), ""},
		{ciDNS, getZone, zone("example.org"), authz.ReasonNoMatchingGrant},
		{ciDNS, purge, zone("example.com"), authz.ReasonNoMatchingGrant},
		{ciDNS, getZone, zone("globex.example"), authz.ReasonTargetNotFound},
		{challenge, createRecord, record("example.org", "TXT", "_acme-challenge.example.org"), ""},
		{challenge, createRecord, record("example.org", "TXT", "www.example.org"), authz.ReasonNoMatchingGrant},
		{challenge, createRecord, record("example.org", "A", "_acme-challenge.example.org"), authz.ReasonNoMatchingGrant},
		{viewer, getAccount, account("acme"), ""},
		{viewer, getMembers, account("acme"), ""},
		{viewer, getRecord, record("example.org", "A", "example.org"), ""},
		{viewer, createRecord, record("example.org", "A", "example.org"), authz.ReasonNoMatchingGrant},
		{ops, getAccount, account("acme"), ""},
		{ops, createRecord, record("example.com", "A", "x.example.com"), ""},
		{ops, getUser, user, authz.ReasonUserCredentialRequired},
		{ops, getAccount, account("globex"), authz.ReasonTargetNotFound},
		{"global_key super", putMember, account("acme"), ""},
		{"global_key super", "POST /accounts", user, ""},
		{"global_key admin", putMember, account("acme"), authz.ReasonSuperAdministratorRequired},
		{"global_key admin", createAccountToken, account("acme"), ""},
		{"global_key admin", "POST /accounts", user, authz.ReasonTenantRequired},
		{"global_key dns", createRecord, record("example.com", "A", "x.example.com"), ""},
		{"global_key dns", createRecord, record("globex.example", "A", "x.globex.example"), authz.ReasonTargetNotFound},
		{"global_key dns", putAccount, account("acme"), authz.ReasonOwnerLacksRight},
		{"global_key viewer", getMembers, account("acme"), ""},
		{"global_key viewer", createRecord, record("example.com", "A", "x.example.com"), authz.ReasonOwnerLacksRight},
		{"global_key ci", patchSettings, zone("example.com"), ""},
		{"global_key ci", purge, zone("example.com"), ""},
		{"global_key pending", getAccount, account("acme"), authz.ReasonTargetNotFound},
		{"global_key pending", getUser, user, ""},
		{"origin_ca_key super", getZone, zone("example.com"), authz.ReasonNoMatchingGrant},
	}
	for _, tc := range cases {
		t.Run(tc.who+" "+tc.operation+" "+string(tc.want), func(t *testing.T) {
			t.Parallel()
			method, route, _ := strings.Cut(tc.operation, " ")
			op, ok := catalog.OperationByName(method, route)
			if !ok {
				t.Fatalf("the table has no operation %q", tc.operation)
			}
			view(t, w, func(tx *state.Tx) {
				r := authz.Request{
					Presence: authz.WellFormed, Credential: find(tx, credentials[tc.who]), Targets: []authz.Target{tc.on(tx)},
					Address: netip.MustParseAddr("127.0.0.1"), Now: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
				}
				r.For(op)
				if d := authz.Decide(tx, &r); d.Reason != tc.want || d.Allowed != (tc.want == "") {
					t.Errorf("decision = %+v, want reason %q", d, tc.want)
				}
			})
		})
	}
}

// TestBuiltinSwitch: the Enterprise account has the switch and a member may be
// blocked; the other account has none.
func TestBuiltinSwitch(t *testing.T) {
	t.Parallel()
	w, _ := builtinWorld(t)
	set := func(ref string) error {
		return w.Update(func(tx *state.Tx) error {
			m := *tx.MemberByRef(ref)
			m.APIAccess = authz.Off
			return tx.PutMember(&m)
		})
	}
	if err := set("acme/dns"); err != nil {
		t.Errorf("acme: %v", err)
	}
	if set("globex/super") == nil {
		t.Error("globex is a standard account and has a switch")
	}
}

// TestBuiltinSecretsAreExamples: every secret of the built-in world says of
// itself that it is none, or is a run of the example digits, and is written in
// the file, so that nothing of it can be taken for a leak.
func TestBuiltinSecretsAreExamples(t *testing.T) {
	t.Parallel()
	w, credentials := builtinWorld(t)
	example := regexp.MustCompile(`^(example-[a-z-]+-not-a-secret-0+|(v1\.0-)?0123456789abcdef.*|EXAMPLEVULTRKEY[A-Z]+0+)$`)
	text := string(seed.Builtin())
	for name, c := range credentials {
		if !example.MatchString(c.Value) {
			t.Errorf("the value of %s looks like a secret", name)
		}
		if strings.Count(text, `"`+c.Value+`"`) != 1 {
			t.Errorf("the value of %s is not written in the file, or twice", name)
		}
		view(t, w, func(tx *state.Tx) {
			if known := find(tx, c); known == nil || known.Kind.String() != c.Kind {
				t.Errorf("%s does not find its credential", name)
			}
		})
	}
	if len(credentials) != 2*6+5+2 {
		t.Errorf("%d credentials, want 2 keys of 6 users, 5 tokens and 2 Vultr keys", len(credentials))
	}
}

func TestBuiltinIsACopy(t *testing.T) {
	t.Parallel()
	clear(seed.Builtin())
	builtinWorld(t)
}

// BenchmarkBuiltinWorld is what one more world in a process costs.
func BenchmarkBuiltinWorld(b *testing.B) {
	data := seed.Builtin()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := seed.Load(seed.BuiltinName, data, state.New(state.Options{})); err != nil {
			b.Fatal(err)
		}
	}
}
