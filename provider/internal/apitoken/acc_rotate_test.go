// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

const (
	rollRoute = "PUT /user/tokens/{token_id}/value"
	putRoute  = "PUT /user/tokens/{token_id}"
	getRoute  = "GET /user/tokens/{token_id}"
)

// heldFunc is a plan check made of a function of what state held before the plan.
type heldFunc func(attributes map[string]any) error

// CheckPlan finds the token and calls the function.
func (f heldFunc) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != address {
			continue
		}
		before, _ := change.Change.Before.(map[string]any)
		resp.Error = f(before)
		return
	}
	resp.Error = errors.New("the plan has no such token")
}

// TestAccAPIToken_rotate replaces the secret when a trigger is added or changes,
// and for nothing else.
func TestAccAPIToken_rotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(name, triggers string) string {
		return w.config("name = \"" + name + "\"\n" + dnsPolicy + "\n" + triggers)
	}
	sameID := statecheck.CompareValue(compare.ValuesSame())
	var secret, modified string
	// rolled expects a new secret that works in place of the old one.
	rolled := func(want map[string]int) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			sameID.AddStateValue(address, at("id")), w.ExpectWrites(want), w.ExpectSecretsHidden(),
			stateFunc(func(attributes map[string]any) error {
				old, oldModified := secret, modified
				secret, modified = text(attributes, "value"), text(attributes, "modified_on")
				if modified == oldModified {
					return errors.New("modified_on did not change")
				}
				return errors.Join(w.works(old, false), w.works(secret, true))
			}),
		}
	}
	// kept expects that nothing was sent and that the secret is the old one.
	kept := func() []statecheck.StateCheck {
		return []statecheck.StateCheck{
			sameID.AddStateValue(address, at("id")), w.ExpectWrites(map[string]int{}),
			stateFunc(func(attributes map[string]any) error {
				if text(attributes, "value") != secret {
					return errors.New("the secret changed")
				}
				return w.works(secret, true)
			}),
		}
	}
	later := func() { w.Server.Advance(time.Hour); w.Fresh() }
	asUnknown := action(plancheck.ResourceActionUpdate, plancheck.ExpectUnknownValue(address, at("value")), plancheck.ExpectUnknownValue(address, at("modified_on")))
	w.Test(
		resource.TestStep{Config: config("a", ""), ConfigStateChecks: []statecheck.StateCheck{remember("value", &secret), remember("modified_on", &modified)}},
		resource.TestStep{PreConfig: later, Config: config("a", `rotate_triggers = { year = "2030" }`), ConfigPlanChecks: asUnknown, ConfigStateChecks: rolled(map[string]int{rollRoute: 1})},
		resource.TestStep{
			PreConfig: w.Fresh, Config: config("a", `rotate_triggers = { year = "2030" }`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan(), w.ExpectRequests(map[string]int{getRoute: 1})}},
		},
		resource.TestStep{PreConfig: later, Config: config("a", `rotate_triggers = { year = "2031" }`), ConfigPlanChecks: asUnknown, ConfigStateChecks: rolled(map[string]int{rollRoute: 1})},
		resource.TestStep{PreConfig: later, Config: config("a", `rotate_triggers = { year = "2031", leaver = "ada" }`), ConfigPlanChecks: asUnknown, ConfigStateChecks: rolled(map[string]int{rollRoute: 1})},
		// A new definition and a new secret in one apply.
		resource.TestStep{PreConfig: later, Config: config("b", `rotate_triggers = { year = "2032", leaver = "ada" }`), ConfigPlanChecks: asUnknown, ConfigStateChecks: rolled(map[string]int{putRoute: 1, rollRoute: 1})},
		resource.TestStep{PreConfig: later, Config: config("b", `rotate_triggers = { year = "2032" }`), ConfigPlanChecks: isUpdate, ConfigStateChecks: kept()},
		resource.TestStep{PreConfig: later, Config: config("b", ""), ConfigPlanChecks: isUpdate, ConfigStateChecks: kept()},
		resource.TestStep{Config: config("b", ""), ConfigPlanChecks: isEmpty},
	)
}

// TestAccAPIToken_rotateUnknown plans triggers that only the apply knows: the
// secret is replaced only where they differ then.
func TestAccAPIToken_rotateUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(serial, year, attributes string) string {
		return w.with(fmt.Sprintf("resource \"terraform_data\" \"later\" {\n input = { serial = %q, year = %q }\n}\n", serial, year),
			"name = \"later\"\n"+dnsPolicy+"\nrotate_triggers = { year = terraform_data.later.output.year }\n"+attributes)
	}
	var secret string
	mayRoll := action(plancheck.ResourceActionUpdate, plancheck.ExpectUnknownValue(address, at("value")))
	w.Test(
		resource.TestStep{Config: config("1", "2030", ""), ConfigStateChecks: []statecheck.StateCheck{remember("value", &secret), w.ExpectWrites(map[string]int{"POST /user/tokens": 1})}},
		resource.TestStep{
			PreConfig: w.Fresh, Config: config("2", "2030", ""), ConfigPlanChecks: mayRoll,
			ConfigStateChecks: []statecheck.StateCheck{w.ExpectWrites(map[string]int{}), stateFunc(func(attributes map[string]any) error {
				if text(attributes, "value") != secret {
					return errors.New("the secret changed")
				}
				return nil
			})},
		},
		resource.TestStep{
			PreConfig: w.Fresh, Config: config("3", "2031", ""), ConfigPlanChecks: mayRoll,
			ConfigStateChecks: []statecheck.StateCheck{w.ExpectWrites(map[string]int{rollRoute: 1}), stateFunc(func(attributes map[string]any) error {
				return errors.Join(w.works(secret, false), w.works(text(attributes, "value"), true))
			})},
		},
		resource.TestStep{Config: config("3", "2031", ""), ConfigPlanChecks: isEmpty},
		resource.TestStep{Config: config("3", "2031", `secret_storage = "none"`), ConfigPlanChecks: isUpdate},
		resource.TestStep{
			// The plan hoped for a new secret, and none is due: nothing may be written.
			PreConfig: w.Fresh, Config: config("4", "2031", `secret_storage = "state"`), ExpectError: secretNeeded,
		},
		resource.TestStep{
			PreConfig: func() { w.requests(http.MethodPut, "/user/tokens/**", 0) },
			Config:    config("5", "2032", `secret_storage = "state"`), ConfigPlanChecks: mayRoll,
			ConfigStateChecks: []statecheck.StateCheck{stateFunc(func(attributes map[string]any) error { return w.works(text(attributes, "value"), true) })},
		},
	)
}

// TestAccAPIToken_rotateRefused writes the definition and is refused the new
// secret: state has the one and the old triggers, so that the next apply goes on
// from there.
func TestAccAPIToken_rotateRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.config("name = \"before\"\n" + dnsPolicy + "\nrotate_triggers = { year = \"2030\" }\n")
	after := w.config("name = \"after\"\n" + dnsPolicy + "\nrotate_triggers = { year = \"2031\" }\n")
	var secret string
	w.Test(
		resource.TestStep{Config: before, ConfigStateChecks: []statecheck.StateCheck{remember("value", &secret)}},
		resource.TestStep{
			PreConfig: func() {
				w.Server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*/value", Status: http.StatusForbidden, Times: 1})
			},
			Config: after, ExpectError: regexp.MustCompile(`(?s)Not permitted to replace the secret of API token.*old\s+one\s+still\s+works.*other\s+changes`),
		},
		resource.TestStep{
			PreConfig: w.Fresh, Config: after,
			ConfigPlanChecks: action(plancheck.ResourceActionUpdate, heldFunc(func(held map[string]any) error {
				year, _ := held["rotate_triggers"].(map[string]any)
				if text(held, "name") != "after" || text(year, "year") != "2030" || text(held, "value") != secret {
					return fmt.Errorf("state has name %q, triggers %v, the old secret: %t", text(held, "name"), year, text(held, "value") == secret)
				}
				return w.works(secret, true)
			})),
			ConfigStateChecks: []statecheck.StateCheck{w.ExpectWrites(map[string]int{rollRoute: 1}), stateFunc(func(attributes map[string]any) error {
				return errors.Join(w.works(secret, false), w.works(text(attributes, "value"), true))
			})},
		},
		resource.TestStep{Config: after, ConfigPlanChecks: isEmpty},
	)
}

// TestAccAPIToken_rotateRefusedKeepsStorage is refused a new secret that another
// way of keeping it needs: all that state says of the secret is as it was.
func TestAccAPIToken_rotateRefusedKeepsStorage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := keyPair(t)
	sealed := w.config("name = \"sealed\"\n" + dnsPolicy + fmt.Sprintf("\nsecret_storage = \"encrypted\"\nrecipients = [%q]\n", key))
	open := w.config("name = \"sealed\"\n" + dnsPolicy + "\nrotate_triggers = { open = \"1\" }\n")
	w.Test(
		resource.TestStep{Config: sealed},
		resource.TestStep{
			PreConfig: func() {
				w.Server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*/value", Status: http.StatusForbidden, Times: 1})
			},
			Config: open, ExpectError: regexp.MustCompile("Not permitted to replace the secret of API token"),
		},
		resource.TestStep{Config: sealed, ConfigPlanChecks: isEmpty, ConfigStateChecks: []statecheck.StateCheck{stateFunc(func(attributes map[string]any) error {
			secret, err := opened(attributes, id)
			return errors.Join(err, w.works(secret, true))
		})}},
		resource.TestStep{Config: open, ConfigPlanChecks: isUpdate},
	)
}

// TestAccAPIToken_rotateLost loses the answer to a rotation. One that is lost
// once is done again; where that fails too, no dead secret stays in state, and
// taking the change back does not leave the token without one.
func TestAccAPIToken_rotateLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(year string) string {
		return w.ProviderConfigFor(acctest.Terraform, "max_retries = 0") +
			w.names.Replace("resource \""+apitoken.TypeName+"\" \"test\" {\nname = \"lost\"\n"+dnsPolicy+"\nrotate_triggers = { year = \""+year+"\" }\n}\n")
	}
	lose := func(times int) func() {
		return func() {
			w.Fresh()
			w.Server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*/value", DropAfter: true, Times: times})
		}
	}
	var secret string
	works := stateFunc(func(attributes map[string]any) error {
		old := secret
		secret = text(attributes, "value")
		return errors.Join(w.works(old, false), w.works(secret, true))
	})
	w.Test(
		resource.TestStep{Config: config("2030"), ConfigStateChecks: []statecheck.StateCheck{remember("value", &secret)}},
		resource.TestStep{
			PreConfig: lose(1), Config: config("2031"), ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{works, w.ExpectWrites(map[string]int{rollRoute: 2})},
		},
		resource.TestStep{
			PreConfig: lose(2), Config: config("2032"),
			ExpectError: regexp.MustCompile(`(?s)Secret of API token may be lost.*State\s+no\s+longer\s+holds\s+the\s+old\s+secret.*next\s+apply`),
		},
		resource.TestStep{
			// The triggers of before the loss bring a new secret like any others.
			PreConfig: w.Fresh, Config: config("2031"),
			ConfigPlanChecks: action(plancheck.ResourceActionUpdate, plancheck.ExpectUnknownValue(address, at("value")), heldFunc(func(held map[string]any) error {
				if held["value"] != nil || held["rotate_triggers"] != nil {
					return fmt.Errorf("state has a value: %t, triggers %v", held["value"] != nil, held["rotate_triggers"])
				}
				return nil
			})),
			ConfigStateChecks: []statecheck.StateCheck{works, w.ExpectWrites(map[string]int{rollRoute: 1})},
		},
		resource.TestStep{Config: config("2031"), ConfigPlanChecks: isEmpty},
	)
}

// TestAccAPIToken_rotateUnread replaces the secret and cannot read the token
// afterwards: the new secret is in state all the same.
func TestAccAPIToken_rotateUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(triggers string) string {
		return w.ProviderConfigFor(acctest.Terraform, "propagation_timeout = \"0s\"") +
			w.names.Replace("resource \""+apitoken.TypeName+"\" \"test\" {\nname = \"unread\"\n"+dnsPolicy+triggers+"\n}\n")
	}
	rolled := config("\nrotate_triggers = { a = \"1\" }")
	var id string
	var unread interface{ Struck() int }
	w.Test(
		resource.TestStep{Config: config(""), ConfigStateChecks: []statecheck.StateCheck{remember("id", &id)}},
		resource.TestStep{
			// The refresh of the plan is answered; the read that follows the rotation is not.
			PreConfig: func() {
				w.Fresh()
				unread = w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/" + id, Status: http.StatusForbidden, Skip: 1, Times: 1})
			},
			Config: rolled, ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{
				w.ExpectWrites(map[string]int{rollRoute: 1}),
				statecheck.ExpectKnownValue(address, at("modified_on"), knownvalue.NotNull()),
				stateFunc(func(attributes map[string]any) error { return w.works(text(attributes, "value"), true) }),
			},
		},
		resource.TestStep{Config: rolled, ConfigPlanChecks: isEmpty},
	)
	if n := unread.Struck(); n != 1 {
		t.Errorf("%d reads were refused, want 1", n)
	}
}

// TestAccAPIToken_rotateOwn keeps Terraform from replacing the secret that it
// runs with, until that is allowed.
func TestAccAPIToken_rotateOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.Server.Credential(acctest.Terraform).ID
	importing := fmt.Sprintf("import {\n to = %s\n id = %q\n}\n", address, own)
	w.Test(
		resource.TestStep{
			Config:      w.with(importing, "name = \"mine\"\nrotate_triggers = { a = \"1\" }\n"+ownPolicies),
			ExpectError: regexp.MustCompile(`(?s)Change would lock Terraform out.*Replacing the secret.*allow_self_lockout`),
		},
		resource.TestStep{Config: w.ProviderConfig() + acctest.Forget(t, address)},
	)
	w.requests(http.MethodPut, "/user/tokens/**", 0)
}
