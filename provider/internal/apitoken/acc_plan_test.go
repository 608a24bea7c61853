// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// TestAccAPIToken_invalid holds what a user reads of each mistake, as the CLI
// shows it: the summary, the remedy, and the attribute.
func TestAccAPIToken_invalid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var steps []resource.TestStep
	policies := func(groups, resources string) string {
		return fmt.Sprintf("name = \"x\"\npolicies = {\n p = {\n permission_groups = [%s]\n resources = { %s }\n }\n}\n", groups, resources)
	}
	valid := policies(`"DNS Write"`, `zones = ["$zone"]`)
	for _, test := range []struct {
		name, config string
		want         []string // in this order; any white space stands for any other
	}{
		{"unknown permission", policies(`"DNS Writ"`, `zones = ["$zone"]`), []string{"Unknown permission group", "p = {", `In policies["p"].permission_groups`, `"DNS Write"`, "accesscontrol_permission_groups"}},
		{"ambiguous permission", policies(`"Logs Read"`, `zones = ["$zone"]`), []string{"Ambiguous permission group", `"account:Logs Read"`, `"zone:Logs Read"`}},
		{"zone permission on an account", policies(`"DNS Write"`, `accounts = ["$acme"]`), []string{"Zone permission on an account resource", "`zones`", "`all_zones_of_accounts`"}},
		{"zone permission on all accounts", policies(`"DNS Write"`, `all_accounts = true`), []string{"Permission has no resource it can act on", "Add `zones`"}},
		{"account permission on a zone", policies(`"Account Settings Read"`, `zones = ["$zone"]`), []string{"Permission has no resource it can act on", "Add `accounts`"}},
		{"zone permission on records", policies(`"Zone Read"`, `dns_records = [{ zone_id = "$zone", type = "TXT", name = "*" }]`), []string{"Permission has no resource it can act on", "DNS Read and DNS Write alone"}},
		{"user permission, account-owned", "account_id = \"$acme\"\n" + policies(`"API Tokens Read"`, `accounts = ["$acme"]`), []string{"User permission on an account-owned token", "remove account_id"}},
		{"wildcard, account-owned", "account_id = \"$acme\"\n" + policies(`"Account Settings Read"`, `all_accounts = true`), []string{"Resource not allowed on an account-owned token"}},
		{"no policy", "name = \"x\"\npolicies = {}", []string{"Token without policies", "Add a policy"}},
		{"no permission", policies("", `zones = ["$zone"]`), []string{"Policy without permission groups"}},
		{"no resource", policies(`"DNS Write"`, ""), []string{"Policy without resources"}},
		{"resource misspelled", policies(`"DNS Write"`, `zone = ["$zone"]`), []string{"Policy without resources", "Check the spelling of its attributes", "`policies`"}},
		{"two policies in one", policies(`"DNS Write"`, `zones = ["$zone"], dns_records = [{ zone_id = "$zone", type = "TXT", name = "*" }]`), []string{"Resources need two policies", "Make it two policies"}},
		{"record pattern", policies(`"DNS Write"`, `dns_records = [{ zone_id = "$zone", type = "TXT", name = "WWW.example.com" }]`), []string{"Invalid record name pattern", "lower case"}},
		{"record type", policies(`"DNS Write"`, `dns_records = [{ zone_id = "$zone", type = "TEXT", name = "www.example.com" }]`), []string{"Unknown DNS record type", "TXT"}},
		{"CIDR typo", valid + `condition = { request_ip = { in = ["198.51.100.0/33"] } }`, []string{"Invalid IP range", "198.51.100.0/24"}},
		{"CIDR with host bits", valid + `condition = { request_ip = { in = ["198.51.100.7/24"] } }`, []string{"Invalid IP range", "198.51.100.0/24"}},
		{"CIDR twice", valid + `condition = { request_ip = { not_in = ["198.51.100.7", "198.51.100.7/32"] } }`, []string{"IP range given twice", "Remove one"}},
		{"empty CIDR set", valid + `condition = { request_ip = { in = [] } }`, []string{"Empty set of IP ranges"}},
		{"empty condition", valid + `condition = { request_ip = {} }`, []string{"Condition without addresses"}},
		{"condition misspelled", valid + `condition = { request_ip = { inn = ["198.51.100.7"] } }`, []string{"Condition without addresses", "Check the spelling of its attributes", "`condition`"}},
		{"time", valid + `expires_on = "tomorrow"`, []string{"Invalid time", "RFC 3339"}},
		{"expiry in the past", valid + `expires_on = "2020-01-01T00:00:00Z"`, []string{"Expiry lies in the past", "Set expires_on to a time in the future"}},
		{"expiry before begin", valid + "expires_on = \"2035-01-01T00:00:00Z\"\nnot_before = \"2035-01-01T00:00:00Z\"", []string{"Token would never be valid"}},
		{"empty name", strings.Replace(valid, `"x"`, `""`, 1), []string{"Invalid Attribute Value Length", "name"}},
		{"long name", strings.Replace(valid, `"x"`, `"`+strings.Repeat("x", 121)+`"`, 1), []string{"Invalid Attribute Value Length"}},
		{"status", valid + `status = "off"`, []string{"Invalid Attribute Value Match", "status", `"active" or "disabled"`}},
		{"status of a dead token", valid + `status = "expired"`, []string{"Invalid Attribute Value Match", "status", "Remove status"}},
		{"account id", valid + `account_id = "acme"`, []string{"Invalid account id", "32 lower-case"}},
		{"twins", "name = \"x\"\npolicies = {\n a = { permission_groups = [\"DNS Write\"], resources = { zones = [\"$zone\"] } }\n b = { permission_groups = [\"DNS Edit\"], resources = { zones = [\"$zone\"] } }\n}", []string{"Two policies with one meaning", "Remove one"}},
	} {
		var parts []string
		for _, part := range test.want {
			parts = append(parts, strings.ReplaceAll(regexp.QuoteMeta(part), " ", `\s+`))
		}
		steps = append(steps, resource.TestStep{
			PreConfig: func() { t.Log("step: " + test.name) },
			Config:    w.config(test.config), PlanOnly: true, ExpectError: regexp.MustCompile("(?s)" + strings.Join(parts, ".*")),
		})
	}
	w.Test(steps...)
	w.requests(http.MethodPost, "", 0)
}

// TestAccAPIToken_unknown plans and applies with values that only an apply knows.
func TestAccAPIToken_unknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	blocks := `
resource "terraform_data" "later" {
	input = {
		name    = "later"
		group   = "DNS Edit"
		groups  = ["Zone Read"]
		zone    = "$zone"
		account = "$acme"
		expires = "2035-01-01T00:00:00Z"
		range   = "127.0.0.0/8"
		flag    = true
	}
}
`
	attributes := `
	name       = terraform_data.later.output.name
	expires_on = terraform_data.later.output.expires
	condition  = { request_ip = { in = [terraform_data.later.output.range] } }
	policies = {
		group   = { permission_groups = [terraform_data.later.output.group], resources = { zones = [terraform_data.later.output.zone] } }
		groups  = { permission_groups = terraform_data.later.output.groups, resources = { all_zones = terraform_data.later.output.flag } }
		account = { permission_groups = ["Account Settings Read"], resources = { accounts = [terraform_data.later.output.account] } }
		record  = { permission_groups = ["DNS Read"], resources = { dns_records = [{ zone_id = terraform_data.later.output.zone, type = "TXT", name = "*" }] } }
	}`
	w.Test(
		resource.TestStep{
			Config:           w.with(blocks, attributes),
			ConfigPlanChecks: action(plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(address, at("grants"))),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at("grants"), knownvalue.SetSizeExact(4)),
				statecheck.ExpectKnownValue(address, at("name"), knownvalue.StringExact("later")),
			},
		},
		resource.TestStep{Config: w.with(blocks, attributes), ConfigPlanChecks: isEmpty},
	)
}

// TestAccAPIToken_unknownAndRespelled spells everything anew while other
// values beside it are unknown, and these turn out to be what they were: the
// spelling that the plan showed is the one of the apply, and nothing is sent.
func TestAccAPIToken_unknownAndRespelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain := w.config(`
	name      = "respelled"
	condition = { request_ip = { in = ["127.0.0.0/8", "192.0.2.0/24"], not_in = ["198.51.100.7", "203.0.113.1"] } }
	policies  = {
		p = { permission_groups = ["DNS Write", "Zone Read"], resources = { zones = ["$zone"] } }
		q = { effect = "allow", permission_groups = ["DNS Read"], resources = { zones = ["$other"], accounts = [], all_zones = false } }
	}`)
	blocks := "resource \"terraform_data\" \"later\" {\n input = { zone = \"$zone\", range = \"127.0.0.0/8\", group = \"Zone Read\", address = \"203.0.113.1\" }\n}\n"
	respelled := w.with(blocks, `
	name      = "respelled"
	condition = { request_ip = { in = [terraform_data.later.output.range, "192.0.2.0/24"], not_in = ["198.51.100.7/32", terraform_data.later.output.address] } }
	policies  = {
		p = { effect = "allow", permission_groups = ["DNS Edit", terraform_data.later.output.group], resources = { zones = [terraform_data.later.output.zone], accounts = [], user = false } }
		q = { permission_groups = ["zone:DNS Read"], resources = { zones = ["$other"] } }
	}`)
	w.Test(
		resource.TestStep{Config: plain},
		resource.TestStep{Config: respelled, ConfigPlanChecks: isUpdate},
		resource.TestStep{Config: respelled, ConfigPlanChecks: isEmpty},
		// All known from the start, it is no change.
		resource.TestStep{Config: strings.Replace(plain, "name      = \"respelled\"", "name = \"respelled\"", 1), ConfigPlanChecks: action(plancheck.ResourceActionNoop)},
	)
	w.requests(http.MethodPut, "/user/tokens/*", 0)
}

// TestAccAPIToken_unknownAndWrong finds out in the apply that a value is wrong,
// before anything is written.
func TestAccAPIToken_unknownAndWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	blocks := "resource \"terraform_data\" \"later\" {\n input = \"DNS Writ\"\n}\n"
	w.Test(resource.TestStep{
		Config:      w.with(blocks, "name = \"x\"\npolicies = { p = { permission_groups = [terraform_data.later.output], resources = { zones = [\"$zone\"] } } }"),
		ExpectError: regexp.MustCompile("Unknown permission group"),
	})
	w.requests(http.MethodPost, "", 0)
}

// TestAccAPIToken_variables validates with variables that have no value yet.
func TestAccAPIToken_variables(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	blocks := `
variable "zone" { type = string }
variable "groups" { type = set(string) }
variable "from" { type = set(string) }
`
	w.Test(resource.TestStep{
		Config: w.with(blocks, `
	name      = "by variable"
	condition = { request_ip = { in = var.from } }
	policies  = { p = { permission_groups = var.groups, resources = { zones = [var.zone] } } }`),
		ConfigVariables: config.Variables{
			"zone":   config.StringVariable(w.Server.ID("example.com")),
			"groups": config.SetVariable(config.StringVariable("DNS Write")),
			"from":   config.SetVariable(config.StringVariable("127.0.0.1")),
		},
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, at("grants"), knownvalue.SetSizeExact(1))},
	})
}

// groupList is a reply that lists one permission group, which the catalogue does not hold.
const groupList = `{"success":true,"errors":[],"messages":[],"result":[{"id":"fffffffffffffffffffffffffffffff1","name":"Brand New Write","scopes":["com.cloudflare.api.account.zone"]}],"result_info":{"page":1,"per_page":1000,"count":1,"total_count":1,"total_pages":1}}`

// TestAccAPIToken_groupNotEmbedded looks an id up that the provider does not know.
func TestAccAPIToken_groupNotEmbedded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/user/tokens/permission_groups"
	brandNew := w.config(`name = "new"
	policies = { p = { permission_groups = ["fffffffffffffffffffffffffffffff1"], resources = { zones = ["$zone"] } } }`)
	w.Test(
		resource.TestStep{Config: brandNew, PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)Unknown permission group.*lists\s+no\s+permission\s+group`)},
		resource.TestStep{
			// Listed by the endpoint, so the plan passes it on.
			PreConfig: func() {
				w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: path, Body: groupList})
			},
			Config: brandNew, PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			// The list cannot be read: the plan passes it on with a warning, and the API judges.
			PreConfig: func() {
				w.Server.ClearFaults()
				w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: path, Status: http.StatusForbidden})
			},
			Config: brandNew, ExpectError: regexp.MustCompile(`(?s)Invalid API token configuration.*fffffffffffffffffffffffffffffff1`),
		},
	)
}

// TestAccAPIToken_revokedGroupNotListed plans a revoked token that holds a permission group which neither the
// provider knows nor the API lists any more. The one in its place could not be made, so nothing is planned, and
// the plan is no error: otherwise not even a plan to destroy the token, with which the test ends, would succeed.
func TestAccAPIToken_revokedGroupNotListed(t *testing.T) {
	t.Parallel()
	const path, brandNew = "/user/tokens/permission_groups", "fffffffffffffffffffffffffffffff1"
	w := newWorld(t)
	held := w.config("name = \"new\"\n" + dnsPolicy)
	gone := strings.Replace(held, `"DNS Write"`, `"`+brandNew+`"`, 1)
	var id string
	revoke := func(list *mocktest.Fault) func() {
		return func() {
			w.Server.ClearFaults()
			var token map[string]any
			if err := w.Must(owner, http.MethodGet, "/user/tokens/"+id, nil).Decode(&token); err != nil {
				t.Fatal(err)
			}
			policies, _ := token["policies"].([]any)
			policy, _ := policies[0].(map[string]any)
			policy["permission_groups"] = []any{map[string]any{"id": brandNew}}
			token["status"] = "revoked (exposed)"
			w.answer("/user/tokens/"+id, token)
			if list != nil {
				w.Server.Fault(*list)
			}
		}
	}
	w.Test(
		resource.TestStep{Config: held, ConfigStateChecks: []statecheck.StateCheck{remember("id", &id)}},
		resource.TestStep{PreConfig: revoke(nil), Config: gone, ConfigPlanChecks: isEmpty},
		// Where the API lists it, or does not say, a replacement is planned.
		resource.TestStep{
			PreConfig: revoke(&mocktest.Fault{Method: http.MethodGet, Path: path, Body: groupList}), Config: gone, PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			PreConfig: revoke(&mocktest.Fault{Method: http.MethodGet, Path: path, Status: http.StatusForbidden}), Config: gone, PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{PreConfig: revoke(nil), Config: gone, ConfigPlanChecks: isEmpty},
	)
	w.requests(http.MethodDelete, "/user/tokens/"+id, 1)
}
