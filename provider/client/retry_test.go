// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestCheckRetry_status(t *testing.T) {
	t.Parallel()
	idempotent := []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodHead}
	tests := []struct {
		status                int
		idempotent, otherwise bool
	}{
		{200, false, false},
		{301, false, false},
		{400, false, false},
		{401, false, false},
		{403, false, false},
		{404, false, false},
		{408, true, false},
		{409, false, false},
		{429, true, true},
		{500, true, false},
		{501, false, false},
		{502, true, false},
		{503, true, false},
		{504, true, false},
		{522, true, false},
	}
	for _, tt := range tests {
		t.Run(strconv.Itoa(tt.status), func(t *testing.T) {
			t.Parallel()
			for _, method := range idempotent {
				if got := decide(t, method, false, tt.status, nil); got != tt.idempotent {
					t.Errorf("%s: retry = %v, want %v", method, got, tt.idempotent)
				}
			}
			for _, method := range []string{http.MethodPost, http.MethodPatch} {
				if got := decide(t, method, false, tt.status, nil); got != tt.otherwise {
					t.Errorf("%s: retry = %v, want %v", method, got, tt.otherwise)
				}
			}
			if got := decide(t, http.MethodPatch, true, tt.status, nil); got != tt.idempotent {
				t.Errorf("repeatable PATCH: retry = %v, want %v", got, tt.idempotent)
			}
		})
	}
}

func TestCheckRetry_error(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	tests := []struct {
		name      string
		err       error
		get, post bool
	}{
		{"refused connection", dial, true, true},
		{"refused connection inside a URL error", &url.Error{Op: "Post", URL: "http://x", Err: dial}, true, true},
		{"proxy not reached", &net.OpError{Op: "proxyconnect", Err: errors.New("refused")}, true, true},
		{"reset while reading", &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, true, false},
		{"closed without answer", io.EOF, true, false},
		{"cut short", io.ErrUnexpectedEOF, true, false},
		{"attempt timed out", fmt.Errorf("%w: %w", errAttemptTimeout(time.Second), context.DeadlineExceeded), true, false},
		{"certificate", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, false, false},
		{"host name", x509.HostnameError{}, false, false},
		{"expired certificate", x509.CertificateInvalidError{Reason: x509.Expired}, false, false},
		{"unknown authority", x509.UnknownAuthorityError{}, false, false},
		{"no roots", x509.SystemRootsError{}, false, false},
		{"no TLS at all", tls.RecordHeaderError{}, false, false},
		{"plain http in place of TLS", &url.Error{Op: "Get", URL: "https://x", Err: http.ErrSchemeMismatch}, false, false},
		{"too large", fmt.Errorf("%w: more than 3 bytes", errBodyTooLarge), false, false},
		{"no turn", fmt.Errorf("%w: %w", errNoTurn, context.DeadlineExceeded), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := decide(t, http.MethodGet, false, 0, tt.err); got != tt.get {
				t.Errorf("GET: retry = %v, want %v", got, tt.get)
			}
			if got := decide(t, http.MethodPost, false, 0, tt.err); got != tt.post {
				t.Errorf("POST: retry = %v, want %v", got, tt.post)
			}
		})
	}
}

func TestCheckRetry_context(t *testing.T) {
	t.Parallel()
	now := time.Now()
	policy := checkRetry(func() time.Time { return now })

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if again, err := policy(ended, nil, io.EOF); again || !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: retry = %v, %v; want false, canceled", again, err)
	}

	short, cancelShort := context.WithDeadline(t.Context(), now.Add(time.Minute))
	defer cancelShort()
	for wait, want := range map[string]bool{"59": true, "61": false} {
		resp := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {wait}}}
		if again, err := policy(short, resp, nil); again != want || err != nil {
			t.Errorf("Retry-After %s with a minute left: retry = %v, %v; want %v", wait, again, err, want)
		}
	}

	// A request that no call belongs to is treated like a POST.
	if again, _ := policy(t.Context(), &http.Response{StatusCode: http.StatusInternalServerError}, nil); again {
		t.Error("a request of unknown method was repeated after 500")
	}
}

// decide asks the policy about one attempt: about the error if there is one, else about the status.
func decide(t *testing.T, method string, repeatable bool, status int, err error) bool {
	t.Helper()
	var resp *http.Response
	if err == nil {
		resp = &http.Response{StatusCode: status, Header: http.Header{}}
	}
	state := &callState{method: method, repeatable: repeatable}
	again, policyErr := checkRetry(time.Now)(withCallState(t.Context(), state), resp, err)
	if policyErr != nil {
		t.Fatalf("policy error: %v", policyErr)
	}
	return again
}

func TestClient_retries(t *testing.T) {
	t.Parallel()
	type outcome struct {
		attempts int
		ok       bool
		status   int
	}
	read := func(ctx context.Context, c *Client) error { _, err := c.Zone(ctx, hexID); return err }
	patch := func(ctx context.Context, c *Client) error {
		_, err := c.SetMemberAPIAccess(ctx, hexID, hexID, nil)
		return err
	}
	tests := []struct {
		name  string
		do    func(context.Context, *Client) error
		first []int // statuses before success; 0 drops the reply
		want  outcome
	}{
		{"recovers from one 500", read, []int{500}, outcome{2, true, 0}},
		{"recovers from lost replies", read, []int{0, 0}, outcome{3, true, 0}},
		{"recovers from 429", read, []int{429, 429, 429}, outcome{4, true, 0}},
		{"gives up after four attempts", read, []int{503, 503, 503, 503, 503}, outcome{4, false, 503}},
		{"does not repeat a refusal", read, []int{403}, outcome{1, false, 403}},
		{"repeats a PATCH that states all it changes", patch, []int{502, 0}, outcome{3, true, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var api *fakeAPI
			api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
				n := len(api.all())
				if n > len(tt.first) {
					success(w, map[string]any{"id": hexID})
					return
				}
				if status := tt.first[n-1]; status != 0 {
					refuse(w, status, 1000, "not now")
					return
				}
				dropReply(w)
			})
			c, clock := newTestClient(t, api.URL)
			err := tt.do(t.Context(), c)
			if got := api.count("", ""); got != tt.want.attempts {
				t.Errorf("attempts = %d, want %d", got, tt.want.attempts)
			}
			if clock.backoffs != tt.want.attempts-1 {
				t.Errorf("waited %d times, want %d", clock.backoffs, tt.want.attempts-1)
			}
			if tt.want.ok {
				if err != nil {
					t.Fatalf("error = %v, want none", err)
				}
				return
			}
			var refusal *Error
			if !errors.As(err, &refusal) {
				t.Fatalf("error = %v, want *Error", err)
			}
			if refusal.Status != tt.want.status || refusal.Attempts != tt.want.attempts {
				t.Errorf("status, attempts = %d, %d; want %d, %d", refusal.Status, refusal.Attempts, tt.want.status, tt.want.attempts)
			}
			if len(refusal.Errors) != 1 || refusal.Errors[0].Message != "not now" {
				t.Errorf("the final response was not handed on: %+v", refusal.Errors)
			}
		})
	}
}

func TestClient_neverReached(t *testing.T) {
	t.Parallel()
	c, clock := newTestClient(t, nowhere)
	_, err := c.Zone(t.Context(), hexID)
	var transport *TransportError
	if !errors.As(err, &transport) {
		t.Fatalf("error = %v, want *TransportError", err)
	}
	if transport.Attempts != 4 || clock.backoffs != 3 {
		t.Errorf("attempts, waits = %d, %d; want 4, 3", transport.Attempts, clock.backoffs)
	}
	if transport.Path != "/zones/"+hexID || transport.Method != http.MethodGet {
		t.Errorf("request = %s %s", transport.Method, transport.Path)
	}
}

// An endpoint that speaks plain http behind an https address never saw the request: it is asked once, and a
// create that it "answered" is none that was lost.
func TestClient_plainHTTPBehindHTTPS(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(http.ResponseWriter, *http.Request) {})
	address := "https" + strings.TrimPrefix(api.URL, "http")
	for name, call := range map[string]func(*Client) error{
		"read": func(c *Client) error { _, err := c.Zone(t.Context(), hexID); return err },
		"create": func(c *Client) error {
			_, err := c.CreateToken(t.Context(), Owner{}, TokenDefinition{Name: "one"})
			return err
		},
	} {
		c, clock := newTestClient(t, address)
		err := call(c)
		var transport *TransportError
		if !errors.As(err, &transport) || !errors.Is(err, http.ErrSchemeMismatch) || transport.Attempts != 1 || clock.backoffs != 0 {
			t.Errorf("%s: %v after %d waits, want one attempt that says what answers", name, err, clock.backoffs)
		}
		if _, lost := errors.AsType[*LostCreateError](err); lost {
			t.Errorf("%s: taken for a lost create: %v", name, err)
		}
	}
}
