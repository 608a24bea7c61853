// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package permissiongroup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

const (
	dnsWriteID  = "4755a26eedb94da69e1066d98aa820be"
	accountDNS  = "Account DNS Settings Write"
	otherScope  = "Access: Apps and Policies Read"
	missingName = "DNS Wrte"
)

func TestByName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, scope, wantRef string
	}{
		{"DNS Write", "", "zone:DNS Write"},
		{"DNS Edit", "", "zone:DNS Write"},
		{"zone:DNS Write", "", "zone:DNS Write"},
		{"zone:DNS Write", "zone", "zone:DNS Write"},
		{"DNS Write", "zone", "zone:DNS Write"},
		{dnsWriteID, "", "zone:DNS Write"},
		{dnsWriteID, "zone", "zone:DNS Write"},
		{accountDNS, "", "account:" + accountDNS},
		{otherScope, "account", "account:" + otherScope},
		{otherScope, "zone", "zone:" + otherScope},
		{"zone:" + otherScope, "", "zone:" + otherScope},
	}
	for _, test := range tests {
		t.Run(test.scope+" "+test.name, func(t *testing.T) {
			t.Parallel()
			group, problem := byName(test.name, test.scope)
			if problem != nil {
				t.Fatalf("refused: %s: %s", problem.Summary(), problem.Detail())
			}
			if group.Ref() != test.wantRef {
				t.Errorf("got %q, want %q", group.Ref(), test.wantRef)
			}
		})
	}
}

func TestByName_refused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		title, name, scope, summary string
		says                        []string
	}{
		{"several scopes", otherScope, "", "Ambiguous permission group", []string{`"account:` + otherScope + `"`, `"zone:` + otherScope + `"`}},
		{"misspelled", missingName, "", "Unknown permission group", []string{`"DNS Write"`}},
		{"misspelled in a scope", missingName, "zone", "Unknown permission group", []string{`"DNS Write"`}},
		{"misspelled behind its scope", "zone:" + missingName, "zone", "Unknown permission group", []string{`"DNS Write"`}},
		{"nothing like it", "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "", "Unknown permission group", []string{"accesscontrol_permission_groups"}},
		{"two scopes", "zone:DNS Write", "account", "Two scopes are named", []string{"scope zone", "account"}},
		{"an id and another scope", dnsWriteID, "user", "Two scopes are named", []string{"scope zone"}},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			group, problem := byName(test.name, test.scope)
			if problem == nil {
				t.Fatalf("found %q, want a refusal", group.Ref())
			}
			checkProblem(t, problem, test.summary, test.says)
		})
	}
}

func TestOneModel_group(t *testing.T) {
	t.Parallel()
	t.Run("by id", func(t *testing.T) {
		t.Parallel()
		config := oneModel{ID: types.StringValue(dnsWriteID)}
		group, problem := config.group()
		if problem != nil {
			t.Fatal(problem.Detail())
		}
		config.fromCatalog(group)
		if got := config.Name.ValueString(); got != "DNS Write" {
			t.Errorf("name %q", got)
		}
	})
	t.Run("a name stays as it is written", func(t *testing.T) {
		t.Parallel()
		config := oneModel{Name: types.StringValue("DNS Edit")}
		group, problem := config.group()
		if problem != nil {
			t.Fatal(problem.Detail())
		}
		config.fromCatalog(group)
		if config.Name.ValueString() != "DNS Edit" || config.APIName.ValueString() != "DNS Write" {
			t.Errorf("name %s, api_name %s", config.Name, config.APIName)
		}
		want := []types.String{types.StringValue("com.cloudflare.api.account.zone")}
		if diff := cmp.Diff(want, config.Scopes); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an unknown id", func(t *testing.T) {
		t.Parallel()
		config := oneModel{ID: types.StringValue("ffffffffffffffffffffffffffffffff")}
		_, problem := config.group()
		checkProblem(t, problem, "Unknown permission group", []string{"ffffffff"})
	})
	t.Run("an id of another scope", func(t *testing.T) {
		t.Parallel()
		config := oneModel{ID: types.StringValue(dnsWriteID), Scope: types.StringValue("account")}
		_, problem := config.group()
		checkProblem(t, problem, "Two scopes are named", nil)
	})
}

func TestFilter_list(t *testing.T) {
	t.Parallel()
	all := filter{}.list()
	if len(all) != len(catalog.Groups()) {
		t.Fatalf("no filter: %d of %d groups", len(all), len(catalog.Groups()))
	}
	for i := 1; i < len(all); i++ {
		if a, b := all[i-1], all[i]; a.Name > b.Name || a.Name == b.Name && a.Scope >= b.Scope {
			t.Errorf("not sorted: %q before %q", a.Ref(), b.Ref())
		}
	}
	sum := 0
	for _, scope := range scopes() {
		sum += len(filter{scope: scope}.list())
	}
	if sum != len(all) {
		t.Errorf("the scopes have %d groups together, want %d", sum, len(all))
	}
	tests := []struct {
		name   string
		filter filter
		want   []string
	}{
		{"family of one scope", filter{family: "DNS", scope: "zone"}, []string{"zone:DNS Read", "zone:DNS Write"}},
		{"family and level", filter{family: "DNS", scope: "zone", level: "read"}, []string{"zone:DNS Read"}},
		{"in other letter case, and by alias", filter{nameContains: "dns eDIT", scope: "zone"}, []string{"zone:DNS Write"}},
		{"nothing", filter{nameContains: "no such thing"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, group := range test.filter.list() {
				got = append(got, group.Ref())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckFamily(t *testing.T) {
	t.Parallel()
	for _, known := range []types.String{types.StringNull(), types.StringValue("DNS")} {
		if diags := checkFamily(known); len(diags) != 0 {
			t.Errorf("%s: %v", known, diags)
		}
	}
	diags := checkFamily(types.StringValue("dns"))
	if len(diags) != 1 {
		t.Fatalf("got %v", diags)
	}
	checkProblem(t, diags[0], "Unknown family of permission groups", []string{"  - DNS"})
	diags = checkFamily(types.StringValue("qqqqqqqqqqqqqqqqqqqq"))
	if len(diags) != 1 {
		t.Fatalf("got %v", diags)
	}
	checkProblem(t, diags[0], "Unknown family of permission groups", []string{"Leave the filter out"})
}

// Every group is found by what the list says of it, and means the same when it comes back.
func TestGroupOf_roundTrip(t *testing.T) {
	t.Parallel()
	groups := catalog.Groups()
	for i := range groups {
		model := groupOf(&groups[i])
		for _, ref := range []string{model.ID.ValueString(), model.Reference.ValueString()} {
			found, problem := byName(ref, model.Scope.ValueString())
			if problem != nil || found.ID != groups[i].ID {
				t.Errorf("%q does not lead back to %s", ref, groups[i].ID)
			}
		}
		if model.Aliases == nil {
			t.Errorf("%s: aliases are null", groups[i].ID)
		}
	}
}

func checkProblem(t *testing.T, problem diag.Diagnostic, summary string, says []string) {
	t.Helper()
	if problem == nil {
		t.Fatal("no problem")
	}
	if problem.Summary() != summary {
		t.Errorf("summary %q, want %q", problem.Summary(), summary)
	}
	for _, want := range says {
		if !strings.Contains(problem.Detail(), want) {
			t.Errorf("detail lacks %q:\n%s", want, problem.Detail())
		}
	}
}
