// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// shortLived is the configuration of an ephemeral token; further attributes replace its own.
func (w *world) shortLived(more map[string]any) map[string]any {
	config := map[string]any{
		"name": "short", "policies": map[string]any{"dns": map[string]any{
			"permission_groups": []any{"DNS Write"}, "resources": map[string]any{"zones": []any{w.ID("example.com")}},
		}},
	}
	maps.Copy(config, more)
	return config
}

// tokens are the tokens of the name at the path.
func (w *world) tokens(path, name string) []wireToken {
	w.t.Helper()
	var all, found []wireToken
	if err := w.Must(owner, http.MethodGet, w.names.Replace(path), nil).Decode(&all); err != nil {
		w.t.Fatal(err)
	}
	for _, token := range all {
		if token.Name == name {
			found = append(found, token)
		}
	}
	return found
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// within checks that something is at a time between two others.
func within(t *testing.T, what string, at, early, late time.Time) {
	t.Helper()
	if at.Before(early) || at.After(late) {
		t.Errorf("%s at %s, want between %s and %s", what, at, early, late)
	}
}

// TestAPITokenEphemeral_life opens, renews and closes: the server knows an expiry all the while, the secret is
// in the result alone, and nothing is left.
func TestAPITokenEphemeral_life(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	for path, more := range map[string]map[string]any{
		"/user/tokens": {},
		"/accounts/$acme/tokens": {
			"account_id": w.ID("acme"), "ttl": "10m", "condition": map[string]any{"request_ip": map[string]any{"in": []any{"127.0.0.0/8"}}},
		},
	} {
		ttl := time.Hour
		if more["ttl"] != nil {
			ttl = 10 * time.Minute
		}
		before, began := w.Server.Now(), time.Now()
		result, opened := rpc.Open(apitoken.TypeName, w.shortLived(more))
		if len(opened.Diagnostics) > 0 {
			t.Fatal(said(opened.Diagnostics))
		}
		secret, _ := result["value"].(string)
		if bytes.Contains(opened.Private, []byte(secret)) || secret == "" {
			t.Fatal("the secret is not in the result alone")
		}
		if status, reason := w.ask(secret, http.MethodGet, "/zones/$zone/dns_records", ""); status != http.StatusOK {
			t.Errorf("%s: status %d, %s", path, status, reason)
		}
		token := w.tokens(path, "short")[0]
		if token.ID != result["id"] || token.ExpiresOn != result["expires_on"] {
			t.Errorf("%s: the server has %+v", path, token)
		}
		within(t, path+": ends", instant(t, token.ExpiresOn), before.Add(ttl-5*time.Second), w.Server.Now().Add(ttl+time.Minute))
		within(t, path+": renewed", opened.RenewAt, began.Add(ttl/2), time.Now().Add(ttl/2))

		// The renewal is due. It moves the end on from the time that it is by then.
		w.Server.Advance(ttl / 2)
		if _, diags := rpc.List(apitoken.TypeName, map[string]any{"name_contains": "none"}, false, 0); len(diags) > 0 {
			t.Fatal(said(diags)) // Its reply tells the provider the time.
		}
		due, asked := w.Server.Now(), time.Now()
		renewed := rpc.Renew(apitoken.TypeName, opened.Private)
		if len(renewed.Diagnostics) > 0 {
			t.Fatal(said(renewed.Diagnostics))
		}
		after := w.tokens(path, "short")[0]
		within(t, path+": after the renewal it ends", instant(t, after.ExpiresOn), due.Add(ttl-5*time.Second), w.Server.Now().Add(ttl+time.Minute))
		within(t, path+": renewed again", renewed.RenewAt, asked.Add(ttl/2), time.Now().Add(ttl/2))
		if string(after.Policies) == "" || bytes.Equal(after.Policies, []byte("[]")) || (more["condition"] != nil) != (len(after.Condition) > 0) {
			t.Errorf("%s: the renewal changed the definition: %s %s", path, after.Policies, after.Condition)
		}
		if status, _ := w.ask(secret, http.MethodGet, "/zones/$zone/dns_records", ""); status != http.StatusOK {
			t.Errorf("%s: the renewal changed the secret or its rights: status %d", path, status)
		}

		if diags := rpc.Close(apitoken.TypeName, renewed.Private); len(diags) > 0 {
			t.Error(said(diags))
		}
		if left := w.tokens(path, "short"); len(left) > 0 {
			t.Errorf("%s: %d tokens are left", path, len(left))
		}
		// Closed a second time, it is gone already.
		if diags := rpc.Close(apitoken.TypeName, renewed.Private); len(diags) > 0 {
			t.Error(said(diags))
		}
	}
}

// TestAPITokenEphemeral_clocks: a token lives as long as it is to by the clock of the API, however far that is from
// the machine's, and is renewed by the machine's.
func TestAPITokenEphemeral_clocks(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-2 * time.Hour, -4 * time.Minute, 4 * time.Minute, 6 * time.Minute, 26 * time.Hour} {
		w := newWorld(t)
		w.Server.Advance(ahead)
		rpc := w.RPC(nil)
		before := time.Now()
		result, opened := rpc.Open(apitoken.TypeName, w.shortLived(map[string]any{"ttl": "5m"}))
		took := time.Since(before)
		if len(opened.Diagnostics) > 0 {
			t.Fatalf("%s ahead: %s", ahead, said(opened.Diagnostics))
		}
		// The API's clock is known to a second and to the time that a reply took.
		end, _ := result["expires_on"].(string)
		if life := instant(t, end).Sub(before.Add(ahead)); life < 5*time.Minute-took-2*time.Second || life > 6*time.Minute+2*took+2*time.Second {
			t.Errorf("%s ahead: lives for %s, want 5m to 6m", ahead, life)
		}
		if wait := opened.RenewAt.Sub(before); wait < 2*time.Minute || wait > 3*time.Minute+took {
			t.Errorf("%s ahead: renewed in %s", ahead, wait)
		}
		renewed := rpc.Renew(apitoken.TypeName, opened.Private)
		if len(renewed.Diagnostics) > 0 {
			t.Fatalf("%s ahead: %s", ahead, said(renewed.Diagnostics))
		}
		if diags := rpc.Close(apitoken.TypeName, renewed.Private); len(diags) > 0 {
			t.Error(said(diags))
		}
	}
}

// TestAPITokenEphemeral_failures: whatever fails, nothing lives longer than the backstop, and the user reads what.
func TestAPITokenEphemeral_failures(t *testing.T) {
	t.Parallel()
	open := func(t *testing.T, w *world, rpc *acctest.RPC) *tfprotov6.OpenEphemeralResourceResponse {
		t.Helper()
		_, opened := rpc.Open(apitoken.TypeName, w.shortLived(nil))
		if len(opened.Diagnostics) > 0 {
			t.Fatal(said(opened.Diagnostics))
		}
		return opened
	}
	t.Run("a revoke that fails is a warning", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		rpc := w.RPC(acctest.Object{"max_retries": 0})
		opened := open(t, w, rpc)
		w.Server.Advance(40 * time.Minute)
		first := w.tokens("/user/tokens", "short")[0]
		if _, diags := rpc.List(apitoken.TypeName, map[string]any{"name_contains": "none"}, false, 0); len(diags) > 0 {
			t.Fatal(said(diags))
		}
		renewed := rpc.Renew(apitoken.TypeName, opened.Private)
		token := w.tokens("/user/tokens", "short")[0]
		w.Server.Fault(mocktest.Fault{Method: http.MethodDelete, Status: http.StatusInternalServerError})
		// The end that it names is the one of the renewal.
		diags := rpc.Close(apitoken.TypeName, renewed.Private)
		if token.ExpiresOn == first.ExpiresOn || len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityWarning ||
			!strings.Contains(diags[0].Detail, token.ID) || !strings.Contains(diags[0].Detail, token.ExpiresOn) {
			t.Errorf("diagnostics = %+v", diags)
		}
	})
	t.Run("a renewal that fails says how long the token works", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		rpc := w.RPC(acctest.Object{"max_retries": 0})
		opened := open(t, w, rpc)
		token := w.tokens("/user/tokens", "short")[0]
		w.Server.Fault(mocktest.Fault{Method: http.MethodPut, Status: http.StatusInternalServerError})
		diags := rpc.Renew(apitoken.TypeName, opened.Private).Diagnostics
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, token.ID+" works until "+token.ExpiresOn) {
			t.Errorf("diagnostics = %+v", diags)
		}
	})
	t.Run("a lost create is settled", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		rpc := w.RPC(nil)
		w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true, Times: 1})
		opened := open(t, w, rpc)
		if made := w.tokens("/user/tokens", "short"); len(made) != 1 {
			t.Errorf("%d tokens live, want the one that is open", len(made))
		}
		if diags := rpc.Close(apitoken.TypeName, opened.Private); len(diags) > 0 {
			t.Error(said(diags))
		}
	})
	t.Run("a lost create that cannot be settled ends by itself", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		rpc := w.RPC(acctest.Object{"max_retries": 0})
		w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true})
		w.Server.Fault(mocktest.Fault{Method: http.MethodDelete, Path: "/user/tokens/*", Status: http.StatusInternalServerError})
		_, opened := rpc.Open(apitoken.TypeName, w.shortLived(nil))
		text := said(opened.Diagnostics)
		if !strings.Contains(text, "may have been created") || !strings.Contains(text, "API token may live on") {
			t.Errorf("diagnostics: %s", text)
		}
		for _, left := range w.tokens("/user/tokens", "short") {
			if end := instant(t, left.ExpiresOn); end.After(time.Now().Add(time.Hour + time.Minute)) {
				t.Errorf("a token is left until %s", end)
			}
		}
	})
	t.Run("an API that ignores the expiry", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		rpc := w.RPC(acctest.Object{"max_retries": 0})
		// The server makes no token; what matters is that the one it tells of is deleted again.
		w.Server.Fault(mocktest.Fault{
			Method: http.MethodPost, Path: "/user/tokens",
			Body: `{"success":true,"errors":[],"messages":[],"result":{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"short","status":"active","value":"cfut_x","policies":[]}}`,
		})
		_, opened := rpc.Open(apitoken.TypeName, w.shortLived(nil))
		if text := said(opened.Diagnostics); text != "API ignores the expiry of tokens" {
			t.Errorf("diagnostics: %s", text)
		}
		w.requests(http.MethodDelete, "/user/tokens/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1)
	})
}

func TestAPITokenEphemeral_refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	tests := []struct {
		name, says string
		more       map[string]any
	}{
		{"too short", "Invalid ttl: The value \"4m59s\" is shorter than 5m.", map[string]any{"ttl": "4m59s"}},
		{"negative", "Invalid ttl", map[string]any{"ttl": "-1h"}},
		{"too long", "Invalid ttl: The value \"24h0m1s\" is longer than 24h.", map[string]any{"ttl": "24h0m1s"}},
		{"no duration", "Invalid ttl", map[string]any{"ttl": "soon"}},
		{"a fraction", "Invalid ttl", map[string]any{"ttl": "5m0.5s"}},
		{"empty condition", "Empty set of IP ranges", map[string]any{"condition": map[string]any{"request_ip": map[string]any{"in": []any{}}}}},
		{"no policies", "policies", map[string]any{"policies": map[string]any{}}},
		{"rights to manage tokens", "API token", map[string]any{"policies": map[string]any{"all": map[string]any{
			"permission_groups": []any{"API Tokens Write"}, "resources": map[string]any{"user": true},
		}}}},
	}
	for _, test := range tests {
		_, opened := rpc.Open(apitoken.TypeName, w.shortLived(test.more))
		if text := told(opened.Diagnostics); !strings.Contains(text, test.says) {
			t.Errorf("%s: %q, want %q", test.name, text, test.says)
		}
	}
	for _, ttl := range []string{"5m", "24h"} {
		_, opened := rpc.Open(apitoken.TypeName, w.shortLived(map[string]any{"ttl": ttl}))
		if len(opened.Diagnostics) > 0 {
			t.Errorf("%s: %s", ttl, told(opened.Diagnostics))
			continue
		}
		if diags := rpc.Close(apitoken.TypeName, opened.Private); len(diags) > 0 {
			t.Errorf("%s: %s", ttl, told(diags))
		}
	}
	if left := w.tokens("/user/tokens", "short"); len(left) > 0 {
		t.Errorf("%d tokens are left", len(left))
	}
}
