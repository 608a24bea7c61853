// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// make makes a token outside Terraform and returns its id.
func (w *world) make(path string, definition map[string]any) string {
	w.t.Helper()
	var token wireToken
	if err := w.Must(owner, http.MethodPost, w.names.Replace(path), definition).Decode(&token); err != nil {
		w.t.Fatal(err)
	}
	return token.ID
}

// oddPolicies are policies as no configuration of ours would write them.
func (w *world) oddPolicies() []any {
	n := w.names.Replace
	group := func(ids ...string) []any {
		var out []any
		for _, id := range ids {
			out = append(out, map[string]any{"id": id})
		}
		return out
	}
	const zoneRead, dnsRead, settingsRead = "c8fed203ed3043cba015a93ad1616f1f", "82e64a83756745bbbb1c9c2701bf816b", "c1fde68c7bcc44588cbb6ddbc16d6480"
	return []any{
		// A whole account, with permissions on the account and on its zones.
		map[string]any{"effect": "allow", "permission_groups": group(zoneRead, settingsRead), "resources": map[string]any{n("com.cloudflare.api.account.$acme"): "*"}},
		// One zone, nested under its account.
		map[string]any{"effect": "allow", "permission_groups": group(dnsRead), "resources": map[string]any{n("com.cloudflare.api.account.$acme"): map[string]any{n("com.cloudflare.api.account.zone.$zone"): "*"}}},
		map[string]any{"effect": "deny", "permission_groups": group(dnsRead), "resources": map[string]any{n("com.cloudflare.api.account.zone.$other"): "*"}},
	}
}

// odd is the configuration of those policies.
const odd = `
	name = "odd"
	policies = {
		account_settings_read_and_zone_read = { permission_groups = ["Zone Read", "Account Settings Read"], resources = { other = [{ key = "com.cloudflare.api.account.$acme" }] } }
		dns_read      = { permission_groups = ["DNS Read"], resources = { other = [{ within = "com.cloudflare.api.account.$acme", key = "com.cloudflare.api.account.zone.$zone" }] } }
		deny_dns_read = { effect = "deny", permission_groups = ["DNS Read"], resources = { zones = ["$other"] } }
	}`

// TestAccAPIToken_importBlock imports tokens made elsewhere: what means the same
// plans an update of names alone, and sends nothing.
func TestAccAPIToken_importBlock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ path, prefix, attributes string }{
		"of the user":   {"/user/tokens", "", ""},
		"of an account": {"/accounts/$acme/tokens", "$acme/", "account_id = \"$acme\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.make(test.path, map[string]any{"name": "odd", "policies": w.oddPolicies()})
			importing := "import {\n to = " + address + "\n id = \"" + test.prefix + id + "\"\n}\n"
			config := w.with(importing, test.attributes+odd)
			w.Test(
				resource.TestStep{
					PreConfig: w.Fresh,
					Config:    config,
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(address, at("id"), knownvalue.StringExact(id)),
						statecheck.ExpectKnownValue(address, at("value"), knownvalue.Null()),
						statecheck.ExpectKnownValue(address, at("grants"), knownvalue.SetSizeExact(4)),
						w.ExpectWrites(map[string]int{}),
					},
				},
				resource.TestStep{Config: config, ConfigPlanChecks: isEmpty},
				resource.TestStep{
					ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: w.importID(test.prefix),
				},
				resource.TestStep{
					Config:           w.with("", test.attributes+`name = "renamed"`+"\n"+dnsPolicy),
					ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(address, at("value"), knownvalue.Null()),
					},
				},
			)
		})
	}
}

// TestAccAPIToken_importRespelledBesideUnknown imports a token whose
// configuration says what was imported in other words, beside values that only
// the apply knows and that turn out to be what was imported.
func TestAccAPIToken_importRespelledBesideUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.make("/user/tokens", map[string]any{
		"name": "odd", "policies": w.oddPolicies(),
		"condition": map[string]any{"request_ip": map[string]any{"in": []string{"127.0.0.0/8", "198.51.100.7"}}},
	})
	blocks := "resource \"terraform_data\" \"later\" {\n input = { zone = \"$other\", range = \"127.0.0.0/8\", group = \"Zone Read\" }\n}\n" +
		"import {\n to = " + address + "\n id = \"" + id + "\"\n}\n"
	config := w.with(blocks, `
	name      = "odd"
	condition = { request_ip = { in = [terraform_data.later.output.range, "198.51.100.7/32"] } }
	policies  = {
		account_settings_read_and_zone_read = { effect = "allow", permission_groups = [terraform_data.later.output.group, "account:Account Settings Read"], resources = { other = [{ key = "com.cloudflare.api.account.$acme" }] } }
		dns_read      = { permission_groups = ["DNS Read"], resources = { other = [{ within = "com.cloudflare.api.account.$acme", key = "com.cloudflare.api.account.zone.$zone" }] } }
		deny_dns_read = { effect = "deny", permission_groups = ["zone:DNS Read"], resources = { zones = [terraform_data.later.output.zone], accounts = [], all_zones = false } }
	}`)
	w.Test(
		resource.TestStep{PreConfig: w.Fresh, Config: config, ConfigStateChecks: []statecheck.StateCheck{w.ExpectWrites(map[string]int{})}},
		resource.TestStep{Config: config, ConfigPlanChecks: isEmpty},
		resource.TestStep{
			// From here on the configuration's own spelling is kept.
			Config:           strings.NewReplacer("198.51.100.7/32", "198.51.100.7", "effect = \"allow\", ", "", "zone:DNS", "DNS").Replace(config),
			ConfigPlanChecks: isEmpty,
		},
	)
}

func TestAccAPIToken_importRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "x"` + "\n" + dnsPolicy)
	steps := []resource.TestStep{{Config: config}}
	for id, want := range map[string]string{
		"nonsense":                          "Invalid import ID",
		"ed17574386854bf78a67040be0a770b0/": "Invalid import ID",
		"a/b/c":                             "Invalid import ID",
		"ed17574386854bf78a67040be0a770b0":  "API token to import does not exist",
	} {
		steps = append(steps, resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(want)})
	}
	w.Test(steps...)
}
