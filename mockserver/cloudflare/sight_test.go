// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// TestSight: unknown routes, wrong methods and malformed ids are answered
// before gate 1 (authorization model §6 "Sight").
func TestSight(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		name, method, path string
		status, code       int
	}{
		{"unknown route", "GET", "/nowhere", 400, 7003},
		{"nothing after the base path", "GET", "", 400, 7003},
		{"below a known route", "GET", "/zones/" + zoneCom + "/nowhere", 400, 7003},
		{"another method", "PATCH", "/zones", 405, 7001},
		{"an unknown method", "BREW", "/zones", 405, 7001},
		{"zone id in capitals", "GET", "/zones/" + strings.ToUpper(zoneCom), 404, 7003},
		{"zone id too short", "GET", "/zones/abc", 404, 7003},
		{"empty account id", "GET", "/accounts//firewall/access_rules/rules", 404, 7003},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s.do("", c.method, c.path, nil).refused(c.status, c.code)
		})
	}
	r := s.do("", "PATCH", "/zones", nil)
	if got := r.header.Get("Allow"); got != "GET, HEAD, POST" {
		t.Errorf("Allow is %q", got)
	}
	if outside := serveRaw(s, httptest.NewRequest(http.MethodGet, "/client/v3/zones", http.NoBody)); outside.Code != 400 {
		t.Errorf("a path outside the base path got %d", outside.Code)
	}
}

func serveRaw(s *server, r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, r)
	return recorder
}

// TestObjectsAfterGateTen: what lies below account and zone is looked up only
// for who may act on it.
func TestObjectsAfterGateTen(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, path := range []string{
		"/accounts/" + acme + "/members/" + absent, "/accounts/" + acme + "/roles/" + absent,
		"/accounts/" + acme + "/tokens/" + absent, "/accounts/" + acme + "/firewall/access_rules/rules/" + absent,
		"/zones/" + zoneCom + "/firewall/access_rules/rules/not-an-id", "/zones/" + zoneCom + "/settings/nothing",
		"/user/tokens/" + absent, "/memberships/" + absent,
	} {
		s.do("all", "GET", path, nil).refused(404, 1003)
		if r := s.do("none", "GET", path, nil); r.status != 403 {
			t.Errorf("%s: somebody without the right got %d\n%s", path, r.status, r.body)
		}
	}
}

func TestTrailingSlashAndHead(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.do("all", "GET", "/zones/?name=example.com", nil).ok()
	if r := s.do("all", "HEAD", "/zones", nil); r.status != 200 {
		t.Errorf("HEAD got %d", r.status)
	}
	if r := s.do("none", "HEAD", "/zones", nil); r.status != 403 {
		t.Errorf("HEAD without the right got %d", r.status)
	}
}

// TestEveryOperationIsDecided sends every operation of the table as a token
// that holds nothing of it, and as nobody: none is ever carried out.
func TestEveryOperationIsDecided(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.digest()
	for _, operation := range catalog.Operations() {
		path := pathTo(operation)
		var body any
		if operation.Method != http.MethodGet {
			body = "{}"
		}
		if r := s.do("", operation.Method, path, body); r.status != 400 || r.Errors[0].Code != 9106 {
			t.Errorf("%s as nobody got %d\n%s", operation.Name(), r.status, r.body)
		}
		if r := s.do("ops_none", operation.Method, path, body); operation.Target != catalog.TargetCredential && (r.Success || r.status == 404) {
			t.Errorf("%s without a right got %d\n%s", operation.Name(), r.status, r.body)
		}
	}
	if s.digest() != before {
		t.Error("something was changed")
	}
}

// TestEveryOperationIsCarriedOut sends every operation of the table as a Super
// Administrator who administers a tenant. Those that keep documents succeed,
// the others answer for themselves: what they lack, or what does not exist.
func TestEveryOperationIsCarriedOut(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	kept := 0
	for _, operation := range catalog.Operations() {
		path := pathTo(operation)
		documents := cloudflare.KeepsDocuments(operation)
		if documents {
			s.plant(operation)
			kept++
		}
		var body any
		if operation.Method != http.MethodGet {
			body = "{}"
		}
		switch r := s.do("key:super", operation.Method, path, body); {
		case documents && (r.status != 200 || !r.Success):
			t.Errorf("%s got %d\n%s", operation.Name(), r.status, r.body)
		case r.status == 200:
		case r.status != 400 && r.status != 404, len(r.Errors) == 0, r.Errors[0].Code == 7003:
			if operation.Target != catalog.TargetCredential {
				t.Errorf("%s got %d\n%s", operation.Name(), r.status, r.body)
			}
		}
		if operation.Method == http.MethodDelete && !documents {
			s = newServer(t) // It may have deleted what the others act on.
		}
	}
	if all := len(catalog.Operations()); all != 1383 || kept < 1280 {
		t.Errorf("%d of %d operations keep documents", kept, all)
	}
}

// TestErrorTable: codes and statuses are those of the wire, and no reply asks
// a client to repeat what cannot succeed.
func TestErrorTable(t *testing.T) {
	t.Parallel()
	seen := make(map[[2]any]string)
	for _, c := range cloudflare.Errors() {
		if c.Status < 400 || c.Status == http.StatusConflict || c.Message == "" || c.When == "" {
			t.Errorf("bad row %+v", c)
		}
		key := [2]any{c.Code, c.Message}
		if other, ok := seen[key]; ok && c.Code != 7003 {
			t.Errorf("%d %q stands twice: %s; %s", c.Code, c.Message, other, c.When)
		}
		seen[key] = c.When
	}
}

// TestAccountsNamedTwice: an account that a path names besides the one it is
// below is a target of its own (authorization model §4, gate 5).
func TestAccountsNamedTwice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := func(other string) string {
		return "/accounts/" + acme + "/addressing/address_maps/" + absent + "/accounts/" + other
	}
	s.do("key:super", "PUT", path(acme), nil).refused(404, 1003) // allowed, and without an address map
	s.do("key:super", "PUT", path(globex), nil).refused(404, 1003)
	s.do("key:super", "PUT", path(absent), nil).refused(403, 9109)
}
