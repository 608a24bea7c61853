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

const address = "data." + account.TypeName + ".test"

func config(lines string) string {
	return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", account.TypeName, lines)
}

func attribute(path tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, path, want)
}

func TestAccAccount_byIDAndByName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	settings := tfjsonpath.New("settings")
	acme := []statecheck.StateCheck{
		attribute(tfjsonpath.New("account_id"), knownvalue.StringExact(env.ID("acme"))),
		attribute(tfjsonpath.New("name"), knownvalue.StringExact("Acme")),
		attribute(tfjsonpath.New("type"), knownvalue.StringExact("enterprise")),
		attribute(tfjsonpath.New("created_on"), knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
		attribute(settings.AtMapKey("api_access_enabled"), knownvalue.Null()),
		attribute(settings.AtMapKey("enforce_twofactor"), knownvalue.Bool(false)),
	}
	env.Test(
		resource.TestStep{
			Config: env.Config(config(fmt.Sprintf("account_id = %q", env.ID("acme")))),
			ConfigStateChecks: append([]statecheck.StateCheck{
				env.ExpectRequests(map[string]int{"GET /accounts/{account_id}": 1}),
			}, acme...),
		},
		resource.TestStep{
			PreConfig: env.Fresh,
			Config:    env.Config(config(`name = "Acme"`)),
			ConfigStateChecks: append([]statecheck.StateCheck{
				env.ExpectRequests(map[string]int{"GET /memberships": 1, "GET /accounts/{account_id}": 1}),
			}, acme...),
		},
		resource.TestStep{
			PreConfig: func() { env.SetMemberSwitch("acme/super", new(true)); env.SetAccountSwitch("acme", new(false)) },
			Config:    env.Config(config(`name = "Acme"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute(settings.AtMapKey("api_access_enabled"), knownvalue.Bool(false)),
			},
		},
		resource.TestStep{
			Config:            env.Config(config(`name = "Globex"`)),
			ConfigStateChecks: []statecheck.StateCheck{attribute(tfjsonpath.New("type"), knownvalue.StringExact("standard"))},
		},
	)
}

func TestAccAccount_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := func(config, pattern string) resource.TestStep {
		return resource.TestStep{Config: config, ExpectError: regexp.MustCompile(pattern)}
	}
	env.Test(
		refused(env.Config(config("")), `(?i)exactly one of these attributes must be configured`),
		refused(env.Config(config(fmt.Sprintf("account_id = %q\n  name = \"Acme\"", env.ID("acme")))), `(?i)exactly one of these attributes`),
		refused(env.Config(config(`account_id = "acme"`)), `an id is 32\s+lower-case\s+hexadecimal`),
		refused(env.Config(config(`name = "Akme"`)), `No such account[\s\S]*"Acme"`),
		refused(env.Config(config(`account_id = "ffffffffffffffffffffffffffffffff"`)), `Not permitted to read account`),
		refused(env.ProviderConfigFor("acme_ops")+config(`name = "Acme"`), `accounts of the caller`),
	)
}

func TestAccAccount_ambiguousName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithSeed(`
users: {super: {email: super@example.com, api_key: "0123456789abcdef0123456789abcdef00001"}}
accounts:
  one: {name: Acme, type: standard, members: {super: {roles: [Super Administrator - All Privileges]}}}
  two: {name: Acme, type: standard, members: {super: {roles: [Super Administrator - All Privileges]}}}
`))
	env.Test(
		resource.TestStep{
			Config:      env.ProviderConfigFor("super") + config(`name = "Acme"`),
			ExpectError: regexp.MustCompile(`Several accounts have this name[\s\S]*account_id`),
		},
		resource.TestStep{
			Config: env.ProviderConfigFor("super") + config(fmt.Sprintf("account_id = %q", env.ID("two"))),
		},
	)
}
