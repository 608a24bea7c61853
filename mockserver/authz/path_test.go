// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Authorization model §4: what a path names, and that a path which names nothing has no target.
func TestPathTargets(t *testing.T) {
	t.Parallel()
	const account, other, zone = "0000000000000000000000000000000a", "0000000000000000000000000000000b", "0000000000000000000000000000000c"
	id := func(s string) ID {
		parsed, ok := ParseID(s)
		if !ok {
			t.Fatalf("%s is no id", s)
		}
		return parsed
	}
	below := AccountTarget(id(account))
	below.Zone = id(zone)
	const maps = "/accounts/" + account + "/addressing/address_maps/m"
	for _, test := range []struct {
		method, path, jurisdiction string
		want                       []Target
	}{
		{"GET", "/user", "", []Target{UserTarget()}},
		{"GET", "/accounts/" + account, "", []Target{AccountTarget(id(account))}},
		{"GET", "/zones/" + zone, "", []Target{ZoneTarget(id(zone))}},
		{"GET", "/zones/" + zone + "/dns_records", "", []Target{RecordsTarget(id(zone))}},
		{"DELETE", "/zones/" + zone + "/dns_records/x", "", []Target{RecordsTarget(id(zone))}},
		{"GET", "/accounts/" + account + "/r2/buckets/logs/objects/k", "", []Target{BucketTarget(id(account), "default", "logs")}},
		{"GET", "/accounts/" + account + "/r2/buckets/a%2Fb/objects/k", "eu", []Target{BucketTarget(id(account), "eu", "a/b")}},
		{"GET", "/accounts/" + account + "/r2/buckets/%zz/objects/k", "", nil},
		{"PUT", maps + "/accounts/" + other, "", []Target{AccountTarget(id(account)), AccountTarget(id(other))}},
		{"PUT", maps + "/zones/" + zone, "", []Target{below}},
		{"PUT", maps + "/zones/" + strings.Repeat("0", 32), "", nil},
		{"GET", "/zones", "", nil},
		{"GET", "/accounts", "", nil},
		{"POST", "/zones", "", nil},
		{"POST", "/certificates", "", nil},
	} {
		op, params, status := catalog.MatchRoute(test.method, test.path)
		if status != catalog.MatchFound {
			t.Errorf("%s %s: status %d", test.method, test.path, status)
			continue
		}
		if diff := cmp.Diff(test.want, PathTargets(op, params, test.jurisdiction)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.method, test.path, diff)
		}
	}
}
