// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

const controlToken = "a-control-token-of-this-test"

// plane makes a control plane of an empty world.
func plane(t *testing.T, token, public string) http.Handler {
	t.Helper()
	o := control.Options{World: state.New(state.Options{}), Clock: time.Now, Token: token}
	if public != "" {
		u, err := control.ParsePublicURL(public)
		if err != nil {
			t.Fatal(err)
		}
		o.PublicURL = u
	}
	return control.New(o).Handler()
}

// TestGuard holds who is answered at all.
func TestGuard(t *testing.T) {
	t.Parallel()
	const public = "https://access.example.com"
	type headers = map[string]string
	bearer := headers{"Authorization": "Bearer " + controlToken}
	for _, tc := range []struct {
		name, token, public, peer, host string
		headers                         headers
		want                            int
	}{
		{name: "this machine", peer: "127.0.0.1:1", host: "127.0.0.1:8787", want: 200},
		{name: "by IPv6", peer: "[::1]:1", host: "[::1]:8787", want: 200},
		{name: "mapped", peer: "[::ffff:127.0.0.1]:1", host: "localhost", want: 200},
		{name: "with any loopback address", peer: "127.3.2.1:1", host: "127.0.0.2", want: 200},
		{name: "by a bare IPv6 host", peer: "[::1]:1", host: "[::1]", want: 200},
		{name: "another machine", peer: "192.0.2.1:1", host: "127.0.0.1", want: 403},
		{name: "no peer", peer: "pipe", host: "127.0.0.1", want: 403},
		{name: "through a proxy", peer: "127.0.0.1:1", host: "127.0.0.1", headers: headers{"X-Forwarded-For": "127.0.0.1"}, want: 403},
		{name: "through another", peer: "127.0.0.1:1", host: "127.0.0.1", headers: headers{"Via": "1.1 proxy"}, want: 403},
		{name: "a name that points here", peer: "127.0.0.1:1", host: "rebound.example.net:8787", want: 403},
		{name: "a name that begins like here", peer: "127.0.0.1:1", host: "localhost.example.net", want: 403},
		{name: "an address elsewhere", peer: "127.0.0.1:1", host: "192.0.2.1", want: 403},
		{name: "no host", peer: "127.0.0.1:1", host: "", want: 403},
		{name: "the public host", public: public, peer: "127.0.0.1:1", host: "access.example.com", want: 200},
		{name: "in any case", public: public, peer: "127.0.0.1:1", host: "ACCESS.example.com:443", want: 200},
		{name: "on another port", public: public, peer: "127.0.0.1:1", host: "access.example.com:8443", want: 403},
		{name: "the public host is no pass", public: public, peer: "192.0.2.1:1", host: "access.example.com", want: 403},
		{name: "a page of this server", peer: "127.0.0.1:1", host: "127.0.0.1:8787", headers: headers{"Origin": "http://127.0.0.1:8787"}, want: 200},
		{name: "a page of another port", peer: "127.0.0.1:1", host: "127.0.0.1:8787", headers: headers{"Origin": "http://127.0.0.1:8788"}, want: 403},
		{name: "a page of another site", peer: "127.0.0.1:1", host: "127.0.0.1:8787", headers: headers{"Origin": "https://example.net"}, want: 403},
		{name: "a page of nowhere", peer: "127.0.0.1:1", host: "127.0.0.1:8787", headers: headers{"Origin": "null"}, want: 403},
		{name: "the public page", public: public, peer: "127.0.0.1:1", host: "access.example.com", headers: headers{"Origin": public}, want: 200},
		{name: "the public page, unencrypted", public: public, peer: "127.0.0.1:1", host: "access.example.com", headers: headers{"Origin": "http://access.example.com"}, want: 403},
		{name: "the token", token: controlToken, peer: "192.0.2.1:1", host: "localhost", headers: bearer, want: 200},
		{name: "the token through a proxy", token: controlToken, public: public, peer: "127.0.0.1:1", host: "access.example.com", headers: headers{"Authorization": "bearer " + controlToken, "X-Forwarded-For": "192.0.2.1"}, want: 200},
		{name: "no token", token: controlToken, peer: "127.0.0.1:1", host: "localhost", want: 401},
		{name: "another token", token: controlToken, peer: "127.0.0.1:1", host: "localhost", headers: headers{"Authorization": "Bearer " + controlToken + "x"}, want: 401},
		{name: "another scheme", token: controlToken, peer: "127.0.0.1:1", host: "localhost", headers: headers{"Authorization": "Basic " + controlToken}, want: 401},
		{name: "the token under another host", token: controlToken, peer: "127.0.0.1:1", host: "rebound.example.net", headers: bearer, want: 403},
		{name: "a form", peer: "127.0.0.1:1", host: "localhost", headers: headers{"Content-Type": "text/plain"}, want: 415},
		{name: "no type", peer: "127.0.0.1:1", host: "localhost", headers: headers{"Content-Type": ""}, want: 415},
		{name: "a type with a charset", peer: "127.0.0.1:1", host: "localhost", headers: headers{"Content-Type": "application/json; charset=utf-8"}, want: 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_control/who-can", strings.NewReader(`{"operation": "GET /user"}`))
			r.RemoteAddr, r.Host = tc.peer, tc.host
			r.Header.Set("Content-Type", "application/json")
			for name, value := range tc.headers {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			plane(t, tc.token, tc.public).ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("status %d, want %d: %s", w.Code, tc.want, w.Body)
			}
			if (w.Code == http.StatusUnauthorized) != (w.Header().Get("WWW-Authenticate") != "") {
				t.Errorf("WWW-Authenticate %q with %d", w.Header().Get("WWW-Authenticate"), w.Code)
			}
			if strings.Contains(w.Body.String(), controlToken) {
				t.Error("the reply holds the control token")
			}
		})
	}
}

// TestTwoTokens holds that a repeated header carries no token.
func TestTwoTokens(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_control", nil)
	r.RemoteAddr, r.Host = "127.0.0.1:1", "localhost"
	r.Header.Add("Authorization", "Bearer "+controlToken)
	r.Header.Add("Authorization", "Bearer "+controlToken)
	w := httptest.NewRecorder()
	plane(t, controlToken, "").ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d", w.Code)
	}
}

// TestPanic holds that a fault of the control plane is answered and logged
// without what the request held.
func TestPanic(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	broken := control.New(control.Options{Clock: time.Now, Logger: slog.New(slog.NewTextHandler(&log, nil))}) // without a world
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_control/explain", strings.NewReader(`{"credential": "what was asked"}`))
	r.RemoteAddr, r.Host = "127.0.0.1:1", "localhost"
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	broken.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "the log says where") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if text := log.String(); !strings.Contains(text, "panic") || strings.Contains(text, "what was asked") {
		t.Errorf("the log is %q", text)
	}
}

// TestPaths holds what there is and what is said of all else.
func TestPaths(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for _, tc := range []struct {
		method, path string
		status       int
		says         string
	}{
		{http.MethodGet, "/_control", 200, "/_control/explain"},
		{http.MethodGet, "/_control/explain", 405, "POST"},
		{http.MethodGet, "/_control/explain/", 404, "/_control/who-can"},
		{http.MethodGet, "/_control/world", 404, "/_control/what-can"},
		{http.MethodGet, "/_controls", 404, "the API lies below"},
		{http.MethodGet, "/client/v4/_control", 400, "7003"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), tc.method, s.URL+tc.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		status, text := do(t, r)
		if status != tc.status || !strings.Contains(string(text), tc.says) {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, status, text)
		}
	}
	var want []string
	for _, e := range control.Endpoints() {
		want = append(want, e.Path)
	}
	if len(want) != 3 {
		t.Errorf("endpoints %q", want)
	}
}

// TestSettings holds what a control token and a public URL must be.
func TestSettings(t *testing.T) {
	t.Parallel()
	for token, ok := range map[string]bool{
		"": false, "short": false, "sixteen and a blank": false, "ümlaut-ümlaut-ümlaut": false, controlToken: true,
	} {
		err := control.CheckToken(token)
		if (err == nil) != ok {
			t.Errorf("token %q: %v", token, err)
		}
		if err != nil && token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("the error repeats the token: %v", err)
		}
	}
	for text, want := range map[string]string{
		"https://access.example.com": "https://access.example.com", "http://10.0.0.1:8787/": "http://10.0.0.1:8787",
		"access.example.com": "", "ftp://example.com": "", "https://": "", "https://example.com/x": "", "https://u@example.com": "", "https://example.com?x": "", "http://[": "",
	} {
		u, err := control.ParsePublicURL(text)
		if (err == nil) != (want != "") {
			t.Errorf("public URL %q: %v", text, err)
			continue
		}
		if err == nil && u.String() != want {
			t.Errorf("public URL %q: %s", text, u)
		}
	}
}
