// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"testing"
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
