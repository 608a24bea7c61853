// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package complaints_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// A server that answers in another order every time makes no difference.
func TestAccComplaint_order(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, mocktest.WithShuffledReplies(5))
	config := w.reader(attributes{"policies": object{
		"records": w.policy("DNS Write", "DNS Read", "Zone Read"),
		"cache":   w.policy("Cache Purge", "Zone Settings Write"),
		"no":      object{"effect": "deny", "permission_groups": []string{"Zone Write"}, "resources": object{"zones": []string{w.zone, w.ID("example.org")}}},
	}})
	instance := w.settled(tokenType, w.apply(tokenType, nil, config), config)
	// Another order in the configuration is none either.
	config["policies"].(object)["records"] = w.policy("Zone Read", "DNS Write", "DNS Read") //nolint:forcetypeassert // Set above.
	w.settled(tokenType, instance, config)
}

// A token with dozens of policies of dozens of permissions is planned well within the test's time, three
// times, and without a difference.
func TestAccComplaint_largePolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, mocktest.WithShuffledReplies(7))
	found, err := w.run.Data(w.ctx, "accesscontrol_permission_groups", object{"scope": "zone"})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, group := range found["permission_groups"].([]any) { //nolint:forcetypeassert // The schema says so.
		ids = append(ids, group.(object)["id"].(string)) //nolint:forcetypeassert // The schema says so.
	}
	if len(ids) < 50 {
		t.Fatalf("%d permission groups for zones, want enough for large policies", len(ids))
	}
	policies := object{}
	for i := range 30 {
		policies[fmt.Sprintf("policy %d", i)] = object{
			"effect": "deny", "permission_groups": ids[:40],
			"resources": object{"zones": []string{fmt.Sprintf("%032x", i+1), w.zone}},
		}
	}
	policies["read"] = w.policy("DNS Read")
	config := w.reader(attributes{"policies": policies})
	plan, err := w.run.Plan(w.ctx, tokenType, nil, config)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Planned().IsUnknown("grants") {
		t.Error("what the policies grant is not known at plan")
	}
	for range 3 {
		if _, err := w.run.Plan(w.ctx, tokenType, nil, config); err != nil {
			t.Fatal(err)
		}
	}
}

// The secret in state outlives refreshes and updates, and no plan calls it unknown.
func TestAccComplaint_valueLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	instance := w.apply(tokenType, nil, w.reader(nil))
	secret := instance.Text("value")
	if secret == "" {
		t.Fatal("a new token has no value")
	}
	config := w.reader(attributes{"name": "renamed", "policies": object{"read": w.policy("DNS Write")}})
	plan, err := w.run.Plan(w.ctx, tokenType, w.refresh(tokenType, instance), config)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Planned().Text("value") != secret {
		t.Error("the plan of an update does not keep the value")
	}
	instance = w.settled(tokenType, w.apply(tokenType, instance, config), config)
	if instance.Text("value") != secret {
		t.Error("an update lost the value")
	}
}

// An import brings everything but the secret, and the plan after it is empty.
func TestAccComplaint_import(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	config := w.reader(attributes{"expires_on": "2035-01-01T00:00:00Z", "condition": object{"request_ip": object{"in": []string{"203.0.113.0/24"}}}})
	made := w.apply(tokenType, nil, config)
	imported, err := w.run.Import(w.ctx, tokenType, made.Text("id"))
	if err != nil {
		t.Fatal(err)
	}
	if imported.Text("value") != "" || imported.Text("expires_on") != config["expires_on"] {
		t.Errorf("imported with value %t and expires_on %q", imported.Text("value") != "", imported.Text("expires_on"))
	}
	// The configuration calls its policy otherwise than the import did: state takes that over, without a write.
	w.Fresh()
	w.settled(tokenType, w.apply(tokenType, imported, config), config)
	if writes := w.Server.Journal(mocktest.Writes); len(writes) > 0 {
		t.Errorf("%d writes after an import", len(writes))
	}
}

// Where the secret is not to be in state, it is not there: neither after the creation nor after a rotation.
func TestAccComplaint_secretInState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	config := w.reader(attributes{"secret_storage": "none", "rotate_triggers": object{"generation": "1"}})
	instance := w.settled(tokenType, w.apply(tokenType, nil, config), config)
	config["rotate_triggers"] = object{"generation": "2"}
	instance = w.settled(tokenType, w.apply(tokenType, instance, config), config)
	if instance.Text("value") != "" || instance.Text("encrypted_value") != "" {
		t.Error("state holds a secret")
	}
	if n := w.Server.Count(http.MethodPut, "/user/tokens/*/value"); n != 1 {
		t.Errorf("%d secrets were replaced, want one", n)
	}
}

// A condition is what was planned, is really gone once it is removed, and what cannot be meant is refused
// before anything is sent.
func TestAccComplaint_condition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	in := func(ranges ...string) attributes {
		return w.reader(attributes{"condition": object{"request_ip": object{"in": ranges}}})
	}
	instance := w.settled(tokenType, w.apply(tokenType, nil, in("203.0.113.7", "2001:DB8::/32")), in("2001:db8::/32", "203.0.113.7/32"))
	instance = w.settled(tokenType, w.apply(tokenType, instance, w.reader(nil)), w.reader(nil))
	if condition, ok := w.wire(instance.Text("id"))["condition"].(object); ok && len(condition) > 0 {
		t.Errorf("the API still has a condition: %v", condition)
	}
	w.Fresh()
	for name, config := range map[string]attributes{
		"not a range": in("203.0.113.0/33"), "host bits": in("203.0.113.7/24"), "twice": in("203.0.113.7", "203.0.113.7/32"), "empty": in(),
	} {
		if _, err := w.try(tokenType, nil, config); err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
	if n := len(w.Server.Journal(mocktest.Writes)); n > 0 {
		t.Errorf("%d writes for conditions that cannot be meant", n)
	}
}

// Resources are typed, and checked against what the permission acts on.
func TestAccComplaint_resourcesAsText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	instance := w.apply(tokenType, nil, w.reader(attributes{"policies": object{
		"zone":    w.policy("DNS Read"),
		"account": object{"permission_groups": []string{"Account Settings Read"}, "resources": object{"accounts": []string{w.account}}},
		"me":      object{"permission_groups": []string{"User Details Read"}, "resources": object{"user": true}},
	}}))
	text, err := json.Marshal(w.wire(instance.Text("id"))["policies"])
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"com.cloudflare.api.account.zone." + w.zone, "com.cloudflare.api.account." + w.account, "com.cloudflare.api.user." + w.ID("super")} {
		if !strings.Contains(string(text), key) {
			t.Errorf("the API was not sent %s", key)
		}
	}
	_, err = w.try(tokenType, nil, w.reader(attributes{"policies": object{"wrong": w.policy("Account Settings Read")}}))
	w.refused(err, "Account Settings Read", "wrong")
}

// All zones of an account-owned token are written in the nested form that its kind needs.
func TestAccComplaint_accountOwnedZones(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	config := attributes{"name": "ci", "account_id": w.account, "policies": object{
		"read": object{"permission_groups": []string{"Zone Read"}, "resources": object{"all_zones": true}},
	}}
	instance := w.settled(tokenType, w.apply(tokenType, nil, config), config)
	var shown object
	if err := w.Must("super", http.MethodGet, "/accounts/"+w.account+"/tokens/"+instance.Text("id"), nil).Decode(&shown); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(shown["policies"])
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`"com.cloudflare.api.account.%s":{"com.cloudflare.api.account.zone.*":"*"}`, w.account); !strings.Contains(string(text), want) {
		t.Errorf("the API has %s, want %s in it", text, want)
	}
}

// A name of the API, of the dashboard, or an id is one permission; one that several have is refused with the
// candidates, and an unknown one with the nearest.
func TestAccComplaint_groupNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	named := func(name string) attributes { return w.reader(attributes{"policies": object{"it": w.policy(name)}}) }
	instance := w.apply(tokenType, nil, named("DNS Write"))
	for _, name := range []string{"DNS Edit", "4755a26eedb94da69e1066d98aa820be", "zone:DNS Write"} {
		w.Fresh()
		instance = w.settled(tokenType, w.apply(tokenType, instance, named(name)), named(name))
		if writes := w.Server.Journal(mocktest.Writes); len(writes) > 0 {
			t.Errorf("%s: %d writes for another name of the same permission", name, len(writes))
		}
	}
	_, err := w.try(tokenType, nil, named("Logs Read"))
	w.refused(err, "account:Logs Read", "zone:Logs Read")
	_, err = w.try(tokenType, nil, named("DNS Wirte"))
	w.refused(err, "DNS Wirte", "DNS Write")
}

// The id of something else, here of a role, is refused at plan.
func TestAccComplaint_otherGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	const role = "33666b9c79b9a5273fc7344ff42f953d"
	_, err := w.run.Plan(w.ctx, tokenType, nil, w.reader(attributes{"policies": object{"it": w.policy(role)}}))
	w.refused(err, role)
	if n := len(w.Server.Journal(mocktest.Writes)); n > 0 {
		t.Errorf("%d writes", n)
	}
}

// What cannot be given away is said with the permission and what to do about it.
func TestAccComplaint_creatorLacksPermission(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, err := w.try(tokenType, nil, w.reader(attributes{"policies": object{"manage": object{
		"permission_groups": []string{"API Tokens Write"}, "resources": object{"user": true},
	}}}))
	w.refused(err, "sub-token is not allowed", "Global API key", "API Tokens Write")
}

// A policy without permissions is refused at plan, and by its name.
func TestAccComplaint_missingGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for name, groups := range map[string][]string{"none": {}, "empty name": {""}} {
		_, err := w.try(tokenType, nil, w.reader(attributes{"policies": object{"deploy": w.policy(groups...)}}))
		if err == nil || !strings.Contains(err.Error(), "ermission") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(w.Server.Journal(mocktest.Writes)); n > 0 {
		t.Errorf("%d writes", n)
	}
}

// A token that is dead at the API is replaced, and not taken for one that works.
func TestAccComplaint_deadToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	instance := w.apply(tokenType, nil, w.reader(nil))
	shown := w.wire(instance.Text("id"))
	shown["status"] = "revoked_compromised"
	body, err := json.Marshal(object{"success": true, "errors": []any{}, "messages": []any{}, "result": shown})
	if err != nil {
		t.Fatal(err)
	}
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/" + instance.Text("id"), Times: 1, Body: string(body)})
	instance = w.refresh(tokenType, instance)
	plan, err := w.run.Plan(w.ctx, tokenType, instance, w.reader(nil))
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Replaces() {
		t.Errorf("a token with status %q is not replaced", instance.Text("status"))
	}
}

// One instant in two spellings is no difference.
func TestAccComplaint_times(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	config := w.reader(attributes{"not_before": "2026-01-01T01:00:00+01:00", "expires_on": "2035-06-30T19:00:00-05:00"})
	instance := w.settled(tokenType, w.apply(tokenType, nil, config), config)
	if instance.Text("expires_on") != config["expires_on"] {
		t.Errorf("state has another spelling: %s", instance.Text("expires_on"))
	}
	same := w.reader(attributes{"not_before": "2026-01-01T00:00:00Z", "expires_on": "2035-07-01T00:00:00Z"})
	w.Fresh()
	w.settled(tokenType, w.apply(tokenType, instance, same), same)
	if n := len(w.Server.Journal(mocktest.Writes)); n > 0 {
		t.Errorf("%d writes for another spelling", n)
	}
}

// A token that is used, and one that others write to and put back, is no difference.
func TestAccComplaint_computedTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	instance := w.apply(tokenType, nil, w.reader(nil))
	request := w.Server.Request("", http.MethodGet, "/user/tokens/verify", nil)
	request.Header.Set("Authorization", "Bearer "+instance.Text("value"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	shown := w.wire(instance.Text("id"))
	if shown["last_used_on"] == nil {
		t.Error("the API does not say that the token was used, so this test shows nothing")
	}
	w.Must("super", http.MethodPut, "/user/tokens/"+instance.Text("id"), object{"name": "ci", "policies": shown["policies"], "status": "active"})
	w.settled(tokenType, instance, w.reader(nil))
}

// A pattern of record names is what was written, refresh after refresh.
func TestAccComplaint_recordNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, mocktest.WithShuffledReplies(3))
	record := func(kind, name string) object { return object{"zone_id": w.zone, "type": kind, "name": name} }
	config := w.reader(attributes{"policies": object{"records": object{
		"permission_groups": []string{"DNS Write"},
		"resources": object{"dns_records": []object{
			record("TXT", "_acme-challenge.*"), record("*", "www.example.com"), record("A", "*.dyn.example.com"),
		}},
	}}})
	w.settled(tokenType, w.apply(tokenType, nil, config), config)
	for _, name := range []string{"www.example.com.", "WWW.example.com", "@"} {
		wrong := w.reader(attributes{"policies": object{"records": object{
			"permission_groups": []string{"DNS Write"}, "resources": object{"dns_records": []object{record("A", name)}},
		}}})
		if _, err := w.try(tokenType, nil, wrong); err == nil {
			t.Errorf("%s, which the API would answer otherwise, was accepted", name)
		}
	}
}

// A limit that is reached delays the run, and fails nothing.
func TestAccComplaint_rateLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, mocktest.WithRateLimit("5/1s"))
	var made []string
	for i := range 8 {
		instance := w.apply(tokenType, nil, w.reader(attributes{"name": fmt.Sprintf("token %d", i)}))
		made = append(made, instance.Text("id"))
	}
	if got := w.Server.Count(http.MethodPost, "/user/tokens"); got < len(made) {
		t.Errorf("%d requests to create %d tokens", got, len(made))
	}
}
