// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// TestStrictBodies: a body that is not exactly what is asked for is refused
// with the place, and nothing is changed.
func TestStrictBodies(t *testing.T) {
	t.Parallel()
	const good = `{"name":"x","policies":[{"effect":"allow","permission_groups":[{"id":"` + zoneRead + `"}],"resources":{"` + keyCom + `":"*"}}]`
	for _, c := range []struct {
		name, body    string
		code          int
		pointer, says string
	}{
		{"nothing", ``, 1198, "", "unexpected end"},
		{"no JSON", `name=x`, 1198, "", "invalid character"},
		{"half", good, 1198, "", "unexpected end"},
		{"two values", good + `}{}`, 1198, "", "after top-level value"},
		{"trailing data", good + `} x`, 1198, "", "after top-level value"},
		{"an array", `[]`, 1001, "", "must be an object, not an array"},
		{"an unknown field", good + `,"polices":[]}`, 1001, "/polices", "did you mean policies?"},
		{"an unknown field below", good + `,"condition":{"request_ip":{"int":[]}}}`, 1001, "/condition/request_ip/int", "did you mean in?"},
		{"names in another case", good + `,"Status":"disabled"}`, 1001, "/Status", "did you mean status?"},
		{"a wrong type", `{"name":7,"policies":[]}`, 1001, "/name", "must be a string, not a number"},
		{"a wrong type below", `{"name":"x","policies":[{"effect":"allow","permission_groups":{},"resources":[]}]}`, 1001, "/policies/0/permission_groups", "must be an array, not an object"},
		{"a time that is none", good + `,"expires_on":"tomorrow"}`, 1001, "/expires_on", "RFC 3339"},
		{"a key twice", good + `,"name":"y"}`, 1198, "/name", "stands twice"},
		{"a key twice below", `{"name":"x","policies":[{"effect":"allow","permission_groups":[],"resources":{"` + keyCom + `":"*","` + keyCom + `":"*"}}]}`, 1198, "/policies/0/resources/" + keyCom, "stands twice"},
		{"too deep", `{"name":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, 1198, "/name" + strings.Repeat("/0", 32), "levels deep"},
		{"no text", "{\"name\":\"\xff\"}", 1198, "", "UTF-8"},
		{"too large", `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, 1198, "", "larger than 1048576 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			r := s.do("all", "POST", "/user/tokens", c.body).refused(400, c.code).says(c.says)
			if r.Errors[0].Source.Pointer != c.pointer {
				t.Errorf("points to %q, want %q:\n%s", r.Errors[0].Source.Pointer, c.pointer, r.body)
			}
			if s.digest() != before {
				t.Error("something was changed")
			}
			// Who may not write here is told nothing of the body.
			s.do("none", "POST", "/user/tokens", c.body).refused(403, 9109)
			s.do("disabled", "POST", "/user/tokens", c.body).refused(403, 9109)
		})
	}
}

// TestLenient: unknown fields can be let through; all else stays refused.
func TestLenient(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *cloudflare.Options) { o.Lenient = true })
	s.do("dns_write", "POST", records, `{"type":"A","name":"x","content":"192.0.2.1","odd":{"a":1}}`).ok()
	s.do("dns_write", "POST", records, `{"type":"A","name":"y","content":7}`).refused(400, 1001)
	s.do("dns_write", "POST", records, `{"type":"A","type":"A"}`).refused(400, 1198)
}

// TestContentTypeIsNotLookedAt: clients send JSON as a form.
func TestContentTypeIsNotLookedAt(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	h := s.authorize("dns_write")
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	r := s.send(h, "POST", records, `{"type":"A","name":"form","content":"192.0.2.1"}`).ok()
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("the reply is %q", got)
	}
	// A body on a read is nobody's business.
	s.do("dns_read", "GET", records, "{}").ok()
	s.do("dns_read", "GET", records, "nonsense").ok()
}

// TestPages: the standard size, the largest, and past the end.
func TestPages(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	list := "/accounts/" + acme + "/members"
	r := s.do("all", "GET", list+"?per_page=3&page=3", nil).ok()
	if want := (info{Page: 3, PerPage: 3, Count: 2, TotalCount: 8, TotalPages: 3}); *r.Info != want {
		t.Errorf("got %+v, want %+v", *r.Info, want)
	}
	r = s.do("all", "GET", list+"?per_page=1000", nil).ok()
	if r.Info.PerPage != 50 || r.Info.Count != 8 {
		t.Errorf("got %+v", *r.Info)
	}
	r = s.do("all", "GET", list+"?page=2147483647&per_page=50", nil).ok()
	if string(r.Result) != "[]" || r.Info.Count != 0 {
		t.Errorf("far past the end: %s", r.body)
	}
	if !strings.HasPrefix(r.body, `{"result":[],"success":true,"errors":[],"messages":[],"result_info":{"page":`) {
		t.Errorf("the envelope is %s", r.body)
	}
}

// FuzzBodies: no body makes the server fail or fault.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{`{}`, `[]`, `null`, `{"name":"x","policies":[{"effect":"allow"}]}`, `{"type":"A","name":"@","content":"192.0.2.1"}`, `{"a":1,"a":2}`, `{"data":{"flags":1e999}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := newServer(t)
		for _, path := range [][2]string{
			{"POST", "/user/tokens"},
			{"POST", records},
			{"PUT", "/accounts/" + acme},
			{"POST", "/zones"},
			{"PATCH", members + "/" + s.member("acme/dns")},
			{"PATCH", "/zones/" + zoneCom + "/settings"},
		} {
			if r := s.do("all", path[0], path[1], body); r.status >= 500 || r.status == 0 {
				t.Errorf("%s %s with %q got %d", path[0], path[1], body, r.status)
			}
		}
	})
}

// TestLongKeysCostNoMemory: a body within the limit cannot fill the memory by
// one long key above many values, and what its reply tells is bounded too.
func TestLongKeysCostNoMemory(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("k", 400<<10)
	many := func(one string) string { return strings.Repeat(one+",", 40_000) + one }
	nested := make([]string, 5000)
	for i := range nested {
		nested[i] = fmt.Sprintf(`"n%d":1`, i)
	}
	const policy = `{"name":"x","policies":[{"effect":"allow","permission_groups":[{"id":"` + zoneRead + `"}],"resources":`
	for name, body := range map[string]string{
		"an unknown field":   `{"` + key + `":[` + many("0") + `]}`,
		"nested keys":        policy + `{"` + key + `":{` + strings.Join(nested, ",") + `}}}]}`,
		"many unknown":       `{` + strings.ReplaceAll(strings.Join(nested, ","), "n", "x") + `}`,
		"many of wrong type": `{"name":"x","policies":[` + many("0") + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			request := httptest.NewRequest(http.MethodPost, cloudflare.BasePath+"/user/tokens", strings.NewReader(body))
			request.Header, request.RemoteAddr = s.authorize("all"), s.address
			recorder := httptest.NewRecorder()
			s.handler.ServeHTTP(recorder, request)
			// A reply tells problems by their place; with every place in full
			// it would have gigabytes.
			if got := recorder.Body.Len(); recorder.Code != 400 || got > 1<<20 {
				t.Errorf("answered %d with %d bytes", recorder.Code, got)
			}
		})
	}
}
