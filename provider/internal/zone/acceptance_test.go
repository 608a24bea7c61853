// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package zone_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/zone"
)

const address = "data." + zone.TypeName + ".test"

func config(lines string) string {
	return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", zone.TypeName, lines)
}

func attribute(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

func TestAccZone_byNameAndByID(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	example := []statecheck.StateCheck{
		attribute("zone_id", knownvalue.StringExact(env.ID("example.com"))),
		attribute("account_id", knownvalue.StringExact(env.ID("acme"))),
		attribute("account_name", knownvalue.StringExact("Acme")),
		attribute("status", knownvalue.StringExact("active")),
		attribute("type", knownvalue.StringExact("full")),
		attribute("paused", knownvalue.Bool(false)),
		attribute("name_servers", knownvalue.ListSizeExact(2)),
	}
	env.Test(
		resource.TestStep{
			Config: env.Config(config(`name = "Example.COM."`)),
			ConfigStateChecks: append([]statecheck.StateCheck{
				attribute("name", knownvalue.StringExact("Example.COM.")),
				env.ExpectRequests(map[string]int{"GET /zones": 1}),
			}, example...),
		},
		resource.TestStep{
			PreConfig: env.Fresh,
			Config:    env.Config(config(fmt.Sprintf("zone_id = %q\n  account_id = %q", env.ID("example.com"), env.ID("acme")))),
			ConfigStateChecks: append([]statecheck.StateCheck{
				attribute("name", knownvalue.StringExact("example.com")),
				env.ExpectRequests(map[string]int{"GET /zones/{zone_id}": 1}),
			}, example...),
		},
	)
}

func TestAccZone_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := func(lines, pattern string) resource.TestStep {
		return resource.TestStep{Config: env.Config(config(lines)), ExpectError: regexp.MustCompile(pattern)}
	}
	env.Test(
		refused("", `(?i)exactly one of these attributes must be configured`),
		refused(`zone_id = "example.com"`, `an id is 32\s+lower-case\s+hexadecimal`),
		refused(`name = "example.net"`, `No such zone[\s\S]*example\.net[\s\S]*Zone\s+Read`),
		refused(fmt.Sprintf("name = \"example.com\"\n  account_id = %q", env.ID("globex")), `No such zone`),
		refused(fmt.Sprintf("zone_id = %q\n  account_id = %q", env.ID("example.com"), env.ID("globex")), `Zone lies in another account`),
		refused(`zone_id = "ffffffffffffffffffffffffffffffff"`, `read zone`),
	)
}

// One name in two accounts needs the account. The API keeps names apart within an account alone.
func TestAccZone_ambiguousName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	twice := fmt.Sprintf(`{"success":true,"errors":[],"messages":[],"result":[
		{"id":%q,"name":"example.com","status":"active","type":"full","account":{"id":%q,"name":"Acme"}},
		{"id":"00000000000000000000000000000001","name":"example.com","status":"active","type":"full","account":{"id":%q,"name":"Globex"}}],
		"result_info":{"page":1,"per_page":50,"count":2,"total_count":2,"total_pages":1}}`,
		env.ID("example.com"), env.ID("acme"), env.ID("globex"))
	env.Server.Fault(mocktest.Fault{Path: "/zones", Body: twice})
	env.Test(
		resource.TestStep{
			Config:      env.Config(config(`name = "example.com"`)),
			ExpectError: regexp.MustCompile(`Several zones have this name[\s\S]*account_id[\s\S]*\(Globex\)[\s\S]*\(Acme\)`),
		},
		resource.TestStep{
			Config:            env.Config(config(fmt.Sprintf("name = \"example.com\"\n  account_id = %q", env.ID("acme")))),
			ConfigStateChecks: []statecheck.StateCheck{attribute("zone_id", knownvalue.StringExact(env.ID("example.com")))},
		},
	)
}
