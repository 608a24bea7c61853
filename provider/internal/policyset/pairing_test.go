// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// reply compiles policies and answers them as the API would, in another order.
func reply(t *testing.T, own Owner, in ...obj) []client.Policy {
	t.Helper()
	var out []client.Policy
	for _, p := range in {
		api := mustCompile(t, p, own).ToAPI(userID)
		slices.Reverse(api.Groups)
		out = append(out, api)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func pair(t *testing.T, prior types.Map, own Owner, api []client.Policy) types.Map {
	t.Helper()
	var diags diag.Diagnostics
	got := Pair(t.Context(), prior, api, own, &diags)
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %v", diags)
	}
	return got
}

func diffPolicies(want, got types.Map) string {
	return cmp.Diff(want.String(), got.String())
}

// TestPair_KeepsKeyAndSpelling reads back what was written, spelled in every
// way that means the same: nothing may change.
func TestPair_KeepsKeyAndSpelling(t *testing.T) {
	t.Parallel()
	in := []obj{
		{"effect": "allow", "permission_groups": []string{"DNS Edit", "zone:Zone Read"}, "resources": obj{"zones": []string{zoneB, zoneA}, "accounts": []string{}, "all_zones": false}},
		pol([]string{dnsWrite, "Zone Read"}, obj{"other": []any{obj{"key": zonePrefix + zoneA}}}),
		pol([]string{"API Tokens Read"}, obj{"user": true}),
		pol([]string{"Account Settings Read"}, obj{"all_accounts": true}),
		pol([]string{notEmbedded}, obj{"other": []any{obj{"within": accountPrefix + accountA, "key": "com.cloudflare.edge.worker.script.abc"}}}),
		{"effect": "deny", "permission_groups": []string{"DNS Write"}, "resources": obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "_acme-challenge.*"}}}},
	}
	prior := map[string]any{}
	for i, p := range in {
		prior[string(rune('a'+i))] = p
	}
	held := policiesValue(t, prior)
	if diff := diffPolicies(held, pair(t, held, userOwned, reply(t, userOwned, in...))); diff != "" {
		t.Errorf("a read changed state (-want +got):\n%s", diff)
	}
}

// TestPair_RoundTrip names policies that nobody has named, and holds that what
// they are shown as means what was read, for both kinds of owner.
func TestPair_RoundTrip(t *testing.T) {
	t.Parallel()
	common := []obj{
		pol([]string{"DNS Write"}, obj{"zones": []string{zoneA, zoneB}}),
		pol([]string{"Account Settings Read"}, obj{"accounts": []string{accountA}}),
		pol([]string{"Zone Read"}, obj{"all_zones_of_accounts": []string{accountA}}),
		pol([]string{"zone:Logs Read"}, obj{"other": []any{obj{"key": accountPrefix + accountA}}}),
		pol([]string{"Workers R2 Storage Bucket Item Read"}, obj{"r2_buckets": []string{accountA + "_eu_backups"}}),
		pol([]string{"DNS Read"}, obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "*", "name": "a.*.b"}}}),
		pol([]string{"Cache Purge"}, obj{"other": []any{obj{"within": accountPrefix + accountA, "key": zonePrefix + zoneA}}}),
		{"effect": "deny", "permission_groups": []string{"DNS Write", "Zone Write", "Cache Purge"}, "resources": obj{"zones": []string{zoneA}}},
	}
	userOnly := []obj{
		pol([]string{"Zone Read", "Cache Purge"}, obj{"all_zones": true}),
		pol([]string{"Account Settings Read"}, obj{"all_accounts": true}),
		pol([]string{"API Tokens Read"}, obj{"user": true}),
	}
	for name, test := range map[string]struct {
		own Owner
		in  []obj
	}{
		"user-owned":    {userOwned, append(slices.Clone(common), userOnly...)},
		"account-owned": {accountOwned(), common},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := reply(t, test.own, test.in...)
			shown := pair(t, types.MapNull(PolicyType), test.own, api)
			list, complete, diags := Compile(t.Context(), shown, test.own)
			if !complete || len(diags) > 0 {
				t.Fatalf("what is shown does not compile: %v\n%s", problems(diags), shown)
			}
			var want, got []string
			for _, p := range api {
				want = append(want, FromAPI(p).Canonical())
			}
			for _, p := range list {
				got = append(got, p.Policy.Canonical())
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("meaning (-want +got):\n%s", diff)
			}
			slices.Reverse(api)
			if diff := diffPolicies(shown, pair(t, types.MapNull(PolicyType), test.own, api)); diff != "" {
				t.Errorf("the order of the reply shows (-first +second):\n%s", diff)
			}
		})
	}
}

func TestPair_Names(t *testing.T) {
	t.Parallel()
	shown := pair(t, types.MapNull(PolicyType), userOwned, reply(t, userOwned,
		pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}}),
		pol([]string{"DNS Write"}, obj{"zones": []string{zoneB}}),
		pol([]string{"zone:Logs Read"}, obj{"zones": []string{zoneA}}),
		obj{"effect": "deny", "permission_groups": []string{"Access: Apps Write"}, "resources": obj{"accounts": []string{accountA}}},
	))
	want := policiesValue(t, map[string]any{
		"dns_write":              pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}}),
		"dns_write_2":            pol([]string{"DNS Write"}, obj{"zones": []string{zoneB}}),
		"logs_read":              pol([]string{"zone:Logs Read"}, obj{"zones": []string{zoneA}}),
		"deny_access_apps_write": obj{"effect": "deny", "permission_groups": []string{"Access: Apps Write"}, "resources": obj{"accounts": []string{accountA}}},
	})
	if diff := diffPolicies(want, shown); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestPair_Drift changes policies outside Terraform: keys stay with the policy
// that shares most, and what is still there keeps its spelling.
func TestPair_Drift(t *testing.T) {
	t.Parallel()
	held := policiesValue(t, map[string]any{
		"dns":    obj{"effect": "allow", "permission_groups": []string{"DNS Edit"}, "resources": obj{"zones": []string{zoneA}, "all_zones": false}},
		"zones":  pol([]string{"Zone Read", "DNS Read"}, obj{"zones": []string{zoneA, zoneB}}),
		"kept":   pol([]string{"Account Settings Read"}, obj{"accounts": []string{accountA}}),
		"absent": pol([]string{"API Tokens Read"}, obj{"user": true}),
	})
	shown := pair(t, held, userOwned, reply(t, userOwned,
		pol([]string{"DNS Write", "Cache Purge"}, obj{"zones": []string{zoneA}}),
		obj{"effect": "deny", "permission_groups": []string{"Zone Read"}, "resources": obj{"zones": []string{zoneA, zoneB}}},
		pol([]string{"Account Settings Read"}, obj{"accounts": []string{accountA}}),
		pol([]string{"Account Settings Write"}, obj{"accounts": []string{accountB}}),
	))
	want := policiesValue(t, map[string]any{
		"dns":                    obj{"effect": "allow", "permission_groups": []string{"DNS Edit", "Cache Purge"}, "resources": obj{"zones": []string{zoneA}, "all_zones": false}},
		"zones":                  obj{"effect": "deny", "permission_groups": []string{"Zone Read"}, "resources": obj{"zones": []string{zoneA, zoneB}}},
		"kept":                   pol([]string{"Account Settings Read"}, obj{"accounts": []string{accountA}}),
		"account_settings_write": pol([]string{"Account Settings Write"}, obj{"accounts": []string{accountB}}),
	})
	if !want.Equal(shown) {
		t.Errorf("drift (-want +got):\n%s", diffPolicies(want, shown))
	}
}

func TestPair_EqualPoliciesAreOne(t *testing.T) {
	t.Parallel()
	p := pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}})
	shown := pair(t, types.MapNull(PolicyType), userOwned, reply(t, userOwned, p, p))
	if diff := diffPolicies(policiesValue(t, map[string]any{"dns_write": p}), shown); diff != "" {
		t.Errorf("two equal policies (-want +got):\n%s", diff)
	}
}

func TestBestMatches_GreatestOverlapFirst(t *testing.T) {
	t.Parallel()
	held := holdPolicies(t.Context(), policiesValue(t, map[string]any{
		"a": pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}}),
		"b": pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []string{zoneA}}),
	}), userOwned)
	near := mustCompile(t, pol([]string{"DNS Write", "Zone Read", "Cache Purge"}, obj{"zones": []string{zoneA}}), userOwned)
	far := mustCompile(t, pol([]string{"DNS Write"}, obj{"zones": []string{zoneB}}), userOwned)
	got := map[string]string{}
	for _, m := range bestMatches(held, map[string]Policy{near.Canonical(): near, far.Canonical(): far}) {
		got[m.held.key] = m.canonical
	}
	if diff := cmp.Diff(map[string]string{"a": far.Canonical(), "b": near.Canonical()}, got); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
}
