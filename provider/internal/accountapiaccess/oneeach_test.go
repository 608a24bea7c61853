// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess_test

import (
	"fmt"
	"strings"
	"testing"

	frameworkresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// Two resources for one account undo each other, unnoticed until the next plan, and a `moved` block renames one without a write.
func TestAccAccountAPIAccess_oneResourceEach(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.SetMemberSwitch("acme/super", new(true))
	named := func(name string) string {
		return fmt.Sprintf("resource %q %q {\n  account_id = %q\n  enabled    = false\n}\n", accountapiaccess.TypeName, name, env.ID("acme"))
	}
	renamed := fmt.Sprintf("moved {\n  from = %[1]s.test\n  to   = %[1]s.renamed\n}\n", accountapiaccess.TypeName)
	off, reset := wantSwitch(env, "acme", new(false)), wantSwitch(env, "acme", nil)
	env.Test(
		resource.TestStep{Config: env.Config(named("test"), named("second")), Check: off},
		resource.TestStep{
			// The second goes, and with it what the first has set. The plan after it is the first to show that.
			Config:             env.Config(named("test")),
			ConfigPlanChecks:   resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)}},
			Check:              reset,
			ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			Config:           env.Config(named("test")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)}},
			Check:            off,
		},
		resource.TestStep{
			PreConfig:         env.Fresh,
			Config:            env.Config(renamed, named("renamed")),
			ConfigStateChecks: []statecheck.StateCheck{env.ExpectWrites(map[string]int{})},
			Check:             off,
		},
	)
}

// The page says so.
func TestSchema_oneResourceEach(t *testing.T) {
	t.Parallel()
	var described frameworkresource.SchemaResponse
	accountapiaccess.NewResource().Schema(t.Context(), frameworkresource.SchemaRequest{}, &described)
	for _, text := range []string{"Write one resource for each account", "Destroying one of two", "only the next plan shows it", "`moved` block"} {
		if !strings.Contains(described.Schema.MarkdownDescription, text) {
			t.Errorf("the description does not say %q", text)
		}
	}
}
