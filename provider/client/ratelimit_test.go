// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

func TestParseRatelimit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header    string
		remaining int
		reset     time.Duration
		ok        bool
	}{
		{"", 0, 0, false},
		{`"default";r=1180;t=290`, 1180, 290 * time.Second, true},
		{`"default"; r=0; t=12`, 0, 12 * time.Second, true},
		{`"default";t=12;r=0`, 0, 12 * time.Second, true},
		{`"default";r=0;t=86400`, 0, maxRetryAfter, true},
		{`"default";r=0;t=-4`, 0, 0, true},
		{`"default";r=x;t=12`, 0, 0, false},
		{`"default";r=3`, 0, 0, false},
		{`"burst";r=5;t=1, "default";r=0;t=40`, 0, 40 * time.Second, true},
		{`"burst";r=0;t=1, "default";r=0;t=40`, 0, 40 * time.Second, true},
		{`"burst";r=0;t=9, "default";r=700;t=40`, 0, 9 * time.Second, true},
	}
	for _, tt := range tests {
		t.Run(tt.header, func(t *testing.T) {
			t.Parallel()
			remaining, reset, ok := parseRatelimit(tt.header)
			if remaining != tt.remaining || reset != tt.reset || ok != tt.ok {
				t.Errorf("parseRatelimit = %d, %s, %v; want %d, %s, %v", remaining, reset, ok, tt.remaining, tt.reset, tt.ok)
			}
		})
	}
}

func TestGate_announcedWait(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name              string
		status            int
		limit, retryAfter string
		want              time.Duration
	}{
		{"nothing announced", 200, "", "", 0},
		{"limit not used up", 200, `"default";r=1;t=90`, "", 0},
		{"limit used up", 200, `"default";r=0;t=90`, "", 90 * time.Second},
		{"429", 429, "", "7", 7 * time.Second},
		{"429 with both", 429, `"default";r=0;t=90`, "7", 90 * time.Second},
		{"Retry-After of another status concerns that request alone", 503, "", "7", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			header.Set("Ratelimit", tt.limit)
			header.Set("Retry-After", tt.retryAfter)
			now := time.Now()
			g := gate{underWay: 1}
			g.leave(now, now, tt.status, header)
			if got, _ := g.enter(now); max(got, 0) != tt.want {
				t.Errorf("the next request waits %s, want %s", got, tt.want)
			}
		})
	}
}

func TestClient_ratelimitHeaderHoldsEveryoneBack(t *testing.T) {
	t.Parallel()
	var api *fakeAPI
	api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		remaining := 100
		if len(api.all()) == 1 {
			remaining = 0
		}
		w.Header().Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=42`, remaining))
		success(w, map[string]any{"id": hexID})
	})
	c, clock := newTestClient(t, api.URL)
	if _, err := c.Zone(t.Context(), hexID); err != nil {
		t.Fatal(err)
	}
	start := clock.Now()
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if _, err := c.Zone(t.Context(), hexID); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if waited := clock.Now().Sub(start); waited < 42*time.Second {
		t.Errorf("the clock moved %s, want at least the announced 42s", waited)
	}
	if len(clock.waits()) == 0 {
		t.Error("nobody waited for the announced reset")
	}
}

func TestClient_ratelimitNeverPastDeadline(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Ratelimit", `"default";r=0;t=200`)
		success(w, map[string]any{"id": hexID})
	})
	c, clock := newTestClient(t, api.URL)
	if _, err := c.Zone(t.Context(), hexID); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(t.Context(), clock.Now().Add(time.Minute))
	defer cancel()
	_, err := c.Zone(ctx, hexID)
	if !errors.Is(err, errNoTurn) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want one that says the wait does not fit", err)
	}
	var transport *TransportError
	if !errors.As(err, &transport) || transport.Attempts != 0 {
		t.Errorf("error = %#v, want a TransportError of 0 attempts", err)
	}
	if got := api.count("", ""); got != 1 {
		t.Errorf("requests = %d, want 1: the second must not be sent", got)
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWindow(3)
	tests := []struct {
		at   time.Duration
		want time.Duration
	}{
		{0, 0},
		{10 * time.Second, 0},
		{20 * time.Second, 0},
		{30 * time.Second, 30 * time.Second}, // a minute after the first
		{30 * time.Second, 40 * time.Second}, // a minute after the second
		{30 * time.Second, 50 * time.Second}, // a minute after the third
		{30 * time.Second, 90 * time.Second}, // a minute after the fourth
		{10 * time.Minute, 0},                // long after
	}
	for i, tt := range tests {
		if got := w.reserve(start.Add(tt.at)); got != tt.want {
			t.Errorf("request %d at %s waits %s, want %s", i+1, tt.at, got, tt.want)
		}
	}
	if got := newWindow(0).reserve(start); got != 0 {
		t.Errorf("no limit waits %s", got)
	}
}

// In no minute are there more requests than allowed, whatever the pattern of arrivals.
func TestWindow_neverMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 7
	w := newWindow(limit)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var sent []time.Time
	for i := range 500 {
		now = now.Add(time.Duration(i*i%4001) * time.Millisecond)
		sent = append(sent, now.Add(w.reserve(now)))
	}
	for i := limit; i < len(sent); i++ {
		if gap := sent[i].Sub(sent[i-limit]); gap < time.Minute {
			t.Fatalf("requests %d and %d are %s apart: more than %d in a minute", i-limit, i, gap, limit)
		}
	}
}

func TestClient_requestsPerMinute(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, map[string]any{"id": hexID}) })
	c, clock := newTestClient(t, api.URL, func(o *Options, _ *environment) { o.RequestsPerMinute = 2 })
	start := clock.Now()
	for range 5 {
		if _, err := c.Zone(t.Context(), hexID); err != nil {
			t.Fatal(err)
		}
	}
	if got := clock.Now().Sub(start); got != 2*time.Minute {
		t.Errorf("5 requests at 2 a minute took %s, want 2m0s", got)
	}
}
