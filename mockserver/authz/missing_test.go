// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestExplainRecordWork holds §9 where a request does more than one decision
// sees: the grant must open the container and every record, and is a record
// key where one is enough.
func TestExplainRecordWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func(recordType, name string) *Target {
		target := RecordTarget(named("z1"), recordType, name)
		return &target
	}
	elsewhere := RecordTarget(named("z2"), "TXT", "a.z1.example")
	txt, aaa, other, star := at("TXT", "a.z1.example"), at("A", "a.z1.example"), at("TXT", "b.z1.example"), at("TXT", "*.z1.example")
	makes := func(list ...*Target) []RecordChange {
		changes := make([]RecordChange, 0, len(list))
		for _, target := range list {
			changes = append(changes, RecordChange{After: target})
		}
		return changes
	}
	const zone = "zone:z1"
	readAll := pol(t, Allow, "DNS Read", zone)
	for _, row := range []struct {
		name      string
		operation string
		policies  []Policy
		hidden    bool
		changes   []RecordChange
		group     string
		key       string // "" when no single grant is enough
	}{
		{"one new record", recordPost, nil, false, makes(txt), "DNS Write", zone + "/TXT.a.z1.example"},
		{"twice the same", recordPost, nil, false, makes(txt, txt), "DNS Write", zone + "/TXT.a.z1.example"},
		{"two types of one name", recordPost, nil, false, makes(txt, aaa, txt), "DNS Write", zone + "/*.a.z1.example"},
		{"two names", recordPost, nil, false, makes(txt, other), "DNS Write", zone},
		{"a wildcard record reaches the others", recordPost, nil, false, makes(txt, star, other), "DNS Write", zone + "/TXT.*.z1.example"},
		{"wherever it stands", recordPost, nil, false, makes(star, txt, other), "DNS Write", zone + "/TXT.*.z1.example"},
		{"and at the end", recordPost, nil, false, makes(txt, other, star), "DNS Write", zone + "/TXT.*.z1.example"},
		{"not what it does not reach", recordPost, nil, false, makes(star, at("TXT", "z1.example")), "DNS Write", zone},
		{"a name that no key holds", recordPost, nil, false, makes(at("TXT", "a@z1.example")), "DNS Write", zone},
		{"a type that no key holds", recordPost, nil, false, makes(at("X25", "a.z1.example")), "DNS Write", zone + "/*.a.z1.example"},
		{"some records are left out", recordPost, nil, true, makes(txt), "DNS Write", zone},
		{"the zone as a whole", recordList, nil, false, nil, "DNS Read", zone},
		{"a read", recordRead, nil, false, []RecordChange{{Before: txt}}, "DNS Read", zone + "/TXT.a.z1.example"},
		{"a deletion", recordDelete, nil, false, []RecordChange{{Before: txt}}, "DNS Write", zone + "/TXT.a.z1.example"},
		{"an edit in place", recordEdit, nil, false, []RecordChange{{Before: txt, After: txt}}, "DNS Write", zone + "/TXT.a.z1.example"},
		{"another type", recordEdit, nil, false, []RecordChange{{Before: txt, After: aaa}}, "DNS Write", zone + "/*.a.z1.example"},
		{"a rename", recordEdit, nil, false, []RecordChange{{Before: txt, After: other}}, "DNS Write", zone},
		{"a rename from what is granted", recordEdit, []Policy{pol(t, Allow, "DNS Write", zone+"/TXT.a.z1.example")}, false, []RecordChange{{Before: txt, After: other}}, "DNS Write", zone + "/TXT.b.z1.example"},
		{"a rename to what is granted", recordEdit, []Policy{pol(t, Allow, "DNS Write", zone+"/TXT.a.z1.example")}, false, []RecordChange{{Before: other, After: txt}}, "DNS Write", zone + "/TXT.b.z1.example"},
		{"only what is refused counts", recordPost, []Policy{pol(t, Allow, "DNS Write", zone+"/TXT.b.z1.example")}, false, makes(other, txt), "DNS Write", zone + "/TXT.a.z1.example"},
		{"readable, not writable", recordDelete, []Policy{readAll}, false, []RecordChange{{Before: txt}}, "DNS Write", zone + "/TXT.a.z1.example"},
		{"not what could not be read then", recordDelete, []Policy{pol(t, Deny, "DNS Read", zone+"/TXT.*")}, false, []RecordChange{{Before: txt}}, "", ""},
		{"not when a record is denied", recordPost, []Policy{pol(t, Deny, "DNS Write", zone+"/TXT.b.*")}, false, makes(txt, other), "", ""},
		{"not when the record after is denied", recordEdit, []Policy{pol(t, Deny, "DNS Write", zone+"/TXT.b.*")}, false, []RecordChange{{Before: txt, After: other}}, "", ""},
		{"not when what is granted is denied", recordPost, []Policy{pol(t, Allow, "DNS Write", zone+"/TXT.b.*"), pol(t, Deny, "DNS Write", zone+"/TXT.b.*")}, false, makes(txt, other), "", ""},
		{"not over two zones", recordPost, nil, false, makes(txt, &elsewhere), "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			work := RecordWork{Zone: named("z1"), Changes: row.changes, Hidden: row.hidden, ReadAccepts: ask(t, nil, recordRead).Accepts}
			container := []Target{RecordsTarget(work.Zone)}
			r := ask(t, userToken(t, "super", row.policies...), row.operation, container...)
			got := ExplainRecordWork(w, r, refuse(GateGrant, ReasonNoMatchingGrant, 0), container, work)
			if row.key == "" {
				if got.Missing != nil {
					t.Fatalf("%s is named", got.Missing)
				}
				return
			}
			if got.Missing == nil {
				t.Fatal("no grant is named")
			}
			keys, err := ParseResource(key(t, row.key))
			if err != nil {
				t.Fatal(err)
			}
			if got.Missing.Key != keys[0] || got.Missing.Group != groupNamed(t, row.group) {
				t.Errorf("%s is named, want %q on %s", got.Missing, row.group, keys[0])
			}
		})
	}
}

// TestSmallestGrant_order holds which of several grants is the smallest, on
// rows that accept just these groups.
func TestSmallestGrant_order(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	writes := &catalog.Role{Name: "test", Level: catalog.RoleLevelAccount, Groups: catalog.SetOf(groupNamed(t, "DNS Write").Index)}
	w.members[[2]ID{named("writer"), named("ent")}] = NewMembership(true, Unset, []*catalog.Role{writes}, nil)
	const bucket = "Workers R2 Storage Bucket Item Read"
	z1, z2, entBucket := ZoneTarget(named("z1")), ZoneTarget(named("z2")), BucketTarget(named("ent"), "default", "bbb")
	for _, row := range []struct {
		name      string
		c         *Credential
		accepts   []string
		anyMember bool
		targets   []Target
		want      string // "" for none
	}{
		{"lowest rank", userToken(t, "super"), []string{"DNS Write", "DNS Read"}, false, []Target{z1}, "DNS Read"},
		{"rank before scope", userToken(t, "super"), []string{"DNS Write", "account:Account Settings Read"}, false, []Target{z1}, "account:Account Settings Read"},
		{"a zone's own scope", userToken(t, "super"), []string{"account:Account Settings Read", "Zone Read"}, false, []Target{z1}, "Zone Read"},
		{"a bucket's own scope", userToken(t, "super"), []string{"account:Account Settings Read", bucket}, false, []Target{entBucket}, bucket},
		{"scope before name, the other way round", userToken(t, "super"), []string{"account:Workers Tail Read", "DNS Read"}, false, []Target{z1}, "DNS Read"},
		{"name", userToken(t, "super"), []string{"Zone Read", "DNS Read", "zone:Zone Settings Read"}, false, []Target{z1}, "DNS Read"},
		{"what the owner holds, though its family would do", userToken(t, "writer"), []string{"DNS Read", "DNS Write"}, false, []Target{z1}, "DNS Write"},
		{"an account-owned token has no such owner", accountToken(t, "ent"), []string{"DNS Read", "DNS Write"}, false, []Target{z1}, "DNS Read"},
		{"a row open to any member", userToken(t, "writer"), []string{"DNS Read", "DNS Write"}, true, []Target{z1}, "DNS Read"},
		{"nothing that the owner holds", userToken(t, "writer"), []string{"Zone Read"}, false, []Target{z1}, ""},
		{"no way around a deny", userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z2"), pol(t, Deny, "Zone Read", "zone:z2")), []string{"Zone Read", "account:Account Settings Read"}, false, []Target{z1, z2}, ""},
		{"one key for both", userToken(t, "super"), []string{"Zone Read", "account:Account Settings Read"}, false, []Target{z1, z2}, "account:Account Settings Read"},
		{"records and their zone take the zone", userToken(t, "super"), []string{"DNS Read"}, false, []Target{RecordTarget(named("z1"), "A", "a"), z1}, "DNS Read"},
		{"an Origin CA key holds no grants", &Credential{Kind: OriginCAKey, User: named("super")}, []string{"DNS Read"}, false, []Target{z1}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := &Request{Presence: WellFormed, Credential: row.c, AnyMember: row.anyMember, Targets: row.targets, Address: address, Now: instant}
			for _, name := range row.accepts {
				r.Accepts.Add(groupNamed(t, name).Index)
			}
			e := Explain(w, r)
			if e.Decision.Gate != GateGrant {
				t.Fatalf("decided %+v", e.Decision)
			}
			switch {
			case row.want == "" && e.Missing != nil:
				t.Errorf("%s is named", e.Missing)
			case row.want != "" && (e.Missing == nil || e.Missing.Group != groupNamed(t, row.want)):
				t.Errorf("%v is named, want %q", e.Missing, row.want)
			}
		})
	}
}

// TestSmallestGrant_container holds the two exceptions that [Explain] names:
// the container of a zone's records takes the zone's key though a record key
// passes there too.
func TestSmallestGrant_container(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	record, other := RecordTarget(named("z1"), "TXT", "a.z1.example"), RecordTarget(named("z1"), "TXT", "b.z1.example")
	for _, operation := range []string{recordList, recordList + "/export", recordRead, recordEdit, recordDelete} {
		bare := ask(t, userToken(t, "super"), operation, RecordsTarget(named("z1")))
		got := Explain(w, bare).Missing
		if got == nil || got.Key != (Key{Form: KeyZone, Zone: named("z1")}) {
			t.Fatalf("%s: %v is named", operation, got)
		}
		narrow := ask(t, userToken(t, "super", pol(t, Allow, got.Group.Ref(), "zone:z1/TXT.a.z1.example")), operation, RecordsTarget(named("z1")))
		if d := Decide(w, narrow); !d.Allowed {
			t.Errorf("%s: a record key does not pass the container: %+v", operation, d)
		}
		if !Visible(w, narrow, record) || Visible(w, narrow, other) {
			t.Errorf("%s: a record key opens its record alone", operation)
		}
	}
}
