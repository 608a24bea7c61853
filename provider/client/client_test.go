// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestNew_credential(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		credential Credential
		wantHeader map[string]string
		wantErr    string
	}{
		{"token", Credential{APIToken: testToken}, map[string]string{"Authorization": "Bearer " + testToken}, ""},
		{"key", Credential{Email: testEmail, APIKey: testAPIKey}, map[string]string{"X-Auth-Email": testEmail, "X-Auth-Key": testAPIKey}, ""},
		{"none", Credential{}, nil, "no complete credential"},
		{"e-mail alone", Credential{Email: testEmail}, nil, "no complete credential"},
		{"key alone", Credential{APIKey: testAPIKey}, nil, "no complete credential"},
		{"both", Credential{APIToken: testToken, APIKey: testAPIKey}, nil, "one kind"},
		{"token with e-mail", Credential{APIToken: testToken, Email: testEmail}, nil, "one kind"},
		{"token with a line break", Credential{APIToken: testToken + "\n"}, nil, "header cannot carry"},
		{"key with a blank", Credential{Email: testEmail, APIKey: "a b"}, nil, "header cannot carry"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, map[string]any{"id": hexID}) })
			c, err := New(Options{BaseURL: api.URL + "/client/v4/", Credential: tt.credential, UserAgent: "agent/7", Transport: newIsolatedTransport(t)})
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Fatalf("error = %v, want %q in it", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := api.count("", ""); got != 0 {
				t.Errorf("New made %d requests", got)
			}
			if _, err := c.Zone(t.Context(), hexID); err != nil {
				t.Fatal(err)
			}
			got := api.all()[0]
			if got.Path != "/client/v4/zones/"+hexID {
				t.Errorf("path = %q: the slash at the end of the base URL was doubled", got.Path)
			}
			for _, name := range []string{"Authorization", "X-Auth-Email", "X-Auth-Key"} {
				if got.Header.Get(name) != tt.wantHeader[name] {
					t.Errorf("%s = %q, want %q", name, got.Header.Get(name), tt.wantHeader[name])
				}
			}
			if got.Header.Get("User-Agent") != "agent/7" {
				t.Errorf("User-Agent = %q", got.Header.Get("User-Agent"))
			}
			if c.HasAPIToken() != (tt.credential.APIToken != "") {
				t.Errorf("HasAPIToken = %v", c.HasAPIToken())
			}
		})
	}
}

func TestNew_defaults(t *testing.T) {
	t.Parallel()
	c, err := New(Options{BaseURL: "http://localhost:1/client/v4///", Credential: Credential{APIToken: testToken}, MaxRetries: -1})
	if err != nil {
		t.Fatal(err)
	}
	if c.BaseURL() != "http://localhost:1/client/v4" {
		t.Errorf("BaseURL = %q", c.BaseURL())
	}
	if c.http.RetryMax != 4 || c.timeout != 30*time.Second || c.propagation != time.Minute || c.userAgent != "terraform-provider-accesscontrol" {
		t.Errorf("retries %d, timeout %s, propagation %s, agent %q", c.http.RetryMax, c.timeout, c.propagation, c.userAgent)
	}
	if c.http.Logger != nil {
		t.Error("the retry loop has a logger of its own")
	}
	if _, err := New(Options{BaseURL: "ftp://x", Credential: Credential{APIToken: testToken}}); err == nil {
		t.Error("a base URL that cannot be used was accepted")
	}
}

func TestClient_emptyIDsAreRefused(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, map[string]any{"id": hexID}) })
	c, _ := newTestClient(t, api.URL)
	for _, id := range []string{"", ".", ".."} {
		if err := c.DeleteToken(t.Context(), Owner{}, id); err == nil {
			t.Errorf("DeleteToken(%q) was sent", id)
		}
		if _, err := c.SetMemberAPIAccess(t.Context(), hexID, id, nil); err == nil {
			t.Errorf("SetMemberAPIAccess(%q) was sent", id)
		}
	}
	if got := api.count("", ""); got != 0 {
		t.Errorf("requests = %d, want none", got)
	}
	if _, err := c.Zone(t.Context(), "a/../b?x=1"); err != nil {
		t.Fatal(err)
	}
	if got := api.all()[0].Path; got != "/zones/a/../b?x=1" {
		t.Errorf("path = %q: the id was not kept in one escaped segment", got)
	}
	if got := api.all()[0].Query; got != "" {
		t.Errorf("query = %q, want none", got)
	}
}
