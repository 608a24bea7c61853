// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

const (
	movedID     = "ed17574386854bf78a67040be0a770b0"
	movedSecret = "a-secret-that-was-made-up-for-this-test"
)

// officialState is a token in the state of the official provider, version 5, with the resources as they are
// given. It sets everything that a token of ours can have.
func officialState(t *testing.T, resources any, more map[string]any) []byte {
	t.Helper()
	state := map[string]any{
		"id": movedID, "name": "DNS", "status": "disabled", "value": movedSecret,
		"issued_on": "2025-03-01T08:00:00Z", "modified_on": "2025-03-02T08:00:00Z", "last_used_on": nil,
		"not_before": "2025-04-01T00:00:00Z", "expires_on": "2035-01-01T00:00:00Z",
		"condition": map[string]any{"request_ip": map[string]any{"in": []any{"198.51.100.0/24"}, "not_in": []any{"198.51.100.7/32"}}},
		"policies": []any{
			map[string]any{
				"id": "f267e341f3dd4697bd3b9f71dd96247f", "effect": "allow", "resources": resources,
				"permission_groups": []any{
					map[string]any{"id": "4755a26eedb94da69e1066d98aa820be", "name": "DNS Write", "meta": nil},
					map[string]any{"id": "c8fed203ed3043cba015a93ad1616f1f", "meta": map[string]any{"key": "k", "value": "v"}},
				},
			},
			map[string]any{
				"id": "b34e341f3dd4697bd3b9f71dd96247f2", "effect": "deny", "resources": resources,
				"permission_groups": []any{map[string]any{"id": "82e64a83756745bbbb1c9c2701bf816b"}},
			},
		},
	}
	maps.Copy(state, more)
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The addresses of one provider as CLIs, mirrors and forks spell it.
var officialAddresses = []string{
	"registry.terraform.io/cloudflare/cloudflare", "registry.opentofu.org/cloudflare/cloudflare", "mirror.example/somebody/cloudflare",
}

// movedState is what becomes of officialState: all of it, in our words. What is null is left out.
func movedState(account, resources any, zone string) map[string]any {
	state := map[string]any{
		"id": movedID, "name": "DNS", "status": "disabled", "value": movedSecret,
		"issued_on": "2025-03-01T08:00:00Z", "modified_on": "2025-03-02T08:00:00Z",
		"not_before": "2025-04-01T00:00:00Z", "expires_on": "2035-01-01T00:00:00Z",
		"condition": map[string]any{"request_ip": map[string]any{"in": []any{"198.51.100.0/24"}, "not_in": []any{"198.51.100.7"}}},
		"policies": map[string]any{
			"dns_write_and_zone_read": map[string]any{"permission_groups": []any{"DNS Write", "Zone Read"}, "resources": resources},
			"deny_dns_read":           map[string]any{"effect": "deny", "permission_groups": []any{"DNS Read"}, "resources": resources},
		},
		"grants": []any{"allow DNS Write on zone " + zone, "allow Zone Read on zone " + zone, "deny DNS Read on zone " + zone},
	}
	if account != nil {
		state["account_id"] = account
	}
	return state
}

// anyOrder compares sets, whose elements come in any order.
var anyOrder = cmpopts.SortSlices(func(a, b any) bool { return fmt.Sprint(a) < fmt.Sprint(b) })

// set leaves out, at every depth, what is null.
func set(object map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range object {
		switch value := value.(type) {
		case nil:
		case map[string]any:
			out[name] = set(value)
		default:
			out[name] = value
		}
	}
	return out
}

// TestAPIToken_moveForms moves a token in every form that its resources have had, whatever the provider's
// address and the version of the schema.
func TestAPIToken_moveForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	zone, acme := "com.cloudflare.api.account.zone."+w.ID("example.com"), "com.cloudflare.api.account."+w.ID("acme")
	flat := map[string]any{zone: "*"}
	nested := map[string]any{acme: map[string]any{zone: "*"}}
	text := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	// What the forms are in our words.
	zones := map[string]any{"zones": []any{w.ID("example.com")}}
	within := map[string]any{"other": []any{map[string]any{"within": acme, "key": zone}}}
	forms := map[string]struct{ resources, moved any }{
		"map": {flat, zones}, "text": {text(flat), zones}, "nested map": {nested, within}, "nested text": {text(nested), within},
		"text in a map": {map[string]any{acme: text(map[string]any{zone: "*"})}, within},
	}
	w.Server.ResetJournal()
	for name, form := range forms {
		for i, address := range officialAddresses {
			for _, source := range []string{"cloudflare_api_token", "cloudflare_account_token"} {
				var account any
				if source == "cloudflare_account_token" {
					account = w.ID("acme")
				}
				moved := rpc.Move(address, source, int64([]int{0, 500, 501}[i]), officialState(t, form.resources, map[string]any{"account_id": account}), apitoken.TypeName)
				if len(moved.Diagnostics) > 0 {
					t.Errorf("%s, %s: %s", name, source, said(moved.Diagnostics))
					continue
				}
				if diff := cmp.Diff(map[string]any{"id": movedID, "account_id": account}, moved.Identity); diff != "" {
					t.Errorf("%s, %s: %s", name, source, diff)
				}
				if diff := cmp.Diff(movedState(account, form.moved, w.ID("example.com")), set(moved.State), anyOrder); diff != "" {
					t.Errorf("%s, %s: %s", name, source, diff)
				}
			}
		}
	}
	if made := w.Server.Journal(); len(made) > 0 {
		t.Errorf("%d requests, want none", len(made))
	}
}

// TestAPIToken_moveInPart: a state of another form still brings token and secret along.
func TestAPIToken_moveInPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	flat := map[string]any{"com.cloudflare.api.account.zone." + w.ID("example.com"): "*"}
	for name, state := range map[string][]byte{
		"blocks of version 4": officialState(t, flat, map[string]any{"policies": nil, "policy": []any{map[string]any{"effect": "allow"}}}),
		"value unknown":       officialState(t, map[string]any{"k": "+"}, nil),
		"resources a number":  officialState(t, 7, nil),
		"time of another form": officialState(t, flat, map[string]any{
			"expires_on": "tomorrow",
		}),
		"range of another form": officialState(t, flat, map[string]any{
			"condition": map[string]any{"request_ip": map[string]any{"in": []any{"everywhere"}}},
		}),
		"condition a list": officialState(t, flat, map[string]any{"condition": []any{1}}),
		"no name":          officialState(t, flat, map[string]any{"name": nil}),
		"no effect": officialState(t, flat, map[string]any{"policies": []any{map[string]any{
			"permission_groups": []any{map[string]any{"id": "4755a26eedb94da69e1066d98aa820be"}}, "resources": flat,
		}}}),
		"no id of a group": officialState(t, flat, map[string]any{"policies": []any{map[string]any{
			"effect": "allow", "permission_groups": []any{map[string]any{"id": nil}}, "resources": flat,
		}}}),
		"nothing nested": officialState(t, map[string]any{"com.cloudflare.api.account." + w.ID("acme"): map[string]any{}}, nil),
	} {
		moved := rpc.Move(officialAddresses[0], "cloudflare_api_token", 0, state, apitoken.TypeName)
		if said(moved.Diagnostics) != "Definition of the API token is not moved" || moved.State["value"] != movedSecret || moved.State["policies"] != nil {
			t.Errorf("%s: %s, policies %v", name, said(moved.Diagnostics), moved.State["policies"])
		}
		for _, d := range moved.Diagnostics {
			if strings.Contains(d.Detail, movedSecret) {
				t.Errorf("%s: the warning quotes the secret", name)
			}
		}
	}
}

func TestAPIToken_moveRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	good := officialState(t, map[string]any{"com.cloudflare.api.account.zone." + w.ID("example.com"): "*"}, nil)
	tests := []struct {
		name, provider, source string
		state                  []byte
		says                   string
	}{
		{"another provider", "registry.terraform.io/cloudflare/akamai", "cloudflare_api_token", good, "Unable to Move Resource State"},
		{"another resource", officialAddresses[0], "cloudflare_zone", good, "Unable to Move Resource State"},
		{"no JSON", officialAddresses[0], "cloudflare_api_token", []byte("{"), "Cannot move the API token"},
		{"no id", officialAddresses[0], "cloudflare_api_token", []byte(`{"name":"x","value":"` + movedSecret + `"}`), "Cannot move the API token"},
		{"no account", officialAddresses[0], "cloudflare_account_token", good, "Cannot move the API token"},
	}
	for _, test := range tests {
		moved := rpc.Move(test.provider, test.source, 0, test.state, apitoken.TypeName)
		if text := said(moved.Diagnostics); text != test.says {
			t.Errorf("%s: %q, want %q", test.name, text, test.says)
		}
		for _, d := range moved.Diagnostics {
			if strings.Contains(d.Detail, movedSecret) {
				t.Errorf("%s: the diagnostic quotes the secret", test.name)
			}
		}
	}
}
