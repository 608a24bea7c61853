// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package permissiongroup_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/permissiongroup"
)

const dnsWrite = "4755a26eedb94da69e1066d98aa820be"

func config(typeName, lines string) string {
	return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", typeName, lines)
}

func TestAccPermissionGroup_everyAttribute(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := func(lines, name string) resource.TestStep {
		attribute := func(attribute string, want knownvalue.Check) statecheck.StateCheck {
			return statecheck.ExpectKnownValue("data."+permissiongroup.TypeName+".test", tfjsonpath.New(attribute), want)
		}
		return resource.TestStep{
			Config: env.Config(config(permissiongroup.TypeName, lines)),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("id", knownvalue.StringExact(dnsWrite)),
				attribute("name", knownvalue.StringExact(name)),
				attribute("api_name", knownvalue.StringExact("DNS Write")),
				attribute("reference", knownvalue.StringExact("zone:DNS Write")),
				attribute("scope", knownvalue.StringExact("zone")),
				attribute("scopes", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("com.cloudflare.api.account.zone")})),
				attribute("family", knownvalue.StringExact("DNS")),
				attribute("level", knownvalue.StringExact("write")),
				attribute("aliases", knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.StringExact("DNS Edit")})),
				env.ExpectRequests(map[string]int{}),
			},
		}
	}
	env.Test(
		step(`name = "DNS Write"`, "DNS Write"),
		step(`name = "DNS Edit"`, "DNS Edit"),
		step(`name = "zone:DNS Write"`, "zone:DNS Write"),
		step(`id = "`+dnsWrite+`"`, "DNS Write"),
		step("name = \"DNS Write\"\n  scope = \"zone\"", "DNS Write"),
	)
}

func TestAccPermissionGroup_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := func(lines, pattern string) resource.TestStep {
		return resource.TestStep{
			Config: env.Config(config(permissiongroup.TypeName, lines)), ExpectError: regexp.MustCompile(pattern),
		}
	}
	env.Test(
		refused("", `(?i)exactly one of these attributes must be configured`),
		refused(`name = "DNS Wrte"`, `Unknown permission group[\s\S]*"DNS Write"`),
		refused(`name = "Access: Apps and Policies Read"`, `Ambiguous permission group[\s\S]*"account:Access: Apps and\s+Policies Read"`),
		refused("name = \"DNS Write\"\n  scope = \"account\"", `Two scopes are named`),
		refused("name = \"DNS Write\"\n  scope = \"Zone\"", `"user"[\s\S]*"r2"`),
		refused(`id = "00000000000000000000000000000000"`, `Unknown permission group`),
	)
}

// A name that is known only at the apply is looked up there.
func TestAccPermissionGroup_unknownName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(resource.TestStep{
		Config: env.Config(`
resource "terraform_data" "name" {
  input = "DNS Edit"
}
`, config(permissiongroup.TypeName, "name = terraform_data.name.output")),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(
			"data."+permissiongroup.TypeName+".test", tfjsonpath.New("id"), knownvalue.StringExact(dnsWrite))},
	})
}

func TestAccPermissionGroups_filters(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const address = "data." + permissiongroup.ListTypeName + ".test"
	groups := tfjsonpath.New("permission_groups")
	step := func(lines string, checks ...statecheck.StateCheck) resource.TestStep {
		return resource.TestStep{
			Config:            env.Config(config(permissiongroup.ListTypeName, lines)),
			ConfigStateChecks: append(checks, env.ExpectRequests(map[string]int{})),
		}
	}
	size := func(n int) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, groups, knownvalue.ListSizeExact(n))
	}
	env.Test(
		step("", size(len(catalog.Groups()))),
		step(`name_contains = "no such thing"`, size(0)),
		step("scope = \"zone\"\n  family = \"DNS\"\n  level = \"write\"\n  name_contains = \"edit\"", size(1),
			statecheck.ExpectKnownValue(address, groups.AtSliceIndex(0), knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id":        knownvalue.StringExact(dnsWrite),
				"name":      knownvalue.StringExact("DNS Write"),
				"reference": knownvalue.StringExact("zone:DNS Write"),
				"scope":     knownvalue.StringExact("zone"),
				"scopes":    knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("com.cloudflare.api.account.zone")}),
				"family":    knownvalue.StringExact("DNS"),
				"level":     knownvalue.StringExact("write"),
				"aliases":   knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.StringExact("DNS Edit")}),
			}))),
	)
}

func TestAccPermissionGroups_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := func(lines, pattern string) resource.TestStep {
		return resource.TestStep{
			Config: env.Config(config(permissiongroup.ListTypeName, lines)), ExpectError: regexp.MustCompile(pattern),
		}
	}
	env.Test(
		refused(`scope = "bucket"`, `"user"[\s\S]*"r2"`),
		refused(`level = "edit"`, `"read"[\s\S]*"write"`),
		refused(`family = "dns"`, `Unknown family of permission groups[\s\S]*DNS`),
	)
}
