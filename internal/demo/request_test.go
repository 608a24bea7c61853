// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, content string
		status        int
		want          answer
		bad           bool
	}{
		{
			name: "allowed", status: 200,
			content: `{"result": {"id": "x"}, "success": true, "errors": [], "messages": []}`,
			want:    answer{outcome: allow, result: json.RawMessage(`{"id": "x"}`)},
		},
		{
			name: "refused with a reason", status: 403,
			content: `{"success": false, "errors": [{"code": 10000, "message": "Authentication error",
				"error_chain": [{"code": 10000, "message": "api_access_disabled: the account's switch is off: ask"}]}]}`,
			want: answer{outcome: refuse, reason: "api_access_disabled"},
		},
		{
			name: "refused without", status: 403,
			content: `{"success": false, "errors": [{"code": 9109, "message": "Invalid access token"}]}`,
			want:    answer{outcome: refuse, reason: "9109 Invalid access token"},
		},
		{
			name: "not known to verify", status: 401,
			content: `{"success": false, "errors": [{"code": 1000, "message": "Invalid API Token"}]}`,
			want:    answer{outcome: refuse, reason: "1000 Invalid API Token"},
		},
		{
			name: "a record that may not be seen", status: 404,
			content: `{"success": false, "errors": [{"code": 81044, "message": "Record does not exist."}]}`,
			want:    answer{outcome: refuse, reason: "81044 Record does not exist."},
		},
		{
			name: "an object that is not there proves nothing", status: 404,
			content: `{"success": false, "errors": [{"code": 1003, "message": "Not found"}]}`,
			want:    answer{outcome: broken, reason: "status 404: 1003 Not found"},
		},
		{
			name: "a body that is not accepted proves nothing", status: 400,
			content: `{"success": false, "errors": [{"code": 1001, "message": "Invalid", "error_chain": [{"message": "x: y"}]}]}`,
			want:    answer{outcome: broken, reason: "status 400: 1001 Invalid"},
		},
		{
			name: "a failure with status 200 is not allowed", status: 200,
			content: `{"success": false, "errors": [{"code": 1, "message": "no"}]}`,
			want:    answer{outcome: broken, reason: "status 200: 1 no"},
		},
		{name: "no envelope", status: 200, content: `<html>`, bad: true},
		{name: "a failure without an error", status: 500, content: `{}`, bad: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := judge(test.status, []byte(test.content))
			if (err != nil) != test.bad {
				t.Fatalf("error %v, want an error: %t", err, test.bad)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(answer{})); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// recorded is what a server saw of a request.
type recorded struct {
	Method, Path, Auth, Email, Key, From, Body string
}

func TestAPI_send(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		as   credential
		r    request
		want recorded
	}{
		{
			name: "token",
			as:   credential{Kind: kindUserToken, Value: "secret"},
			r:    request{method: http.MethodGet, path: "/zones"},
			want: recorded{Method: "GET", Path: "/client/v4/zones", Auth: "Bearer secret"},
		},
		{
			name: "key, with a body and an address",
			as:   credential{Kind: kindGlobalKey, Email: "a@example.com", Value: "key"},
			r:    request{method: http.MethodPost, path: "/zones", body: map[string]any{"a": 1}, from: "203.0.113.7"},
			want: recorded{Method: "POST", Path: "/client/v4/zones", Email: "a@example.com", Key: "key", From: "203.0.113.7", Body: `{"a":1}`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got recorded
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				got = recorded{
					Method: r.Method, Path: r.URL.Path, Auth: r.Header.Get("Authorization"), Email: r.Header.Get("X-Auth-Email"),
					Key: r.Header.Get("X-Auth-Key"), From: r.Header.Get("X-Forwarded-For"), Body: string(body),
				}
				_, _ = io.WriteString(w, `{"success": true, "result": [1]}`)
			}))
			defer server.Close()
			reply, err := newAPI(server.URL+"/client/v4").send(t.Context(), test.as, test.r)
			if err != nil || reply.outcome != allow {
				t.Fatalf("got %v, %v", reply, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}
