// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package account_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/account"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

func TestAccAccounts(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithShuffledReplies(7))
	list := func(lines string) string {
		return env.Config(fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", account.ListTypeName, lines))
	}
	at := func(i int, name string) tfjsonpath.Path {
		return tfjsonpath.New("accounts").AtSliceIndex(i).AtMapKey(name)
	}
	is := func(path tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+account.ListTypeName+".test", path, want)
	}
	env.Test(
		resource.TestStep{Config: list(`type = "business"`), ExpectError: regexp.MustCompile(`(?i)type value must be one of`)},
		resource.TestStep{Config: env.ProviderConfigFor("acme_ops") + fmt.Sprintf("data %q \"test\" {}\n", account.ListTypeName), ExpectError: regexp.MustCompile(`does\s+not\s+support\s+account\s+owned\s+tokens`)},
		resource.TestStep{
			PreConfig: env.Fresh,
			Config:    list(""),
			ConfigStateChecks: []statecheck.StateCheck{
				env.ExpectRequests(map[string]int{"GET /accounts": 1}),
				is(tfjsonpath.New("accounts"), knownvalue.ListSizeExact(2)),
				is(at(0, "account_id"), knownvalue.StringExact(env.ID("acme"))),
				is(at(0, "type"), knownvalue.StringExact("enterprise")),
				is(at(0, "settings"), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"api_access_enabled": knownvalue.Null(), "enforce_twofactor": knownvalue.Bool(false),
				})),
				is(at(1, "name"), knownvalue.StringExact("Globex")),
				is(at(1, "created_on"), knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-.*Z$`))),
			},
		},
		resource.TestStep{
			Config:            list(`name_contains = "LOB"`),
			ConfigStateChecks: []statecheck.StateCheck{is(tfjsonpath.New("accounts"), knownvalue.ListSizeExact(1)), is(at(0, "name"), knownvalue.StringExact("Globex"))},
		},
		resource.TestStep{
			Config:            list("name_contains = \"LOB\"\n  type = \"enterprise\""),
			ConfigStateChecks: []statecheck.StateCheck{is(tfjsonpath.New("accounts"), knownvalue.ListSizeExact(0))},
		},
	)
}
