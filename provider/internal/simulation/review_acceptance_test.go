// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

// A review that a token must not write DNS records holds a plan back for one that may write some of them, whether
// it asks the function or the data source, and which of the two answers it asks for.
func TestAccSimulation_reviewsFailClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	records := func(kind, name string) string {
		return fmt.Sprintf(`{ records = { permission_groups = ["DNS Write"], resources = { dns_records = [{ zone_id = "$zone", type = %q, name = %q }] } } }`, kind, name)
	}
	function := func(operation, policies string) string {
		return w.Config(w.names.Replace(fmt.Sprintf(`
terraform {
  required_providers {
    accesscontrol = {}
  }
}
resource "accesscontrol_api_token" "test" {
  name     = "reviewed"
  policies = %s
  lifecycle {
    postcondition {
      condition     = !provider::accesscontrol::can(self.policies, %q, { account_id = "$acme", zone_id = "$zone" })
      error_message = "It must not write DNS records."
    }
  }
}
`, policies, operation)))
	}
	source := func(operation, policies string) string {
		return w.Config(w.names.Replace(fmt.Sprintf(`
data %q "test" {
  policies  = %s
  operation = %q
  target    = { account_id = "$acme", zone_id = "$zone" }
  lifecycle {
    postcondition {
      condition     = self.policy_allows == false
      error_message = "It must not write DNS records."
    }
  }
}
`, simulation.TypeName, policies, operation)))
	}
	const post = "POST /zones/{zone_id}/dns_records"
	var steps []resource.TestStep
	for _, policies := range []string{records("*", "*.example.com"), records("TXT", "_acme-challenge.*")} {
		for _, operation := range []string{"DNS Write", post} {
			steps = append(steps,
				resource.TestStep{Config: function(operation, policies), PlanOnly: true, ExpectError: regexp.MustCompile(`(?i)record\s+is\s+missing:\s+the\s+answer\s+depends\s+on\s+the\s+record`)},
				resource.TestStep{Config: source(operation, policies), PlanOnly: true, ExpectError: regexp.MustCompile(`It must not write DNS records\.`)},
			)
		}
	}
	elsewhere := `{ records = { permission_groups = ["DNS Write"], resources = { dns_records = [{ zone_id = "$other", type = "*", name = "*" }] } } }`
	steps = append(steps,
		resource.TestStep{Config: function("DNS Write", elsewhere), PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{Config: source("DNS Write", elsewhere), PlanOnly: true},
	)
	w.Test(steps...)
}
