// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/leak"
)

// queryFile lists everything that can be imported: without and with the resource, without and with a filter.
const queryFile = `
variable "account_id" {
  type = string
}

list "accesscontrol_api_token" "user" {
  provider         = accesscontrol
  include_resource = true
}

list "accesscontrol_api_token" "account" {
  provider = accesscontrol

  config {
    account_id = var.account_id
  }
}

list "accesscontrol_account_member_api_access" "overridden" {
  for_each = toset(["enabled", "disabled"])
  provider = accesscontrol

  config {
    account_id = var.account_id
    api_access = each.key
  }
}

list "accesscontrol_account_api_access" "on" {
  provider         = accesscontrol
  include_resource = true

  config {
    enabled = true
  }
}
`

// awkwardName needs every escape that HCL knows.
const awkwardName = `quoted "name" of ${everything} %{and} \n more — ümlaut`

// listed is one result of a query, as the machine-readable output has it.
type listed struct {
	Address      string         `json:"address"`
	DisplayName  string         `json:"display_name"`
	Identity     map[string]any `json:"identity"`
	Resource     map[string]any `json:"resource_object"`
	ImportConfig string         `json:"import_config"`
}

// TestAccQuery queries a world that was made by hand with the real CLI: as text, as JSON, and for configuration,
// which then imports everything, changes nothing, and plans empty. No secret is in any of it.
func TestAccQuery(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Query)
	run := newLeakRun(t, tool, "provider \"accesscontrol\" {}\n", mocktest.WithShuffledReplies(17))
	acme := run.env.ID("acme")
	run.environment = append(run.environment, "TF_VAR_account_id="+acme)
	run.write("everything.tfquery.hcl", queryFile)

	own := run.env.ID(acctest.Terraform)
	plain, plainSecret := run.issue("/user/tokens", "of the user")
	awkward, _ := run.issue("/accounts/"+acme+"/tokens", awkwardName)
	disabled, _ := newToken(t, run.env, "/accounts/"+acme+"/tokens", "disabled",
		"status", "disabled", "expires_on", "2035-01-01T00:00:00Z",
		"condition", map[string]any{"request_ip": map[string]any{"in": []any{"198.51.100.0/24"}}})
	run.env.SetAccountSwitch("acme", new(true))
	run.env.SetMemberSwitch("acme/ci", new(false))
	run.env.SetMemberSwitch("acme/dns", new(true))

	token := func(list, name, id string, account any) listed {
		return listed{Address: "list.accesscontrol_api_token." + list, DisplayName: name, Identity: map[string]any{"id": id, "account_id": account}}
	}
	member := func(setting, email, ref string) listed {
		return listed{
			Address:     fmt.Sprintf("list.accesscontrol_account_member_api_access.overridden[%q]", setting),
			DisplayName: email, Identity: map[string]any{"account_id": acme, "member_id": run.env.ID(ref)},
		}
	}
	want := []listed{
		member("disabled", "ci@example.com", "acme/ci"),
		member("enabled", "dns@example.com", "acme/dns"),
		{Address: "list.accesscontrol_account_api_access.on", DisplayName: "Acme", Identity: map[string]any{"account_id": acme}},
		token("account", "disabled", disabled, acme),
		token("account", awkwardName, awkward, acme),
		token("user", "of the user", plain, nil),
		token("user", "terraform", own, nil),
	}
	// Tokens that the built-in world has besides.
	for _, account := range tokensOf(t, run.env, "/accounts/"+acme+"/tokens") {
		if account.ID != disabled && account.ID != awkward {
			want = append(want, token("account", account.Name, account.ID, acme))
		}
	}
	sortListed(want)

	run.env.Fresh()
	run.command(true, "query.txt", "query")
	if diff := cmp.Diff(map[string]int{
		"GET /user/tokens": 1, "GET /accounts/{account_id}/tokens": 1, "GET /accounts/{account_id}/members": 2, "GET /accounts": 1,
	}, run.requests()); diff != "" {
		t.Errorf("requests of a query (-want +got):\n%s", diff)
	}
	text := run.file("query.txt")
	for _, result := range want {
		for _, value := range result.Identity {
			if id, ok := value.(string); ok && !strings.Contains(text, id) {
				t.Errorf("%s is not in the text:\n%s", id, text)
			}
		}
		if !strings.Contains(text, result.DisplayName) {
			t.Errorf("%s is not in the text:\n%s", result.DisplayName, text)
		}
	}

	run.command(true, "query.json", "query", "-json")
	found := run.listed("query.json")
	for i, result := range found {
		asked := strings.HasSuffix(result.Address, ".user") || strings.HasSuffix(result.Address, ".on")
		if (result.Resource != nil) != asked {
			t.Errorf("%s: the resource is there: %t", result.Address, !asked)
		}
		found[i].Resource = nil
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	run.command(true, "generated.json", "query", "-json", "-generate-config-out=generated.txt")
	for _, result := range run.listed("generated.json") {
		for _, id := range result.Identity {
			if id, ok := id.(string); ok && !strings.Contains(result.ImportConfig, id) {
				t.Errorf("%s: %s is not in its import block:\n%s", result.Address, id, result.ImportConfig)
			}
		}
	}

	run.env.Fresh()
	run.command(true, "", "query", "-generate-config-out=generated.tf")
	run.command(true, "", "plan", "-out=import.tfplan")
	run.command(true, "import-plan.json", "show", "-json", "import.tfplan")
	if imported := run.imported("import-plan.json"); imported != len(want) {
		t.Errorf("%d objects are imported, want %d", imported, len(want))
	}
	run.command(true, "", "apply", "import.tfplan")
	run.command(true, "", "plan", "-detailed-exitcode")
	if diff := cmp.Diff(map[string]int{}, run.writes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	if !accepted(t, run.issuer.server, plainSecret) {
		t.Error("a token that was imported does not work any more")
	}

	none := func(leak.Finding) bool { return false }
	for _, found := range run.leaks(none) {
		t.Error("leaked:", found)
	}
	run.plantAll(run.issuer.secret("of the user, secret 1"), none)
}

// A query that may not list says so, and finds nothing.
func TestAccQuery_refused(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Query)
	run := newLeakRun(t, tool, "provider \"accesscontrol\" {}\n")
	run.write("tokens.tfquery.hcl", `
list "accesscontrol_api_token" "all" {
  provider = accesscontrol

  config {
    account_id = "`+strings.Repeat("a", 32)+`"
  }
}
`)
	if passed, output := run.try("query"); passed || !strings.Contains(output, "Not permitted to list API tokens") {
		t.Errorf("passed: %t\n%s", passed, output)
	}
}

// requests counts the requests by method and route since the journal was reset.
func (r *leakRun) requests() map[string]int {
	counts := map[string]int{}
	for _, entry := range r.issuer.server.Journal() {
		counts[entry.Method+" "+entry.Route]++
	}
	return counts
}

// listed reads the results out of the machine-readable output of a query, in an order of their own.
func (r *leakRun) listed(output string) []listed {
	r.t.Helper()
	var all []listed
	for line := range strings.Lines(r.file(output)) {
		var message struct {
			Type  string `json:"type"`
			Found listed `json:"list_resource_found"`
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			r.t.Fatalf("%s: %v", output, err)
		}
		if message.Type == "list_resource_found" {
			all = append(all, message.Found)
		}
	}
	sortListed(all)
	return all
}

func sortListed(all []listed) {
	slices.SortFunc(all, func(a, b listed) int {
		return strings.Compare(a.Address+"\x00"+a.DisplayName, b.Address+"\x00"+b.DisplayName)
	})
}

// imported counts what a plan imports; every change in it must be nothing but an import.
func (r *leakRun) imported(planFile string) int {
	r.t.Helper()
	var plan struct {
		ResourceChanges []struct {
			Address string `json:"address"`
			Change  struct {
				Actions   []string       `json:"actions"`
				Importing map[string]any `json:"importing"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(r.file(planFile)), &plan); err != nil {
		r.t.Fatal(err)
	}
	for _, resource := range plan.ResourceChanges {
		if resource.Change.Importing == nil || !slices.Equal(resource.Change.Actions, []string{"no-op"}) {
			r.t.Errorf("%s: %v, imported: %t", resource.Address, resource.Change.Actions, resource.Change.Importing != nil)
		}
	}
	return len(plan.ResourceChanges)
}
