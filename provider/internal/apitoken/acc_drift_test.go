// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// driftConfig sets everything that somebody may change outside Terraform.
const driftConfig = `
	name       = "drifting"
	not_before = "2026-01-01T00:00:00Z"
	expires_on = "2035-01-01T00:00:00Z"
	status     = "active"
	condition  = { request_ip = { in = ["127.0.0.1", "198.51.100.0/24", "2001:db8::/32"] } }
	policies   = {
		dns   = { permission_groups = ["DNS Edit"], resources = { zones = ["$zone"] } }
		purge = { permission_groups = ["Cache Purge"], resources = { zones = ["$other"] } }
	}`

// TestAccAPIToken_drift changes each attribute outside Terraform: a plan shows
// the change at that attribute, and an apply takes it back.
func TestAccAPIToken_drift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(driftConfig)
	var id string
	steps := []resource.TestStep{{Config: config, ConfigStateChecks: []statecheck.StateCheck{remember("id", &id)}}}
	for _, drift := range []struct {
		edit func(map[string]any)
		path string
	}{
		{func(d map[string]any) { d["name"] = "other" }, "name"},
		{func(d map[string]any) { d["status"] = "disabled" }, "status"},
		{func(d map[string]any) { d["expires_on"] = "2036-01-01T00:00:00Z" }, "expires_on"},
		{func(d map[string]any) { delete(d, "expires_on") }, "expires_on"},
		{func(d map[string]any) { delete(d, "not_before") }, "not_before"},
		{func(d map[string]any) { d["condition"] = map[string]any{} }, "condition"},
		{func(d map[string]any) {
			d["condition"] = map[string]any{"request_ip": map[string]any{"not_in": []string{"203.0.113.0/24"}}}
		}, "condition"},
		{func(d map[string]any) {
			policies, _ := d["policies"].([]any)
			d["policies"] = policies[:1]
		}, "policies"},
		{func(d map[string]any) {
			policies, _ := d["policies"].([]any)
			first, _ := policies[0].(map[string]any)
			first["effect"] = "deny"
		}, "policies"},
	} {
		steps = append(steps,
			resource.TestStep{
				PreConfig:        func() { w.change("/user/tokens/"+id, drift.edit) },
				Config:           config,
				ConfigPlanChecks: isUpdate,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, at("policies"), knownvalue.MapSizeExact(2)),
					statecheck.ExpectKnownValue(address, at("policies", "dns", "permission_groups"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("DNS Edit")})),
				},
			},
		)
	}
	steps = append(steps, resource.TestStep{
		PreConfig: func() {
			token := w.read("/user/tokens/" + id)
			if token.Name != "drifting" || token.Status != "active" || token.ExpiresOn != "2035-01-01T00:00:00Z" || token.NotBefore != "2026-01-01T00:00:00Z" {
				t.Errorf("the token was not restored: %+v", token)
			}
		},
		Config: config, ConfigPlanChecks: isEmpty,
	})
	w.Test(steps...)
}

// TestAccAPIToken_respelled changes nothing but the spelling, in every way that
// there is: no plan, no request but the refresh.
func TestAccAPIToken_respelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	respelled := w.config(`
	name       = "drifting"
	not_before = "2026-01-01T02:00:00+02:00"
	expires_on = "2034-12-31T23:30:00-00:30"
	status     = "active"
	condition  = { request_ip = { in = ["2001:0DB8:0:0::/32", "198.51.100.0/24", "127.0.0.1/32"] } }
	policies   = {
		purge = { effect = "allow", permission_groups = ["zone:Cache Purge", "e17beae8b8cb423a99b1730f21238bed"], resources = { zones = ["$other"], accounts = [], all_zones = false, user = null } }
		dns   = { permission_groups = ["4755a26eedb94da69e1066d98aa820be"], resources = { zones = ["$zone"], dns_records = [], other = [] } }
	}`)
	w.Test(
		resource.TestStep{Config: w.config(driftConfig)},
		resource.TestStep{
			PreConfig: w.Fresh,
			Config:    respelled,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectEmptyPlan(), w.ExpectRequests(map[string]int{"GET /user/tokens/{token_id}": 1}),
			}},
		},
	)
}

// TestAccAPIToken_renamedKey changes state, and sends nothing.
func TestAccAPIToken_renamedKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	renamed := w.config(`
	name     = "renamed"
	policies = { renamed = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } } }`)
	var modified string
	w.Test(
		resource.TestStep{Config: w.config(`name = "renamed"` + "\n" + dnsPolicy), ConfigStateChecks: []statecheck.StateCheck{remember("modified_on", &modified)}},
		resource.TestStep{
			PreConfig:        w.Fresh,
			Config:           renamed,
			ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at("policies", "renamed"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(address, at("modified_on"), knownvalue.StringFunc(func(v string) error {
					if v != modified {
						t.Errorf("modified_on is %s, was %s", v, modified)
					}
					return nil
				})),
				w.ExpectWrites(map[string]int{}),
			},
		},
		resource.TestStep{Config: renamed, ConfigPlanChecks: isEmpty},
	)
}

// TestAccAPIToken_status creates a disabled token, enables it, and leaves one
// alone that is disabled by hand.
func TestAccAPIToken_status(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "name = \"status\"\n" + dnsPolicy + "\n"
	var id string
	known := func(status string) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, at("status"), knownvalue.StringExact(status)), remember("id", &id)}
	}
	disabled := w.config(base + `status = "disabled"`)
	w.Test(
		resource.TestStep{
			PreConfig: w.Fresh, Config: disabled,
			ConfigStateChecks: append(known("disabled"), w.ExpectWrites(map[string]int{"POST /user/tokens": 1, "PUT /user/tokens/{token_id}": 1})),
		},
		resource.TestStep{Config: disabled, ConfigPlanChecks: isEmpty},
		resource.TestStep{Config: w.config(base + `status = "active"`), ConfigPlanChecks: isUpdate, ConfigStateChecks: known("active")},
		resource.TestStep{Config: w.config(base), ConfigPlanChecks: isEmpty},
		resource.TestStep{
			PreConfig:        func() { w.change("/user/tokens/"+id, func(d map[string]any) { d["status"] = "disabled" }) },
			Config:           w.config(base),
			ConfigPlanChecks: isEmpty,
		},
		resource.TestStep{
			Config:            w.config("name = \"status 2\"\n" + dnsPolicy),
			ConfigPlanChecks:  isUpdate,
			ConfigStateChecks: known("disabled"),
		},
	)
}

// TestAccAPIToken_expired leaves an expired token alone until its expiry
// changes, and then replaces it.
func TestAccAPIToken_expired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at2030 := w.config(`name = "expires"` + "\n" + `expires_on = "2030-01-01T00:00:00Z"` + "\n" + dnsPolicy)
	var id string
	w.Test(
		resource.TestStep{Config: at2030, ConfigStateChecks: []statecheck.StateCheck{remember("id", &id)}},
		resource.TestStep{PreConfig: func() { w.Server.SetTime(parse(t, "2030-06-01T00:00:00Z")) }, Config: at2030, ConfigPlanChecks: isEmpty},
		// Asking for what it cannot be any more changes nothing either.
		resource.TestStep{Config: w.config(`name = "expires"` + "\n" + `expires_on = "2030-01-01T01:00:00+01:00"` + "\n" + `status = "active"` + "\n" + dnsPolicy), ConfigPlanChecks: isEmpty},
		resource.TestStep{
			// An expired token can still be renamed.
			Config: w.config(`name = "expired"` + "\n" + `expires_on = "2030-01-01T00:00:00Z"` + "\n" + `status = "active"` + "\n" + dnsPolicy), ConfigPlanChecks: isUpdate,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at("id"), knownvalue.StringFunc(func(v string) error {
					if v != id {
						t.Error("the token was replaced")
					}
					return nil
				})),
				statecheck.ExpectKnownValue(address, at("status"), knownvalue.StringExact("expired")),
			},
		},
		resource.TestStep{
			Config:           w.config(`name = "expires"` + "\n" + `expires_on = "2040-01-01T00:00:00Z"` + "\n" + dnsPolicy),
			ConfigPlanChecks: isReplace,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at("status"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue(address, at("id"), knownvalue.StringFunc(func(v string) error {
					if v == id {
						t.Error("the token was not replaced")
					}
					return nil
				})),
			},
		},
	)
}

// TestAccAPIToken_revoked replaces a token that the API says was revoked, which
// it does to tokens that leak.
func TestAccAPIToken_revoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "leaked"` + "\n" + dnsPolicy)
	var id string
	w.Test(
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{remember("id", &id)}},
		resource.TestStep{
			PreConfig:        func() { w.answerRevoked(id) },
			Config:           config,
			ConfigPlanChecks: isReplace,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at("status"), knownvalue.StringExact("active")),
			},
		},
	)
	w.requests(http.MethodDelete, "/user/tokens/"+id, 1)
}

// TestAccAPIToken_expiredDestroyed destroys a token that has expired, which a
// plan that called its expiry an error would not let it; the test ends with that.
func TestAccAPIToken_expiredDestroyed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "expires"` + "\n" + `expires_on = "2030-01-01T00:00:00Z"` + "\n" + dnsPolicy)
	w.Test(
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: func() { w.Server.SetTime(parse(t, "2030-06-01T00:00:00Z")); w.Fresh() }, Config: config, ConfigPlanChecks: isEmpty},
	)
	w.requests(http.MethodDelete, "/user/tokens/*", 1)
}

// TestAccAPIToken_revokedAndExpired leaves a revoked token alone whose expiry is
// past as well: the one in its place would be born dead, and a plan for it would
// be an error that not even a destroy gets past. The test ends with a destroy.
func TestAccAPIToken_revokedAndExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mocktest.WithClock(parse(t, "2020-01-01T00:00:00Z")))
	id := w.make("/user/tokens", map[string]any{"name": "odd", "policies": w.oddPolicies(), "expires_on": "2021-01-01T00:00:00Z"})
	config := w.with("import {\n to = "+address+"\n id = \""+id+"\"\n}\n", odd+"\nexpires_on = \"2021-01-01T01:00:00+01:00\"\n")
	w.Test(
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: func() { w.answerRevoked(id) }, Config: config, ConfigPlanChecks: isEmpty},
	)
	w.requests(http.MethodDelete, "/user/tokens/"+id, 1)
}

// TestAccAPIToken_refusedRead keeps state when a read is refused, and goes on
// where it was afterwards.
func TestAccAPIToken_refusedRead(t *testing.T) {
	t.Parallel()
	for name, fault := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.config(`name = "kept"` + "\n" + dnsPolicy)
			w.Test(
				resource.TestStep{Config: config},
				resource.TestStep{
					PreConfig:   func() { w.Server.Fault(fault.fault) },
					Config:      config,
					PlanOnly:    true,
					ExpectError: regexp.MustCompile(fault.want),
				},
				resource.TestStep{PreConfig: func() { w.Server.ClearFaults() }, Config: config, ConfigPlanChecks: isEmpty},
			)
		})
	}
}
