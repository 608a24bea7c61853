// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry_test

import (
	"math/rand/v2"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestOpening names the policy, group and key that open a request.
func TestOpening(t *testing.T) {
	t.Parallel()
	z1, z2 := zoneKey("z1"), zoneKey("z2")
	for _, tc := range []struct {
		name, operation string
		target          inquiry.Target
		policies        []authz.Policy
		policy          int
		want            string // empty for none
	}{
		{
			"the second policy", "DNS Write",
			inquiry.Target{Zone: id("z2")},
			[]authz.Policy{pol(t, authz.Allow, "DNS Write", z1), pol(t, authz.Allow, "DNS Read;DNS Write;Zone Read", z1, z2)},
			1, `"DNS Write" on ` + z2.String(),
		},
		{
			"one key of several nested ones", "DNS Write", record("z1", "TXT", "b"),
			[]authz.Policy{pol(t, authz.Allow, "DNS Write", recordKey("z1", "TXT", "a.z1.example"), recordKey("z1", "TXT", "b.z1.example"))},
			0, `"DNS Write" on ` + recordKey("z1", "TXT", "b.z1.example").String(),
		},
		{
			"not what is struck", listRecords,
			inquiry.Target{Zone: id("z1")},
			[]authz.Policy{pol(t, authz.Allow, "DNS Read;DNS Write", z1), pol(t, authz.Deny, "DNS Write", z1)},
			0, `"DNS Read" on ` + z1.String(),
		},
		{
			"refused", "DNS Write",
			inquiry.Target{Zone: id("z2")},
			[]authz.Policy{pol(t, authz.Allow, "DNS Write", z1)},
			0, "",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := prepare(t, w, tc.operation, tc.target)
			c := token(t, "super", tc.policies...)
			got := p.Opening(w, inquiry.Asker{Credential: c, Address: addr, Now: now}, tc.policies)
			switch {
			case got == nil && tc.want == "":
			case got == nil || got.Policy != tc.policy || got.Grant.String() != tc.want:
				t.Errorf("opening %v, want %d %s", got, tc.policy, tc.want)
			}
		})
	}
	w := newWorld(t)
	// A deny of something else is no part of it.
	split := []authz.Policy{pol(t, authz.Allow, "DNS Write", recordKey("z1", "A", "www.z1.example")), pol(t, authz.Deny, "Zone Read", zoneKey("z1"))}
	if got := prepare(t, w, putRecord, record("z1", "A", "www")).Opening(w, inquiry.Asker{Credential: token(t, "super", split...), Address: addr, Now: now}, split); got == nil || got.Policy != 0 {
		t.Errorf("opening of a change: %v", got)
	}
	p := prepare(t, w, "DNS Write", inquiry.Target{Zone: id("z1")})
	if got := p.Opening(w, inquiry.Asker{Credential: &authz.Credential{Kind: authz.GlobalKey, User: id("super")}, Now: now}, nil); got != nil {
		t.Errorf("a key's opening: %v", got)
	}
	if got := prepare(t, w, listRecords, record("z1", "A", "www")).Targets(); len(got) != 1 || got[0].Kind != authz.OnRecord {
		t.Errorf("targets of a record's list: %v", got)
	}
	if p.Operation().String() != "zone:DNS Write" || p.Accepts().Len() != 1 || len(p.Targets()) != 1 {
		t.Errorf("prepared %s on %v", p.Operation(), p.Targets())
	}
}

// TestOpeningIsBounded holds that a token of very many keys, or of many allows
// beside many denies, costs no more than so many trials.
func TestOpeningIsBounded(t *testing.T) {
	t.Parallel()
	keys := make([]authz.Key, 0, 3000)
	for i := range 2999 {
		keys = append(keys, authz.Key{Form: authz.KeyZone, Zone: authz.ID{0: 1, 14: byte(i >> 8), 15: byte(i)}})
	}
	last := pol(t, authz.Allow, "DNS Write", zoneKey("z1"))
	var split []authz.Policy
	for range 200 {
		split = append(split, pol(t, authz.Allow, "Zone Read", zoneKey("z1")), pol(t, authz.Deny, "Zone Read", zoneKey("z1")))
	}
	w := newWorld(t)
	p := prepare(t, w, "DNS Write", inquiry.Target{Zone: id("z1")})
	for name, tc := range map[string]struct {
		policies []authz.Policy
		found    bool
	}{
		"few":  {append(split[:20:20], last), true},
		"keys": {[]authz.Policy{pol(t, authz.Allow, "DNS Write", append(keys, zoneKey("z1"))...)}, false},
		"many": {append(split, last), false},
	} {
		asker := inquiry.Asker{Credential: token(t, "super", tc.policies...), Address: addr, Now: now}
		if !p.Decide(w, asker).Allowed {
			t.Fatalf("%s: refused", name)
		}
		if got := p.Opening(w, asker, tc.policies); (got != nil) != tc.found {
			t.Errorf("%s: the opening is %v", name, got)
		}
	}
}

// TestRecordRowsAcceptWhatReads holds what the traces rely on: whatever opens an
// operation on one record opens a read of it too.
func TestRecordRowsAcceptWhatReads(t *testing.T) {
	t.Parallel()
	reads := prepare(t, newWorld(t), getRecord, inquiry.Target{Zone: id("z1")}).Accepts()
	for _, operation := range []string{listRecords, putRecord, deleteRecord, batchRoute, "PATCH /zones/{zone_id}/dns_records/{dns_record_id}", "GET /zones/{zone_id}/dns_records/export"} {
		if own := prepare(t, newWorld(t), operation, inquiry.Target{Zone: id("z1")}).Accepts(); own.IsEmpty() || !reads.Contains(own) {
			t.Errorf("%s accepts what does not read", operation)
		}
	}
}

func prepare(tb testing.TB, w authz.World, operation string, target inquiry.Target) *inquiry.Prepared {
	tb.Helper()
	op, err := inquiry.ParseOperation(operation)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := inquiry.Prepare(w, op, target, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestRandomTokens draws tokens and questions about records and zones, and
// holds what must be true of every answer: the trace agrees with the decision,
// a remedy is enough and is on the target alone, an opening opens, and policies
// that allow are no refusal at gates 7 and 8.
func TestRandomTokens(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 14))
	w := newWorld(t)
	operations := []string{listRecords, addRecord, getRecord, putRecord, deleteRecord, importRoute, batchRoute, "DNS Read", "DNS Write"}
	groups := []string{"DNS Read", "DNS Write", "Zone Read", "account:Account Settings Read"}
	patterns := []string{"*", "*.z1.example", "www.z1.example", "z1.example"}
	owners := []string{"super", "dns", "viewer"}
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	key := func() authz.Key {
		switch rng.IntN(5) {
		case 0:
			return zoneKey(pick([]string{"z1", "z2"}))
		case 1:
			return accountKey("ent")
		default:
			return recordKey("z1", pick([]string{"*", "A", "TXT"}), pick(patterns))
		}
	}
	draw := func() []authz.Policy {
		var list []authz.Policy
		for range 1 + rng.IntN(3) {
			effect := authz.Allow
			if rng.IntN(3) == 0 {
				effect = authz.Deny
			}
			list = append(list, pol(t, effect, pick(groups), key()))
		}
		return list
	}
	remedies, openings, hidden := 0, 0, 0
	for range 20_000 {
		policies, owner, operation := draw(), pick(owners), pick(operations)
		target := record("z1", pick([]string{"A", "TXT"}), pick([]string{"@", "www", "a.b"}))
		c := token(t, owner, policies...)
		answer := ask(t, w, c, operation, target)
		d := answer.Explanation.Decision
		if answer.Allowed() && !answer.PolicyAllows || answer.PolicyAllows && (d.Gate == authz.GateGrant || d.Gate == authz.GateDeny) {
			t.Fatalf("%s with %v: gate %d, policies allow: %t", operation, policies, d.Gate, answer.PolicyAllows)
		}
		if answer.Remedy != answer.Explanation.Missing || answer.Remedy != nil && answer.Allowed() {
			t.Fatalf("%s with %v: remedy %v", operation, policies, answer.Remedy)
		}
		if len(answer.Notes) > 0 && d.Gate != 0 {
			hidden++
		}
		if g := answer.Remedy; g != nil {
			remedies++
			if g.Key.Form != authz.KeyRecord || g.Key.Zone != id("z1") {
				t.Fatalf("%s: remedy %s is on more than the record", operation, g)
			}
			with := append(policies, authz.Policy{ //nolint:gocritic // A longer list of its own is meant.
				Effect: authz.Allow, Groups: []catalog.GroupIndex{g.Group.Index}, Resources: []authz.Resource{g.Key.Resource()},
			})
			if again := ask(t, w, token(t, owner, with...), operation, target); !again.Allowed() {
				t.Fatalf("%s with %v and %s: %s", operation, policies, g, again.Explanation.Chain())
			}
		}
		p := prepare(t, w, operation, target)
		if o := p.Opening(w, inquiry.Asker{Credential: c, Address: addr, Now: now}, policies); o != nil {
			openings++
			if policies[o.Policy].Effect != authz.Allow || !answer.Allowed() {
				t.Fatalf("%s with %v: opening %v", operation, policies, o)
			}
		}
	}
	if remedies < 1000 || openings < 1000 || hidden < 100 {
		t.Errorf("%d remedies, %d openings, %d hidden records were drawn", remedies, openings, hidden)
	}
}
