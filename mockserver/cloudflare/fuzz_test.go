// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// replayed serves a copy of a server's world; making it costs a fraction of what reading the seed does.
func replayed(t *testing.T, from *server, batch state.Batch) *server {
	t.Helper()
	ids := &counter{n: 1 << 20}
	world, err := state.Replay(state.Options{IDs: ids, Secrets: ids, HashKey: [32]byte{1}}, slices.Values([]state.Batch{batch}))
	if err != nil {
		t.Fatal(err)
	}
	s := &server{tb: t, world: world, now: from.now, address: from.address, credentials: from.credentials}
	s.handler = cloudflare.New(cloudflare.Options{World: world, Clock: s.clock}).Handler()
	return s
}

func exported(tb testing.TB, s *server) state.Batch {
	tb.Helper()
	batch, err := s.world.Export()
	if err != nil {
		tb.Fatal(err)
	}
	return batch
}

// FuzzRequest: whatever is sent with whatever credential, the reply is an envelope and never a failure of the
// server; a refused request leaves no trace in the world; and what an accepted one left is what the change
// log says (a world replayed from it is the same).
func FuzzRequest(f *testing.F) {
	base := newServer(f)
	batch := exported(f, base)
	refs := []string{"", "all", "ops", "challenge", "all_but_mail", "key:super", "key:zoned", "origin:super", "expired", "admin_tokens"}
	record := base.record(zoneCom, "A", "www.example.com")
	for _, seed := range []struct{ method, path, body string }{
		{"GET", "/zones?name=example.com&per_page=1", ""},
		{"POST", "/user/tokens", `{"name":"x","policies":[{"effect":"allow","permission_groups":[{"id":"` + zoneRead + `"}],"resources":{"com.cloudflare.api.account.zone.*":"*"}}]}`},
		{"PUT", "/accounts/" + acme, `{"name":"Acme","settings":{"api_access_enabled":false}}`},
		{"PATCH", records + "/" + record, `{"content":"192.0.2.99"}`},
		{"POST", records + "/batch", `{"deletes":[{"id":"` + record + `"}],"posts":[{"type":"TXT","name":"_acme-challenge.a","content":"x"}]}`},
		{"POST", records + "/import", "www 300 IN A 192.0.2.1\n"},
		{"POST", "/certificates", `{"hostnames":["www.example.com"],"request_type":"origin-rsa","requested_validity":15}`},
		{"PATCH", members + "/" + base.member("acme/dns"), `{"api_access_enabled":false}`},
		{"DELETE", "/zones/" + zoneOrg, ""},
		{"POST", "/accounts/" + acme + "/access/groups", `{"name":"g"}`},
		{"PUT", "/user/tokens/" + base.id("all") + "/value", "{}"},
		{"PATCH", "/zones/" + zoneCom + "/settings", `{"items":[{"id":"ssl","value":"full"}]}`},
		{"OPTIONS", "/%2e%2e/zones//", "\x00"},
	} {
		for i := range refs {
			f.Add(uint8(i), seed.method, seed.path, seed.body)
		}
	}
	f.Fuzz(func(t *testing.T, credential uint8, method, path, body string) {
		target, err := url.ParseRequestURI(cloudflare.BasePath + path)
		if err != nil || !isMethod(method) {
			return // net/http refuses it before a handler sees it
		}
		s := replayed(t, base, batch)
		before := s.digest()
		request := httptest.NewRequest(method, "/", strings.NewReader(body))
		request.URL, request.RemoteAddr = target, s.address
		request.Header = s.authorize(refs[int(credential)%len(refs)])
		recorder := httptest.NewRecorder()
		s.handler.ServeHTTP(recorder, request)
		checkReply(t, method, recorder)
		if recorder.Code >= http.StatusBadRequest {
			if s.digest() != before {
				t.Fatalf("%s %s was answered %d and changed the world", method, path, recorder.Code)
			}
			return
		}
		if again := replayed(t, base, exported(t, s)); again.digest() != s.digest() {
			t.Fatalf("%s %s left a world that its change log does not describe", method, path)
		}
	})
}

func isMethod(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// checkReply holds what every reply is: no failure of the server, and JSON replies are envelopes whose
// success says what the status says.
func checkReply(t *testing.T, method string, r *httptest.ResponseRecorder) {
	t.Helper()
	if r.Code < 200 || r.Code >= 500 {
		t.Fatalf("answered %d:\n%s", r.Code, r.Body)
	}
	if method == http.MethodHead || !strings.HasPrefix(r.Header().Get("Content-Type"), "application/json") {
		return
	}
	var reply envelope
	if err := json.Unmarshal(r.Body.Bytes(), &reply); err != nil {
		t.Fatalf("answered %d with no envelope: %v\n%s", r.Code, err, r.Body)
	}
	if reply.Success != (r.Code < 300) || reply.Success != (len(reply.Errors) == 0) {
		t.Fatalf("answered %d with success %t and %d errors", r.Code, reply.Success, len(reply.Errors))
	}
}

// FuzzTokenDefinition: a definition that a create accepts can be read, is accepted again as it was read by an
// update and by another create, and reads the same each time: nothing is accepted that fails later.
func FuzzTokenDefinition(f *testing.F) {
	base := newServer(f)
	batch := exported(f, base)
	for _, resources := range []string{
		`{"com.cloudflare.api.account.zone.` + zoneCom + `":"*"}`,
		`{"com.cloudflare.api.account.` + acme + `":{"com.cloudflare.api.account.zone.*":"*"}}`,
		`{"com.cloudflare.api.account.zone.` + zoneCom + `":{"com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.*":"*"}}`,
		`{"com.cloudflare.edge.r2.bucket.` + acme + `_default_logs":"*"}`,
	} {
		f.Add(`[{"effect":"allow","permission_groups":[{"id":"`+dnsWrite+`"}],"resources":`+resources+`}]`, `{"request_ip":{"in":["10.0.0.0/8"]}}`, "2031-01-01T00:00:00Z")
	}
	f.Add(`[{"effect":"deny","permission_groups":[{"id":"`+zoneRead+`"},{"id":"`+zoneRead+`"}],"resources":{"com.cloudflare.api.account.zone.*":"*"}}]`, `null`, "")
	f.Fuzz(func(t *testing.T, policies, condition, expires string) {
		if !json.Valid([]byte(policies)) || !json.Valid([]byte(condition)) {
			return
		}
		definition := map[string]any{"name": "fuzzed", "policies": json.RawMessage(policies), "condition": json.RawMessage(condition)}
		if expires != "" {
			definition["expires_on"] = expires
		}
		s := replayed(t, base, batch)
		created := s.do("key:super", "POST", "/user/tokens", definition)
		if created.status != http.StatusOK {
			if created.status >= 500 {
				t.Fatalf("answered %d:\n%s", created.status, created.body)
			}
			return
		}
		path := "/user/tokens/" + into[object](created).text("id")
		first := s.do("key:super", "GET", path, nil).ok()
		updated := s.do("key:super", "PUT", path, first.Result).ok()
		if got, want := meaning(t, updated), meaning(t, first); got != want {
			t.Fatalf("put as it was read, the token became\n%s\nwas\n%s", got, want)
		}
		second := s.do("key:super", "POST", "/user/tokens", meaning(t, first)).ok() // without the policies' ids, which no create takes
		if got, want := meaning(t, second), meaning(t, first); got != want {
			t.Fatalf("created as it was read, another token is\n%s\nwant\n%s", got, want)
		}
	})
}

// meaning is what a token grants, without what differs from token to token.
func meaning(t *testing.T, r *response) string {
	t.Helper()
	var token struct {
		Name     string `json:"name"`
		Status   string `json:"status"`
		Policies []struct {
			Effect    string            `json:"effect"`
			Groups    []json.RawMessage `json:"permission_groups"`
			Resources json.RawMessage   `json:"resources"`
		} `json:"policies"`
		Condition json.RawMessage `json:"condition,omitempty"`
		NotBefore string          `json:"not_before,omitempty"`
		ExpiresOn string          `json:"expires_on,omitempty"`
	}
	if err := json.Unmarshal(r.Result, &token); err != nil {
		t.Fatalf("%v:\n%s", err, r.body)
	}
	text, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
