// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package zone

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	zones := func() []client.Zone {
		return []client.Zone{
			{ID: "z2", Name: "example.com", Account: client.AccountRef{ID: "a2", Name: "Globex"}},
			{ID: "z1", Name: "example.com", Account: client.AccountRef{ID: "a1", Name: "Acme"}},
			{ID: "z3", Name: "Example.org", Account: client.AccountRef{ID: "a1", Name: "Acme"}},
		}
	}
	tests := []struct {
		name, zone, account, want, problem, says string
	}{
		{"one", "example.org", "", "z3", "", ""},
		{"settled by the account", "example.com", "a2", "z2", "", ""},
		{"several", "example.com", "", "", "Several zones have this name", "  - z1 in account a1 (Acme)\n  - z2 in account a2 (Globex)"},
		{"none, though the list was not filtered", "example.net", "", "", "No such zone", "any account"},
		{"none in the account", "example.org", "a2", "", "No such zone", "in account a2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, problem := choose(zones(), test.zone, test.account)
			switch {
			case test.want != "" && (problem != nil || got.ID != test.want):
				t.Errorf("got %v, %v; want %s", got, problem, test.want)
			case test.problem != "" && (problem == nil || problem.Summary() != test.problem || !strings.Contains(problem.Detail(), test.says)):
				t.Errorf("got %v, %v; want %q saying %q", got, problem, test.problem, test.says)
			}
		})
	}
}

func TestZoneModel_fromAPI(t *testing.T) {
	t.Parallel()
	zone := client.Zone{
		ID: "z1", Name: "example.com", Status: "active", Type: "full", Paused: true,
		Account: client.AccountRef{ID: "a1", Name: "Acme"}, NameServers: []string{"b.ns.example", "a.ns.example"},
	}
	want := zoneModel{
		ZoneID: types.StringValue("z1"), Name: types.StringValue("Example.com."),
		AccountID: types.StringValue("a1"), AccountName: types.StringValue("Acme"),
		Status: types.StringValue("active"), Type: types.StringValue("full"), Paused: types.BoolValue(true),
		NameServers: []types.String{types.StringValue("a.ns.example"), types.StringValue("b.ns.example")},
	}
	got := zoneModel{Name: types.StringValue("Example.com.")}
	got.fromAPI(&zone)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if name := normal(got.Name.ValueString()); name != zone.Name {
		t.Errorf("normal name %q, want %q", name, zone.Name)
	}
	zone.NameServers = nil
	got = zoneModel{}
	got.fromAPI(&zone)
	if got.NameServers == nil || got.Name.ValueString() != zone.Name {
		t.Errorf("name servers %v, name %s; want an empty list and the API's name", got.NameServers, got.Name)
	}
}
