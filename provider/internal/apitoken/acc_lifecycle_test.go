// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// everyAttribute sets every attribute that configuration can set.
const everyAttribute = `
	name       = "everything"
	not_before = "2026-01-01T01:00:00+01:00"
	expires_on = "2035-01-01T00:00:00Z"
	status     = "active"
	allow_self_lockout = true
	condition  = { request_ip = { in = ["198.51.100.7", "127.0.0.0/8"], not_in = ["2001:db8::/32"] } }
	policies = {
		zones    = { effect = "allow", permission_groups = ["DNS Edit", "zone:Zone Read"], resources = { zones = ["$zone", "$other"] } }
		account  = { permission_groups = ["Account Settings Read"], resources = { accounts = ["$acme"] } }
		all      = { permission_groups = ["Cache Purge"], resources = { all_zones_of_accounts = ["$acme"] } }
		anywhere = { permission_groups = ["Zone Settings Read"], resources = { all_zones = true, user = false } }
		accounts = { permission_groups = ["account:Logs Read"], resources = { all_accounts = true } }
		self     = { permission_groups = ["User Details Read"], resources = { user = true } }
		bucket   = { permission_groups = ["Workers R2 Storage Bucket Item Read"], resources = { r2_buckets = ["$acme_default_backups"] } }
		acme     = { permission_groups = ["DNS Read"], resources = { dns_records = [{ zone_id = "$zone", type = "TXT", name = "_acme-challenge.*" }] } }
		nested   = { permission_groups = ["Zone Write"], resources = { other = [{ within = "com.cloudflare.api.account.$acme", key = "com.cloudflare.api.account.zone.$zone" }] } }
		deny     = { effect = "deny", permission_groups = ["Zone Write"], resources = { zones = ["$other"] } }
	}`

func TestAccAPIToken_everyAttribute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mocktest.WithShuffledReplies(7))
	r := func(s string) knownvalue.Check { return knownvalue.StringExact(w.names.Replace(s)) }
	var id string
	w.Server.ResetJournal()
	w.Test(
		resource.TestStep{
			Config: w.config(everyAttribute),
			ConfigPlanChecks: action(plancheck.ResourceActionCreate,
				plancheck.ExpectUnknownValue(address, at("id")),
				plancheck.ExpectUnknownValue(address, at("value")),
				plancheck.ExpectUnknownValue(address, at("modified_on")),
				plancheck.ExpectKnownValue(address, at("grants"), knownvalue.SetPartial([]knownvalue.Check{r("allow DNS Write on zone $zone")})),
				w.ExpectSecretsHidden(),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at("account_id"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, at("name"), knownvalue.StringExact("everything")),
				statecheck.ExpectKnownValue(address, at("status"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue(address, at("not_before"), knownvalue.StringExact("2026-01-01T01:00:00+01:00")),
				statecheck.ExpectKnownValue(address, at("expires_on"), knownvalue.StringExact("2035-01-01T00:00:00Z")),
				statecheck.ExpectKnownValue(address, at("allow_self_lockout"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue(address, at("condition", "request_ip", "in"), knownvalue.SetExact([]knownvalue.Check{r("127.0.0.0/8"), r("198.51.100.7")})),
				statecheck.ExpectKnownValue(address, at("condition", "request_ip", "not_in"), knownvalue.SetExact([]knownvalue.Check{r("2001:db8::/32")})),
				statecheck.ExpectKnownValue(address, at("policies"), knownvalue.MapSizeExact(10)),
				statecheck.ExpectKnownValue(address, at("policies", "zones", "effect"), knownvalue.StringExact("allow")),
				statecheck.ExpectKnownValue(address, at("policies", "zones", "permission_groups"), knownvalue.SetExact([]knownvalue.Check{r("DNS Edit"), r("zone:Zone Read")})),
				statecheck.ExpectKnownValue(address, at("policies", "zones", "resources", "zones"), knownvalue.SetExact([]knownvalue.Check{r("$zone"), r("$other")})),
				statecheck.ExpectKnownValue(address, at("policies", "account", "effect"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, at("policies", "account", "resources", "zones"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, at("policies", "anywhere", "resources", "user"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(address, at("issued_on"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(address, at("modified_on"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(address, at("value"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(address, at("grants"), knownvalue.SetExact([]knownvalue.Check{
					r("allow Account Settings Read on account $acme"),
					r("allow Cache Purge on all zones of account $acme"),
					r("allow DNS Read on TXT records named _acme-challenge.* in zone $zone"),
					r("allow DNS Write on zone $other"),
					r("allow DNS Write on zone $zone"),
					r("allow User Details Read on the token's user"),
					r("allow Workers R2 Storage Bucket Item Read on R2 bucket $acme_default_backups"),
					r("allow Zone Read on zone $other"),
					r("allow Zone Read on zone $zone"),
					r("allow Zone Settings Read on all zones"),
					r("allow Zone Write on zone $zone"),
					r("allow account:Logs Read on all accounts"),
					r("deny Zone Write on zone $other"),
				})),
				remember("id", &id),
				w.ExpectSecretsHidden(),
				statecheck.ExpectSensitiveValue(address, at("value")),
			},
		},
		resource.TestStep{
			PreConfig: func() {
				w.requests(http.MethodPost, "", 1)
				w.requests(http.MethodPut, "", 0)
				w.requests(http.MethodGet, "/user", 1)
				w.Server.ResetJournal()
			},
			Config:           w.config(everyAttribute),
			ConfigPlanChecks: isEmpty,
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"value", "allow_self_lockout", "not_before", "policies"},
		},
	)
	w.requests(http.MethodGet, "/user", 1)
	// Every request was about the one token, and one refresh is one GET; the import asks whose token it is.
	for _, e := range w.Server.Journal(mocktest.By("terraform")) {
		if e.Path != "/user/tokens/"+id && e.Path != "/user/tokens/verify" && e.Path != "/user" {
			t.Errorf("unexpected request %s %s", e.Method, e.Path)
		}
	}
}

func TestAccAPIToken_update(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sameID := statecheck.CompareValue(compare.ValuesSame())
	sameSecret := statecheck.CompareValue(compare.ValuesSame())
	modified := ""
	same := func(more ...statecheck.StateCheck) []statecheck.StateCheck {
		return append(more, sameID.AddStateValue(address, at("id")), sameSecret.AddStateValue(address, at("value")))
	}
	var id string
	first := `
		name       = "first"
		expires_on = "2035-01-01T00:00:00Z"
		not_before = "2026-01-01T00:00:00Z"
		condition  = { request_ip = { in = ["127.0.0.1"] } }
		` + dnsPolicy
	second := `
		name     = "second"
		policies = {
			dns_write = { permission_groups = ["DNS Write", "DNS Read"], resources = { zones = ["$zone"] } }
			purge     = { permission_groups = ["Cache Purge"], resources = { zones = ["$other"] } }
		}`
	w.Test(
		resource.TestStep{Config: w.config(first), ConfigStateChecks: same(remember("id", &id), remember("modified_on", &modified))},
		resource.TestStep{
			PreConfig: func() { w.Server.Advance(time.Hour); w.Server.ResetJournal() },
			Config:    w.config(second),
			ConfigPlanChecks: action(plancheck.ResourceActionUpdate,
				plancheck.ExpectUnknownValue(address, at("modified_on")),
				plancheck.ExpectKnownValue(address, at("grants"), knownvalue.SetSizeExact(3)),
			),
			ConfigStateChecks: same(
				statecheck.ExpectKnownValue(address, at("condition"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, at("expires_on"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, at("not_before"), knownvalue.Null()),
				stateFunc(func(attributes map[string]any) error {
					if text(attributes, "modified_on") == modified {
						return fmt.Errorf("modified_on is still %s", modified)
					}
					return nil
				}),
			),
		},
		resource.TestStep{
			PreConfig: func() {
				w.requests(http.MethodPut, "/user/tokens/*", 1)
				w.requests(http.MethodPost, "", 0)
				if token := w.read("/user/tokens/" + id); token.Condition != nil || token.ExpiresOn != "" || token.NotBefore != "" {
					t.Errorf("the limits were not cleared: %+v", token)
				}
			},
			Config:           w.config(second),
			ConfigPlanChecks: isEmpty,
		},
	)
	if status, _ := w.Server.Do(owner, http.MethodGet, "/user/tokens/"+id, nil); status != http.StatusNotFound {
		t.Errorf("after the destroy the token answers %d", status)
	}
}

func TestAccAPIToken_accountOwnedAndReplace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	newID, newSecret := statecheck.CompareValue(compare.ValuesDiffer()), statecheck.CompareValue(compare.ValuesDiffer())
	differ := func(more ...statecheck.StateCheck) []statecheck.StateCheck {
		return append(more, newID.AddStateValue(address, at("id")), newSecret.AddStateValue(address, at("value")))
	}
	policies := `policies = {
		zones   = { permission_groups = ["Zone Read"], resources = { all_zones = true } }
		single  = { permission_groups = ["DNS Read"], resources = { zones = ["$zone"] } }
	}`
	owned := `account_id = "$acme"` + "\n" + `name = "owned"` + "\n" + policies
	var id string
	w.Test(
		resource.TestStep{Config: w.config(`name = "owned"` + "\n" + policies), ConfigPlanChecks: isCreate, ConfigStateChecks: differ()},
		resource.TestStep{
			Config:            w.config(owned),
			ConfigPlanChecks:  isReplace,
			ConfigStateChecks: differ(remember("id", &id)),
		},
		resource.TestStep{
			PreConfig: func() {
				token := w.read(w.names.Replace("/accounts/$acme/tokens/") + id)
				want := w.names.Replace(`"com.cloudflare.api.account.$acme":{"com.cloudflare.api.account.zone.*":"*"}`)
				if !strings.Contains(string(token.Policies), want) {
					t.Errorf("the wildcard is not nested under the account: %s", token.Policies)
				}
			},
			Config: w.config(owned), ConfigPlanChecks: isEmpty,
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"value", "policies"},
			ImportStateIdFunc: w.importID("$acme/"),
		},
	)
	if got := w.Server.Count(http.MethodDelete, "/user/tokens/*") + w.Server.Count(http.MethodDelete, "/accounts/*/tokens/*"); got != 2 {
		t.Errorf("%d deletes, want one of each token", got)
	}
}

func TestAccAPIToken_disappears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "gone"` + "\n" + dnsPolicy)
	var id string
	w.Test(
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{remember("id", &id)}},
		resource.TestStep{
			PreConfig: func() {
				if status, envelope := w.Server.Do(owner, http.MethodDelete, "/user/tokens/"+id, nil); status != http.StatusOK {
					t.Fatalf("DELETE: status %d, %v", status, envelope.Errors)
				}
			},
			Config: config, ConfigPlanChecks: isCreate,
		},
	)
}
