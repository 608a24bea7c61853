// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

const dnsRead = "82e64a83756745bbbb1c9c2701bf816b"

// TestSurvey_everyRecord compares what is found out from the few records that stand for all with what the engine
// says of every short name there is: of random policies on a zone and its records, for every operation on records.
func TestSurvey_everyRecord(t *testing.T) {
	t.Parallel()
	const zoneName = "a.b"
	random := rand.New(rand.NewPCG(20_260_102, 0))
	names := shortNames("abx.", 4, zoneName)
	operations := []string{
		"DNS Write", "DNS Read", "POST /zones/{zone_id}/dns_records", "DELETE /zones/{zone_id}/dns_records/{dns_record_id}",
		"GET /zones/{zone_id}/dns_records/{dns_record_id}", "GET /zones/{zone_id}/dns_records", "POST /zones/{zone_id}/dns_records/import",
	}
	counts := map[spread]int{}
	for range 400 {
		list := randomRecordPolicies(random)
		s, err := newSubject(list, policyset.Owner{Known: true})
		if err != nil {
			t.Fatal(err)
		}
		k := newKnowledge()
		k.zones[zoneA] = &authz.Zone{ID: zoneA, Account: accountA, Name: zoneName}
		q := mustAsk(t, operations[random.IntN(len(operations))], inquiry.Target{Zone: zoneA})
		found, err := q.survey(s, k, accountA)
		if err != nil {
			t.Fatal(err)
		}
		want := everyRecord(t, q, s, k, names)
		counts[want]++
		if found.spread != want {
			t.Errorf("%s: spread %d, want %d\n%+v", q.operation, found.spread, want, list)
		}
		// Without the zone's name nothing that depends on the record may be missed.
		k.zones[zoneA].Name = ""
		unnamed, err := q.survey(s, k, accountA)
		if err != nil {
			t.Fatal(err)
		}
		if unnamed.spread != want && unnamed.spread != spreadMixed {
			t.Errorf("%s without the zone's name: spread %d, want %d or mixed\n%+v", q.operation, unnamed.spread, want, list)
		}
	}
	for _, kind := range []spread{spreadNone, spreadAll, spreadMixed} {
		if counts[kind] < 40 {
			t.Errorf("too few of each kind: %v", counts)
		}
	}
}

// everyRecord asks for each of the names, in three types; the zone itself is part of a permission.
func everyRecord(t *testing.T, q *question, s *subject, k *knowledge, names []string) spread {
	t.Helper()
	all, some := true, false
	ask := func(record recordName) {
		d, err := q.policiesOn(s, k, accountA, q.operation, record)
		if err != nil {
			t.Fatal(err)
		}
		all, some = all && d.Allowed, some || d.Allowed
	}
	for _, name := range names {
		for _, kind := range []string{"A", "TXT", "MX"} {
			ask(recordName{kind, name})
		}
	}
	if q.operation.Permission != nil {
		ask(recordName{})
	}
	switch {
	case all:
		return spreadAll
	case some:
		return spreadMixed
	default:
		return spreadNone
	}
}

// shortNames are the zone's and all valid names below it of up to so many characters of the alphabet.
func shortNames(alphabet string, most int, zoneName string) []string {
	names := []string{zoneName}
	begun := []string{""}
	for range most {
		var longer []string
		for _, name := range begun {
			for _, c := range alphabet {
				longer = append(longer, name+string(c))
			}
		}
		begun = longer
		for _, name := range begun {
			if !slices.Contains(strings.Split(name, "."), "") {
				names = append(names, name+"."+zoneName)
			}
		}
	}
	return names
}

// randomRecordPolicies are allows and denies of DNS Read and DNS Write on the zone, and on records of it.
func randomRecordPolicies(random *rand.Rand) []policyset.Keyed {
	var list []policyset.Keyed
	for n := range 1 + random.IntN(4) {
		p := policyset.Policy{Effect: client.EffectAllow, Groups: []string{dnsWrite}}
		switch random.IntN(4) {
		case 0:
			p.Groups = []string{dnsRead}
		case 1:
			p.Groups = []string{dnsRead, dnsWrite}
		}
		if n > 0 && random.IntN(3) == 0 {
			p.Effect = client.EffectDeny
		}
		for range 1 + random.IntN(2) {
			if random.IntN(5) == 0 {
				p.Keys = append(p.Keys, policyset.Key{Outer: zonePrefix + zoneA.String()})
				break
			}
			p.Keys = append(p.Keys, policyset.Key{
				Outer: zonePrefix + zoneA.String(),
				Inner: zonePrefix + "dns_record." + []string{"TXT", "A", "*", "*"}[random.IntN(4)] + "." + randomPattern(random),
			})
		}
		slices.SortFunc(p.Keys, func(a, b policyset.Key) int { return strings.Compare(a.Inner, b.Inner) })
		p.Keys = slices.Compact(p.Keys)
		list = append(list, policyset.Keyed{Key: strconv.Itoa(n), Policy: p})
	}
	return list
}

func randomPattern(random *rand.Rand) string {
	known := []string{"*", "*.a.b", "a.b", "*a.b", "*.b", "a.*", "b.*", "x.*", "*.x.*", "**"}
	if random.IntN(2) == 0 {
		return known[random.IntN(len(known))]
	}
	parts := make([]string, 0, 6)
	for range 1 + random.IntN(4) {
		parts = append(parts, []string{"*", "*", "a", "b", "."}[random.IntN(5)])
	}
	if random.IntN(2) == 0 {
		parts = append(parts, []string{".a.b", "a.b", ".b"}[random.IntN(3)])
	}
	if parts[len(parts)-1] == "." {
		parts = append(parts, "b")
	}
	return strings.Join(parts, "")
}

// What cannot be told from records that stand for others is not told.
func TestStandIns_limits(t *testing.T) {
	t.Parallel()
	key := func(pattern string) heldKey {
		return heldKey{Key: authz.Key{Form: authz.KeyRecord, Zone: zoneA, RecordType: "TXT", Pattern: pattern}}
	}
	long := strings.Repeat("a", maxLabel)
	tests := []struct {
		name, pattern string
		complete      bool
		txt           []string // beside the zone's name and any other
	}{
		{"a name", "www.example.com", true, []string{"www.example.com"}},
		{"a name elsewhere", "www.example.org", true, nil},
		{"the end of the pattern stands for the zone or what lies before it", "www.*", true, []string{"www.x.example.com", "www.example.com"}},
		{"no name has an empty label", "a..*", true, nil},
		{"no name has such a label", long + "a.example.com", true, nil},
		{"a dot among several characters would make a name", long + "*.example.com", false, nil},
		{"every character that a name may have", "abcdefghijklmnopqrstuvwxyz0123456789-_!#$%&'()+,/:;<=>?[]^`{|}~\"\\", false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			records, complete := standIns("example.com", []heldKey{key(test.pattern)})
			if complete != test.complete {
				t.Errorf("complete: %v, want %v", complete, test.complete)
			}
			var got []string
			for _, record := range records {
				other := len(record.name) == len("x.example.com") // one character stands for every other name
				if record.kind == "TXT" && record.name != "example.com" && !other {
					got = append(got, record.name)
				}
			}
			slices.Sort(got)
			slices.Sort(test.txt)
			if diff := cmp.Diff(test.txt, got); diff != "" && test.complete {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}
