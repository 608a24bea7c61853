// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

const (
	address = accountapiaccess.TypeName + ".test"
	read    = "GET /accounts/{account_id}"
	write   = "PUT /accounts/{account_id}"

	// twoEnterprises is a world with two accounts that have the switch.
	twoEnterprises = `
users:
  super: {email: super@example.com, api_key: "0123456789abcdef0123456789abcdef00001"}
accounts:
  acme:
    name: Acme
    type: enterprise
    settings: {enforce_twofactor: true}
    members: {super: {roles: [Super Administrator - All Privileges]}}
  globex:
    name: Globex
    type: enterprise
    members: {super: {roles: [Super Administrator - All Privileges]}}
tokens:
  terraform:
    user: super
    policies:
      - {permission_groups: [User Details Read, Memberships Read], resources: {user: self}}
      - {permission_groups: ["account:Account Settings Write"], resources: {accounts: [acme, globex]}}
  unnamed:
    user: super
    policies:
      - {permission_groups: ["account:Account Settings Write"], resources: {accounts: [acme, globex]}}
`
)

// config is the resource alone.
func config(env *acctest.Env, account string, enabled bool, lines ...string) string {
	return fmt.Sprintf("resource %q \"test\" {\n  account_id = %q\n  enabled = %t\n  %s\n}\n",
		accountapiaccess.TypeName, env.ID(account), enabled, strings.Join(lines, "\n  "))
}

// documented is the order that keeps Terraform's own access: first the override, then the switch.
func documented(env *acctest.Env, enabled bool) string {
	return fmt.Sprintf(`
resource "accesscontrol_account_member_api_access" "operator" {
  account_id = %[1]q
  email      = "super@example.com"
  api_access = "enabled"
}

resource %[2]q "test" {
  account_id = %[1]q
  enabled    = %[3]t
  depends_on = [accesscontrol_account_member_api_access.operator]
}
`, env.ID("acme"), accountapiaccess.TypeName, enabled)
}

func wantSwitch(env *acctest.Env, account string, want *bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if diff := cmp.Diff(want, env.AccountSwitch(account)); diff != "" {
			return fmt.Errorf("switch of %s: %s", account, diff)
		}
		return nil
	}
}

func attribute(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

func TestAccAccountAPIAccess_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	on := env.Config(config(env, "acme", true))
	env.TestCase(resource.TestCase{
		CheckDestroy: wantSwitch(env, "acme", nil),
		Steps: []resource.TestStep{
			{
				Config: on,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
					env.ExpectRequests(map[string]int{read: 1}), // whether the account has a switch
				}},
				Check: wantSwitch(env, "acme", new(true)),
				ConfigStateChecks: []statecheck.StateCheck{
					attribute("account_id", knownvalue.StringExact(env.ID("acme"))),
					attribute("enabled", knownvalue.Bool(true)),
					attribute("allow_self_lockout", knownvalue.Null()),
					env.ExpectWrites(map[string]int{write: 1}),
					env.ExpectSecretsHidden(),
				},
			},
			{
				PreConfig: env.Fresh,
				Config:    on,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectEmptyPlan(),
					env.ExpectRequests(map[string]int{read: 1}),
				}},
			},
			{
				ResourceName:                         address,
				ImportState:                          true,
				ImportStateId:                        env.ID("acme"),
				ImportStateVerify:                    true,
				ImportStateVerifyIdentifierAttribute: "account_id",
			},
			{
				ResourceName:    address,
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
				ImportStateId:   env.ID("acme"),
			},
			{
				ResourceName:  address,
				ImportState:   true,
				ImportStateId: "acme",
				ExpectError:   regexp.MustCompile(`Invalid import ID[\s\S]*32 lower-case\s+hexadecimal\s+digits`),
			},
		},
	})
}

// The example of the documentation: one apply gives the operator an override and switches the account
// off, and a destroy goes the other way round.
func TestAccAccountAPIAccess_documentedOrder(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.TestCase(resource.TestCase{
		CheckDestroy: func(s *terraform.State) error {
			if own := env.MemberSwitch("acme/super"); own != nil {
				return fmt.Errorf("the operator's override is %t, want the default", *own)
			}
			return wantSwitch(env, "acme", nil)(s)
		},
		Steps: []resource.TestStep{
			{
				Config: env.Config(documented(env, false)),
				Check:  wantSwitch(env, "acme", new(false)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectEmptyPlan(),
				}},
			},
			{
				Config: env.Config(documented(env, true)),
				Check:  wantSwitch(env, "acme", new(true)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				}},
			},
			{
				Config: env.Config(documented(env, false)),
				Check:  wantSwitch(env, "acme", new(false)),
			},
		},
	})
}

func TestAccAccountAPIAccess_lockout(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := regexp.MustCompile(`Change would lock Terraform out[\s\S]*super@example\.com[\s\S]*depends_on[\s\S]*allow_self_lockout`)
	off := config(env, "acme", false)
	env.TestCase(resource.TestCase{
		CheckDestroy: wantSwitch(env, "acme", nil),
		Steps: []resource.TestStep{
			{
				Config:      env.Config(off),
				ExpectError: refused,
			},
			{
				PreConfig: func() {
					if got := env.Server.Count(http.MethodPut, ""); got != 0 {
						t.Errorf("%d writes for a refused change, want none", got)
					}
				},
				Config: env.Config(config(env, "acme", true)),
			},
			{
				// Turning off what is on is an update; it is refused as well and leaves the switch.
				Config:      env.Config(off),
				ExpectError: refused,
			},
			{
				// An explicit false wins over a provider that allows.
				Config: env.ProviderConfigFor(acctest.Terraform, "allow_self_lockout = true") +
					config(env, "acme", false, "allow_self_lockout = false"),
				ExpectError: refused,
			},
			{
				PreConfig: func() { env.SetMemberSwitch("acme/super", new(true)) },
				Config:    env.Config(off),
				Check:     wantSwitch(env, "acme", new(false)),
			},
		},
	})
}

// Whoever allows it is locked out: the change is made, and the next read is refused and keeps the
// state.
func TestAccAccountAPIAccess_lockoutAllowed(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func(env *acctest.Env) string{
		"on the resource": func(env *acctest.Env) string {
			return env.Config(config(env, "acme", false, "allow_self_lockout = true"))
		},
		"on the provider": func(env *acctest.Env) string {
			return env.ProviderConfigFor(acctest.Terraform, "allow_self_lockout = true") + config(env, "acme", false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			env.Test(
				resource.TestStep{
					Config:      config(env),
					Check:       wantSwitch(env, "acme", new(false)),
					ExpectError: regexp.MustCompile(`Not permitted to read account API access switch[\s\S]*api_access_disabled`),
				},
				resource.TestStep{
					PreConfig: func() { env.SetMemberSwitch("acme/super", new(true)) },
					Config:    config(env),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						plancheck.ExpectEmptyPlan(),
					}},
				},
			)
		})
	}
}

// A token that may not be told who it is: every turning off counts as a possible lock-out.
func TestAccAccountAPIAccess_unknownCaller(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithSeed(twoEnterprises))
	env.SetMemberSwitch("acme/super", new(true))
	env.Test(
		resource.TestStep{
			Config: env.ProviderConfigFor("unnamed") + config(env, "acme", false),
			// The members name the caller only to whoever knows the user.
			ExpectError: regexp.MustCompile(`Change would lock Terraform out[\s\S]*GET\s+/user[\s\S]*GET\s+/memberships`),
		},
		resource.TestStep{
			Config: env.ProviderConfigFor("unnamed") + config(env, "acme", false, "allow_self_lockout = true"),
			Check:  wantSwitch(env, "acme", new(false)),
		},
	)
}

func TestAccAccountAPIAccess_globalKey(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(
		resource.TestStep{
			Config:      env.ProviderConfigFor("super") + config(env, "acme", false),
			ExpectError: regexp.MustCompile(`Change would lock Terraform out`),
		},
		resource.TestStep{
			PreConfig: func() { env.SetMemberSwitch("acme/super", new(true)) },
			Config:    env.ProviderConfigFor("super") + config(env, "acme", false),
			Check:     wantSwitch(env, "acme", new(false)),
		},
	)
}

func TestAccAccountAPIAccess_drift(t *testing.T) {
	t.Parallel()
	for name, drifted := range map[string]*bool{"turned off": new(false), "back to the default": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			env.SetMemberSwitch("acme/super", new(true))
			on := env.Config(config(env, "acme", true))
			env.Test(
				resource.TestStep{Config: on},
				resource.TestStep{
					PreConfig: func() { env.SetAccountSwitch("acme", drifted) },
					Config:    on,
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					}},
					Check: wantSwitch(env, "acme", new(true)),
				},
			)
		})
	}
}

// Another account is another switch; the old one gets back its default, and nothing else of either
// account changes.
func TestAccAccountAPIAccess_replace(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithSeed(twoEnterprises))
	env.Test(
		resource.TestStep{Config: env.Config(config(env, "acme", true))},
		resource.TestStep{
			Config: env.Config(config(env, "globex", true)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
			}},
			Check: resource.ComposeTestCheckFunc(
				wantSwitch(env, "acme", nil),
				wantSwitch(env, "globex", new(true)),
				func(*terraform.State) error {
					var account struct {
						Settings struct {
							EnforceTwofactor bool `json:"enforce_twofactor"`
						} `json:"settings"`
					}
					if err := env.Must("super", http.MethodGet, "/accounts/"+env.ID("acme"), nil).Decode(&account); err != nil {
						return err
					}
					if !account.Settings.EnforceTwofactor {
						return errors.New("two-factor enforcement of acme was lost")
					}
					return nil
				},
			),
		},
	)
}

// Only a 404 of the API itself takes the switch out of the state. A refusal does not, nor does a 404
// of something in between.
func TestAccAccountAPIAccess_gone(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	on := env.Config(config(env, "acme", true))
	answer := func(status int, body string) func() {
		return func() {
			env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/accounts/{account_id}", Times: 1, Status: status, Body: body})
		}
	}
	envelope := func(code int) string {
		return fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":"no"}],"messages":[],"result":null}`, code)
	}
	env.Test(
		resource.TestStep{Config: on},
		resource.TestStep{
			PreConfig:   answer(http.StatusForbidden, envelope(9109)),
			Config:      on,
			ExpectError: regexp.MustCompile(`Not permitted to read account API access switch`),
		},
		resource.TestStep{
			PreConfig:   answer(http.StatusUnauthorized, envelope(10000)),
			Config:      on,
			ExpectError: regexp.MustCompile(`read account API access switch|credential rejected`),
		},
		resource.TestStep{
			PreConfig:   answer(http.StatusNotFound, "<html>not here</html>"),
			Config:      on,
			ExpectError: regexp.MustCompile(`API not found at base_url`),
		},
		resource.TestStep{
			PreConfig:   answer(http.StatusNotFound, envelope(404)),
			Config:      on,
			ExpectError: regexp.MustCompile(`API not found at base_url`),
		},
		resource.TestStep{
			PreConfig:   answer(http.StatusNotFound, envelope(7003)),
			Config:      on,
			ExpectError: regexp.MustCompile(`API does not know this path`),
		},
		resource.TestStep{
			Config:           on,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		resource.TestStep{
			PreConfig: answer(http.StatusNotFound, envelope(1003)),
			Config:    on,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
			}},
		},
	)
}

// The whole-object PUT says what it changes, so a lost answer is repeated.
func TestAccAccountAPIAccess_lostReply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/accounts/{account_id}", Times: 1, DropAfter: true})
	env.Test(resource.TestStep{
		Config:            env.Config(config(env, "acme", true)),
		Check:             wantSwitch(env, "acme", new(true)),
		ConfigStateChecks: []statecheck.StateCheck{env.ExpectWrites(map[string]int{write: 2})},
	})
}

func TestAccAccountAPIAccess_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	missing := fmt.Sprintf("resource %q \"test\" {\n account_id = %q\n}\n", accountapiaccess.TypeName, env.ID("acme"))
	malformed := fmt.Sprintf("resource %q \"test\" {\n account_id = \"acme\"\n enabled = true\n}\n", accountapiaccess.TypeName)
	env.Test(
		resource.TestStep{
			Config:      env.Config(config(env, "globex", true)),
			ExpectError: regexp.MustCompile(`Invalid account API access switch configuration[\s\S]*1001`),
		},
		resource.TestStep{
			Config:      env.Config(config(env, "globex", false)),
			ExpectError: regexp.MustCompile(`Invalid account API access switch configuration[\s\S]*1001`),
		},
		resource.TestStep{
			Config:      env.ProviderConfigFor("admin") + config(env, "acme", true),
			ExpectError: regexp.MustCompile(`Not permitted to change account API access switch[\s\S]*super_administrator_required`),
		},
		resource.TestStep{
			// What was refused is reading the account, for which less would do.
			Config:      env.ConfigOfNewToken("super", "Zone Read", "example.com") + config(env, "acme", true),
			ExpectError: regexp.MustCompile(`permission_groups = \["Account Settings Write"\]`),
		},
		resource.TestStep{
			Config:      env.Config(missing),
			ExpectError: regexp.MustCompile(`"enabled" is required`),
		},
		resource.TestStep{
			Config:      env.Config(malformed),
			ExpectError: regexp.MustCompile(`an id is 32\s+lower-case\s+hexadecimal`),
		},
	)
}

// Values that are not known before the apply neither fail the plan nor ask the guard.
func TestAccAccountAPIAccess_unknownValues(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.SetMemberSwitch("acme/super", new(true))
	env.Test(resource.TestStep{
		Config: env.Config(fmt.Sprintf(`
resource "terraform_data" "known_later" {
  input = { account_id = %q, enabled = false }
}

resource %q "test" {
  account_id = terraform_data.known_later.output.account_id
  enabled    = terraform_data.known_later.output.enabled
}
`, env.ID("acme"), accountapiaccess.TypeName)),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("enabled")),
			env.ExpectRequests(map[string]int{}),
		}},
		ConfigStateChecks: []statecheck.StateCheck{attribute("enabled", knownvalue.Bool(false))},
	})
}
