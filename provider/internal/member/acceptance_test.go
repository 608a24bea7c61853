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

const address = "data." + member.TypeName + ".test"

func config(env *acctest.Env, account, line string) string {
	return fmt.Sprintf("data %q \"test\" {\n  account_id = %q\n  %s\n}\n", member.TypeName, env.ID(account), line)
}

func attribute(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

func TestAccMember_everyAttribute(t *testing.T) {
	t.Parallel()
	// The order of roles must not show, whatever the API's is.
	env := acctest.New(t, mocktest.WithShuffledReplies(7))
	role := func(name string) knownvalue.Check {
		return knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"id":   knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{32}$`)),
			"name": knownvalue.StringExact(name),
		})
	}
	ci := []statecheck.StateCheck{
		attribute("account_id", knownvalue.StringExact(env.ID("acme"))),
		attribute("member_id", knownvalue.StringExact(env.ID("acme/ci"))),
		attribute("status", knownvalue.StringExact("accepted")),
		attribute("user_id", knownvalue.StringExact(env.ID("user:ci"))),
		attribute("first_name", knownvalue.StringExact("Cory")),
		attribute("last_name", knownvalue.StringExact("Integration")),
		attribute("roles", knownvalue.ListExact([]knownvalue.Check{
			role("Cache Purge"), role("DNS"), role("SSL/TLS, Caching, Performance, Page Rules, and Customization"),
		})),
		attribute("api_access", knownvalue.StringExact("account_default")),
		attribute("effective_api_access", knownvalue.Bool(true)),
		attribute("effective_api_access_reason", knownvalue.StringRegexp(regexp.MustCompile(`never set and counts as on`))),
	}
	env.Test(
		resource.TestStep{
			Config: env.Config(config(env, "acme", `email = "CI@example.com"`)),
			ConfigStateChecks: append([]statecheck.StateCheck{
				attribute("email", knownvalue.StringExact("CI@example.com")),
				env.ExpectRequests(map[string]int{"GET /accounts/{account_id}/members": 1, "GET /accounts/{account_id}": 1}),
			}, ci...),
		},
		resource.TestStep{
			Config: env.Config(config(env, "acme", fmt.Sprintf("member_id = %q", env.ID("acme/ci")))),
			ConfigStateChecks: append([]statecheck.StateCheck{
				attribute("email", knownvalue.StringExact("ci@example.com")),
			}, ci...),
		},
	)
}

// The member's own setting beats the account's in both directions.
func TestAccMember_effectiveAPIAccess(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.SetMemberSwitch("acme/super", new(true))
	step := func(account, own *bool, effective bool, reason string) resource.TestStep {
		return resource.TestStep{
			PreConfig: func() { env.SetAccountSwitch("acme", account); env.SetMemberSwitch("acme/ci", own) },
			Config:    env.Config(config(env, "acme", `email = "ci@example.com"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("effective_api_access", knownvalue.Bool(effective)),
				attribute("effective_api_access_reason", knownvalue.StringRegexp(regexp.MustCompile(reason))),
			},
		}
	}
	env.Test(
		step(new(false), nil, false, `follows the account, whose switch is off`),
		step(new(false), new(true), true, `own setting is enabled`),
		step(new(true), new(false), false, `own setting is disabled`),
		step(new(true), nil, true, `whose switch is on`),
	)
}

func TestAccMember_pendingAndStandard(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(
		resource.TestStep{
			Config: env.Config(config(env, "acme", `email = "pending@example.com"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("status", knownvalue.StringExact("pending")),
				attribute("effective_api_access_reason", knownvalue.StringRegexp(regexp.MustCompile(`membership is pending`))),
			},
		},
		resource.TestStep{
			Config: env.Config(config(env, "globex", `email = "super@example.com"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("effective_api_access", knownvalue.Bool(true)),
				attribute("effective_api_access_reason", knownvalue.StringRegexp(regexp.MustCompile(`standard one`))),
			},
		},
	)
}

func TestAccMember_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := func(line, pattern string) resource.TestStep {
		return resource.TestStep{Config: env.Config(config(env, "acme", line)), ExpectError: regexp.MustCompile(pattern)}
	}
	env.Test(
		refused("", `(?i)exactly one of these attributes must be configured`),
		refused(`email = "nobody@example.com"`, `No such account member[\s\S]*nobody@example\.com`),
		refused(`member_id = "00000000000000000000000000000000"`, `Account member not found`),
		resource.TestStep{
			Config:      env.ProviderConfigFor("ci_dns") + config(env, "acme", `email = "ci@example.com"`),
			ExpectError: regexp.MustCompile(`Not permitted to list account members`),
		},
	)
}
