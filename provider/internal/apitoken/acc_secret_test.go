// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// keyPair makes an age key: what decrypts, and what to encrypt to.
func keyPair(t *testing.T) (*age.X25519Identity, string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id, id.Recipient().String()
}

// opened decrypts encrypted_value.
func opened(attributes map[string]any, id age.Identity) (string, error) {
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(text(attributes, "encrypted_value"))), id)
	if err != nil {
		return "", fmt.Errorf("encrypted_value: %w", err)
	}
	data, err := io.ReadAll(plain)
	return string(data), err
}

// works expects that the server knows the secret, or that it does not.
func (w *world) works(secret string, want bool) error {
	w.t.Helper()
	status, _ := w.ask(secret, http.MethodGet, "/user/tokens/verify", "")
	if got := status == http.StatusOK; got != want {
		return fmt.Errorf("the server knows the secret: %t (status %d), want %t", got, status, want)
	}
	return nil
}

// nowhere looks for secrets in the whole of state and plan, marked as sensitive or not.
type nowhere struct{}

// plainSecret is what the secrets of tokens look like.
var plainSecret = regexp.MustCompile(`cf(?:ut|at)_[A-Za-z0-9]{40}`)

func (nowhere) look(kind string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if plainSecret.Match(raw) {
		return errors.New("the " + kind + " holds a secret")
	}
	return nil
}

// CheckPlan looks through the planned changes; the provider's own credential is in another part.
func (n nowhere) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = errors.Join(n.look("planned changes", req.Plan.ResourceChanges), n.look("planned values", req.Plan.PlannedValues), n.look("drift", req.Plan.ResourceDrift))
}

// CheckState looks through the state.
func (n nowhere) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = n.look("state", req.State)
}

// secretNeeded is the refusal of a change that needs the secret in plain.
var secretNeeded = regexp.MustCompile(`(?s)Secret needed that is not in state.*rotate_triggers`)

// TestAccAPIToken_secretEncrypted keeps the secret for the holders of age keys
// alone, through every change that there is.
func TestAccAPIToken_secretEncrypted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada, adaKey := keyPair(t)
	ben, benKey := keyPair(t)
	config := func(attributes string) string {
		return w.config("name = \"sealed\"\n" + dnsPolicy + "\n" + attributes)
	}
	both := fmt.Sprintf("secret_storage = \"encrypted\"\nrecipients = [%q, %q]\n", adaKey, benKey)
	bens := fmt.Sprintf("secret_storage = \"encrypted\"\nrecipients = [%q]\n", benKey)
	rolled := "rotate_triggers = { leaver = \"ada\" }\n"
	sameID, sameText := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesSame())
	var first, second string
	w.Test(
		resource.TestStep{
			PreConfig: w.Fresh, Config: config(both),
			ConfigPlanChecks: action(plancheck.ResourceActionCreate,
				plancheck.ExpectUnknownValue(address, at("encrypted_value")), plancheck.ExpectKnownValue(address, at("value"), knownvalue.Null())),
			ConfigStateChecks: []statecheck.StateCheck{
				nowhere{},
				sameID.AddStateValue(address, at("id")), sameText.AddStateValue(address, at("encrypted_value")),
				statecheck.ExpectKnownValue(address, at("value"), knownvalue.Null()),
				w.ExpectWrites(map[string]int{"POST /user/tokens": 1}),
				stateFunc(func(attributes map[string]any) error {
					forAda, err := opened(attributes, ada)
					forBen, errBen := opened(attributes, ben)
					first = forAda
					if forAda != forBen {
						return errors.New("the recipients read different secrets")
					}
					return errors.Join(err, errBen, w.works(first, true))
				}),
			},
		},
		resource.TestStep{
			PreConfig: w.Fresh, Config: config(both),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectEmptyPlan(), w.ExpectRequests(map[string]int{"GET /user/tokens/{token_id}": 1}), nowhere{},
			}},
		},
		resource.TestStep{
			// An update of the definition does not touch what is kept of the secret.
			Config: w.config("name = \"renamed\"\n" + dnsPolicy + "\n" + both), ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{nowhere{}, sameText.AddStateValue(address, at("encrypted_value"))},
		},
		resource.TestStep{Config: config(bens), ExpectError: secretNeeded},
		resource.TestStep{Config: config(""), ExpectError: secretNeeded},
		resource.TestStep{
			// Another recipient comes with a new secret.
			PreConfig: w.Fresh, Config: w.config("name = \"renamed\"\n" + dnsPolicy + "\n" + bens + rolled),
			ConfigPlanChecks: action(plancheck.ResourceActionUpdate,
				plancheck.ExpectUnknownValue(address, at("encrypted_value")), plancheck.ExpectKnownValue(address, at("value"), knownvalue.Null()), nowhere{}),
			ConfigStateChecks: []statecheck.StateCheck{
				nowhere{},
				sameID.AddStateValue(address, at("id")),
				w.ExpectWrites(map[string]int{"PUT /user/tokens/{token_id}/value": 1}),
				stateFunc(func(attributes map[string]any) error {
					var err error
					second, err = opened(attributes, ben)
					if _, adaReads := opened(attributes, ada); adaReads == nil {
						return errors.New("who is no recipient any more reads the new secret")
					}
					return errors.Join(err, w.works(first, false), w.works(second, true))
				}),
			},
		},
		resource.TestStep{
			// Nothing is kept any more, and the secret goes on working.
			PreConfig: w.Fresh, Config: w.config("name = \"renamed\"\n" + dnsPolicy + "\nsecret_storage = \"none\"\n"), ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{
				nowhere{},
				w.ExpectWrites(map[string]int{}),
				statecheck.ExpectKnownValue(address, at("value"), knownvalue.Null()), statecheck.ExpectKnownValue(address, at("encrypted_value"), knownvalue.Null()),
				stateFunc(func(map[string]any) error { return w.works(second, true) }),
			},
		},
		resource.TestStep{Config: w.config("name = \"renamed\"\n" + dnsPolicy), ExpectError: secretNeeded},
		resource.TestStep{
			Config: w.config("name = \"renamed\"\n" + dnsPolicy + "\nrotate_triggers = { back = \"1\" }\n"), ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{
				w.ExpectSecretsHidden(), statecheck.ExpectKnownValue(address, at("encrypted_value"), knownvalue.Null()),
				stateFunc(func(attributes map[string]any) error {
					return errors.Join(w.works(second, false), w.works(text(attributes, "value"), true))
				}),
			},
		},
	)
}

// TestAccAPIToken_secretSealedLater encrypts the secret that state holds: no
// request, and the secret stays what it was.
func TestAccAPIToken_secretSealedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mocktest.WithShuffledReplies(3))
	id, key := keyPair(t)
	base := "account_id = \"$acme\"\nname = \"sealed later\"\n" + dnsPolicy
	var secret string
	sealed := w.config(base + fmt.Sprintf("\nsecret_storage = \"encrypted\"\nrecipients = [%q]", key))
	w.Test(
		resource.TestStep{Config: w.config(base), ConfigStateChecks: []statecheck.StateCheck{remember("value", &secret)}},
		resource.TestStep{
			PreConfig: w.Fresh, Config: sealed, ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{
				nowhere{},
				w.ExpectWrites(map[string]int{}),
				stateFunc(func(attributes map[string]any) error {
					got, err := opened(attributes, id)
					if got != secret {
						err = errors.Join(err, errors.New("encrypted_value holds another secret"))
					}
					return err
				}),
			},
		},
		resource.TestStep{Config: sealed, ConfigPlanChecks: isEmpty},
	)
}

// TestAccAPIToken_secretNone keeps nothing, from the create on.
func TestAccAPIToken_secretNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config("name = \"forgotten\"\nsecret_storage = \"none\"\n" + dnsPolicy)
	null := []plancheck.PlanCheck{
		plancheck.ExpectKnownValue(address, at("value"), knownvalue.Null()), plancheck.ExpectKnownValue(address, at("encrypted_value"), knownvalue.Null()),
	}
	w.Test(
		resource.TestStep{
			Config: config, ConfigPlanChecks: action(plancheck.ResourceActionCreate, null...),
			ConfigStateChecks: []statecheck.StateCheck{nowhere{}, statecheck.ExpectKnownValue(address, at("value"), knownvalue.Null())},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: isEmpty},
	)
}

// TestAccAPIToken_secretLostCreate loses the answer to a create whose secret is
// to be encrypted: what is kept is the secret of the token that lives.
func TestAccAPIToken_secretLostCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := keyPair(t)
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true, Times: 1})
	w.Test(resource.TestStep{
		Config: w.config(fmt.Sprintf("name = \"lost\"\nsecret_storage = \"encrypted\"\nrecipients = [%q]\n", key) + dnsPolicy),
		ConfigStateChecks: []statecheck.StateCheck{nowhere{}, stateFunc(func(attributes map[string]any) error {
			secret, err := opened(attributes, id)
			return errors.Join(err, w.works(secret, true))
		})},
	})
}

// TestAccAPIToken_secretInvalid refuses what could not keep a secret, before
// anything is made.
func TestAccAPIToken_secretInvalid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := keyPair(t)
	var steps []resource.TestStep
	for config, want := range map[string]string{
		`secret_storage = "encrypted"`:                                                      `No recipients to encrypt to`,
		`recipients = ["` + key + `"]`:                                                      `Recipients without encryption`,
		"secret_storage = \"encrypted\"\nrecipients = [\"ssh-ed25519 AAAA\"]":               `(?s)Invalid recipient.*age-keygen`,
		"secret_storage = \"encrypted\"\nrecipients = [\"" + id.String() + "\"]":            `(?s)Private key among the recipients.*age-keygen -y`,
		`secret_storage = "file"`:                                                           `Invalid Attribute Value Match`,
		"secret_storage = \"encrypted\"\nrecipients = [terraform_data.later.output]":        `Invalid recipient`,
		"secret_storage = terraform_data.later.output\nrecipients = [\"" + key + "\"]":      `Invalid Attribute Value Match`,
		"secret_storage = \"encrypted\"\nrecipients = toset(terraform_data.none.output[*])": `No recipients to encrypt to`,
	} {
		steps = append(steps, resource.TestStep{
			PreConfig: func() { t.Log("step: " + want) },
			Config: w.with("resource \"terraform_data\" \"later\" {\n input = \"later\"\n}\nresource \"terraform_data\" \"none\" {\n}\n",
				"name = \"x\"\n"+dnsPolicy+"\n"+config),
			ExpectError: regexp.MustCompile(want),
		})
	}
	steps = append(steps, resource.TestStep{
		PreConfig: func() { w.requests(http.MethodPost, "", 0) },
		Config:    w.config("name = \"x\"\n" + dnsPolicy),
	})
	w.Test(steps...)
}

// TestAccAPIToken_secretImported brings a token under Terraform whose secret is
// to be encrypted: that takes a new one, which has to be asked for.
func TestAccAPIToken_secretImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := keyPair(t)
	made := w.make("/user/tokens", map[string]any{"name": "found", "policies": w.oddPolicies()})
	importing := "import {\n to = " + address + "\n id = \"" + made + "\"\n}\n"
	found := strings.Replace(odd, `"odd"`, `"found"`, 1)
	sealed := found + fmt.Sprintf("\nsecret_storage = \"encrypted\"\nrecipients = [%q]\n", key)
	w.Test(
		resource.TestStep{Config: w.with(importing, sealed), ExpectError: secretNeeded},
		resource.TestStep{
			PreConfig: w.Fresh, Config: w.with(importing, found+"\nsecret_storage = \"none\"\n"),
			ConfigStateChecks: []statecheck.StateCheck{w.ExpectWrites(map[string]int{})},
		},
		resource.TestStep{
			PreConfig: w.Fresh, Config: w.with(importing, sealed+"rotate_triggers = { taken_over = \"1\" }\n"), ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{
				w.ExpectWrites(map[string]int{"PUT /user/tokens/{token_id}/value": 1}),
				stateFunc(func(attributes map[string]any) error {
					secret, err := opened(attributes, id)
					return errors.Join(err, w.works(secret, true))
				}),
			},
		},
	)
}
