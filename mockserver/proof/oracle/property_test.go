// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// TestMonotony is authorization model §10 point 3 on random policies: removing an allow or adding a deny never
// allows more, neither a request nor an object of a list.
func TestMonotony(t *testing.T) {
	t.Parallel()
	o := theOracle(t)
	// A fixed seed, so that a failure can be repeated.
	random := rand.New(rand.NewPCG(1, 2))
	questions := []edit{
		nil,
		ask("GET /zones/{zone_id}/dnssec", zoneTarget(shop)),
		ask(getRecords, recordsTarget(shop)),
		ask(postRecord, recordTarget(shop, "TXT", challenge)),
		ask("POST /zones", allZonesTarget(standard)),
		func(s *scene.Scene) {
			ask("GET /zones", zoneTarget(shop), zoneTarget(blog), zoneTarget(bank))(s)
			s.Request.Mode = scene.ModeList
		},
		func(s *scene.Scene) {
			before, after := recordTarget(shop, "TXT", challenge), recordTarget(shop, "TXT", www)
			s.Request = scene.Request{
				Mode: scene.ModeRecord, Presented: scene.PresentedWell, Operation: patchRecord,
				Before: &before, After: &after, Now: now,
			}
		},
	}
	groups := groupIDs("zone:Zone Read", "zone:Zone Write", "zone:DNS Read", "zone:DNS Write")
	keys := []map[string]any{
		onZoneKey(shop), onZoneKey(blog), onAccountKey(standard), onZonesOf(standard, shop),
		{prefixZone + "*": "*"},
		onRecordKey(shop, "TXT.*"), onRecordKey(shop, "*.*"+challenge[1:]), onRecordKey(shop, "A.*"),
	}
	pick := func() scene.Policy {
		return scene.Policy{
			Effect:    []string{"allow", "allow", "deny"}[random.IntN(3)],
			Groups:    []string{groups[random.IntN(len(groups))], groups[random.IntN(len(groups))]},
			Resources: keys[random.IntN(len(keys))],
		}
	}
	allowedSome := 0
	for range 20_000 {
		s := base()
		if e := questions[random.IntN(len(questions))]; e != nil {
			e(s)
		}
		s.Credential.Policies = []scene.Policy{pick(), pick(), pick()}
		more, err := o.Judge(s)
		if err != nil {
			t.Fatal(err)
		}
		narrower := slices.Clone(s.Credential.Policies)
		if i := random.IntN(len(narrower)); narrower[i].Effect == "allow" {
			narrower = slices.Delete(narrower, i, i+1)
		} else {
			denied := pick()
			denied.Effect = "deny"
			narrower = append(narrower, denied)
		}
		s.Credential.Policies = narrower
		less, err := o.Judge(s)
		if err != nil {
			t.Fatal(err)
		}
		if less.Allowed && !more.Allowed {
			t.Fatalf("allowed only with fewer rights: %+v", s)
		}
		for i, shown := range less.Items {
			if shown && !more.Items[i] {
				t.Fatalf("item %d shown only with fewer rights: %+v", i, s)
			}
		}
		if more.Allowed {
			allowedSome++
		}
	}
	if allowedSome == 0 {
		t.Error("no question was allowed at all")
	}
}
