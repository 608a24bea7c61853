// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
)

// later names the member by a value that is known only in the apply. Each name of the carrier makes
// the value unknown once more.
func later(env *acctest.Env, carrier, attribute, value, setting string) string {
	return env.Config(fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %q\n}\n", carrier, value),
		config(env, fmt.Sprintf("%s = terraform_data.%s.output", attribute, carrier), access(setting)))
}

var inPlace = planned(
	plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
	plancheck.ExpectUnknownValue(address, tfjsonpath.New("member_id")),
)

// A name that is not known yet must not take a block away in between, and it usually turns out to be
// the same member.
func TestAccMemberAPIAccess_unknownNameOfSameMember(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := func(carrier, attribute, value, setting string, want *bool, writes map[string]int) resource.TestStep {
		return resource.TestStep{
			PreConfig:        env.Fresh,
			Config:           later(env, carrier, attribute, value, setting),
			ConfigPlanChecks: inPlace,
			Check:            wantSwitch(env, "acme/ci", want),
			ConfigStateChecks: []statecheck.StateCheck{
				textAttribute("member_id", env.ID("acme/ci")),
				textAttribute("api_access", setting),
				env.ExpectWrites(writes),
			},
		}
	}
	env.TestCase(resource.TestCase{
		CheckDestroy: wantSwitch(env, "acme/ci", nil),
		Steps: []resource.TestStep{
			{Config: env.Config(config(env, ciByEmail, access("disabled")))},
			step("first", "email", "ci@example.com", "disabled", new(false), map[string]int{}),
			step("second", "member_id", env.ID("acme/ci"), "disabled", new(false), map[string]int{}),
			step("third", "email", "CI@example.com", "enabled", new(true), map[string]int{write: 1}),
			step("fourth", "member_id", env.ID("acme/ci"), "disabled", new(false), map[string]int{write: 1}),
		},
	})
}

// If it turns out to be another member, or nobody, nobody is on the default before the new member is
// set.
func TestAccMemberAPIAccess_unknownNameOfAnother(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refuse := func(member string) func() {
		return func() {
			env.Server.Fault(mocktest.Fault{
				Method: http.MethodPatch, Path: "/accounts/*/members/" + env.ID(member), Times: 1, Status: http.StatusForbidden,
			})
		}
	}
	switches := func(ci, dns *bool) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", ci), wantSwitch(env, "acme/dns", dns))
	}
	holds := func(ci, dns *bool, then func()) func() {
		return func() {
			if err := switches(ci, dns)(nil); err != nil {
				t.Error(err)
			}
			then()
		}
	}
	off := new(false)
	env.TestCase(resource.TestCase{
		CheckDestroy: switches(nil, nil),
		Steps: []resource.TestStep{
			{Config: env.Config(config(env, ciByEmail, access("disabled")))},
			{
				PreConfig:   env.Fresh,
				Config:      later(env, "nobody", "email", "nobody@example.com", "disabled"),
				ExpectError: regexp.MustCompile(`No such account member`),
			},
			{
				PreConfig:   holds(off, nil, refuse("acme/dns")),
				Config:      later(env, "first", "email", "dns@example.com", "disabled"),
				ExpectError: regexp.MustCompile(`Not permitted to change member API access switch`),
			},
			{
				// The new member is set first, and the old one is not forgotten if its reset fails.
				PreConfig:   holds(off, nil, refuse("acme/ci")),
				Config:      later(env, "second", "member_id", env.ID("acme/dns"), "disabled"),
				ExpectError: regexp.MustCompile(`Not permitted to reset member API access switch[\s\S]*Apply\s+again`),
			},
			{
				PreConfig:        holds(off, off, env.Fresh),
				Config:           later(env, "third", "email", "dns@example.com", "disabled"),
				ConfigPlanChecks: inPlace,
				Check:            switches(nil, off),
				ConfigStateChecks: []statecheck.StateCheck{
					textAttribute("member_id", env.ID("acme/dns")),
					textAttribute("email", "dns@example.com"),
					env.ExpectWrites(map[string]int{write: 2}),
				},
			},
		},
	})
}

// An e-mail that nobody has any more takes no override away.
func TestAccMemberAPIAccess_emailOfNobody(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	disabled := env.Config(config(env, ciByEmail, access("disabled")))
	env.Test(
		resource.TestStep{Config: disabled},
		resource.TestStep{
			PreConfig:        env.Fresh,
			Config:           env.Config(config(env, `email = "former@example.com"`, access("enabled"))),
			ConfigPlanChecks: inPlace,
			ExpectError:      regexp.MustCompile(`No such account member[\s\S]*former@example\.com`),
		},
		resource.TestStep{
			Config:            disabled,
			ConfigPlanChecks:  planned(plancheck.ExpectEmptyPlan()),
			Check:             wantSwitch(env, "acme/ci", new(false)),
			ConfigStateChecks: []statecheck.StateCheck{env.ExpectWrites(map[string]int{})},
		},
	)
}

// Both writes of a move are judged before either is made.
func TestAccMemberAPIAccess_moveLocksOut(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	disabled := env.Config(config(env, ciByEmail, access("disabled")))
	env.Test(
		resource.TestStep{Config: disabled},
		resource.TestStep{
			PreConfig:   env.Fresh,
			Config:      later(env, "own", "email", "super@example.com", "disabled"),
			ExpectError: refusedLockout,
		},
		resource.TestStep{
			Config:            disabled,
			ConfigPlanChecks:  planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)),
			Check:             resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", new(false)), wantSwitch(env, "acme/super", nil)),
			ConfigStateChecks: []statecheck.StateCheck{env.ExpectWrites(map[string]int{})},
		},
	)
}

// Two resources that trade members must not undo each other, whichever comes second: here test takes
// dns before second lets go of it.
func TestAccMemberAPIAccess_trade(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	both := func(first, second string) string {
		return env.Config(config(env, fmt.Sprintf("email = %q", first), access("disabled")),
			fmt.Sprintf("resource %q \"second\" {\n  account_id = %q\n  email = %q\n  api_access = \"disabled\"\n  depends_on = [%s]\n}\n",
				memberapiaccess.TypeName, env.ID("acme"), second, address))
	}
	off := new(false)
	env.TestCase(resource.TestCase{
		CheckDestroy: resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", nil), wantSwitch(env, "acme/dns", nil)),
		Steps: []resource.TestStep{
			{Config: both("ci@example.com", "dns@example.com")},
			{
				Config: both("dns@example.com", "ci@example.com"),
				Check:  resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", off), wantSwitch(env, "acme/dns", off)),
			},
			{
				// One leaves, and the other takes its member.
				Config: env.Config(config(env, ciByEmail, access("disabled"))),
				Check:  resource.ComposeTestCheckFunc(wantSwitch(env, "acme/ci", off), wantSwitch(env, "acme/dns", nil)),
			},
		},
	})
}

func textAttribute(name, want string) statecheck.StateCheck {
	return attribute(name, knownvalue.StringExact(want))
}
