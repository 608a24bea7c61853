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

func TestAccZones(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithShuffledReplies(7))
	list := func(lines string) string {
		return env.Config(fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", zone.ListTypeName, lines))
	}
	is := func(path tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+zone.ListTypeName+".test", path, want)
	}
	zones := tfjsonpath.New("zones")
	env.Test(
		resource.TestStep{Config: list(`status = "gone"`), ExpectError: regexp.MustCompile(`(?i)status value must be one of`)},
		resource.TestStep{
			PreConfig: env.Fresh,
			Config:    list(fmt.Sprintf("account_id = %q", env.ID("acme"))),
			ConfigStateChecks: []statecheck.StateCheck{
				env.ExpectRequests(map[string]int{"GET /zones": 1}),
				is(zones.AtSliceIndex(0).AtMapKey("zone_id"), knownvalue.StringExact(env.ID("example.com"))),
				is(zones.AtSliceIndex(0).AtMapKey("account_name"), knownvalue.StringExact("Acme")),
				is(zones.AtSliceIndex(0).AtMapKey("name_servers"), knownvalue.NotNull()),
				is(zones.AtSliceIndex(1).AtMapKey("name"), knownvalue.StringExact("example.org")),
			},
		},
		resource.TestStep{
			Config: list(`name_contains = "Globex."`),
			ConfigStateChecks: []statecheck.StateCheck{
				is(zones, knownvalue.ListSizeExact(1)), is(zones.AtSliceIndex(0).AtMapKey("zone_id"), knownvalue.StringExact(env.ID("globex.example"))),
			},
		},
		resource.TestStep{
			Config:            list(`status = "moved"`),
			ConfigStateChecks: []statecheck.StateCheck{is(zones, knownvalue.ListSizeExact(0))},
		},
	)
}
