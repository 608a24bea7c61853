// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

const ownByEmail = `email = "super@example.com"`

var refusedLockout = regexp.MustCompile(`Change would lock Terraform out[\s\S]*super@example\.com[\s\S]*allow_self_lockout`)

// another is a second resource, so that the member under test can leave the configuration.
const another = "resource \"terraform_data\" \"other\" {}\n"

func TestAccMemberAPIAccess_ownDisabled(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(
		resource.TestStep{
			Config:      env.Config(config(env, ownByEmail, access("disabled"))),
			ExpectError: refusedLockout,
		},
		resource.TestStep{
			Config: env.Config(config(env, ownByEmail, access("enabled"))),
			Check:  wantSwitch(env, "acme/super", new(true)),
		},
		resource.TestStep{
			// By its id as well, and as an update.
			Config:      env.Config(config(env, memberID(env, "acme/super"), access("disabled"))),
			ExpectError: refusedLockout,
		},
		resource.TestStep{
			// The account is on, so that the default takes nothing away.
			Config: env.Config(config(env, ownByEmail, access("account_default"))),
			Check:  wantSwitch(env, "acme/super", nil),
		},
	)
}

func TestAccMemberAPIAccess_ownDisabledAllowed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	allowed := env.Config(config(env, ownByEmail, access("disabled"), "allow_self_lockout = true"))
	env.Test(
		resource.TestStep{
			Config:      allowed,
			Check:       wantSwitch(env, "acme/super", new(false)),
			ExpectError: regexp.MustCompile(`Not permitted to read member API access switch[\s\S]*api_access_disabled`),
		},
		resource.TestStep{
			PreConfig:        func() { env.SetMemberSwitch("acme/super", new(true)) },
			Config:           env.Config(config(env, ownByEmail, access("enabled"))),
			ConfigPlanChecks: planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)),
		},
	)
}

// While the account is off, the override of the own member cannot be taken away in any way.
func TestAccMemberAPIAccess_ownWhileAccountIsOff(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	enabled := env.Config(config(env, ownByEmail, access("enabled")))
	env.TestCase(resource.TestCase{
		CheckDestroy: wantSwitch(env, "acme/super", nil),
		Steps: []resource.TestStep{
			{Config: enabled},
			{
				PreConfig:   func() { env.SetAccountSwitch("acme", new(false)) },
				Config:      env.Config(config(env, ownByEmail, access("account_default"))),
				ExpectError: refusedLockout,
			},
			{
				// A destroy.
				Config:      env.Config(another),
				ExpectError: refusedLockout,
			},
			{
				// A move to another member resets the own one.
				Config:      env.Config(config(env, ciByEmail, access("enabled"))),
				ExpectError: refusedLockout,
			},
			{
				// None of these changed anything.
				Config:           enabled,
				ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
				Check:            resource.ComposeTestCheckFunc(wantSwitch(env, "acme/super", new(true)), wantSwitch(env, "acme/ci", nil)),
			},
			{
				// A destroy sees what was applied, so the permission is applied first.
				Config: env.Config(config(env, ownByEmail, access("enabled"), "allow_self_lockout = true")),
			},
			{
				Config: env.Config(another),
				Check:  wantSwitch(env, "acme/super", nil),
			},
		},
	})
}

// Turning the account on in the same apply settles the loss of the override, if it comes first.
func TestAccMemberAPIAccess_settledBySameApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	account := func(enabled bool, rest string) string {
		return fmt.Sprintf("resource \"accesscontrol_account_api_access\" \"test\" {\n  account_id = %q\n  enabled    = %t\n%s}\n",
			env.ID("acme"), enabled, rest)
	}
	env.Test(
		resource.TestStep{
			Config: env.Config(config(env, ownByEmail, access("enabled")), account(false, "  depends_on = ["+address+"]\n")),
		},
		resource.TestStep{
			Config: env.Config(
				config(env, ownByEmail, access("account_default"), "depends_on = [accesscontrol_account_api_access.test]"),
				account(true, "")),
			Check: resource.ComposeTestCheckFunc(wantSwitch(env, "acme/super", nil)),
		},
	)
}

// Two changes that are harmless each, at the same time and in no order: the account goes off, and the
// own override goes. Whichever comes second sees the first and is refused, so that Terraform keeps its
// access.
func TestAccMemberAPIAccess_racingChanges(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	both := func(setting string, enabled bool) string {
		return env.Config(config(env, ownByEmail, access(setting)), fmt.Sprintf(
			"resource \"accesscontrol_account_api_access\" \"test\" {\n  account_id = %q\n  enabled    = %t\n}\n", env.ID("acme"), enabled))
	}
	env.Test(
		resource.TestStep{Config: both("enabled", true)},
		resource.TestStep{
			PreConfig: func() {
				// A slow write leaves the other change all the time to be judged before it is done.
				for _, method := range []string{http.MethodPut, http.MethodPatch} {
					env.Server.Fault(mocktest.Fault{Method: method, Path: "/accounts/**", Times: 1, Delay: 300 * time.Millisecond})
				}
			},
			Config:      both("account_default", false),
			ExpectError: refusedLockout,
		},
		resource.TestStep{
			PreConfig: func() {
				if account, own := env.AccountSwitch("acme"), env.MemberSwitch("acme/super"); account != nil && !*account && own == nil {
					t.Error("the account is off and the own override is gone: Terraform is locked out")
				}
			},
			Config: both("enabled", true),
		},
	)
}

// Another member's switch is nobody's lock-out, whatever the account says.
func TestAccMemberAPIAccess_otherMember(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.SetMemberSwitch("acme/super", new(true))
	env.SetAccountSwitch("acme", new(false))
	env.Test(
		resource.TestStep{Config: env.Config(config(env, ciByEmail, access("disabled")))},
		resource.TestStep{Config: env.Config(config(env, ciByEmail, access("enabled")))},
		resource.TestStep{Config: env.Config(config(env, ciByEmail, access("account_default")))},
	)
}
