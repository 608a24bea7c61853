// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package member_test

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
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/member"
)

func TestAccAccountMembers(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithShuffledReplies(7))
	list := func(lines string) string {
		return env.Config(fmt.Sprintf("data %q \"test\" {\n  account_id = %q\n  %s\n}\n", member.ListTypeName, env.ID("acme"), lines))
	}
	members := tfjsonpath.New("members")
	is := func(path tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+member.ListTypeName+".test", path, want)
	}
	of := func(i int, name string) tfjsonpath.Path { return members.AtSliceIndex(i).AtMapKey(name) }
	env.Test(
		resource.TestStep{Config: list(`api_access = "off"`), ExpectError: regexp.MustCompile(`(?i)api_access value must be one\s+of`)},
		resource.TestStep{
			PreConfig: func() { env.SetMemberSwitch("acme/ci", new(false)); env.Fresh() },
			Config:    list(`email_contains = "@Example.com"`),
			ConfigStateChecks: []statecheck.StateCheck{
				env.ExpectRequests(map[string]int{"GET /accounts/{account_id}": 1, "GET /accounts/{account_id}/members": 1}),
				is(of(0, "email"), knownvalue.StringExact("admin@example.com")),
				is(of(1, "email"), knownvalue.StringExact("ci@example.com")),
				is(of(1, "member_id"), knownvalue.StringExact(env.ID("acme/ci"))),
				is(of(1, "api_access"), knownvalue.StringExact("disabled")),
				is(of(1, "effective_api_access"), knownvalue.Bool(false)),
				is(of(1, "roles"), knownvalue.NotNull()),
				is(of(2, "email"), knownvalue.StringExact("dns@example.com")),
				is(of(2, "effective_api_access"), knownvalue.Bool(true)),
			},
		},
		resource.TestStep{
			Config:            list(`api_access = "disabled"`),
			ConfigStateChecks: []statecheck.StateCheck{is(members, knownvalue.ListSizeExact(1))},
		},
		resource.TestStep{
			Config:            list(`status = "rejected"`),
			ConfigStateChecks: []statecheck.StateCheck{is(members, knownvalue.ListSizeExact(0))},
		},
	)
}
