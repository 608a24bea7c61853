// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/ratelimit"
)

// ask sends a request as the named credential and returns the status with the headers about limits.
func ask(t *testing.T, server *mocktest.Server, ref, path string) (status int, limit string, retry time.Duration) {
	t.Helper()
	resp, err := http.DefaultClient.Do(server.Request(ref, http.MethodGet, path, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text := resp.Header.Get("Retry-After"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil {
			t.Errorf("Retry-After: %v", err)
		}
		retry = time.Duration(seconds) * time.Second
	}
	return resp.StatusCode, resp.Header.Get("Ratelimit"), retry
}

// The limit follows the server's clock, counts all that a user presents together, and leaves its traces in the journal.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t, mocktest.WithRateLimit("3/5m"), mocktest.WithClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)))
	for i, ref := range []string{"terraform", "super", "terraform"} { // a token and the key of one user
		status, limit, _ := ask(t, server, ref, "/user")
		if want := fmt.Sprintf(`"default";r=%d;t=300`, 2-i); status != 200 || limit != want {
			t.Errorf("request %d: status %d, Ratelimit %s, want %s", i+1, status, limit, want)
		}
	}
	server.Advance(100 * time.Second)
	server.ResetJournal()
	status, limit, retry := ask(t, server, "terraform", "/user")
	if status != 429 || limit != `"default";r=0;t=200` || retry != 200*time.Second {
		t.Errorf("one too many: status %d, Ratelimit %s, Retry-After %s", status, limit, retry)
	}
	journal := server.Journal()
	if len(journal) != 1 {
		t.Fatalf("journal %+v", journal)
	}
	if e := journal[0]; e.Status != 429 || e.Decided || e.Credential != "terraform" || e.CredentialKind != "user_token" || e.Address != "127.0.0.1" {
		t.Errorf("journal entry %+v", e)
	}
	for _, other := range []string{"viewer_read", "acme_ops"} { // another user, and an account-owned token
		if status, _, _ := ask(t, server, other, "/accounts/"+server.ID("account:acme")); status != 200 {
			t.Errorf("%s: status %d", other, status)
		}
	}
	server.Advance(retry)
	if status, limit, _ := ask(t, server, "terraform", "/user"); status != 200 || limit != `"default";r=2;t=300` {
		t.Errorf("after the wait: status %d, Ratelimit %s", status, limit)
	}
}

// The published limits are what a server has that is told nothing; an address has its own.
func TestPublishedRateLimit(t *testing.T) {
	t.Parallel()
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	published := mocktest.WithOptions(func(o *mockserver.Options) { o.RateLimit = nil })
	server := mocktest.New(t, published, mocktest.WithClock(at))
	most := ratelimit.Published().PerAddress.Requests
	for i := range most {
		if status, limit, _ := ask(t, server, "", "/user"); status != 400 || limit != fmt.Sprintf(`"address";r=%d;t=1`, most-i-1) {
			t.Fatalf("request %d: status %d, Ratelimit %s", i+1, status, limit)
		}
	}
	for _, ref := range []string{"", "terraform"} {
		if status, limit, retry := ask(t, server, ref, "/user"); status != 429 || limit != `"address";r=0;t=1` || retry != time.Second {
			t.Errorf("%q, one too many: status %d, Ratelimit %s, Retry-After %s", ref, status, limit, retry)
		}
	}
	server.Advance(time.Second)
	if status, limit, _ := ask(t, server, "terraform", "/user"); status != 200 || limit != `"default";r=1199;t=300` {
		t.Errorf("a second later: status %d, Ratelimit %s", status, limit)
	}
	if status, limit, _ := ask(t, mocktest.New(t), "terraform", "/user"); status != 200 || limit != "" {
		t.Errorf("another world, without limits: status %d, Ratelimit %q", status, limit)
	}
}

// Faults strike before the limit counts, and an answer from an older state counts like any other.
func TestRateLimitAndFaults(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t, mocktest.WithRateLimit("2/1m"), mocktest.WithClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)))
	server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user", Times: 1, Status: 500})
	server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user", StaleReads: true})
	for i, want := range []string{"500 ", `200 "default";r=1;t=60`, `200 "default";r=0;t=60`, `429 "default";r=0;t=60`} {
		status, limit, _ := ask(t, server, "terraform", "/user")
		if got := fmt.Sprintf("%d %s", status, limit); got != want {
			t.Errorf("request %d: %s, want %s", i+1, got, want)
		}
	}
}
