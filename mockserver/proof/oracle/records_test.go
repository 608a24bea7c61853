// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

const (
	challenge = "_acme-challenge.shop.example"
	www       = "www.shop.example"
)

func TestFirstTheZone(t *testing.T) {
	t.Parallel()
	container := func(operation string) edit { return ask(operation, recordsTarget(shop)) }
	acme := allow(onRecordKey(shop, "TXT._acme-challenge.*"), "zone:DNS Read", "zone:DNS Write")
	refusal := refused(7, reasonNoMatchingGrant)
	runJudged(t, []judged{
		{"§5 zone keys open the container", edits(container(getRecords), policies(allow(onZoneKey(shop), "zone:DNS Read"))), allowed()},
		{"§5 record keys open the container", edits(container(getRecords), policies(acme)), allowed()},
		{"§5 record keys on another zone do not", edits(ask(getRecords, recordsTarget(blog)), policies(acme)), refusal},
		{"§5 with the row's own A", edits(container(patchRecord), policies(allow(onRecordKey(shop, "*.*"), "zone:DNS Read"))), refusal},
		{"§5 a zone deny closes it for the struck groups", edits(container(getRecords), policies(acme, deny(onZoneKey(shop), "zone:DNS Read"))), refused(8, reasonDenied)},
		{"§5 a group of A∖X is enough", edits(container(getRecords), policies(acme, deny(onZoneKey(shop), "zone:DNS Write"))), allowed()},
		{
			"§5 record keys stand in where all that the zone grants is denied",
			edits(container(getRecords), policies(acme, allow(onZoneKey(shop), "zone:DNS Write"), deny(onZoneKey(shop), "zone:DNS Write"))),
			allowed(),
		},
		{
			"§5 nothing stands in where they are struck too",
			edits(container(getRecords), policies(acme, allow(onZoneKey(shop), "zone:DNS Write"), deny(onZoneKey(shop), "zone:DNS Read"))),
			refused(8, reasonDenied),
		},
		{
			"§5 record denies do not reach the container",
			edits(container(getRecords), policies(allow(onZoneKey(shop), "zone:DNS Read"), deny(onRecordKey(shop, "*.*"), "zone:DNS Read"))),
			allowed(),
		},
		{"§5 gate 9 on the zone", edits(container(getRecords), policies(acme), owner(standard, "Billing")), refused(9, reasonOwnerLacksRight)},
		{"§5 record keys reach nothing else: not the zone", edits(policies(acme)), refusal},
		{"§5 record keys reach nothing else: not usage", edits(ask("GET /zones/{zone_id}/dns_records/usage", zoneTarget(shop)), policies(acme)), refusal},
		{"§5 record keys reach nothing else: not DNSSEC", edits(ask("GET /zones/{zone_id}/dnssec", zoneTarget(shop)), policies(acme)), refusal},
		{"§5 a creation: a record that matches", edits(ask(postRecord, recordTarget(shop, "TXT", challenge)), policies(acme)), allowed()},
		{"§5 a creation: another name", edits(ask(postRecord, recordTarget(shop, "TXT", www)), policies(acme)), refusal},
		{"§5 a creation: another type", edits(ask(postRecord, recordTarget(shop, "A", challenge)), policies(acme)), refusal},
		{
			"§5 a creation: denied by a record key",
			edits(ask(postRecord, recordTarget(shop, "A", www)), policies(allow(onZoneKey(shop), "zone:DNS Write"), deny(onRecordKey(shop, "*."+www), "zone:DNS Write"))),
			refused(8, reasonDenied),
		},
		{
			"§3 record keys are for DNS Read and DNS Write",
			edits(ask(getRecords, recordsTarget(shop)), policies(allow(onRecordKey(shop, "*.*"), "zone:Zone Read"))),
			refusal,
		},
	})
}

func TestPastThat(t *testing.T) {
	t.Parallel()
	record := func(operation string, before, after *scene.Target) edit {
		return func(s *scene.Scene) {
			s.Request.Mode, s.Request.Operation, s.Request.Targets = scene.ModeRecord, operation, nil
			s.Request.Before, s.Request.After = before, after
		}
	}
	at := func(recordType, name string) *scene.Target {
		r := recordTarget(shop, recordType, name)
		return &r
	}
	acme := allow(onRecordKey(shop, "TXT._acme-challenge.*"), "zone:DNS Read", "zone:DNS Write")
	zone := allow(onZoneKey(shop), "zone:DNS Read", "zone:DNS Write")
	hidden := scene.Verdict{Gate: 7, Reason: reasonNoMatchingGrant, Hidden: true}
	runJudged(t, []judged{
		{"§5 a record that it may read", edits(policies(acme), record(getRecord, at("TXT", challenge), nil)), allowed()},
		{"§5 a record that it could not GET is absent", edits(policies(acme), record(getRecord, at("TXT", www), nil)), hidden},
		{"§5 so it is for a write", edits(policies(acme), record(deleteRecord, at("TXT", www), nil)), hidden},
		{"§5 an absent record", edits(policies(zone), record(deleteRecord, nil, nil)), scene.Verdict{Hidden: true}},
		{"§5 lists hold exactly what passes a GET", edits(policies(acme), record(getRecords, at("A", challenge), nil)), hidden},
		{
			"§5 a record that it may read but not write",
			edits(policies(allow(onZoneKey(shop), "zone:DNS Read"), acme), record(deleteRecord, at("A", www), nil)),
			refused(7, reasonNoMatchingGrant),
		},
		{
			"§5 an after that fails",
			edits(policies(acme), record(patchRecord, at("TXT", challenge), at("TXT", www))),
			refused(7, reasonNoMatchingGrant),
		},
		{"§5 before and after pass", edits(policies(acme), record(patchRecord, at("TXT", challenge), at("TXT", "_acme-challenge.a.shop.example"))), allowed()},
		{
			"§5 a deny that reaches the record after it",
			edits(policies(zone, deny(onRecordKey(shop, "*.*.shop.example"), "zone:DNS Write")), record(patchRecord, at("A", "shop.example"), at("A", www))),
			refused(8, reasonDenied),
		},
		{
			"§5 a deny of writing that reaches the record before it",
			edits(policies(zone, deny(onRecordKey(shop, "A."+www), "zone:DNS Write")), record(patchRecord, at("A", www), at("A", "shop.example"))),
			refused(8, reasonDenied),
		},
		{
			"§5 a deny of reading hides the record",
			edits(policies(zone, deny(onRecordKey(shop, "A."+www), "zone:DNS Read")), record(patchRecord, at("A", www), at("A", "shop.example"))),
			scene.Verdict{Gate: 8, Reason: reasonDenied, Hidden: true},
		},
		{
			"§5 first the zone: gate 5 hides nothing",
			edits(policies(zone), func(s *scene.Scene) { s.World.Members = nil }, record(getRecord, at("A", www), nil)),
			refused(5, reasonTargetNotFound),
		},
	})
}

// TestPattern is authorization model §5: * stands for one or more characters, dots included; all else is
// literal.
func TestPattern(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"www.shop.example", "www.shop.example", true},
		{"www.shop.example", "www.shop.example.", false},
		{"www", "www.shop.example", false},
		{"*", "shop.example", true},
		{"*", "", false},
		{"*.shop.example", "a.b.shop.example", true},
		{"*.shop.example", ".shop.example", false},
		{"*.shop.example", "shop.example", false},
		{"_acme-challenge.*", "_acme-challenge.shop.example", true},
		{"_acme-challenge.*", "x._acme-challenge.shop.example", false},
		{"*a*a*", "xaxax", true},
		{"*a*a*", "axax", false},
		{"**", "x", false},
		{"**", "xy", true},
		{"a?c", "abc", false},
		{"a.c", "abc", false},
		{"", "", true},
	} {
		if got := patternMatches(c.pattern, c.name); got != c.want {
			t.Errorf("pattern %q, name %q: got %v, want %v", c.pattern, c.name, got, c.want)
		}
	}
}
