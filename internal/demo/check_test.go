// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheck_ask(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/open":
			_, _ = io.WriteString(w, `{"success": true, "result": []}`)
		case "/off":
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"success": false, "errors": [{"code": 10000, "message": "m", "error_chain": [{"message": "api_access_disabled: x"}]}]}`)
		default:
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"success": false, "errors": [{"code": 9109, "message": "m", "error_chain": [{"message": "no_matching_grant: x"}]}]}`)
		}
	}))
	t.Cleanup(server.Close)
	sees := func(text string, err error) func(json.RawMessage) (string, error) {
		return func(json.RawMessage) (string, error) { return text, err }
	}
	for _, test := range []struct {
		name  string
		check check
		want  row
	}{
		{
			name:  "allowed as expected",
			check: check{who: "a", send: get("/open"), want: allow, verify: sees("two of nine", nil)},
			want:  row{who: "a", request: "GET /OPEN", want: "allow", got: "allow", reason: "two of nine", ok: true},
		},
		{
			name:  "allowed from an address",
			check: check{send: from("203.0.113.7", get("/open")), want: allow},
			want:  row{request: "GET /OPEN, from 203.0.113.7", want: "allow", got: "allow", ok: true},
		},
		{
			name:  "refused from an address",
			check: check{send: from("198.51.100.7", get("/closed")), want: refuse, reason: "no_matching_grant"},
			want:  row{request: "GET /closed, from 198.51.100.7", want: "refuse", got: "refuse", reason: "no_matching_grant", ok: true},
		},
		{
			name:  "allowed, but not what is expected to be seen",
			check: check{send: get("/open"), want: allow, verify: sees("", errors.New("too much"))},
			want:  row{request: "GET /OPEN", want: "allow", got: "allow", reason: "too much"},
		},
		{
			name:  "refused as expected",
			check: check{text: "try", send: get("/closed"), want: refuse, reason: "no_matching_grant"},
			want:  row{request: "try", want: "refuse", got: "refuse", reason: "no_matching_grant", ok: true},
		},
		{
			name:  "refused for another reason",
			check: check{send: get("/off"), want: refuse, reason: "no_matching_grant"},
			want:  row{request: "GET /off", want: "refuse", got: "refuse", reason: "api_access_disabled"},
		},
		{
			name:  "allowed against expectation",
			check: check{send: get("/open"), want: refuse},
			want:  row{request: "GET /OPEN", want: "refuse", got: "allow"},
		},
		{
			name:  "refused against expectation",
			check: check{send: get("/off"), want: allow},
			want:  row{request: "GET /off", want: "allow", got: "refuse", reason: "api_access_disabled"},
		},
		{
			name:  "several, all as expected",
			check: check{text: "all", send: append(get("/closed"), get("/closed2")...), want: refuse, reason: "no_matching_grant"},
			want:  row{request: "all (2 requests)", want: "refuse", got: "refuse", reason: "no_matching_grant", ok: true},
		},
		{
			name:  "several, one of them open",
			check: check{text: "all", send: append(get("/closed"), get("/open")...), want: refuse, reason: "no_matching_grant"},
			want:  row{request: "all (2 requests)", want: "refuse", got: "refuse, allow", reason: "no_matching_grant; GET /OPEN:"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := test.check.ask(t.Context(), newAPI(server.URL), strings.NewReplacer("/open", "/OPEN"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(row{})); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheck_ask_noServer(t *testing.T) {
	t.Parallel()
	// The port of a server that was closed may be another test's by now; nobody listens at this one.
	const nowhere = "http://127.0.0.1:1"
	if r, err := (check{send: get("/open"), want: refuse}).ask(t.Context(), newAPI(nowhere), strings.NewReplacer()); err == nil {
		t.Errorf("got %v from a server that is not there", r)
	}
}

func TestPrintTable(t *testing.T) {
	t.Parallel()
	sections := []section{
		{title: "One", rows: []row{{who: "a", request: "GET /x", want: "allow", got: "allow", ok: true}}},
		{title: "Two", rows: []row{
			{who: "longer", request: "GET /ä", want: "refuse", got: "refuse", reason: "why", ok: true},
			{who: "b", request: "POST /x", want: "refuse", got: "allow"},
		}},
	}
	var out strings.Builder
	rows, wrong := printTable(&out, sections)
	if rows != 3 || wrong != 1 {
		t.Errorf("%d rows, %d wrong; want 3 and 1", rows, wrong)
	}
	want := `   WHO     REQUEST  EXPECTED  GOT     REASON

One
✓  a       GET /x   allow     allow

Two
✓  longer  GET /ä   refuse    refuse  why
✗  b       POST /x  refuse    allow
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		verify func(json.RawMessage) (string, error)
		result string
		want   string
		bad    bool
	}{
		{name: "challenges", verify: onlyChallenges, result: `[{"type": "TXT", "name": "_acme-challenge.example.com"}]`, want: "shows the 1 challenges alone"},
		{name: "another type", verify: onlyChallenges, result: `[{"type": "A", "name": "_acme-challenge.example.com"}]`, bad: true},
		{name: "another name", verify: onlyChallenges, result: `[{"type": "TXT", "name": "example.com"}]`, bad: true},
		{name: "no record", verify: onlyChallenges, result: `[]`, bad: true},
		{name: "not a list of records", verify: onlyChallenges, result: `{}`, bad: true},
		{name: "no zones", verify: noZones, result: `[]`, want: "an empty list"},
		{name: "a zone", verify: noZones, result: `[{"name": "example.com"}]`, bad: true},
		{name: "not a list of zones", verify: noZones, result: `{}`, bad: true},
		{name: "expires", verify: expiry, result: `{"status": "active", "expires_on": "2030-01-01T00:00:00Z"}`, want: "active until 2030-01-01T00:00:00Z"},
		{name: "does not expire", verify: expiry, result: `{"status": "active"}`, bad: true},
		{name: "not a verification", verify: expiry, result: `[]`, bad: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := test.verify(json.RawMessage(test.result))
			if (err != nil) != test.bad || got != test.want {
				t.Errorf("got %q, %v; want %q, an error: %t", got, err, test.want, test.bad)
			}
		})
	}
}
