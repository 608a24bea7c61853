// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestMatchPattern holds §5: * stands for one or more characters, dots
// included; all else is literal.
func TestMatchPattern(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		pattern, name string
		want          bool
	}{
		{"a.example", "a.example", true},
		{"a.example", "b.example", false},
		{"a.example", "a.example.org", false},
		{"a", "", false},
		{"*", "a", true},
		{"*", "", false},
		{"*.example", ".example", false},
		{"*.example", "a.b.example", true},
		{"_acme-challenge.*", "_acme-challenge.example.com", true},
		{"_acme-challenge.*", "_acme-challenge.", false},
		{"_acme-challenge.*", "x_acme-challenge.example.com", false},
		{"_acme-challenge.*", "_acme-challengexexample.com", false},
		{"a*b*c", "aXbXbXc", true},
		{"a*b*c", "abXc", false},
		{"a*b*c", "aXbc", false},
		{"**", "a", false},
		{"**", "ab", true},
		{"a*", "a", false},
		{"*b", "aab", true},
		{"*b", "aaab", true},
		{"a*bc", "aXbXbc", true},
		{"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false},
		{"a.?", "a.x", false},
	} {
		if got := matchPattern(row.pattern, row.name); got != row.want {
			t.Errorf("%q on %q: %t, want %t", row.pattern, row.name, got, row.want)
		}
	}
}

const (
	recordList = "GET /zones/{zone_id}/dns_records"
	recordRead = "GET /zones/{zone_id}/dns_records/{dns_record_id}"
	recordEdit = "PATCH /zones/{zone_id}/dns_records/{dns_record_id}"
	recordPost = "POST /zones/{zone_id}/dns_records"

	recordDelete = "DELETE /zones/{zone_id}/dns_records/{dns_record_id}"
)

// TestRecords_container holds §5 "First the zone".
func TestRecords_container(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme := pol(t, Allow, "DNS Write", "zone:z1/TXT._acme-challenge.*")
	z1, z2 := RecordsTarget(named("z1")), RecordsTarget(named("z2"))
	for _, row := range []struct {
		name    string
		request *Request
		reason  Reason
	}{
		{"record key opens its zone's records", ask(t, userToken(t, "super", acme), recordList, z1), ReasonNone},
		{"not another zone's", ask(t, userToken(t, "super", acme), recordList, z2), ReasonNoMatchingGrant},
		{"record key of read does not open the edit", ask(t, userToken(t, "super", pol(t, Allow, "DNS Read", "zone:z1/*.*")), recordEdit, z1), ReasonNoMatchingGrant},
		{"deny on the zone strikes the record key's group", ask(t, userToken(t, "super", acme, pol(t, Deny, "DNS Write", "zone:z1")), recordList, z1), ReasonDeniedByPolicy},
		{"deny of read on the zone strikes write too", ask(t, userToken(t, "super", acme, pol(t, Deny, "DNS Read", "zone:z1")), recordList, z1), ReasonDeniedByPolicy},
		{"deny on one record leaves the container", ask(t, userToken(t, "super", acme, pol(t, Deny, "DNS Write", "zone:z1/TXT.*")), recordList, z1), ReasonNone},
		{"owner without the right", ask(t, userToken(t, "minimal", acme), recordList, z1), ReasonOwnerLacksRight},
		{"record keys do not reach the zone", ask(t, userToken(t, "super", acme), "GET /zones/{zone_id}", ZoneTarget(named("z1"))), ReasonNoMatchingGrant},
		{"nor usage", ask(t, userToken(t, "super", acme), "GET /zones/{zone_id}/dns_records/usage", ZoneTarget(named("z1"))), ReasonNoMatchingGrant},
		{"a denied record key is no grant", ask(t, userToken(t, "super", pol(t, Deny, "DNS Write", "zone:z1/TXT.*")), recordList, z1), ReasonNoMatchingGrant},
		{"nor beside a grant elsewhere", ask(t, userToken(t, "super", pol(t, Deny, "DNS Write", "zone:z1/TXT.*"), pol(t, Allow, "DNS Write", "zone:z2")), recordList, z1), ReasonNoMatchingGrant},
		{"a deny that comes first", ask(t, userToken(t, "super", pol(t, Deny, "DNS Write", "zone:z1"), acme), recordList, z1), ReasonDeniedByPolicy},
		{"a token without policies", ask(t, &Credential{Kind: UserToken, User: named("super")}, recordList, z1), ReasonNoMatchingGrant},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got := Decide(w, row.request); got.Reason != row.reason {
				t.Errorf("got %+v, want %q", got, row.reason)
			}
		})
	}
}

// TestRecords_otherGroup holds that a record key opens the container for the
// groups that it serves, not for the others of its policy.
func TestRecords_otherGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := ask(t, userToken(t, "super", pol(t, Allow, "Zone Read;DNS Write", "zone:z2;zone:z1/TXT.*")), recordList, RecordsTarget(named("z1")))
	r.Accepts = catalog.SetOf(groupNamed(t, "Zone Read").Index, groupNamed(t, "DNS Read").Index)
	if got := Decide(w, r); got.Reason != ReasonNoMatchingGrant {
		t.Errorf("got %+v", got)
	}
	r.Accepts.Add(groupNamed(t, "DNS Write").Index)
	if got := Decide(w, r); !got.Allowed {
		t.Errorf("got %+v", got)
	}
}

// TestRecords_otherZone holds that a record key counts on its own zone alone,
// wherever it sorts among the keys of the policy.
func TestRecords_otherZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keys := "zone:z1/TXT.b.*;zone:z2/TXT.a.*"
	for zone, want := range map[string]bool{"z1": false, "z2": true} {
		target := RecordTarget(named(zone), "TXT", "a.example")
		if got := Decide(w, ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", keys)), recordPost, target)); got.Allowed != want {
			t.Errorf("allow on %s: %+v", zone, got)
		}
		denied := userToken(t, "super", pol(t, Allow, "DNS Write", "zone:*"), pol(t, Deny, "DNS Write", keys))
		if got := Decide(w, ask(t, denied, recordPost, target)); got.Allowed == want {
			t.Errorf("deny on %s: %+v", zone, got)
		}
	}
	for _, only := range []string{"z1", "z2", "z3"} {
		c := userToken(t, "super", pol(t, Allow, "DNS Write", "zone:"+only+"/TXT.*"))
		for _, zone := range []string{"z1", "z2", "z3"} {
			if got := Decide(w, ask(t, c, recordList, RecordsTarget(named(zone)))); got.Allowed != (zone == only) {
				t.Errorf("a record key on %s, the records of %s: %+v", only, zone, got)
			}
		}
	}
}

// TestDecideRecord holds §5: a write passes before and after; what cannot be
// read is not there.
func TestDecideRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func(recordType, name string) *Target {
		target := RecordTarget(named("z1"), recordType, name)
		return &target
	}
	acme := at("TXT", "_acme-challenge.z1.example")
	www := at("A", "www.z1.example")
	grant := pol(t, Allow, "DNS Write", "zone:z1/TXT._acme-challenge.*")
	readAll := pol(t, Allow, "DNS Read", "zone:z1")
	for _, row := range []struct {
		name          string
		policies      []Policy
		operation     string
		before, after *Target
		visible       bool
		reason        Reason
	}{
		{"edit in place", []Policy{grant}, recordEdit, acme, acme, true, ReasonNone},
		{"rename away", []Policy{grant}, recordEdit, acme, at("TXT", "other.z1.example"), true, ReasonNoMatchingGrant},
		{"take over a hidden record", []Policy{grant}, recordEdit, www, acme, false, ReasonNoMatchingGrant},
		{"take over a readable record", []Policy{grant, readAll}, recordEdit, www, acme, true, ReasonNoMatchingGrant},
		{"absent", []Policy{grant}, recordEdit, nil, nil, false, ReasonTargetNotFound},
		{"absent, though what it would become is granted", []Policy{grant}, recordEdit, nil, acme, false, ReasonTargetNotFound},
		{"read", []Policy{grant}, recordRead, acme, nil, true, ReasonNone},
		{"read a hidden one", []Policy{grant}, recordRead, www, nil, false, ReasonNoMatchingGrant},
		{"delete", []Policy{grant}, recordDelete, acme, nil, true, ReasonNone},
		{"delete a readable one", []Policy{grant, readAll}, recordDelete, www, nil, true, ReasonNoMatchingGrant},
		{"denied after", []Policy{pol(t, Allow, "DNS Write", "zone:z1"), pol(t, Deny, "DNS Write", "zone:z1/TXT.*")}, recordEdit, www, acme, true, ReasonDeniedByPolicy},
		{"denied before: still readable", []Policy{pol(t, Allow, "DNS Read;DNS Write", "zone:z1"), pol(t, Deny, "DNS Write", "zone:z1/TXT.*")}, recordEdit, acme, www, true, ReasonDeniedByPolicy},
		{"denied reading hides", []Policy{pol(t, Allow, "DNS Write", "zone:z1"), pol(t, Deny, "DNS Read", "zone:z1/TXT.*")}, recordEdit, acme, acme, false, ReasonDeniedByPolicy},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := ask(t, userToken(t, "super", row.policies...), row.operation)
			got, visible := DecideRecord(w, r, RecordGroups(), row.before, row.after)
			if visible != row.visible || got.Reason != row.reason || got.Allowed != (row.reason == ReasonNone) {
				t.Errorf("got %+v, visible %t; want %q, visible %t", got, visible, row.reason, row.visible)
			}
		})
	}
	for _, row := range []struct {
		name   string
		target Target
		reason Reason
	}{
		{"create", *acme, ReasonNone},
		{"create elsewhere", *www, ReasonNoMatchingGrant},
		{"create of another type", *at("CNAME", "_acme-challenge.z1.example"), ReasonNoMatchingGrant},
		{"create in another zone", RecordTarget(named("z2"), "TXT", "_acme-challenge.z2.example"), ReasonNoMatchingGrant},
	} {
		if got := Decide(w, ask(t, userToken(t, "super", grant), recordPost, row.target)); got.Reason != row.reason {
			t.Errorf("%s: %+v, want %q", row.name, got, row.reason)
		}
	}
	dead := userToken(t, "super", grant)
	dead.Disabled = true
	if got, visible := DecideRecord(w, ask(t, dead, recordRead), RecordGroups(), acme, nil); got != refuse(GateAlive, ReasonCredentialDisabled, 0) || !visible {
		t.Errorf("a dead credential decides nothing: %+v, visible %t", got, visible)
	}
	if got, visible := DecideRecord(w, ask(t, userToken(t, "super", grant), recordRead), RecordGroups(), nil, nil); got != refuse(GateTarget, ReasonTargetNotFound, 0) || visible {
		t.Errorf("an absent record: %+v, visible %t", got, visible)
	}
	// Reading asks for no more than its group, whatever the operation asks.
	needy := ask(t, accountToken(t, "ent", grant), recordEdit)
	needy.Needs = catalog.NeedsUserCredential
	if got, visible := DecideRecord(w, needy, RecordGroups(), acme, acme); got != refuse(GateNeeds, ReasonUserCredentialRequired, 0) || !visible {
		t.Errorf("what the operation asks hides the record: %+v, visible %t", got, visible)
	}
	if got, visible := DecideRecord(w, ask(t, accountToken(t, "ent", grant), recordEdit), RecordGroups(), acme, acme); got != allow() || !visible {
		t.Errorf("an account-owned token: %+v, visible %t", got, visible)
	}
	if !Visible(w, ask(t, userToken(t, "super", grant), recordList), *acme) || Visible(w, ask(t, userToken(t, "super", grant), recordList), *www) {
		t.Error("a list holds exactly what passes a GET")
	}
	if Visible(w, &Request{}, *acme) {
		t.Error("nothing is visible without a credential")
	}
}

// TestCheckRecordPattern holds what §5 refuses at create.
func TestCheckRecordPattern(t *testing.T) {
	t.Parallel()
	long := make([]byte, 256)
	for i := range long {
		long[i] = 'a'
	}
	for _, row := range []struct{ recordType, pattern string }{
		{"txt", "a"},
		{"", "a"},
		{"NOPE", "a"},
		{"TXT", ""},
		{"TXT", "a."},
		{"TXT", "@"},
		{"TXT", "a@b"},
		{"TXT", "A"},
		{"TXT", "ä"},
		{"TXT", "a b"},
		{"TXT", "a\x7f"},
		{"TXT", string(long)},
	} {
		if CheckRecordPattern(row.recordType, row.pattern) == nil {
			t.Errorf("%q %q passed", row.recordType, row.pattern)
		}
	}
	types := RecordTypes()
	if len(types) != 22 || !slices.IsSorted(types) || !slices.ContainsFunc(types, IsRecordType) {
		t.Errorf("%d record types: %q", len(types), types)
	}
	for _, recordType := range append(types, "*") {
		if err := CheckRecordPattern(recordType, "_acme-challenge.*"); err != nil {
			t.Errorf("%s: %v", recordType, err)
		}
	}
}
