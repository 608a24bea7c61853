// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const wholeAccount = `{"id":"` + accountID + `","name":"Acme","type":"enterprise","created_on":"2025-01-01T00:00:00Z",` +
	`"managed_by":{"parent_org_id":"p"},"legacy_flags":{"enterprise_zone_quota":{"maximum":12345678901234567890}},` +
	`"settings":{"enforce_twofactor":true,"abuse_contact_email":null,"api_access_enabled":%s,"a_setting_of_tomorrow":{"x":[1,2.50]}}}`

// accountAPI keeps one account, as the API does.
func accountAPI(t *testing.T, value string, deaf bool) *fakeAPI {
	t.Helper()
	var mu sync.Mutex
	stored := json.RawMessage(fmt.Sprintf(wholeAccount, value))
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == http.MethodPut && !deaf {
			stored = json.RawMessage(bodyOf(r))
		}
		success(w, stored)
	})
	return api
}

func TestClient_SetAccountAPIAccess(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, before string
		enabled      *bool
		after        string
	}{
		{"off", "null", new(false), "false"},
		{"on", "false", new(true), "true"},
		{"default", "false", nil, "null"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := accountAPI(t, tt.before, false)
			c, _ := newTestClient(t, api.URL)
			got, err := c.SetAccountAPIAccess(t.Context(), accountID, tt.enabled)
			if err != nil {
				t.Fatal(err)
			}
			want := &Account{
				ID: accountID, Name: "Acme", Type: "enterprise", CreatedOn: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
				Settings: AccountSettings{EnforceTwofactor: true, APIAccessEnabled: tt.enabled},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("account (-want +got):\n%s", diff)
			}
			requests := api.all()
			if len(requests) != 2 || requests[0].Method != http.MethodGet || requests[1].Method != http.MethodPut || requests[1].Path != "/accounts/"+accountID {
				t.Fatalf("requests = %+v", requests)
			}
			// Everything else goes back untouched, whatever this client knows of it.
			sameJSON(t, fmt.Sprintf(wholeAccount, tt.after), requests[1].Body)
			if !strings.Contains(requests[1].Body, "12345678901234567890") || !strings.Contains(requests[1].Body, "2.50") {
				t.Errorf("a number was changed on the way: %s", requests[1].Body)
			}
		})
	}
}

// sameJSON compares without losing digits.
func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	decode := func(text string) (out any) {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&out); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return out
	}
	if diff := cmp.Diff(decode(want), decode(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

func TestClient_SetAccountAPIAccess_withoutSettings(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			success(w, json.RawMessage(bodyOf(r)))
			return
		}
		success(w, map[string]any{"id": accountID, "settings": nil})
	})
	c, _ := newTestClient(t, api.URL)
	if _, err := c.SetAccountAPIAccess(t.Context(), accountID, new(false)); err != nil {
		t.Fatal(err)
	}
	sameJSON(t, `{"id":"`+accountID+`","settings":{"api_access_enabled":false}}`, api.all()[1].Body)
}

func TestClient_switchesThatAreNotTakenOver(t *testing.T) {
	t.Parallel()
	account := accountAPI(t, "null", true)
	c, _ := newTestClient(t, account.URL)
	_, err := c.SetAccountAPIAccess(t.Context(), accountID, new(false))
	var unexpected *UnexpectedReplyError
	if !errors.As(err, &unexpected) || !strings.Contains(err.Error(), "api_access_enabled is null instead of false") {
		t.Errorf("account: error = %v, want one that says the switch was not taken over", err)
	}

	member := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		success(w, map[string]any{"id": hexID, "api_access_enabled": true})
	})
	c, _ = newTestClient(t, member.URL)
	_, err = c.SetMemberAPIAccess(t.Context(), accountID, hexID, nil)
	if !errors.As(err, &unexpected) || !strings.Contains(err.Error(), "api_access_enabled is true instead of null") {
		t.Errorf("member: error = %v, want one that says the switch was not taken over", err)
	}
}

func TestClient_SetAccountAPIAccess_refused(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, 9109, "no") })
	c, _ := newTestClient(t, api.URL)
	if _, err := c.SetAccountAPIAccess(t.Context(), accountID, new(false)); !IsDenied(err) {
		t.Errorf("error = %v, want the refusal", err)
	}
	if api.count(http.MethodPut, "") != 0 {
		t.Error("an account that could not be read was written")
	}
}

func TestClient_SetMemberAPIAccess(t *testing.T) {
	t.Parallel()
	for want, enabled := range map[string]*bool{"true": new(true), "false": new(false), "null": nil} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
				success(w, map[string]any{"id": hexID, "api_access_enabled": enabled})
			})
			c, _ := newTestClient(t, api.URL)
			if _, err := c.SetMemberAPIAccess(t.Context(), accountID, hexID, enabled); err != nil {
				t.Fatal(err)
			}
			got := api.all()[0]
			if got.Method != http.MethodPatch || got.Path != "/accounts/"+accountID+"/members/"+hexID || got.Body != `{"api_access_enabled":`+want+`}` {
				t.Errorf("request = %s %s %s", got.Method, got.Path, got.Body)
			}
		})
	}
}

func TestClient_reads(t *testing.T) {
	t.Parallel()
	const (
		memberJSON = `{"id":"m1","email":"","status":"accepted","user":{"id":"u1","email":"a@example.com","first_name":"A","last_name":"B"},` +
			`"roles":[{"id":"r1","name":"DNS","permissions":{}}],"api_access_enabled":false}`
		pendingJSON    = `{"id":"m2","email":"b@example.com","status":"pending","user":null,"roles":[],"api_access_enabled":null}`
		membershipJSON = `{"id":"m1","status":"accepted","account":{"id":"a1","name":"Acme"},"api_access_enabled":true,"roles":["DNS"]}`
		zoneJSON       = `{"id":"z1","name":"example.com","status":"active","type":"full","paused":true,"account":{"id":"a1","name":"Acme"},"name_servers":["ns1","ns2"]}`
	)
	member := Member{
		ID: "m1", Email: "a@example.com", Status: "accepted", UserID: "u1", FirstName: "A", LastName: "B",
		Roles: []Role{{ID: "r1", Name: "DNS"}}, APIAccessEnabled: new(false),
	}
	zone := Zone{
		ID: "z1", Name: "example.com", Status: "active", Type: "full", Paused: true,
		Account: AccountRef{ID: "a1", Name: "Acme"}, NameServers: []string{"ns1", "ns2"},
	}
	const memberPolicyJSON = `{"id":"p1","access":"allow","permission_groups":[{"id":"r1","name":"DNS"}],` +
		`"resource_groups":[{"id":"z1","name":"x","scope":[{"key":"com.cloudflare.api.account.a1","objects":[{"key":"com.cloudflare.api.account.zone.z1"}]}]}]}`
	memberPolicy := MemberPolicy{
		ID: "p1", Access: EffectAllow, Roles: []Role{{ID: "r1", Name: "DNS"}},
		Scopes: []MemberScope{{Key: "com.cloudflare.api.account.a1", Objects: []string{"com.cloudflare.api.account.zone.z1"}}},
	}
	tests := []struct {
		name, path, query, result string
		call                      func(*Client) (any, error)
		want                      any
	}{
		{"member", "/accounts/a1/members/m1", "", memberJSON, func(c *Client) (any, error) { return c.Member(t.Context(), "a1", "m1") }, &member},
		{
			"members", "/accounts/a1/members", "page=1&per_page=50", "[" + memberJSON + "," + pendingJSON + "]",
			func(c *Client) (any, error) { return c.Members(t.Context(), "a1") },
			[]Member{member, {ID: "m2", Email: "b@example.com", Status: "pending"}},
		},
		{
			"memberships", "/memberships", "page=1&per_page=50", "[" + membershipJSON + "]",
			func(c *Client) (any, error) { return c.Memberships(t.Context()) },
			[]Membership{{ID: "m1", Status: "accepted", Account: AccountRef{ID: "a1", Name: "Acme"}, APIAccessEnabled: new(true), Roles: []string{"DNS"}}},
		},
		{
			"membership in full", "/memberships", "page=1&per_page=50",
			`[{"id":"m1","status":"accepted","account":{"id":"a1","name":"Acme","type":"enterprise","settings":{"enforce_twofactor":true,"api_access_enabled":null}},"api_access_enabled":null,"policies":[` + memberPolicyJSON + `]},` +
				`{"id":"m2","status":"accepted","account":{"id":"a2","name":"Globex","type":"enterprise","settings":{"enforce_twofactor":true}}}]`,
			func(c *Client) (any, error) { return c.Memberships(t.Context()) },
			[]Membership{
				{
					ID: "m1", Status: "accepted", Account: AccountRef{ID: "a1", Name: "Acme"}, Policies: []MemberPolicy{memberPolicy},
					AccountDetails: &Account{ID: "a1", Name: "Acme", Type: "enterprise", Settings: AccountSettings{EnforceTwofactor: true}},
				},
				// A switch that is not shown is not one that was never set.
				{ID: "m2", Status: "accepted", Account: AccountRef{ID: "a2", Name: "Globex"}},
			},
		},
		{
			"member with policies", "/accounts/a1/members/m1", "",
			`{"id":"m1","email":"a@example.com","status":"accepted","roles":[],"policies":[` + memberPolicyJSON +
				`,{"id":"p2","access":"deny","permission_groups":[],"resource_groups":[{"id":"g1","scope":{"key":"a","objects":[{"key":"*"}]}}]}` +
				`,{"id":"p3","access":"allow","permission_groups":[],"resource_groups":[{"id":"g1","scope":"everything"}]}]}`,
			func(c *Client) (any, error) { return c.Member(t.Context(), "a1", "m1") },
			&Member{ID: "m1", Email: "a@example.com", Status: "accepted", Policies: []MemberPolicy{
				memberPolicy,
				{ID: "p2", Access: EffectDeny, Scopes: []MemberScope{{Key: "a", Objects: []string{"*"}}}},
				{ID: "p3", Access: EffectAllow},
			}},
		},
		{"zone", "/zones/z1", "", zoneJSON, func(c *Client) (any, error) { return c.Zone(t.Context(), "z1") }, &zone},
		{
			"zones by name", "/zones", "name=ex%C3%A4mple.com&page=1&per_page=50", "[" + zoneJSON + "]",
			func(c *Client) (any, error) { return c.ZonesByName(t.Context(), "exämple.com", "") },
			[]Zone{zone},
		},
		{
			"zones by name in an account", "/zones", "account.id=a1&name=example.com&page=1&per_page=50", "[]",
			func(c *Client) (any, error) { return c.ZonesByName(t.Context(), "example.com", "a1") },
			[]Zone{},
		},
		{
			"account", "/accounts/a1", "", `{"id":"a1","name":"Acme","type":"standard","settings":{"api_access_enabled":true}}`,
			func(c *Client) (any, error) { return c.Account(t.Context(), "a1") },
			&Account{ID: "a1", Name: "Acme", Type: "standard", Settings: AccountSettings{APIAccessEnabled: new(true)}},
		},
		{
			"user", "/user", "", `{"id":"u1","email":"a@example.com","username":"x"}`,
			func(c *Client) (any, error) { return c.User(t.Context()) }, &User{ID: "u1", Email: "a@example.com"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, json.RawMessage(tt.result)) })
			c, _ := newTestClient(t, api.URL)
			got, err := tt.call(c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			query, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			request := api.all()[0]
			if request.Method != http.MethodGet || request.Path != tt.path || request.Query != query.Encode() {
				t.Errorf("request = %s %s?%s", request.Method, request.Path, request.Query)
			}

			refusing := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, 10000, "no") })
			c, _ = newTestClient(t, refusing.URL)
			if _, err := tt.call(c); !IsDenied(err) {
				t.Errorf("refused: error = %v", err)
			}
		})
	}
}

func TestClient_User_onceARun(t *testing.T) {
	t.Parallel()
	var api *fakeAPI
	api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		if len(api.all()) == 1 {
			refuse(w, 403, 9109, "not yet")
			return
		}
		success(w, map[string]any{"id": "u1"})
	})
	c, _ := newTestClient(t, api.URL)
	if _, err := c.User(t.Context()); err == nil {
		t.Fatal("the refusal was swallowed")
	}
	for range 3 {
		user, err := c.User(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		user.ID = "changed by the caller"
		if again, err := c.User(t.Context()); err != nil || again.ID != "u1" {
			t.Errorf("user = %+v, %v", again, err)
		}
	}
	if got := api.count("", ""); got != 2 {
		t.Errorf("requests = %d, want 2: a success is kept, a failure is not", got)
	}
}
