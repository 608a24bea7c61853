// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	accountID = "01a7362d577a6c3019a474fd6f485823"
	zoneID    = "023e105f4ecef8ad9ca31a8372d0c353"
	groupA    = "4755a26eedb94da69e1066d98aa820be"
	groupB    = "c8fed203ed3043cba015a93ad1616f1f"
)

func fullDefinition() TokenDefinition {
	zone := time.FixedZone("", 2*60*60)
	return TokenDefinition{
		Name: "ci",
		Policies: []Policy{{
			ID: "never-sent", Effect: EffectAllow,
			Groups: []PolicyGroup{{ID: groupA, Name: "never sent"}, {ID: groupB}},
			Resources: map[string]ResourceValue{
				"com.cloudflare.api.account.zone." + zoneID: {},
				"com.cloudflare.api.account." + accountID:   {Nested: []string{"com.cloudflare.api.account.zone.*"}},
			},
		}},
		Condition: &IPCondition{In: []string{"192.0.2.0/24"}, NotIn: []string{"192.0.2.7/32"}},
		NotBefore: new(time.Date(2030, 1, 2, 5, 4, 5, 999, zone)),
		ExpiresOn: new(time.Date(2031, 1, 2, 5, 4, 5, 0, zone)),
		Status:    StatusDisabled,
	}
}

const fullPolicies = `[{"effect":"allow","permission_groups":[{"id":"` + groupA + `"},{"id":"` + groupB + `"}],` +
	`"resources":{"com.cloudflare.api.account.` + accountID + `":{"com.cloudflare.api.account.zone.*":"*"},` +
	`"com.cloudflare.api.account.zone.` + zoneID + `":"*"}}]`

func TestTokenDefinition_wire(t *testing.T) {
	t.Parallel()
	bare := TokenDefinition{Name: "ci", Policies: []Policy{}}
	tests := []struct {
		name           string
		def            TokenDefinition
		create, update string
	}{
		{
			"everything", fullDefinition(),
			`{"name":"ci","policies":` + fullPolicies + `,"condition":{"request_ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.7/32"]}},` +
				`"not_before":"2030-01-02T03:04:05Z","expires_on":"2031-01-02T03:04:05Z","status":"disabled"}`,
			`{"name":"ci","policies":` + fullPolicies + `,"condition":{"request_ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.7/32"]}},` +
				`"not_before":"2030-01-02T03:04:05Z","expires_on":"2031-01-02T03:04:05Z","status":"disabled"}`,
		},
		{
			"an update clears what a create leaves out", bare,
			`{"name":"ci","policies":[]}`,
			`{"name":"ci","policies":[],"condition":{}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for want, got := range map[string]wireDefinition{tt.create: tt.def.wire(), tt.update: tt.def.wireUpdate()} {
				raw, err := json.Marshal(got)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, string(raw)); diff != "" {
					t.Errorf("wire form (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestResourceValue_JSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text    string
		value   ResourceValue
		written string // where it differs from text
		wantErr string
	}{
		{text: `"*"`, value: ResourceValue{}},
		{text: `{"b":"*","a":"*"}`, value: ResourceValue{Nested: []string{"a", "b"}}, written: `{"a":"*","b":"*"}`},
		{text: `{}`, value: ResourceValue{Nested: []string{}}},
		{text: `"read"`, wantErr: "not understood"},
		{text: `{"a":{"b":"*"}}`, wantErr: "not understood"},
		{text: `{"a":"some"}`, wantErr: "not understood"},
		{text: `{"a":null}`, wantErr: "not understood"},
		{text: `{"a":"*","b":null,"c":null,"d":null,"e":null,"f":null}`, wantErr: "not understood"},
		{text: `null`, wantErr: "not understood"},
		{text: `7`, wantErr: "neither text nor an object"},
		{text: `["*"]`, wantErr: "neither text nor an object"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			var got ResourceValue
			err := json.Unmarshal([]byte(tt.text), &got)
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Fatalf("error = %v, want %q in it", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.value, got); diff != "" {
				t.Errorf("value (-want +got):\n%s", diff)
			}
			raw, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.written
			if want == "" {
				want = tt.text
			}
			if string(raw) != want {
				t.Errorf("written %s, want %s", raw, want)
			}
		})
	}
}

func TestClient_GetToken(t *testing.T) {
	t.Parallel()
	const full = `{"success":true,"result":{"id":"` + hexID + `","name":"ci","status":"active","issued_on":"2026-01-01T00:00:00Z",` +
		`"modified_on":"2026-01-02T00:00:00.5Z","last_used_on":"2026-01-03T00:00:00Z","not_before":"2026-01-04T00:00:00Z",` +
		`"expires_on":"2026-01-05T00:00:00Z","policies":[{"id":"p1","effect":"deny","resources":{"com.cloudflare.api.account.*":"*"},` +
		`"permission_groups":[{"id":"` + groupA + `","name":"DNS Write","meta":{"key":"x"}}]}],"condition":%s,"unknown":1}}`
	want := func(condition *IPCondition) *Token {
		return &Token{
			ID: hexID, Name: "ci", Status: StatusActive,
			IssuedOn: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), ModifiedOn: time.Date(2026, 1, 2, 0, 0, 0, 5e8, time.UTC),
			LastUsedOn: new(time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)), NotBefore: new(time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)),
			ExpiresOn: new(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)), Condition: condition,
			Policies: []Policy{{
				ID: "p1", Effect: EffectDeny, Groups: []PolicyGroup{{ID: groupA, Name: "DNS Write"}},
				Resources: map[string]ResourceValue{"com.cloudflare.api.account.*": {}},
			}},
		}
	}
	tests := []struct {
		name, condition string
		want            *IPCondition
	}{
		{"condition", `{"request_ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.1/32"]}}`, &IPCondition{In: []string{"192.0.2.0/24"}, NotIn: []string{"192.0.2.1/32"}}},
		{"old spelling", `{"request.ip":{"in":["192.0.2.0/24"]}}`, &IPCondition{In: []string{"192.0.2.0/24"}}},
		{"null", `null`, nil},
		{"empty", `{}`, nil},
		{"empty ranges", `{"request_ip":{}}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, full, tt.condition) })
			c, _ := newTestClient(t, api.URL)
			got, err := c.GetToken(t.Context(), Owner{AccountID: accountID}, hexID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want(tt.want), got); diff != "" {
				t.Errorf("token (-want +got):\n%s", diff)
			}
			if got := api.count(http.MethodGet, "/accounts/"+accountID+"/tokens/"+hexID); got != 1 {
				t.Errorf("requests = %+v", api.all())
			}
		})
	}
}

func TestClient_tokenWithoutID(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, map[string]any{"name": "x"}) })
	c, _ := newTestClient(t, api.URL)
	var unexpected *UnexpectedReplyError
	if _, err := c.GetToken(t.Context(), Owner{}, hexID); !errors.As(err, &unexpected) {
		t.Errorf("error = %v, want *UnexpectedReplyError", err)
	}
}

func TestClient_DeleteToken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		handler http.HandlerFunc
		wantErr bool
	}{
		{"deleted", func(w http.ResponseWriter, _ *http.Request) { success(w, map[string]any{"id": hexID}) }, false},
		{"deleted, no result", func(w http.ResponseWriter, _ *http.Request) { success(w, nil) }, false},
		{"gone already", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, 1003, "not found") }, false},
		{"gone, with another code", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, 1000, "not found") }, false},
		{"404 in plain text", http.NotFound, true},
		{"404 page of a proxy", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<html><body>not here</body></html>")
		}, true},
		{"404 with an envelope that names no error", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"success":false,"errors":[],"messages":[],"result":null}`)
		}, true},
		{"outside the base path", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, 404, "not found") }, true},
		{"no such route", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, 7003, "no route") }, true},
		{"refused", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, 9109, "no") }, true},
		{"no envelope", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, tt.handler)
			c, _ := newTestClient(t, api.URL)
			if err := c.DeleteToken(t.Context(), Owner{}, hexID); (err != nil) != tt.wantErr {
				t.Errorf("error = %v, want error: %v", err, tt.wantErr)
			}
		})
	}
}

func TestClient_UpdateToken(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, map[string]any{"id": hexID, "name": "ci"}) })
	c, _ := newTestClient(t, api.URL)
	if _, err := c.UpdateToken(t.Context(), Owner{}, hexID, TokenDefinition{Name: "ci"}); err != nil {
		t.Fatal(err)
	}
	got := api.all()[0]
	if got.Method != http.MethodPut || got.Path != "/user/tokens/"+hexID || got.Body != `{"name":"ci","policies":[],"condition":{}}` {
		t.Errorf("request = %s %s %s", got.Method, got.Path, got.Body)
	}
	if got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("Content-Type = %q", got.Header.Get("Content-Type"))
	}
}

func TestClient_RollToken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		result any
		want   string
	}{
		{"value", secretValue, secretValue},
		{"empty value", "", ""},
		{"no value", nil, ""},
		{"object", map[string]any{"value": secretValue}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, tt.result) })
			c, _ := newTestClient(t, api.URL)
			got, err := c.RollToken(t.Context(), Owner{}, hexID)
			if got != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("RollToken = %q, %v", got, err)
			}
			request := api.all()[0]
			if request.Method != http.MethodPut || request.Path != "/user/tokens/"+hexID+"/value" || request.Body != "{}" {
				t.Errorf("request = %s %s %s", request.Method, request.Path, request.Body)
			}
		})
	}
}

func TestClient_RollToken_lostReplyIsRolledAgain(t *testing.T) {
	t.Parallel()
	var api *fakeAPI
	api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		if len(api.all()) == 1 {
			dropReply(w)
		}
		success(w, secretValue)
	})
	c, _ := newTestClient(t, api.URL)
	if got, err := c.RollToken(t.Context(), Owner{}, hexID); got != secretValue || err != nil {
		t.Errorf("RollToken: error %v", err)
	}
	if api.count(http.MethodPut, "") != 2 {
		t.Errorf("requests = %d, want 2", api.count("", ""))
	}
}

func TestClient_VerifyToken(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		success(w, map[string]any{"id": hexID, "status": "disabled", "not_before": "2030-01-01T00:00:00Z"})
	})
	c, _ := newTestClient(t, api.URL)
	got, err := c.VerifyToken(t.Context(), Owner{AccountID: accountID})
	if err != nil {
		t.Fatal(err)
	}
	want := &Verification{ID: hexID, Status: StatusDisabled, NotBefore: new(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verification (-want +got):\n%s", diff)
	}
	if api.count(http.MethodGet, "/accounts/"+accountID+"/tokens/verify") != 1 {
		t.Errorf("requests = %+v", api.all())
	}

	key, _ := newTestClient(t, api.URL, func(o *Options, _ *environment) { o.Credential = Credential{Email: testEmail, APIKey: testAPIKey} })
	if _, err := key.VerifyToken(t.Context(), Owner{}); !errors.Is(err, ErrNoAPIToken) {
		t.Errorf("with a Global API key: error = %v, want ErrNoAPIToken", err)
	}
	if api.count("", "") != 1 {
		t.Error("a verification was sent with a Global API key")
	}
}

func TestClient_TokenPermissionGroups(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") != "1" {
			success(w, []any{})
			return
		}
		success(w, []any{map[string]any{"id": groupA, "name": r.URL.Path, "scopes": []string{"com.cloudflare.api.account.zone"}, "category": "other"}})
	})
	c, _ := newTestClient(t, api.URL)
	for _, tt := range []struct {
		owner Owner
		path  string
	}{
		{Owner{}, "/user/tokens/permission_groups"},
		{Owner{AccountID: accountID}, "/accounts/" + accountID + "/tokens/permission_groups"},
		// Another account: the list is the same, and is not read again.
		{Owner{AccountID: hexID}, "/accounts/" + accountID + "/tokens/permission_groups"},
		{Owner{}, "/user/tokens/permission_groups"},
	} {
		got, err := c.TokenPermissionGroups(t.Context(), tt.owner)
		if err != nil {
			t.Fatal(err)
		}
		want := []PermissionGroup{{ID: groupA, Name: tt.path, Scopes: []string{"com.cloudflare.api.account.zone"}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("groups of %+v (-want +got):\n%s", tt.owner, diff)
		}
		got[0].Name, got[0].Scopes[0] = "changed by the caller", "changed by the caller"
	}
	if got := api.count("", ""); got != 2 {
		t.Errorf("requests = %d, want one for each kind of owner", got)
	}
}
