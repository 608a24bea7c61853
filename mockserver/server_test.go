// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/faults"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func TestMain(m *testing.M) {
	mockserver.QuietGin()
	m.Run()
}

// start runs a server until the test ends.
func start(t *testing.T, options mockserver.Options) *mockserver.Server {
	t.Helper()
	server, err := mockserver.New(options)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return server
}

// bearer returns the secret of the built-in world's token for Terraform.
func bearer(t *testing.T, server *mockserver.Server) string {
	t.Helper()
	for _, c := range server.Credentials() {
		if c.Ref == "terraform" && c.Kind == seed.KindUserToken {
			return c.Value
		}
	}
	t.Fatal("the built-in world has no token terraform")
	return ""
}

type reply struct {
	status int
	header http.Header
	text   string
}

// code is the code of the first error in the reply's envelope, -1 when there is none.
func (r reply) code() int {
	var envelope struct {
		Success bool
		Errors  []struct{ Code int }
	}
	if json.Unmarshal([]byte(r.text), &envelope) != nil || envelope.Success || len(envelope.Errors) == 0 {
		return -1
	}
	return envelope.Errors[0].Code
}

// try sends a request over a connection of its own.
func try(t *testing.T, method, url, token string, body io.Reader) (reply, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Close = true
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, string(text)}, err
}

func send(t *testing.T, method, url, token string, body io.Reader) reply {
	t.Helper()
	got, err := try(t, method, url, token, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return got
}

func TestStartServeClose(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if server.URL() != "" || server.BaseURL() != "" || server.Failed() != nil {
		t.Error("a server that was not started has a URL")
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err == nil {
		t.Error("a second Start succeeds")
	}
	url := server.URL()
	if !strings.HasPrefix(url, "http://127.0.0.1:") || server.BaseURL() != url+"/client/v4" {
		t.Errorf("URL %q, base URL %q", url, server.BaseURL())
	}
	for path, want := range map[string]string{"/healthz": `{"status":"ok"}`, "/readyz": `{"status":"ready"}`} {
		if got := send(t, "GET", url+path, "", nil); got.status != 200 || strings.TrimSpace(got.text) != want {
			t.Errorf("%s: %d %s", path, got.status, got.text)
		}
		if got := send(t, "POST", url+path, "", nil); got.status != 405 {
			t.Errorf("POST %s: %d", path, got.status)
		}
	}
	if n := server.Journal().Count(); n != 0 {
		t.Errorf("%d health probes are in the journal", n)
	}
	got := send(t, "GET", server.BaseURL()+"/user/tokens/verify", bearer(t, server), nil)
	if got.status != 200 || !strings.Contains(got.text, `"status":"active"`) {
		t.Errorf("verify: %d %s", got.status, got.text)
	}
	for range 2 {
		if err := server.Close(t.Context()); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := try(t, "GET", url+"/healthz", "", nil); err == nil {
		t.Error("a closed server answers")
	}
	if err := server.Start(t.Context()); err == nil {
		t.Error("a closed server starts again")
	}
}

func TestReadinessEndsWithClose(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503} {
		w := record(t, server.Handler(), "GET", path)
		if w.Code != want {
			t.Errorf("%s of a closing server: %d, want %d", path, w.Code, want)
		}
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	other, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	server, err := mockserver.New(mockserver.Options{Listen: other.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(other.Addr().String())
	err = server.Start(t.Context())
	var refused *mockserver.AddressError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "port "+port+" is in use") || !strings.Contains(err.Error(), "port 0") {
		t.Errorf("got %v", err)
	}
}

func TestListenRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		address, want string
		beyond        bool
	}{
		{"0.0.0.0:0", "--allow-remote", true},
		{":0", "--allow-remote", true},
		{"[::]:0", "--allow-remote", true},
		{"192.0.2.1:80", "--allow-remote", true},
		{"[::ffff:192.0.2.1]:80", "--allow-remote", true},
		{"8787", "host:port", false},
		{"127.0.0.1", "host:port", false},
		{"127.0.0.1:http", `port "http"`, false},
		{"127.0.0.1:65536", "65535", false},
	} {
		t.Run(tt.address, func(t *testing.T) {
			t.Parallel()
			server, err := mockserver.New(mockserver.Options{Listen: tt.address})
			if err != nil {
				t.Fatal(err)
			}
			err = server.Start(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, mockserver.ErrBeyondLoopback) != tt.beyond {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestListenOnAName(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Options{Listen: "localhost:0"})
	if got := send(t, "GET", server.URL()+"/healthz", "", nil); got.status != 200 {
		t.Errorf("status %d", got.status)
	}
}

func TestSeedWithMistakes(t *testing.T) {
	t.Parallel()
	_, err := mockserver.New(mockserver.Options{SeedName: "my.yaml", Seed: []byte("users:\n  a: {email: a@example.com}\nzones:\n  example.com: {account: nowhere}\n")})
	var mistakes *seed.Errors
	if !errors.As(err, &mistakes) || !strings.Contains(err.Error(), "my.yaml:4") || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("got %v", err)
	}
}

func TestPathsBesideTheAPI(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Options{})
	for _, path := range []string{"/", "/client", "/client/v4x", "/client/v4x/user", "/x/client/v4/user", "/_controls"} {
		got := send(t, "GET", server.URL()+path, "", nil)
		if got.status != 404 || got.code() != 404 || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, got.status, got.text)
		}
	}
	if got := send(t, "GET", server.BaseURL()+"/no/such/route", "", nil); got.status != 400 || got.code() != 7003 {
		t.Errorf("a route the API does not have: %d %s", got.status, got.text)
	}
	if n := server.Journal().Count(); n != 7 {
		t.Errorf("%d requests in the journal", n)
	}
}

func TestControlPlane(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Options{})
	if want := server.URL() + "/_control"; server.ControlURL() != want {
		t.Errorf("control URL %s, want %s", server.ControlURL(), want)
	}
	// The API's credentials are none of the control plane's, faults do not strike it, and it is not in the journal.
	if _, err := server.Faults().Add(faults.Fault{Status: 500}); err != nil {
		t.Fatal(err)
	}
	if got := send(t, "GET", server.ControlURL(), "", nil); got.status != 200 || !strings.Contains(got.text, "/_control/explain") {
		t.Errorf("the control plane answers %d %s", got.status, got.text)
	}
	if n := server.Journal().Count(); n != 0 {
		t.Errorf("%d requests in the journal", n)
	}
	for _, options := range []mockserver.Options{{ControlToken: "short"}, {PublicURL: "example.com"}} {
		if _, err := mockserver.New(options); err == nil {
			t.Errorf("%+v: %v", options.PublicURL, err)
		}
	}
	if unstarted, err := mockserver.New(mockserver.Options{}); err != nil || unstarted.ControlURL() != "" {
		t.Errorf("a server that was not started: %v", err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Options{})
	before, err := server.World().Digest()
	if err != nil {
		t.Fatal(err)
	}
	got := send(t, "POST", server.BaseURL()+"/user/tokens", bearer(t, server), strings.NewReader(`{"name":"`+strings.Repeat("x", 2<<20)+`"}`))
	if got.status != 400 {
		t.Errorf("a body of 2 MiB: %d %s", got.status, got.text)
	}
	after, err := server.World().Digest()
	if err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Error("a refused request changed the world")
	}
	if got := send(t, "GET", server.BaseURL()+"/user?"+strings.Repeat("x", 1<<20), "", nil); got.status != 431 {
		t.Errorf("a request line of 1 MiB: %d", got.status)
	}
}

func TestJournalOfDecisions(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	server := start(t, mockserver.Options{Clock: func() time.Time { return at }})
	allowed := send(t, "GET", server.BaseURL()+"/user/tokens?page=1", bearer(t, server), nil)
	send(t, "GET", server.BaseURL()+"/user/tokens", "cfut_"+strings.Repeat("A", 40)+"00000000", nil)
	send(t, "DELETE", server.BaseURL()+"/accounts/"+strings.Repeat("9", 32), bearer(t, server), nil)
	send(t, "GET", server.BaseURL()+"/nowhere", "", nil)
	entries := server.Journal().Entries()
	if len(entries) != 4 {
		t.Fatalf("%d entries", len(entries))
	}
	first := entries[0]
	if len(first.Trace) != 10 {
		t.Errorf("the trace has %d steps", len(first.Trace))
	}
	if first.RequestID == "" || first.RequestID != allowed.header.Get("CF-Ray") {
		t.Errorf("request id %q, CF-Ray %q", first.RequestID, allowed.header.Get("CF-Ray"))
	}
	for i, want := range []journal.Entry{
		{Method: "GET", Path: "/user/tokens", Query: "page=1", Route: "/user/tokens", Credential: "terraform", CredentialKind: "user_token", Status: 200, Decided: true, Allowed: true},
		{Method: "GET", Path: "/user/tokens", Route: "/user/tokens", Status: 403, Decided: true, Gate: 2, Reason: "credential_unknown"},
		{Method: "DELETE", Path: "/accounts/" + strings.Repeat("9", 32), Route: "/accounts/{account_id}", Credential: "terraform", CredentialKind: "user_token", Status: 403, Decided: true, Gate: 5, Reason: "target_not_found"},
		{Method: "GET", Path: "/nowhere", Status: 400},
	} {
		got := entries[i]
		if !got.Time.Equal(at) {
			t.Errorf("entry %d: time %s", i, got.Time)
		}
		if got.Decided && got.Address != "127.0.0.1" {
			t.Errorf("entry %d: address %q", i, got.Address)
		}
		if (got.CredentialID == "") != (want.Credential == "") || (got.Sentence == "") != (got.Allowed || !got.Decided) {
			t.Errorf("entry %d: credential id %q, sentence %q", i, got.CredentialID, got.Sentence)
		}
		got.Seq, got.Time, got.RequestID, got.Address, got.CredentialID, got.Sentence, got.Trace = 0, time.Time{}, "", "", "", "", nil
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("entry %d:\ngot  %+v\nwant %+v", i, got, want)
		}
	}
}

func TestNoSecretsInJournalAndLog(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	server := start(t, mockserver.Options{Logger: log.logger()})
	if _, err := server.Faults().Add(faults.Fault{Path: "/user", Credential: "super", Status: 503, Times: 1}); err != nil {
		t.Fatal(err)
	}
	for _, c := range server.Credentials() {
		for _, path := range []string{"/user", "/zones", "/user/tokens/verify", "/nowhere", "/accounts"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.BaseURL()+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+c.Value)
			if c.Kind == seed.KindGlobalKey {
				r.Header = http.Header{"X-Auth-Email": {c.Email}, "X-Auth-Key": {c.Value}}
			}
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
		}
	}
	kept := log.String() + fmt.Sprintf("%+v", server.Journal().Entries())
	if !strings.Contains(kept, "status=503") || !strings.Contains(kept, "reason=") {
		t.Errorf("the log lacks what happened:\n%s", log.String())
	}
	for _, c := range server.Credentials() {
		if strings.Contains(kept, c.Value) {
			t.Errorf("the secret of %s %s is in the journal or the log", c.Kind, c.Ref)
		}
	}
}

func TestServersShareNothing(t *testing.T) {
	t.Parallel()
	clock := mockserver.NewFrozenClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	one, other := start(t, mockserver.Options{Clock: clock.Now}), start(t, mockserver.Options{})
	token := bearer(t, one)
	if _, err := one.Faults().Add(faults.Fault{Path: "/zones", Status: 503}); err != nil {
		t.Fatal(err)
	}
	if err := one.World().Update(func(tx *state.Tx) error { return tx.DeleteToken(tx.TokenByRef("terraform").ID) }); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		server      *mockserver.Server
		user, zones int
	}{{one, 403, 503}, {other, 200, 200}} {
		if got := send(t, "GET", tt.server.BaseURL()+"/user", token, nil); got.status != tt.user {
			t.Errorf("/user: %d, want %d", got.status, tt.user)
		}
		if got := send(t, "GET", tt.server.BaseURL()+"/zones", token, nil); got.status != tt.zones {
			t.Errorf("/zones: %d, want %d", got.status, tt.zones)
		}
		if n := tt.server.Journal().Count(); n != 2 {
			t.Errorf("%d requests in the journal", n)
		}
	}
	a, b := one.Journal().Entries(), other.Journal().Entries()
	if a[0].RequestID == b[0].RequestID {
		t.Error("two servers give one request id")
	}
	if !a[0].Time.Equal(clock.Now()) || b[0].Time.Equal(clock.Now()) {
		t.Error("the clock of one server tells the time of the other")
	}
}

func TestCloseLetsRequestsEnd(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	token := bearer(t, server)
	body, feed := io.Pipe()
	answered := make(chan reply, 1)
	go func() {
		got, err := try(t, "POST", server.BaseURL()+"/user/tokens", token, body)
		if err != nil {
			t.Errorf("the request under way fails: %v", err)
		}
		answered <- got
	}()
	feedText(t, feed, `{"name":`)
	waitFor(t, func() bool { return server.Journal().Count() == 1 })
	closed := make(chan error, 1)
	go func() { closed <- server.Close(t.Context()) }()
	waitFor(t, func() bool {
		_, err := try(t, "GET", server.URL()+"/healthz", "", nil)
		return err != nil
	})
	select {
	case <-closed:
		t.Error("Close did not wait for the request under way")
	default:
	}
	feedText(t, feed, `1}`)
	feed.Close()
	if got := <-answered; got.status != 400 {
		t.Errorf("the request under way: %d %s", got.status, got.text)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestCloseCutsOffWhatAFaultHoldsBack(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Faults().Add(faults.Fault{Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := try(t, "GET", server.BaseURL()+"/user", "", nil)
		failed <- err
	}()
	waitFor(t, func() bool { return server.Journal().Count() == 1 })
	if err := server.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := <-failed; !errors.Is(err, io.EOF) {
		t.Errorf("the client gets %v", err)
	}
}

func TestCloseEndsAllGoroutines(t *testing.T) { //nolint:paralleltest // counts the goroutines of the whole process
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := goroutines()
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	for range 3 {
		resp, err := client.Get(server.URL() + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		resp.Body.Close()
	}
	if goroutines() <= before {
		t.Fatal("this test would not see goroutines that stay")
	}
	if err := server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	client.CloseIdleConnections()
	waitFor(t, func() bool { return goroutines() <= before })
}

// feedText writes to a request's body under way.
func feedText(t *testing.T, feed io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(feed, text); err != nil {
		t.Error(err)
	}
}

// goroutines counts those that serve HTTP.
func goroutines() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Count(string(stacks), "net/http.(*conn).serve") + strings.Count(string(stacks), "net/http.(*Server).Serve(")
}

// waitFor waits until something holds, and fails the test when it does not in time.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatal("what the test waits for does not happen")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestFaultsKnowEveryKindOfCredential(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Options{})
	for _, c := range server.Credentials() {
		if c.Kind == seed.KindVultrKey {
			continue // no credential of this API
		}
		for _, name := range []string{c.Ref, c.ID} {
			handle, err := server.Faults().Add(faults.Fault{Credential: name, Status: http.StatusTeapot})
			if err != nil {
				t.Fatal(err)
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.BaseURL()+"/user", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			switch c.Kind {
			case seed.KindGlobalKey:
				r.Header = http.Header{"X-Auth-Email": {strings.ToUpper(c.Email)}, "X-Auth-Key": {c.Value}}
			case seed.KindOriginCAKey:
				r.Header = http.Header{"X-Auth-User-Service-Key": {c.Value}}
			default:
				r.Header = http.Header{"Authorization": {"Bearer " + c.Value}}
			}
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusTeapot {
				t.Errorf("%s %s: the fault for %q lets it pass with %d", c.Kind, c.Ref, name, resp.StatusCode)
			}
			handle.Remove()
		}
	}
	if _, err := server.Faults().Add(faults.Fault{Credential: "super", Status: http.StatusTeapot}); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"", "malformed", bearer(t, server), "cfut_" + strings.Repeat("A", 40) + "00000000"} {
		if got := send(t, "GET", server.BaseURL()+"/user", token, nil); got.status == http.StatusTeapot {
			t.Errorf("the fault for another credential strikes")
		}
	}
}
