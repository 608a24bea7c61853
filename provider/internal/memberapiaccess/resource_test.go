// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
)

const (
	address = memberapiaccess.TypeName + ".test"
	read    = "GET /accounts/{account_id}/members/{member_id}"
	write   = "PATCH /accounts/{account_id}/members/{member_id}"

	ciByEmail = `email = "ci@example.com"`
)

// config is the resource alone, in the Enterprise account.
func config(env *acctest.Env, lines ...string) string {
	return configIn(env, "acme", lines...)
}

func configIn(env *acctest.Env, account string, lines ...string) string {
	return fmt.Sprintf("resource %q \"test\" {\n  account_id = %q\n  %s\n}\n",
		memberapiaccess.TypeName, env.ID(account), strings.Join(lines, "\n  "))
}

func access(setting string) string { return fmt.Sprintf("api_access = %q", setting) }

func memberID(env *acctest.Env, member string) string {
	return fmt.Sprintf("member_id = %q", env.ID(member))
}

func wantSwitch(env *acctest.Env, member string, want *bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if diff := cmp.Diff(want, env.MemberSwitch(member)); diff != "" {
			return fmt.Errorf("switch of %s: %s", member, diff)
		}
		return nil
	}
}

func attribute(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

func planned(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

func TestAccMemberAPIAccess_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	sameMember := statecheck.CompareValue(compare.ValuesSame())
	step := func(setting string, want *bool) resource.TestStep {
		return resource.TestStep{
			PreConfig: env.Fresh,
			Config:    env.Config(config(env, ciByEmail, access(setting))),
			Check:     wantSwitch(env, "acme/ci", want),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("account_id", knownvalue.StringExact(env.ID("acme"))),
				attribute("member_id", knownvalue.StringExact(env.ID("acme/ci"))),
				attribute("email", knownvalue.StringExact("ci@example.com")),
				attribute("api_access", knownvalue.StringExact(setting)),
				attribute("allow_self_lockout", knownvalue.Null()),
				sameMember.AddStateValue(address, tfjsonpath.New("member_id")),
				env.ExpectWrites(map[string]int{write: 1}),
				env.ExpectSecretsHidden(),
			},
		}
	}
	create := step("enabled", new(true))
	create.ConfigPlanChecks = planned(
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
		plancheck.ExpectUnknownValue(address, tfjsonpath.New("member_id")),
	)
	update := step("disabled", new(false))
	update.ConfigPlanChecks = planned(
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
		plancheck.ExpectKnownValue(address, tfjsonpath.New("member_id"), knownvalue.StringExact(env.ID("acme/ci"))),
	)
	again := resource.TestStep{
		PreConfig:        env.Fresh,
		Config:           create.Config,
		ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan(), env.ExpectRequests(map[string]int{read: 1})),
	}
	imported := func(id string) resource.TestStep {
		return resource.TestStep{
			ResourceName:                         address,
			ImportState:                          true,
			ImportStateId:                        id,
			ImportStateVerify:                    true,
			ImportStateVerifyIdentifierAttribute: "member_id",
		}
	}
	byBlock := imported(env.ID("acme") + "/ci@example.com")
	byBlock.ImportStateKind, byBlock.ImportStateVerify, byBlock.ImportStateVerifyIdentifierAttribute = resource.ImportBlockWithID, false, ""
	env.TestCase(resource.TestCase{
		CheckDestroy: wantSwitch(env, "acme/ci", nil),
		Steps: []resource.TestStep{
			create,
			again,
			imported(env.ID("acme") + "/" + env.ID("acme/ci")),
			imported(env.ID("acme") + "/CI@example.com"),
			byBlock,
			update,
			step("account_default", nil),
			step("enabled", new(true)),
		},
	})
}

func TestAccMemberAPIAccess_importRefused(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := func(id, pattern string) resource.TestStep {
		return resource.TestStep{
			Config:        env.Config(config(env, ciByEmail, access("enabled"))),
			ResourceName:  address,
			ImportState:   true,
			ImportStateId: id,
			ExpectError:   regexp.MustCompile(pattern),
		}
	}
	env.Test(
		refused(env.ID("acme"), `Invalid import ID[\s\S]*ci@example\.com`),
		refused("acme/ci@example.com", `Invalid import ID`),
		refused(env.ID("acme")+"/", `Invalid import ID`),
		refused(env.ID("acme")+"/a/b", `Invalid import ID`),
		refused(env.ID("acme")+"/nobody@example.com", `No such account member`),
		refused(env.ID("acme")+"/"+strings.Repeat("0", 32), `Cannot import non-existent remote object`),
	)
}

// The two names of a member: either suffices, both must agree, and another member is a
// change in place.
func TestAccMemberAPIAccess_names(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	in := func(lines ...string) string { return env.Config(config(env, append(lines, access("enabled"))...)) }
	env.TestCase(resource.TestCase{
		CheckDestroy: resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", nil), wantSwitch(env, "acme/dns", nil)),
		Steps: []resource.TestStep{
			{
				Config:            in(memberID(env, "acme/ci")),
				ConfigStateChecks: []statecheck.StateCheck{attribute("email", knownvalue.StringExact("ci@example.com"))},
			},
			{
				// The same member by its e-mail, in other letters: an update of the spelling alone.
				PreConfig: env.Fresh,
				Config:    in(`email = "CI@Example.com"`),
				ConfigPlanChecks: planned(
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)),
				ConfigStateChecks: []statecheck.StateCheck{
					attribute("email", knownvalue.StringExact("CI@Example.com")),
					attribute("member_id", knownvalue.StringExact(env.ID("acme/ci"))),
					env.ExpectWrites(map[string]int{}),
				},
			},
			{
				Config: in(memberID(env, "acme/ci"), `email = "ci@example.com"`),
			},
			{
				Config:      in(memberID(env, "acme/ci"), `email = "dns@example.com"`),
				ExpectError: regexp.MustCompile(`Two members are named[\s\S]*is\s+ci@example\.com,\s+and\s+not\s+dns@example\.com`),
			},
			{
				// Another member: the old one returns to the default.
				Config: in(`email = "dns@example.com"`),
				ConfigPlanChecks: planned(
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("member_id")),
				),
				Check: resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", nil), wantSwitch(env, "acme/dns", new(true))),
			},
			{
				Config: in(memberID(env, "acme/ci")),
				ConfigPlanChecks: planned(
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("member_id"), knownvalue.StringExact(env.ID("acme/ci")))),
				Check: resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", new(true)), wantSwitch(env, "acme/dns", nil)),
			},
		},
	})
}

func TestAccMemberAPIAccess_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refused := func(config, pattern string) resource.TestStep {
		return resource.TestStep{Config: config, ExpectError: regexp.MustCompile(pattern)}
	}
	env.Test(
		refused(env.Config(config(env, access("enabled"))), `(?i)at least one of these attributes must be configured`),
		refused(env.Config(config(env, ciByEmail, access("on"))), `api_access[\s\S]*"enabled"[\s\S]*"account_default"`),
		refused(env.Config(config(env, `email = "ci"`, access("enabled"))), `must be an e-mail`),
		refused(env.Config(config(env, `member_id = "ci@example.com"`, access("enabled"))), `belongs into the\s+attribute\s+email`),
		refused(env.Config(config(env, `email = "nobody@example.com"`, access("enabled"))),
			`No such account member[\s\S]*nobody@example\.com[\s\S]*invite`),
		refused(env.Config(config(env, fmt.Sprintf("member_id = %q", strings.Repeat("0", 32)), access("enabled"))),
			`No such account member`),
		refused(env.Config(config(env, memberID(env, "acme/ci"), `email = "dns@example.com"`, access("enabled"))),
			`Two members are named`),
		refused(env.Config(configIn(env, "globex", `email = "super@example.com"`, access("enabled"))),
			`Invalid member API access switch configuration[\s\S]*1001`),
		refused(env.Config(configIn(env, "globex", `email = "super@example.com"`, access("disabled"))),
			`Invalid member API access switch configuration[\s\S]*1001`),
		refused(env.ProviderConfigFor("admin")+config(env, ciByEmail, access("enabled")),
			`Not permitted to change member API access switch[\s\S]*super_administrator_required`),
		refused(env.ConfigOfNewToken("super", "Zone Read", "example.com")+config(env, ciByEmail, access("enabled")), `permission_groups = \["Account Settings Write"\]`),
		// A standard account has no switch, so the default is what it is already.
		resource.TestStep{Config: env.Config(configIn(env, "globex", `email = "super@example.com"`, access("account_default")))},
	)
}

// What the API answers about members decides at the apply: two with one e-mail, and none that may be
// seen, are refused before anything is written.
func TestAccMemberAPIAccess_unusableLists(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	answer := func(status int, body string) func() {
		return func() {
			env.Server.ClearFaults()
			env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/accounts/*/members", Status: status, Body: body})
		}
	}
	twice := `{"success":true,"errors":[],"messages":[],"result":[
		{"id":"m1","email":"ci@example.com","status":"rejected"},{"id":"m2","email":"CI@example.com","status":"accepted"}],
		"result_info":{"page":1,"per_page":50,"count":2,"total_count":2,"total_pages":1}}`
	enabled := env.Config(config(env, ciByEmail, access("enabled")))
	env.Test(
		resource.TestStep{
			PreConfig:   answer(http.StatusOK, twice),
			Config:      enabled,
			ExpectError: regexp.MustCompile(`Several members have this e-mail[\s\S]*m1,\s+m2[\s\S]*member_id`),
		},
		resource.TestStep{
			PreConfig:   answer(http.StatusForbidden, ""),
			Config:      enabled,
			ExpectError: regexp.MustCompile(`Not permitted to list account members`),
		},
		resource.TestStep{
			PreConfig: env.Server.ClearFaults,
			Config:    enabled,
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("member_id", knownvalue.StringExact(env.ID("acme/ci"))),
				env.ExpectWrites(map[string]int{write: 1}),
			},
		},
	)
}

// An invitation that was not accepted can be given an override.
func TestAccMemberAPIAccess_pendingMember(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(resource.TestStep{
		Config: env.Config(config(env, `email = "pending@example.com"`, access("disabled"))),
		Check:  wantSwitch(env, "acme/pending", new(false)),
	})
}

func TestAccMemberAPIAccess_drift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	enabled := env.Config(config(env, ciByEmail, access("enabled")))
	for _, drifted := range []*bool{new(false), nil} {
		env.Test(
			resource.TestStep{Config: enabled},
			resource.TestStep{
				PreConfig:        func() { env.SetMemberSwitch("acme/ci", drifted) },
				Config:           enabled,
				ConfigPlanChecks: planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)),
				Check:            wantSwitch(env, "acme/ci", new(true)),
			},
		)
	}
}

func TestAccMemberAPIAccess_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	remove := func() {
		env.Must("super", http.MethodDelete, "/accounts/"+env.ID("acme")+"/members/"+env.ID("acme/ci"), nil)
	}
	enabled := env.Config(config(env, ciByEmail, access("enabled")))
	var invited struct {
		ID string `json:"id"`
	}
	env.Test(
		resource.TestStep{Config: enabled},
		resource.TestStep{
			PreConfig:          remove,
			Config:             enabled,
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			// A member that is invited anew is another member, and its switch starts at the default.
			PreConfig: func() {
				if err := env.Must("super", http.MethodPost, "/accounts/"+env.ID("acme")+"/members", map[string]any{
					"email": "ci@example.com", "roles": []string{"05784afa30c1afe1440e79d9351c7430"},
				}).Decode(&invited); err != nil {
					t.Fatal(err)
				}
			},
			Config:           enabled,
			ConfigPlanChecks: planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate)),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("member_id", knownvalue.StringFunc(func(id string) error {
					if id != invited.ID {
						return fmt.Errorf("got %s, want %s", id, invited.ID)
					}
					return nil
				})),
			},
		},
	)
}

// A destroy of what is gone already is done.
func TestAccMemberAPIAccess_destroyOfAbsentMember(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(
		resource.TestStep{Config: env.Config(config(env, ciByEmail, access("enabled")))},
		resource.TestStep{
			// The plan still sees the member; it is gone when the destroy comes to it.
			PreConfig: func() {
				env.Server.Fault(mocktest.Fault{
					Method: http.MethodPatch, Path: "/accounts/*/members/*", Times: 1, Status: http.StatusNotFound,
					Body: `{"success":false,"errors":[{"code":1003,"message":"Member not found"}],"messages":[],"result":null}`,
				})
			},
			Config:  env.Config(config(env, ciByEmail, access("enabled"))),
			Destroy: true,
		},
	)
}

func TestAccMemberAPIAccess_refusedReadKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	enabled := env.Config(config(env, ciByEmail, access("enabled")))
	answer := func(status, code int) func() {
		return func() {
			env.Server.Fault(mocktest.Fault{
				Method: http.MethodGet, Path: "/accounts/*/members/*", Times: 1, Status: status,
				Body: fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":"no"}],"messages":[],"result":null}`, code),
			})
		}
	}
	refused := func(status, code int, pattern string) resource.TestStep {
		return resource.TestStep{PreConfig: answer(status, code), Config: enabled, ExpectError: regexp.MustCompile(pattern)}
	}
	env.Test(
		resource.TestStep{Config: enabled},
		refused(http.StatusForbidden, 9109, `Not permitted to read member API access switch`),
		refused(http.StatusUnauthorized, 10000, `member API access switch|credential rejected`),
		refused(http.StatusNotFound, 7003, `API does not know this path`),
		resource.TestStep{Config: enabled, ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan())},
	)
}

// The PATCH states all that it changes, so a lost answer is repeated.
func TestAccMemberAPIAccess_lostReply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Server.Fault(mocktest.Fault{Method: http.MethodPatch, Path: "/accounts/*/members/*", Times: 1, DropAfter: true})
	env.Test(resource.TestStep{
		Config:            env.Config(config(env, ciByEmail, access("disabled"))),
		Check:             wantSwitch(env, "acme/ci", new(false)),
		ConfigStateChecks: []statecheck.StateCheck{env.ExpectWrites(map[string]int{write: 2})},
	})
}

func TestAccMemberAPIAccess_unknownValues(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	later := func(attribute, value string) string {
		return env.Config(fmt.Sprintf("resource \"terraform_data\" \"later\" {\n  input = %q\n}\n", value),
			config(env, attribute+" = terraform_data.later.output", access("enabled")))
	}
	for attribute, value := range map[string]string{"email": "ci@example.com", "member_id": env.ID("acme/ci")} {
		env.TestCase(resource.TestCase{
			CheckDestroy: wantSwitch(env, "acme/ci", nil),
			Steps: []resource.TestStep{{
				PreConfig: env.Fresh,
				Config:    later(attribute, value),
				ConfigPlanChecks: planned(
					plancheck.ExpectUnknownValue(address, tfjsonpath.New(attribute)), env.ExpectRequests(map[string]int{})),
				Check: wantSwitch(env, "acme/ci", new(true)),
			}},
		})
	}
}
