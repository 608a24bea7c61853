// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

var update = flag.Bool("update", false, "write the golden files anew")

// moreCases are explained for their traces alone.
func moreCases(t *testing.T) []explainCase {
	t.Helper()
	w := newWorld(t)
	on := newWorld(t)
	on.accounts[named("ent")].APIAccess = Off
	on.members[[2]ID{named("super"), named("ent")}] = NewMembership(true, On, rolesOf(t, catalog.RoleSuperAdministrator), nil)
	const (
		purge    = "POST /zones/{zone_id}/purge_cache"
		read     = "GET /zones/{zone_id}"
		settings = "GET /zones/{zone_id}/settings"
		account  = "GET /accounts/{account_id}"
	)
	z1, z3, records, record := ZoneTarget(named("z1")), ZoneTarget(named("z3")), RecordsTarget(named("z1")), RecordTarget(named("z1"), "TXT", "a.z1.example")
	ent := AccountTarget(named("ent"))
	acme := pol(t, Allow, "DNS Write", "zone:z1/TXT.a.*")
	plain := func(name string, r *Request) explainCase { return explainCase{name: name, w: w, request: r} }
	without := func(r *Request, change func(*Request)) *Request {
		change(r)
		return r
	}
	return []explainCase{
		plain("no credential", without(ask(t, nil, purge, z1), func(r *Request) { r.Presence = Missing })),
		plain("malformed credential", without(ask(t, nil, purge, z1), func(r *Request) { r.Presence = Malformed })),
		{name: "member's own access", w: on, request: ask(t, globalKey("super"), purge, z1)},
		plain("standard account", ask(t, globalKey("super"), purge, z3)),
		plain("the user", ask(t, globalKey("super"), "GET /user", UserTarget())),
		plain("the user by token", ask(t, userToken(t, "super", pol(t, Allow, "User Details Read", "user:super")), "GET /user", UserTarget())),
		plain("console session", ask(t, &Credential{Kind: ConsoleSession, User: named("super")}, purge, z1)),
		plain("token without policies", ask(t, &Credential{Kind: UserToken, User: named("super")}, purge, z1)),
		plain("Origin CA", ask(t, &Credential{Kind: OriginCAKey, User: named("super")}, "POST /certificates", z1)),
		plain("account token", ask(t, accountToken(t, "ent", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1)),
		plain("account token on a row for any member", ask(t, accountToken(t, "ent", pol(t, Allow, "account:Account Settings Read", "account:ent")), account, ent)),
		plain("row for any member, member without role", ask(t, userToken(t, "bare", pol(t, Allow, "account:Account Settings Read", "account:ent")), account, ent)),
		plain("row without groups", ask(t, globalKey("bare"), "GET /user/firewall/access_rules/rules", UserTarget())),
		plain("several rights of the owner", ask(t, globalKey("super"), read, z1)),
		plain("three accepted groups", without(ask(t, globalKey("bare"), settings, z1), func(r *Request) {
			r.Accepts = catalog.SetOf(groupNamed(t, "DNS Read").Index, groupNamed(t, "DNS Write").Index, groupNamed(t, "Zone Read").Index)
		})),
		plain("two policies grant, the first is named", ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:*"), pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1)),
		plain("denies are no grants", ask(t, userToken(t, "super", pol(t, Deny, "Cache Purge", "zone:z2"), pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1)),
		plain("two policies deny, the first is named", ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1"), pol(t, Deny, "Cache Purge", "zone:z1"), pol(t, Deny, "Cache Purge", "zone:*")), purge, z1)),
		plain("two groups grant, the first is named", ask(t, userToken(t, "super", pol(t, Allow, "zone:Zone Settings Read;zone:Zone Settings Write", "zone:z1")), settings, z1)),
		plain("a group whose keys do not reach", ask(t, userToken(t, "super", pol(t, Allow, "zone:Zone Settings Read;account:Account WAF Read", "zone:z1")), settings, z1)),
		plain("what is denied beside what is open", ask(t, userToken(t, "super", pol(t, Allow, "zone:Zone Settings Read;zone:Zone Settings Write", "zone:z1"), pol(t, Deny, "zone:Zone Settings Write", "zone:z1")), settings, z1)),
		plain("a refused token that makes tokens", ask(t, userToken(t, "super", pol(t, Allow, "API Tokens Write", "user:super")), purge, z1)),
		plain("record key on the container", ask(t, userToken(t, "super", acme), recordList, records)),
		plain("record key of another zone", ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", "zone:z2/TXT.*"), acme), recordList, records)),
		plain("record key beside one of another zone", ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", "zone:none/TXT.*;zone:z1/TXT.a.*;zone:z2/TXT.*")), recordList, records)),
		plain("record key of the other group", ask(t, userToken(t, "super", pol(t, Allow, "DNS Read", "zone:z1/TXT.*")), recordPost, records)),
		plain("denied record key on the container", ask(t, userToken(t, "super", pol(t, Deny, "DNS Write", "zone:z1/TXT.*"), acme), recordList, records)),
		plain("denied zone under a record key", ask(t, userToken(t, "super", acme, pol(t, Deny, "DNS Write", "zone:z1/TXT.*;zone:z2"), pol(t, Deny, "DNS Write", "zone:z1")), recordList, records)),
		plain("record key before the zone's", ask(t, userToken(t, "super", acme, pol(t, Allow, "DNS Write", "zone:z1")), recordPost, record)),
		plain("record key that does not match", ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", "zone:z1/TXT.b.*;zone:z1/A.*"), pol(t, Allow, "DNS Write", "account:ent/zone:z1")), recordPost, record)),
		plain("record key behind one that does not match", ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", "zone:z1/A.*;zone:z1/TXT.a.*")), recordPost, record)),
		plain("denied record", ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", "zone:z1"), pol(t, Deny, "DNS Write", "zone:z1/A.*"), pol(t, Deny, "DNS Write", "zone:z1/TXT.*")), recordPost, record)),
		plain("zone keys do not name records", ask(t, userToken(t, "super", pol(t, Allow, "Zone Read;DNS Write", "zone:z1/TXT.*;zone:z1")), read, z1)),
		plain("the second target is refused", ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1, z3)),
		plain("the second target is not found", ask(t, globalKey("super"), purge, z1, ZoneTarget(named("zf")))),
		plain("the second target's owner lacks the right", ask(t, globalKey("dns"), recordPost, record, ZoneTarget(named("z1")))),
	}
}

// trace writes an explanation down in full.
func trace(e *Explanation) string {
	var b strings.Builder
	if e.Decision.Allowed {
		b.WriteString("allowed\n")
	} else {
		fmt.Fprintf(&b, "refused at gate %d for target %d: %s\n", e.Decision.Gate, e.Decision.Target, e.Decision.Reason)
	}
	for _, s := range e.Steps {
		fmt.Fprintf(&b, "%4d %s", s.Gate, s.Outcome)
		if s.Detail != "" {
			b.WriteString(": " + s.Detail)
		}
		b.WriteString("\n")
	}
	if e.Sentence != "" {
		b.WriteString("says " + e.Sentence + "\n")
	}
	if chain := e.Chain(); chain != "" && chain != string(e.Decision.Reason)+": "+e.Sentence {
		b.WriteString("chain " + chain + "\n")
	} else if chain == "" {
		b.WriteString("no chain\n")
	}
	if e.Missing != nil {
		b.WriteString("missing " + e.Missing.String() + "\n")
	}
	return b.String()
}

// TestExplain_traces pins whole traces, gate by gate: testdata/traces.txt is
// meant to be read. Run the test with -update after a change, and read the
// difference.
func TestExplain_traces(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range append(explainCases(t), moreCases(t)...) {
		e := Explain(c.w, c.request)
		fmt.Fprintf(&b, "# %s\n%s\n", c.name, trace(&e))
	}
	for _, c := range listCases(t) {
		r := ask(t, c.c, c.operation)
		e := ExplainList(r, DecideList(r, c.operation == accountList))
		fmt.Fprintf(&b, "# list: %s\n%s\n", c.name, trace(&e))
	}
	w := newWorld(t)
	elsewhere := ExplainDecision(w, ask(t, globalKey("viewer"), recordEdit), refuse(GateOwner, ReasonOwnerLacksRight, 0), nil)
	fmt.Fprintf(&b, "# a decision without its targets\n%s\n", trace(&elsewhere))
	anywhere := ask(t, &Credential{Kind: OriginCAKey, User: named("bare")}, "GET /certificates/{certificate_id}")
	nowhere := ExplainList(anywhere, refuse(GateGrant, ReasonNoMatchingGrant, 0))
	fmt.Fprintf(&b, "# list: an Origin CA key on certificates\n%s\n", trace(&nowhere))

	var names []string
	for _, name := range []string{"super", "admin", "viewer", "bare", "ent", "std", "far", "none", "token", "z1", "z2", "z3", "zf", "dns"} {
		names = append(names, named(name).String(), "<"+name+">")
	}
	got := strings.NewReplacer(names...).Replace(b.String())
	path := filepath.Join("testdata", "traces.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
