// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// TestAccAPIToken_enforced uses the secret that Terraform made: what the policies
// say is what the server allows and refuses (authorization model §5, §6).
func TestAccAPIToken_enforced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type request struct {
		method, path, body string
		status             int
		reason             string
	}
	record := func(kind, name, content string) string {
		return `{"type":"` + kind + `","name":"` + name + `","content":"` + content + `","ttl":120}`
	}
	asked := func(requests ...request) statecheck.StateCheck {
		return stateFunc(func(attributes map[string]any) error {
			for _, r := range requests {
				if status, reason := w.ask(text(attributes, "value"), r.method, r.path, r.body); status != r.status || reason != r.reason {
					t.Errorf("%s %s %s: status %d, reason %q; want %d, %q", r.method, r.path, r.body, status, reason, r.status, r.reason)
				}
			}
			return nil
		})
	}
	const none = "no_matching_grant"
	w.Test(
		resource.TestStep{
			Config: w.config(`name = "acme"
	policies = { p = { permission_groups = ["DNS Write"], resources = { dns_records = [{ zone_id = "$zone", type = "TXT", name = "_acme-challenge.*" }] } } }`),
			ConfigStateChecks: []statecheck.StateCheck{asked(
				request{http.MethodPost, "/zones/$zone/dns_records", record("TXT", "_acme-challenge.www.example.com", "\\\"x\\\""), 200, ""},
				request{http.MethodPost, "/zones/$zone/dns_records", record("TXT", "www.example.com", "\\\"x\\\""), 403, none},
				request{http.MethodPost, "/zones/$zone/dns_records", record("A", "_acme-challenge.www.example.com", "192.0.2.1"), 403, none},
				request{http.MethodPost, "/zones/$other/dns_records", record("TXT", "_acme-challenge.www.example.org", "\\\"x\\\""), 403, none},
				request{http.MethodGet, "/zones/$zone", "", 403, none},
				request{http.MethodGet, "/zones/$zone/settings", "", 403, none},
			)},
		},
		resource.TestStep{
			// The same token, the whole zone but one type of record.
			Config: w.config(`name = "acme"
	policies = {
		p = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } }
		d = { effect = "deny", permission_groups = ["DNS Write"], resources = { dns_records = [{ zone_id = "$zone", type = "MX", name = "*" }] } }
	}`),
			ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{asked(
				request{http.MethodPost, "/zones/$zone/dns_records", record("A", "new.example.com", "192.0.2.1"), 200, ""},
				request{http.MethodPost, "/zones/$zone/dns_records", `{"type":"MX","name":"new.example.com","content":"mail.example.com","priority":10}`, 403, "denied_by_policy"},
				request{http.MethodPost, "/zones/$other/dns_records", record("A", "new.example.org", "192.0.2.1"), 403, none},
			)},
		},
		resource.TestStep{
			// From elsewhere alone.
			Config: w.config(`name = "acme"
	condition = { request_ip = { not_in = ["127.0.0.0/8", "::1"] } }
	policies = { p = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } } }`),
			ConfigPlanChecks:  isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{asked(request{http.MethodGet, "/zones/$zone/dns_records", "", 403, ""})},
		},
		resource.TestStep{
			// Removing the condition really lifts it.
			Config: w.config(`name = "acme"
	policies = { p = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } } }`),
			ConfigPlanChecks:  isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{asked(request{http.MethodGet, "/zones/$zone/dns_records", "", 200, ""})},
		},
	)
}

// TestAccAPIToken_enforcedAccountOwned uses an account-owned token with all zones
// of its account: it reaches those and no other account's.
func TestAccAPIToken_enforcedAccountOwned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Test(resource.TestStep{
		Config: w.config(`account_id = "$acme"
	name     = "inventory"
	policies = { p = { permission_groups = ["Zone Read"], resources = { all_zones = true } } }`),
		ConfigStateChecks: []statecheck.StateCheck{stateFunc(func(attributes map[string]any) error {
			for path, want := range map[string]int{"/zones/$zone": 200, "/zones/$other": 200, "/zones/$far": 403, "/zones/$zone/dns_records": 403, "/user": 403} {
				if status, reason := w.ask(text(attributes, "value"), http.MethodGet, path, ""); status != want {
					t.Errorf("GET %s: status %d (%s), want %d", path, status, reason, want)
				}
			}
			return nil
		})},
	})
}
