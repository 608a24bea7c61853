// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGrantSet(t *testing.T) {
	t.Parallel()
	got := func(own Owner, in ...obj) []string {
		var policies []Policy
		for _, p := range in {
			policies = append(policies, mustCompile(t, p, own))
		}
		lines := slices.Collect(func(yield func(string) bool) {
			for line := range knownSet(GrantSet(policies)) {
				if !yield(line) {
					return
				}
			}
		})
		slices.Sort(lines)
		return lines
	}
	want := []string{
		"allow API Tokens Read on the token's user",
		"allow Account Settings Read on account " + accountA,
		"allow Account Settings Read on all accounts",
		"allow Cache Purge on all zones",
		"allow DNS Read on records of every type named *.example.com in zone " + zoneA,
		"allow DNS Write on zone " + zoneA,
		"allow DNS Write on zone " + zoneB,
		"allow Workers R2 Storage Bucket Item Read on R2 bucket " + accountA + "_default_backups",
		"allow Zone Read on all zones of account " + accountA,
		"allow " + notEmbedded + " on com.cloudflare.api.account." + accountA + " → com.cloudflare.edge.worker.script.abc",
		"allow zone:Logs Read on all zones of account " + accountB,
		"deny DNS Write on TXT records named _acme-challenge.* in zone " + zoneA,
	}
	lines := got(userOwned,
		pol([]string{notEmbedded}, obj{"other": []any{obj{"within": accountPrefix + accountA, "key": "com.cloudflare.edge.worker.script.abc"}}}),
		pol([]string{"API Tokens Read"}, obj{"user": true}),
		pol([]string{"Account Settings Read"}, obj{"accounts": []string{accountA}, "all_accounts": true}),
		pol([]string{"Cache Purge"}, obj{"all_zones": true}),
		pol([]string{"DNS Read"}, obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "*", "name": "*.example.com"}}}),
		pol([]string{"DNS Edit"}, obj{"zones": []string{zoneB, zoneA}}),
		pol([]string{"Workers R2 Storage Bucket Item Read"}, obj{"r2_buckets": []string{accountA + "_default_backups"}}),
		pol([]string{"Zone Read"}, obj{"all_zones_of_accounts": []string{accountA}}),
		pol([]string{"zone:Logs Read"}, obj{"other": []any{obj{"key": accountPrefix + accountB}}}),
		obj{"effect": "deny", "permission_groups": []string{"DNS Write"}, "resources": obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "_acme-challenge.*"}}}},
	)
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
	mixed := got(userOwned, pol([]string{"Zone Read", "Account Settings Read"}, obj{"zones": []string{zoneA}, "all_accounts": true}))
	if diff := cmp.Diff([]string{"allow Account Settings Read on all accounts", "allow Zone Read on zone " + zoneA}, mixed); diff != "" {
		t.Errorf("pairs that open nothing have lines (-want +got):\n%s", diff)
	}
	if lines := got(accountOwned(), pol([]string{"Zone Read"}, obj{"all_zones": true})); !strings.HasSuffix(lines[0], "all zones of account "+accountA) {
		t.Errorf("all zones of an account-owned token: %q", lines)
	}
}
