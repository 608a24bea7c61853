// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// address is the resource that the tests are about.
const address = apitoken.TypeName + ".test"

// world is a server of the test's own, with the names that configurations use.
type world struct {
	*acctest.Env
	t *testing.T
	// names replaces $acme, $globex, $zone, $other and $far in configurations:
	// the accounts, two zones of the first, and the zone of the second.
	names *strings.Replacer
}

func newWorld(t *testing.T, opts ...mocktest.Option) *world {
	t.Helper()
	env := acctest.New(t, opts...)
	w := &world{Env: env, t: t}
	var pairs []string
	for name, ref := range map[string]string{"$acme": "acme", "$globex": "globex", "$zone": "example.com", "$other": "example.org", "$far": "globex.example"} {
		pairs = append(pairs, name, env.Server.ID(ref))
	}
	w.names = strings.NewReplacer(pairs...)
	return w
}

// config is a configuration with the token of the tests, whose attributes it is given.
func (w *world) config(attributes string) string {
	return w.with("", attributes)
}

// with is config with further blocks.
func (w *world) with(blocks, attributes string) string {
	return w.ProviderConfig() + w.names.Replace(blocks+"\nresource \""+apitoken.TypeName+"\" \"test\" {\n"+attributes+"\n}\n")
}

// A policy that most tests use.
const dnsPolicy = `policies = { dns_write = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } } }`

// Plan checks.
var (
	isEmpty   = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	isCreate  = action(plancheck.ResourceActionCreate)
	isUpdate  = action(plancheck.ResourceActionUpdate)
	isReplace = action(plancheck.ResourceActionDestroyBeforeCreate)
)

func action(a plancheck.ResourceActionType, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(address, a)}, more...)}
}

// at is the path of an attribute.
func at(name string, steps ...string) tfjsonpath.Path {
	p := tfjsonpath.New(name)
	for _, s := range steps {
		p = p.AtMapKey(s)
	}
	return p
}

// stateFunc is a state check made of a function of the token's attributes.
type stateFunc func(attributes map[string]any) error

// CheckState finds the token and calls the function.
func (f stateFunc) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	r := tokenIn(req.State)
	if r == nil {
		resp.Error = errors.New("the token is not in state")
		return
	}
	resp.Error = f(r.AttributeValues)
}

func tokenIn(state *tfjson.State) *tfjson.StateResource {
	for _, r := range state.Values.RootModule.Resources {
		if r.Address == address {
			return r
		}
	}
	return nil
}

func text(attributes map[string]any, name string) string {
	s, _ := attributes[name].(string)
	return s
}

// remember keeps an attribute of the token for later steps.
func remember(name string, to *string) statecheck.StateCheck {
	return stateFunc(func(attributes map[string]any) error {
		*to = text(attributes, name)
		if *to == "" {
			return fmt.Errorf("%s is not set", name)
		}
		return nil
	})
}

// wireToken is a token as the API shows it to the one who owns it.
type wireToken struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Status    string          `json:"status"`
	Policies  json.RawMessage `json:"policies"`
	Condition json.RawMessage `json:"condition"`
	NotBefore string          `json:"not_before"`
	ExpiresOn string          `json:"expires_on"`
}

// owner is the credential that changes tokens outside Terraform: the Global key
// of the user that Terraform's own token belongs to.
const owner = "super"

// read reads a token outside Terraform.
func (w *world) read(path string) wireToken {
	w.t.Helper()
	var token wireToken
	if err := w.Must(owner, http.MethodGet, path, nil).Decode(&token); err != nil {
		w.t.Fatal(err)
	}
	return token
}

// change edits a token outside Terraform: it reads the definition, lets edit
// change it, and writes it back.
func (w *world) change(path string, edit func(map[string]any)) {
	w.t.Helper()
	var definition map[string]any
	if err := w.Must(owner, http.MethodGet, path, nil).Decode(&definition); err != nil {
		w.t.Fatal(err)
	}
	edit(definition)
	w.Must(owner, http.MethodPut, path, definition)
}

// importID is the id of the token in state behind a prefix.
func (w *world) importID(prefix string) resource.ImportStateIdFunc {
	return func(s *terraform.State) (string, error) {
		return w.names.Replace(prefix) + s.RootModule().Resources[address].Primary.ID, nil
	}
}

// requests checks how many requests Terraform made since the journal was reset.
func (w *world) requests(method, path string, want int) {
	w.t.Helper()
	if got := w.Server.Count(method, path); got != want {
		w.t.Errorf("%s %s: %d requests, want %d", method, path, got, want)
	}
}

// ask sends a request with a token's secret and returns the status and the
// reason of a refusal.
func (w *world) ask(secret, method, path, body string) (status int, reason string) {
	w.t.Helper()
	req := w.Server.Request("", method, w.names.Replace(path), body)
	if body == "" {
		req = w.Server.Request("", method, w.names.Replace(path), nil)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	var envelope mocktest.Envelope
	if err := json.NewDecoder(resp.Body).Decode(&envelope); err != nil {
		w.t.Fatalf("%s %s: status %d: %v", method, path, resp.StatusCode, err)
	}
	for _, e := range envelope.Errors {
		for _, c := range e.Chain {
			reason, _, _ = strings.Cut(c.Message, ":")
			return resp.StatusCode, reason
		}
	}
	return resp.StatusCode, ""
}
