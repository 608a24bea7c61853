// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"strings"
	"testing"

	frameworkresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// TestOneResourceEach shows what two resources for one switch do: they undo each other, unnoticed until the next plan,
// and a `moved` block renames one without a write. The function writes the resource of that name; the checks hold where
// the switch has the configured value, and its default.
func (e *Env) TestOneResourceEach(typeName string, named func(name string) string, set, reset resource.TestCheckFunc) {
	e.t.Helper()
	planned := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(typeName+".test", action)}}
	}
	moved := fmt.Sprintf("moved {\n  from = %[1]s.test\n  to   = %[1]s.renamed\n}\n", typeName)
	e.Test(
		resource.TestStep{Config: e.Config(named("test"), named("second")), Check: set},
		resource.TestStep{
			// The second goes, and with it what the first has set. The plan after it is the first to show that.
			Config: e.Config(named("test")), ConfigPlanChecks: planned(plancheck.ResourceActionNoop), Check: reset, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{Config: e.Config(named("test")), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: set},
		resource.TestStep{
			PreConfig: e.Fresh, Config: e.Config(moved, named("renamed")), Check: set,
			ConfigStateChecks: []statecheck.StateCheck{e.ExpectWrites(map[string]int{})},
		},
	)
}

// DescribesOneResourceEach expects that the page of such a resource says so, for each noun.
func DescribesOneResourceEach(t *testing.T, r frameworkresource.Resource, noun string) {
	t.Helper()
	var described frameworkresource.SchemaResponse
	r.Schema(t.Context(), frameworkresource.SchemaRequest{}, &described)
	for _, text := range []string{"Write one resource for each " + noun, "Destroying one of two", "only the next plan shows it", "`moved` block"} {
		if !strings.Contains(described.Schema.MarkdownDescription, text) {
			t.Errorf("the description does not say %q", text)
		}
	}
}
