// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

const (
	reportAddress = "data." + simulation.ReportTypeName + ".test"

	listUserTokens    = "GET /user/tokens"
	listAccountTokens = "GET /accounts/{account_id}/tokens"
)

func report(env *acctest.Env, account string) string {
	return fmt.Sprintf("data %q \"test\" {\n  account_id = %q\n}\n", simulation.ReportTypeName, env.ID(account))
}

func reported(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New(name), want)
}

func row(attributes map[string]knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectPartial(attributes)
}

func TestAccAccountAPIAccessReport(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithShuffledReplies(5))
	env.SetMemberSwitch("acme/ci", new(false))
	env.SetMemberSwitch("acme/super", new(true))
	env.SetAccountSwitch("acme", new(false))
	acme, text := env.ID("acme"), knownvalue.StringExact
	// A token of Terraform's own user that reaches neither the account nor anything in it.
	env.Must("super", http.MethodPost, "/user/tokens", map[string]any{
		"name": "elsewhere", "policies": []any{map[string]any{
			"effect": "allow", "permission_groups": []any{map[string]any{"id": "c8fed203ed3043cba015a93ad1616f1f"}},
			"resources": map[string]any{
				"com.cloudflare.api.account." + env.ID("globex"):              map[string]any{"com.cloudflare.api.account.zone.*": "*"},
				"com.cloudflare.api.account.zone." + env.ID("globex.example"): "*",
			},
		}},
	})
	member := func(email, setting string, effective bool, reason string) knownvalue.Check {
		return row(map[string]knownvalue.Check{
			"email": text(email), "api_access": text(setting), "effective_api_access": knownvalue.Bool(effective),
			"effective_api_access_reason": knownvalue.StringRegexp(regexp.MustCompile(reason)),
		})
	}
	env.Test(resource.TestStep{
		PreConfig: env.Fresh,
		Config:    env.Config(report(env, "acme")),
		ConfigStateChecks: []statecheck.StateCheck{
			reported("account_name", text("Acme")), reported("account_type", text("enterprise")),
			reported("api_access_enabled", knownvalue.Bool(false)), reported("unknown_facts", knownvalue.SetExact(nil)),
			reported("members", knownvalue.ListExact([]knownvalue.Check{
				member("admin@example.com", "account_default", false, `follows the account, whose switch is off`),
				member("ci@example.com", "disabled", false, `own setting is disabled`),
				member("dns@example.com", "account_default", false, `switch is off`),
				member("pending@example.com", "account_default", false, `The membership is pending`),
				member("super@example.com", "enabled", true, `own setting is enabled`),
				member("viewer@example.com", "account_default", false, `switch is off`),
			})),
			reported("tokens", knownvalue.ListExact([]knownvalue.Check{
				row(map[string]knownvalue.Check{
					"token_id": text(env.ID("token:acme_ops")), "owner": text("account"), "status": text("active"), "expires_on": knownvalue.Null(),
					"manages_tokens": knownvalue.Bool(false), "effective_api_access": knownvalue.Bool(false), "usable": knownvalue.Bool(false),
					"effective_api_access_reason": text("A token of the account has no member and follows the account, whose switch is off."),
					"reaches_by": knownvalue.ListExact([]knownvalue.Check{
						text("allow Account Settings Read on account " + acme), text("allow Cache Purge on all zones of account " + acme),
						text("allow DNS Write on all zones of account " + acme), text("allow Zone Read on all zones of account " + acme),
					}),
				}),
				row(map[string]knownvalue.Check{
					"token_id": text(env.ID("token:terraform")), "owner": text("user"), "manages_tokens": knownvalue.Bool(true),
					"effective_api_access": knownvalue.Bool(true), "usable": knownvalue.Bool(true), "reaches_by": knownvalue.ListPartial(map[int]knownvalue.Check{
						0: text("allow API Tokens Write on the token's user"),
						1: text("allow Account API Tokens Write on account " + acme),
					}),
				}),
			})),
			reported("notes", knownvalue.ListPartial(map[int]knownvalue.Check{
				0: knownvalue.StringRegexp(regexp.MustCompile(`^Blocking a member does not touch account-owned tokens`)),
				1: knownvalue.StringRegexp(regexp.MustCompile(`^Tokens of other members cannot be listed over the API`)),
			})),
			env.ExpectRequests(map[string]int{getAccount: 1, getMembers: 1, listAccountTokens: 1, listUserTokens: 1, getZone: 1, getUser: 1}),
			env.ExpectSecretsHidden(),
		},
	})
}

// What may not be read is said; who may not even read the account gets no report.
func TestAccAccountAPIAccessReport_notAllToBeRead(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(
		resource.TestStep{
			Config:      env.ProviderConfigFor("ci_dns") + report(env, "acme"),
			ExpectError: regexp.MustCompile(`Not permitted to read account`),
		},
		resource.TestStep{
			Config:      env.Config("data \"" + simulation.ReportTypeName + "\" \"test\" {\n  account_id = \"acme\"\n}\n"),
			ExpectError: regexp.MustCompile(`an id is 32\s+lower-case\s+hexadecimal`),
		},
		resource.TestStep{
			Config: env.ProviderConfigFor("viewer_read") + report(env, "acme"),
			ConfigStateChecks: []statecheck.StateCheck{
				reported("members", knownvalue.ListSizeExact(6)), reported("tokens", knownvalue.ListExact(nil)),
				reported("unknown_facts", knownvalue.SetPartial([]knownvalue.Check{
					knownvalue.StringRegexp(regexp.MustCompile(`^the tokens that the account owns \(GET /accounts/`)),
					knownvalue.StringRegexp(regexp.MustCompile(`^the tokens of the user that Terraform runs as \(GET /user/tokens: `)),
				})),
			},
		},
	)
}
