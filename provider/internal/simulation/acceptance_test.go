// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

const address = "data." + simulation.TypeName + ".test"

// world is a server of the test's own, with the names that configurations use.
type world struct {
	*acctest.Env
	names *strings.Replacer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Env: acctest.New(t)}
	w.names = strings.NewReplacer(
		"$acme", w.ID("acme"), "$globex", w.ID("globex"), "$zone", w.ID("example.com"), "$other", w.ID("example.org"),
		"$far", w.ID("globex.example"), "$terraform", w.ID("token:terraform"), "$ops", w.ID("token:acme_ops"),
	)
	return w
}

// config is a configuration with the simulation of the tests.
func (w *world) config(lines string) string {
	return w.Config(w.simulation("test", lines))
}

func (w *world) simulation(name, lines string) string {
	return w.names.Replace(fmt.Sprintf("data %q %q {\n%s\n}\n", simulation.TypeName, name, lines))
}

func attribute(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

func says(pattern string) knownvalue.Check {
	return knownvalue.StringRegexp(regexp.MustCompile(pattern))
}

func facts(texts ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(texts))
	for _, text := range texts {
		checks = append(checks, knownvalue.StringExact(text))
	}
	return knownvalue.SetExact(checks)
}

// The requests that a simulation may make.
const (
	getUserToken    = "GET /user/tokens/{token_id}"
	getAccountToken = "GET /accounts/{account_id}/tokens/{token_id}"
	getZone         = "GET /zones/{zone_id}"
	getAccount      = "GET /accounts/{account_id}"
	getMembers      = "GET /accounts/{account_id}/members"
	getMemberships  = "GET /memberships"
	getUser         = "GET /user"
)

const dnsOnZone = `policies = { dns = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } } }`

// Every way to give the token and the target, and exactly the requests that each of them needs.
func TestAccSimulation_answersAndRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	step := func(lines string, requests map[string]int, checks ...statecheck.StateCheck) resource.TestStep {
		return resource.TestStep{
			PreConfig:         w.Fresh,
			Config:            w.config(lines),
			ConfigStateChecks: append(checks, w.ExpectRequests(requests), w.ExpectSecretsHidden()),
		}
	}
	allowed := []statecheck.StateCheck{
		attribute("allowed", knownvalue.Bool(true)), attribute("policy_allows", knownvalue.Bool(true)), attribute("reason", knownvalue.Null()),
		attribute("remedy", knownvalue.Null()), attribute("unknown_facts", facts()), attribute("trace", knownvalue.ListSizeExact(10)),
	}
	w.Test(
		step(dnsOnZone+"\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\" }",
			map[string]int{getZone: 1, getMemberships: 1},
			append(allowed, attribute("explanation", says(`^Allowed by policies\["dns"\]: "DNS Write" on com\.cloudflare\.api\.account\.zone\.[0-9a-f]{32}\.`)),
				attribute("manages_tokens", knownvalue.Bool(false)))...),
		// Whether the zone lies in the account that is given is read.
		step(dnsOnZone+"\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\", account_id = \"$acme\" }",
			map[string]int{getZone: 1, getMemberships: 1}, allowed...),
		// A record's name is completed with the zone's.
		step(`policies  = { acme = { permission_groups = ["DNS Write"], resources = { dns_records = [{ zone_id = "$zone", type = "TXT", name = "_acme-challenge.example.com" }] } } }
		      operation = "POST /zones/{zone_id}/dns_records"
		      target    = { zone_id = "$zone", account_id = "$acme", zone_name = "example.com", record = { type = "TXT", name = "_acme-challenge" } }`,
			map[string]int{getZone: 1, getMemberships: 1}, allowed...),
		step(`policies  = { acme = { permission_groups = ["DNS Write"], resources = { dns_records = [{ zone_id = "$zone", type = "TXT", name = "_acme-challenge.example.com" }] } } }
		      operation = "POST /zones/{zone_id}/dns_records"
		      target    = { zone_id = "$zone", account_id = "$acme", record = { type = "A", name = "www" } }`,
			map[string]int{getZone: 1, getMemberships: 1},
			attribute("allowed", knownvalue.Bool(false)), attribute("policy_allows", knownvalue.Bool(false)), attribute("reason", knownvalue.StringExact("no_matching_grant")),
			attribute("remedy", says(`dns_records = \[\{ zone_id = "[0-9a-f]{32}", type = "A", name = "www\.example\.com" \}\]`))),
		// Nothing in the world decides what acts on the user.
		step(`policies  = { tokens = { permission_groups = ["API Tokens Write"], resources = { user = true } } }
		      operation = "POST /user/tokens"`,
			map[string]int{},
			append(allowed, attribute("manages_tokens", knownvalue.Bool(true)), attribute("explanation", says(`worth all its owner's rights`)))...),
		// A token that exists.
		step("token_id = \"$terraform\"\n operation = \"DELETE /zones/$zone\"",
			map[string]int{getUserToken: 1, getZone: 1, getMemberships: 1},
			append(allowed, attribute("manages_tokens", knownvalue.Bool(true)))...),
		// One that belongs to an account has no member; the account of the zone decides.
		step("token_id = \"$ops\"\n account_id = \"$acme\"\n operation = \"POST /zones/$zone/purge_cache\"",
			map[string]int{getAccountToken: 1, getZone: 1, getAccount: 1}, allowed...),
		step("token_id = \"$ops\"\n account_id = \"$acme\"\n operation = \"POST /zones/$far/purge_cache\"",
			map[string]int{getAccountToken: 1, getZone: 1},
			attribute("allowed", knownvalue.Bool(false)), attribute("reason", knownvalue.StringExact("target_not_found")), attribute("unknown_facts", facts())),
	)
}

// The gates that the policies have no say in.
func TestAccSimulation_otherGates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judged := func(lines, reason, explanation string) resource.TestStep {
		return resource.TestStep{
			Config: w.config(lines),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("allowed", knownvalue.Bool(false)), attribute("reason", knownvalue.StringExact(reason)),
				attribute("explanation", says(explanation)), attribute("policy_allows", knownvalue.Bool(true)),
			},
		}
	}
	// Terraform itself is cut off from the account too: it can still read its own memberships, and needs no more.
	off := judged(`policies = { p = { permission_groups = ["account:Account Settings Read"], resources = { accounts = ["$acme"] } } }
		operation = "GET /accounts/$acme"`, "api_access_disabled", `^Refused, api_access_disabled: API access to this account is disabled for this member`)
	off.PreConfig = func() { w.SetMemberSwitch("acme/super", new(false)) }
	enterprise := judged(`policies = { p = { permission_groups = ["Account Settings Write"], resources = { accounts = ["$globex"] } } }
		operation = "PUT /accounts/$globex"
		sets_api_access = "disabled"`, "enterprise_required", `Enterprise accounts only`)
	enterprise.PreConfig = func() { w.SetMemberSwitch("acme/super", nil) }
	lacks := judged(`policies = { p = { permission_groups = ["Zone Write"], resources = { zones = ["$zone"] } } }
		operation = "DELETE /zones/$zone"
		target = { account_id = "$acme" }`, "owner_lacks_right", `the token's owner does not hold "Zone Write"`)
	lacks.Config = strings.Replace(lacks.Config, w.ProviderConfig(), w.ProviderConfigFor("ci"), 1)
	w.Test(off, enterprise, lacks)
}

// A token that Terraform makes in the same apply, with limits of time and address; what is said of it is what
// the server then does.
func TestAccSimulation_tokenOfTheSameApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.names.Replace(`
resource "accesscontrol_api_token" "test" {
  name       = "simulated"
  expires_on = "2040-01-01T00:00:00Z"
  policies   = {
    dns  = { permission_groups = ["DNS Write", "DNS Read"], resources = { zones = ["$zone"] } }
    mail = { effect = "deny", permission_groups = ["DNS Write"], resources = { dns_records = [{ zone_id = "$zone", type = "MX", name = "*" }] } }
  }
  condition = { request_ip = { in = ["127.0.0.0/8", "::1"], not_in = ["127.9.9.9"] } }
}
`)
	common := "token_id = accesscontrol_api_token.test.id\n operation = \"POST /zones/{zone_id}/dns_records\"\n"
	on := func(kind, name string) string {
		return fmt.Sprintf("target = { zone_id = \"$zone\", record = { type = %q, name = %q } }\n", kind, name)
	}
	blocks := []string{
		token,
		w.simulation("allowed", common+on("A", "new")+"address = \"127.0.0.1\""),
		w.simulation("denied", common+on("MX", "@")+"address = \"127.0.0.1\""),
		w.simulation("elsewhere", common+on("A", "new")+"address = \"127.9.9.9\""),
		w.simulation("anywhere", common+on("A", "new")),
		w.simulation("expired", common+on("A", "new")+"address = \"127.0.0.1\"\n at = \"2040-01-01T00:00:00Z\""),
	}
	check := func(name, attribute string, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+simulation.TypeName+"."+name, tfjsonpath.New(attribute), want)
	}
	w.TestCase(resource.TestCase{Steps: []resource.TestStep{{
		Config: w.Config(blocks...),
		ConfigStateChecks: []statecheck.StateCheck{
			check("allowed", "allowed", knownvalue.Bool(true)),
			check("denied", "reason", knownvalue.StringExact("denied_by_policy")),
			check("denied", "explanation", says(`policies\["deny_dns_write"\]: "DNS Write" on .* denies what was granted`)),
			check("denied", "policy_allows", knownvalue.Bool(false)),
			check("elsewhere", "reason", knownvalue.StringExact("ip_not_allowed")),
			check("anywhere", "allowed", knownvalue.Bool(false)),
			check("anywhere", "reason", knownvalue.StringExact("unknown_facts")),
			check("anywhere", "policy_allows", knownvalue.Bool(true)),
			check("anywhere", "unknown_facts", facts("the client's address, which the token's IP condition asks for")),
			check("anywhere", "explanation", says(`^Not decided, and so not allowed: .*address.*The policies by themselves allow it\.`)),
			check("expired", "reason", knownvalue.StringExact("credential_expired")),
			check("expired", "policy_allows", knownvalue.Bool(true)),
			w.ExpectSecretsHidden(),
		},
		Check: func(s *terraform.State) error {
			secret := s.RootModule().Resources["accesscontrol_api_token.test"].Primary.Attributes["value"]
			for body, want := range map[string]int{
				`{"type":"A","name":"new","content":"192.0.2.1"}`:                     http.StatusOK,
				`{"type":"MX","name":"@","content":"mail.example.net","priority":10}`: http.StatusForbidden,
			} {
				req := w.Server.Request("", http.MethodPost, w.names.Replace("/zones/$zone/dns_records"), body)
				req.Header.Set("Authorization", "Bearer "+secret)
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					return err
				}
				if err := resp.Body.Close(); err != nil || resp.StatusCode != want {
					return fmt.Errorf("the server answers %d to %s (%w), want %d", resp.StatusCode, body, err, want)
				}
			}
			return nil
		},
	}}})
}

// What Terraform's credential may not read leaves the question open, and nothing is allowed on a guess.
func TestAccSimulation_unknownFacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	as := func(credential, lines string) string {
		return w.ProviderConfigFor(credential) + w.simulation("test", lines)
	}
	onZone := dnsOnZone + "\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\" }"
	membership := "the membership of the token's owner in account " + w.ID("acme")
	account := "the type and the API access switch of account " + w.ID("acme")
	onAccount := "policies = { p = { permission_groups = [\"DNS Write\"], resources = { all_zones_of_accounts = [\"$acme\"] } } }\n operation = \"DNS Write\"\n target = { zone_id = \"$other\""
	claimed := func(account string) string { return onAccount + ", account_id = \"" + account + "\" }" }
	open := []statecheck.StateCheck{
		attribute("allowed", knownvalue.Bool(false)), attribute("reason", knownvalue.StringExact("unknown_facts")),
		attribute("policy_allows", knownvalue.Null()), attribute("unknown_facts", facts("the account that zone "+w.ID("example.org")+" lies in")),
	}
	w.Test(
		resource.TestStep{
			PreConfig: w.Fresh,
			Config:    as("ci_dns", onZone),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("allowed", knownvalue.Bool(false)), attribute("reason", knownvalue.StringExact("unknown_facts")),
				attribute("policy_allows", knownvalue.Bool(true)), attribute("unknown_facts", facts(membership, account)),
				attribute("explanation", says(`GET /memberships: .*HTTP 403`)),
				w.ExpectRequests(map[string]int{getZone: 1, getMemberships: 1, getUser: 1, getAccount: 1}),
			},
		},
		// What the policies refuse, no fact can change.
		resource.TestStep{
			Config: as("ci_dns", strings.Replace(onZone, `"DNS Write"`+"\n target", `"Zone Write"`+"\n target", 1)),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("allowed", knownvalue.Bool(false)), attribute("reason", knownvalue.StringExact("no_matching_grant")),
				attribute("policy_allows", knownvalue.Bool(false)), attribute("unknown_facts", facts(membership, account)),
			},
		},
		// Without the zone's account it cannot be told what policies on accounts say.
		resource.TestStep{
			Config:            as("ci_dns", onAccount+" }"),
			ConfigStateChecks: open,
		},
		// What the target says of it does not settle that, right or wrong.
		resource.TestStep{Config: as("ci_dns", claimed("$acme")), ConfigStateChecks: open},
		resource.TestStep{Config: as("ci_dns", claimed("$globex")), ConfigStateChecks: open},
		// What the policies say of the zone itself does not depend on it.
		resource.TestStep{
			Config: as("dns_challenge", onZone[:len(onZone)-1]+", account_id = \"$acme\" }"),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("allowed", knownvalue.Bool(false)), attribute("policy_allows", knownvalue.Bool(true)),
				attribute("unknown_facts", facts("the account that zone "+w.ID("example.com")+" lies in")),
			},
		},
		// The account's list of members shows what /memberships does not.
		resource.TestStep{
			PreConfig: func() {
				w.Server.Fault(mocktest.Fault{Path: "/memberships", Status: http.StatusForbidden})
				w.Fresh()
			},
			Config: w.config(onZone),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("allowed", knownvalue.Bool(true)), attribute("unknown_facts", facts()),
				w.ExpectRequests(map[string]int{getZone: 1, getMemberships: 1, getUser: 1, getMembers: 1, getAccount: 1}),
			},
		},
	)
}

// Mistakes are found before anything is asked, at the attribute that has them.
func TestAccSimulation_refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused := func(lines, pattern string) resource.TestStep {
		return resource.TestStep{Config: w.config(lines), ExpectError: regexp.MustCompile(pattern)}
	}
	w.Test(
		refused(`operation = "DNS Write"`, `(?i)exactly one of these attributes must be configured`),
		refused(dnsOnZone+"\n token_id = \"$terraform\"\n operation = \"DNS Write\"", `(?i)exactly one of these attributes must be configured`),
		refused(dnsOnZone+"\n operation = \"DNS Writ\"", `Unknown operation[\s\S]*did\s+you\s+mean\s+"DNS\s+Write"`),
		refused(dnsOnZone+"\n operation = \"Logs Read\"", `Ambiguous permission group[\s\S]*"zone:Logs\s+Read"`),
		refused(dnsOnZone+"\n operation = \"DNS Write\"", `Target does not fit the operation[\s\S]*zone_id\s+is\s+missing`),
		refused(dnsOnZone+"\n operation = \"GET /user\"\n target = { zone_id = \"$zone\" }", `zone_id\s+does\s+not\s+belong\s+to\s+this\s+operation`),
		refused(dnsOnZone+"\n operation = \"DNS Write\"\n target = { zone_id = \"example.com\" }", `an id is 32\s+lower-case\s+hexadecimal`),
		refused(dnsOnZone+"\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\" }\n address = \"10.0.0.0/8\"", `Invalid IP address`),
		refused(dnsOnZone+"\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\" }\n at = \"tomorrow\"", `Invalid instant`),
		refused(dnsOnZone+"\n operation = \"GET /zones/$zone\"\n sets_api_access = \"disabled\"", `api_access_enabled\s+does\s+not\s+belong`),
		refused("policies = { p = { permission_groups = [\"DNS Writ\"], resources = { zones = [\"$zone\"] } } }\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\" }", `Unknown permission group`),
		refused(dnsOnZone+"\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\", account_id = \"$globex\", record = { type = \"A\", name = \"www\" } }", `but the zone lies in\s+account`),
		refused("policies = { p = { permission_groups = [\"DNS Write\"], resources = { all_zones_of_accounts = [\"$acme\"] } } }\n operation = \"DNS Write\"\n target = { zone_id = \"$zone\", account_id = \"$globex\" }",
			`Target does not fit[\s\S]*but\s+the\s+zone\s+lies\s+in\s+account\s+`+w.ID("acme")),
		refused("token_id = \"00000000000000000000000000000001\"\n operation = \"GET /user\"", `API token not found`),
	)
}
