// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// guideBlocks are the configurations of the guide about migrating.
func guideBlocks(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "migrating-from-the-official-provider.md"))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, part := range strings.Split(string(text), "\n```terraform\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```\n")
		blocks = append(blocks, block+"\n")
	}
	if len(blocks) != 3 {
		t.Fatalf("the guide has %d configurations, want 3", len(blocks))
	}
	return blocks
}

// onlyPolicies expects a plan that changes no attribute of the resource but policies.
type onlyPolicies string

// CheckPlan compares what was with what will be.
func (address onlyPolicies) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != string(address) {
			continue
		}
		before, _ := change.Change.Before.(map[string]any)
		after, _ := change.Change.After.(map[string]any)
		if len(before) < 5 {
			resp.Error = fmt.Errorf("%s had %d attributes", address, len(before))
		}
		for name := range before {
			if name != "policies" && !cmp.Equal(before[name], after[name]) {
				resp.Error = errors.Join(resp.Error, fmt.Errorf("%s.%s changes", address, name))
			}
		}
		return
	}
	resp.Error = fmt.Errorf("%s is not in the plan", address)
}

// TestAccAPIToken_movedAsTheGuideSays moves the tokens that the guide shows, of a user and of an account, and
// nothing is written.
func TestAccAPIToken_movedAsTheGuideSays(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Move)
	blocks := guideBlocks(t)
	group := func(id string) map[string]any { return map[string]any{"id": id} }
	for _, test := range []struct {
		name, path, address string
		before, after       string
		definition          map[string]any
	}{
		{
			name: "of the user", path: "/user/tokens", address: "accesscontrol_api_token.ci",
			before: blocks[0], after: blocks[1],
			definition: map[string]any{
				"name": "ci", "condition": map[string]any{"request_ip": map[string]any{"in": []any{"203.0.113.0/24"}}},
				"policies": []any{map[string]any{
					"effect": "allow", "permission_groups": []any{group("4755a26eedb94da69e1066d98aa820be")},
					"resources": map[string]any{"com.cloudflare.api.account.zone.023e105f4ecef8ad9ca31a8372d0c353": "*"},
				}},
			},
		},
		{
			name: "of an account", path: "/accounts/01a7362d577a6c3019a474fd6f485823/tokens", address: "accesscontrol_api_token.inventory",
			// The guide leaves this one to the reader.
			before: `
resource "cloudflare_account_token" "inventory" {
  account_id = "01a7362d577a6c3019a474fd6f485823"
  name       = "Inventory"

  policies = [{
    effect            = "allow"
    permission_groups = [{ id = "c8fed203ed3043cba015a93ad1616f1f" }, { id = "82e64a83756745bbbb1c9c2701bf816b" }]
    resources = jsonencode({
      "com.cloudflare.api.account.01a7362d577a6c3019a474fd6f485823" = { "com.cloudflare.api.account.zone.*" = "*" }
    })
  }]
}
`,
			after: blocks[2],
			definition: map[string]any{
				"name": "Inventory",
				"policies": []any{map[string]any{
					"effect":            "allow",
					"permission_groups": []any{group("c8fed203ed3043cba015a93ad1616f1f"), group("82e64a83756745bbbb1c9c2701bf816b")},
					"resources": map[string]any{"com.cloudflare.api.account.01a7362d577a6c3019a474fd6f485823": map[string]any{
						"com.cloudflare.api.account.zone.*": "*",
					}},
				}},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.ProtoV6ProviderFactories["cloudflare"] = providerserver.NewProtocol6WithError(stateWriter{})
			var token struct{ ID, Value string }
			if err := w.Must(owner, http.MethodPost, test.path, test.definition).Decode(&token); err != nil {
				t.Fatal(err)
			}
			computed := fmt.Sprintf("\n  id     = %q\n  status = \"active\"\n  value  = %q\n\n  policies = [{", token.ID, token.Value)
			moved := w.ProviderConfig() + test.after
			keeps := []statecheck.StateCheck{
				statecheck.ExpectKnownValue(test.address, at("id"), knownvalue.StringExact(token.ID)),
				statecheck.ExpectKnownValue(test.address, at("value"), knownvalue.StringExact(token.Value)),
				w.ExpectWrites(map[string]int{}),
			}
			w.Test(
				resource.TestStep{Config: w.ProviderConfig() + strings.Replace(test.before, "  policies = [{", computed, 1)},
				resource.TestStep{
					PreConfig: w.Fresh, Config: moved, ConfigStateChecks: keeps,
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						// The names of policies change, which is a matter of state alone; what the token can do does not.
						plancheck.ExpectResourceAction(test.address, plancheck.ResourceActionUpdate), onlyPolicies(test.address),
					}},
				},
				resource.TestStep{Config: moved, ConfigPlanChecks: isEmpty, ConfigStateChecks: keeps},
			)
		})
	}
}
