// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

func TestAccepts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, operation string
		want            []string
	}{
		{
			"§4 names as they are", getRecords,
			[]string{"zone:DNS Read", "zone:DNS Write"},
		},
		{"§4 HEAD counts as GET", "HEAD /zones/{zone_id}/dns_records", []string{"zone:DNS Read", "zone:DNS Write"}},
		{"§4 settled: POST /zones", "POST /zones", []string{"zone:Zone Write"}},
		{"§4 settled: GET /zones", "GET /zones", []string{"zone:Zone Read", "zone:Zone Write"}},
		{"§4 groups that cannot reach are dropped", "GET /user/subscriptions", nil},
		{"§4 an added row", getObject, []string{
			"r2:Workers R2 Storage Bucket Item Read", "r2:Workers R2 Storage Bucket Item Write",
			"account:Workers R2 Storage Read", "account:Workers R2 Storage Write",
		}},
		{"§4 Edit is Write, through an alias", "POST /accounts/{account_id}/rules/lists", []string{"account:Account Rule Lists Write"}},
		{"§4 a name of two scopes on a zone route", "GET /zones/{zone_id}/logpush/jobs", []string{"zone:Logs Write"}},
		{"§4 and elsewhere", "GET /accounts/{account_id}/logpush/jobs", []string{"account:Logs Write"}},
		{"§4 a group's own name comes before an alias of another scope", "GET /zones/{zone_id}/page_shield/policies", []string{
			"zone:Domain Page Shield", "zone:Domain Page Shield Read", "account:Page Shield", "account:Page Shield Read",
			"zone:Zone Settings Read", "zone:Zone Settings Write",
		}},
		{"§4 a family row: its level and higher", "GET /zones/{zone_id}/access/apps", []string{
			"zone:Access: Apps and Policies Read", "zone:Access: Apps and Policies Write",
			"zone:Access: Apps and Policies Revoke",
		}},
		{"§4 a family row: nothing lower", "PUT /zones/{zone_id}/apps/{app_id}", []string{"zone:Apps Write"}},
		{
			"§4 a family row: in union with a row whose placeholders match",
			"PUT /accounts/{account_id}/rulesets/phases/ddos_l4/entrypoint",
			[]string{
				"account:Mass URL Redirects Write", "account:Magic Firewall Write", "account:L4 DDoS Managed Ruleset Write",
				"account:Transform Rules Write", "account:Select Configuration Write", "account:Account WAF Write",
				"account:Account Rulesets Write", "account:Logs Write",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := groupIDs(c.want...)
			slices.Sort(want)
			got, err := theOracle(t).Accepts(c.operation)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
	if _, err := theOracle(t).Accepts("GET /nowhere"); err == nil {
		t.Error("an unknown operation is accepted")
	}
}

// TestTable is authorization model §4 and §10 point 4: the three files make one table, and every permission
// group opens at least one operation of it.
func TestTable(t *testing.T) {
	t.Parallel()
	o := theOracle(t)
	if got, want := len(o.Operations()), 1226+102+55; got != want {
		t.Errorf("%d operations, want %d", got, want)
	}
	opened := map[string]bool{}
	for _, operation := range o.Operations() {
		ids, err := o.Accepts(operation)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			opened[id] = true
		}
	}
	for id, g := range o.groups {
		if !opened[id] {
			t.Errorf("%s group %q opens nothing", g.scope, g.name)
		}
	}
}

func TestTargetOf(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]string{
		"GET /user":                         scene.OnUser,
		"GET /memberships":                  scene.OnUser,
		"GET /organizations":                scene.OnUser,
		"POST /accounts":                    scene.OnUser,
		"GET /accounts":                     scene.OnAccount,
		putMember:                           scene.OnAccount,
		getObject:                           scene.OnBucket,
		"GET /zones":                        scene.OnZone,
		"POST /zones":                       scene.OnAllZones,
		getZone:                             scene.OnZone,
		"POST /certificates":                scene.OnZone,
		getRecords:                          scene.OnRecords,
		deleteRecord:                        scene.OnRecords,
		"POST " + getRecords[4:] + "/batch": scene.OnRecords,
		"POST " + getRecords[4:] + "/scan":  scene.OnZone,
		"GET " + getRecords[4:] + "/usage":  scene.OnZone,
		"PUT /accounts/{account_id}/addressing/address_maps/{address_map_id}/zones/{zone_id}": scene.OnAccount,
	} {
		r, err := theOracle(t).row(operation)
		if err != nil {
			t.Error(err)
			continue
		}
		if r.target != want {
			t.Errorf("%s: got %s, want %s", operation, r.target, want)
		}
	}
}
