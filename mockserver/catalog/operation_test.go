// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// dataRow is one operation of a data file.
type dataRow struct {
	Method, Route          string
	Accepts                []string
	Evidence, Source, Note string
}

func readRows(t *testing.T, file string) []dataRow {
	t.Helper()

	data, err := os.ReadFile("data/" + file)
	if err != nil {
		t.Fatal(err)
	}

	var rows []dataRow
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}

	return rows
}

func mustOperation(t *testing.T, method, route string) *catalog.Operation {
	t.Helper()

	o, ok := catalog.OperationByName(method, route)
	if !ok {
		t.Fatalf("no operation %s %s", method, route)
	}

	return o
}

func TestOperations(t *testing.T) {
	t.Parallel()

	operations := catalog.Operations()

	// 1226 of public sources, 102 added, 55 of the public page's families that neither has.
	if len(operations) != 1226+102+55 {
		t.Errorf("%d operations, want %d", len(operations), 1226+102+55)
	}

	for i, o := range operations {
		if o.Index != i || i > 0 && operations[i-1].Route+" "+operations[i-1].Method >= o.Route+" "+o.Method {
			t.Errorf("%s stands at %d with index %d: not sorted by route and method", o.Name(), i, o.Index)
		}

		if found, ok := catalog.OperationByName(o.Method, o.Route); !ok || found != o || o.Name() != o.Method+" "+o.Route {
			t.Errorf("%s is found as %v", o.Name(), found)
		}

		if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, o.Method) {
			t.Errorf("%s: method", o.Name())
		}

		if !slices.Contains([]string{"documented", "inferred", "proposed"}, o.Evidence) || o.Source == "" && o.Note == "" {
			t.Errorf("%s: evidence %q, source %q, note %q", o.Name(), o.Evidence, o.Source, o.Note)
		}

		for g := range o.Accepts.All() {
			if group := catalog.Groups()[g]; !catalog.CanReach(group.Scope, o.Target) {
				t.Errorf("%s accepts %s, which cannot reach it", o.Name(), group.Ref())
			}
		}
	}

	for _, name := range [][2]string{{"GET", "/nothing"}, {"HEAD", "/zones"}, {"get", "/zones"}, {"", ""}} {
		if o, ok := catalog.OperationByName(name[0], name[1]); ok {
			t.Errorf("%v finds %s", name, o.Name())
		}
	}
}

// Every row of the sources is in the table and accepts what the source names, but for what the model settles
// by itself and for groups that cannot reach the target. Names are resolved here by other means than in the
// code: through LookupGroup and its errors.
func TestEveryRowOfTheSourcesIsThere(t *testing.T) {
	t.Parallel()

	settled := make(map[string]bool)
	for _, row := range readRows(t, "operations_settled.json") {
		settled[row.Method+" "+row.Route] = true
	}

	seen := 0

	for file, count := range map[string]int{"operations.json": 1226, "operations_added.json": 102} {
		rows := readRows(t, file)
		if len(rows) != count {
			t.Errorf("%s: %d rows, want %d", file, len(rows), count)
		}

		for _, row := range rows {
			o := mustOperation(t, row.Method, row.Route)
			seen++

			if settled[o.Name()] {
				continue
			}

			var want catalog.GroupSet

			for _, name := range row.Accepts {
				if g := resolve(t, name, row.Route); catalog.CanReach(g.Scope, o.Target) {
					want.Add(g.Index)
				}
			}

			if diff := cmp.Diff(refs(want), refs(o.Accepts)); diff != "" {
				t.Errorf("%s (-source +table):\n%s", o.Name(), diff)
			}

			if o.Evidence != row.Evidence || o.Source != row.Source || o.Note != row.Note {
				t.Errorf("%s: evidence %q, source %q, note %q are not the row's", o.Name(), o.Evidence, o.Source, o.Note)
			}
		}
	}

	if seen != 1328 {
		t.Errorf("%d rows, want 1328", seen)
	}
}

// resolve reads the name of a permission group as a source gives it: an API name that one scope alone has, or a
// name of the scope that the route is about.
func resolve(t *testing.T, name, route string) *catalog.Group {
	t.Helper()

	var exact []*catalog.Group

	for i := range catalog.Groups() {
		if catalog.Groups()[i].Name == name {
			exact = append(exact, &catalog.Groups()[i])
		}
	}

	if len(exact) == 1 {
		return exact[0]
	}

	if g, err := catalog.LookupGroup(name); err == nil {
		return g
	}

	if strings.HasPrefix(route, "/zones") {
		return mustLookup(t, "zone:"+name)
	}

	return mustLookup(t, "account:"+name)
}

// A row of a family accepts the groups of its level and above, and what a row with placeholders in the same
// place accepts.
func TestRowsOfFamilies(t *testing.T) {
	t.Parallel()

	tests := []struct {
		method, route string
		want          []string
	}{
		{"GET", "/accounts/{account_id}/access/logs/access_requests", []string{"account:Access: Audit Logs Read"}},
		{"GET", "/accounts/{account_id}/devices/posture", []string{
			"account:Access: Device Posture Read", "account:Access: Device Posture Write",
		}},
		{"POST", "/accounts/{account_id}/pcaps", []string{"account:Magic Firewall Packet Captures - Write PCAPs API"}},
		{"GET", "/accounts/{account_id}/pubsub/namespaces", []string{
			"account:Pubsub Configuration Read", "account:Pubsub Configuration Write",
		}},
		{"GET", "/zones/{zone_id}/access/apps", []string{
			"zone:Access: Apps and Policies Read", "zone:Access: Apps and Policies Revoke", "zone:Access: Apps and Policies Write",
		}},
		{"PUT", "/zones/{zone_id}/apps/{app_id}", []string{"zone:Apps Write"}},
		{"PATCH", "/zones/{zone_id}/email/security/dmarc-reports", []string{"zone:Email Security DMARC Reports Write"}},
	}
	for _, tt := range tests {
		if got := refs(mustOperation(t, tt.method, tt.route).Accepts); !slices.Equal(got, tt.want) {
			t.Errorf("%s %s accepts %q, want %q", tt.method, tt.route, got, tt.want)
		}
	}

	phases := 0

	for _, o := range catalog.Operations() {
		container, rest, _ := strings.Cut(o.Route, "/rulesets/phases/")

		phase, ok := strings.CutSuffix(rest, "/entrypoint")
		if !ok || phase == "{ruleset_phase}" {
			continue
		}

		phases++

		general := mustOperation(t, o.Method, container+"/rulesets/phases/{ruleset_phase}/entrypoint")
		if o.Accepts != general.Accepts || general.Accepts.IsEmpty() {
			t.Errorf("%s accepts %d groups, the row of any phase %d", o.Name(), o.Accepts.Len(), general.Accepts.Len())
		}
	}

	if phases != 30 {
		t.Errorf("%d operations on single phases, want 30", phases)
	}
}

func TestEveryGroupOpensAnOperation(t *testing.T) {
	t.Parallel()

	var opened catalog.GroupSet
	for _, o := range catalog.Operations() {
		opened = opened.Union(o.Accepts)
	}

	for _, g := range catalog.Groups() {
		if !opened.Has(g.Index) {
			t.Errorf("%s opens no operation", g.Ref())
		}
	}
}

// The rows that no group opens, all of them.
func TestOperationsOpenToNoGroup(t *testing.T) {
	t.Parallel()

	want := []string{
		"DELETE /accounts/{account_id}", "DELETE /user/firewall/access_rules/rules/{rule_id}",
		"DELETE /user/subscriptions/{identifier}", "GET /accounts/{account_id}/tokens/verify",
		"GET /user/billing/profile", "GET /user/firewall/access_rules/rules", "GET /user/subscriptions",
		"GET /user/tokens/verify", "PATCH /user/firewall/access_rules/rules/{rule_id}", "POST /accounts",
		"POST /user/firewall/access_rules/rules", "PUT /user/subscriptions/{identifier}",
	}

	var got []string

	for _, o := range catalog.Operations() {
		if o.Accepts.IsEmpty() {
			got = append(got, o.Name())
		}
	}

	slices.Sort(got)

	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSettledRows(t *testing.T) {
	t.Parallel()

	tests := []struct {
		method, route string
		want          []string
	}{
		{"POST", "/zones", []string{"zone:Zone Write"}},
		{"GET", "/zones", []string{"zone:Zone Read", "zone:Zone Write"}},
		{"GET", "/user/billing/profile", nil},
		{"GET", "/user/subscriptions", nil},
		{"PUT", "/user/subscriptions/{identifier}", nil},
		{"GET", "/user/firewall/access_rules/rules", nil},
		{"POST", "/accounts", nil},
		{"DELETE", "/accounts/{account_id}", nil},
		{"PUT", "/accounts/{account_id}", []string{"account:Account Settings Write"}},
		{"GET", "/certificates", []string{"zone:SSL and Certificates Read", "zone:SSL and Certificates Write"}},
	}
	for _, tt := range tests {
		if got := refs(mustOperation(t, tt.method, tt.route).Accepts); !slices.Equal(got, tt.want) {
			t.Errorf("%s %s accepts %q, want %q", tt.method, tt.route, got, tt.want)
		}
	}
}
