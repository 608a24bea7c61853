// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// errNoTurn is a request that was not sent, because its context ends before its turn comes.
var errNoTurn = errors.New("no time left for the rate limit's wait")

// rateLimit holds every attempt back until the API and our own limit let it go. One of these is
// shared by all goroutines of a client.
type rateLimit struct {
	next   http.RoundTripper
	env    environment
	gate   *gate
	window *window
}

// RoundTrip waits for its turn, sends the attempt and learns from the answer.
func (l *rateLimit) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if wait := l.window.reserve(l.env.now()); wait > 0 {
		if err := l.env.sleep(ctx, wait); err != nil {
			return nil, fmt.Errorf("%w of %s (requests_per_minute): %w", errNoTurn, wait.Round(time.Second), err)
		}
	}
	// The gate may be shut again while we wait for it.
	for wait := l.gate.wait(l.env.now()); wait > 0; wait = l.gate.wait(l.env.now()) {
		if err := l.env.sleep(ctx, wait); err != nil {
			return nil, fmt.Errorf("%w of %s that the API announced: %w", errNoTurn, wait.Round(time.Second), err)
		}
	}
	callStateFrom(ctx).begin()
	resp, err := l.next.RoundTrip(req)
	if resp != nil {
		now := l.env.now()
		l.gate.shut(now, announcedWait(resp, now))
	}
	return resp, err
}

// announcedWait is how long the API wants no request: until the reset of a rate limit that is used
// up, or what a 429 says. Both are capped at maxRetryAfter.
func announcedWait(resp *http.Response, now time.Time) time.Duration {
	var wait time.Duration
	if remaining, reset, ok := parseRatelimit(resp.Header.Get("Ratelimit")); ok && remaining <= 0 {
		wait = reset
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		wait = max(wait, retryAfter(resp.Header, now))
	}
	return wait
}

// parseRatelimit reads `"default";r=<remaining>;t=<seconds to reset>`. Of several limits in one
// header the one with the longest reset among those used up counts.
func parseRatelimit(header string) (remaining int, reset time.Duration, ok bool) {
	for limit := range strings.SplitSeq(header, ",") {
		r, t, valid := parseLimit(limit)
		if !valid {
			continue
		}
		switch {
		case !ok, r <= 0 && remaining > 0, r <= 0 && t > reset:
			remaining, reset, ok = r, t, true
		}
	}
	return remaining, reset, ok
}

func parseLimit(limit string) (remaining int, reset time.Duration, ok bool) {
	var haveR, haveT bool
	for part := range strings.SplitSeq(limit, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "r":
			n, err := strconv.Atoi(value)
			remaining, haveR = n, err == nil
		case "t":
			n, err := strconv.ParseFloat(value, 64)
			reset, haveT = capSeconds(n), err == nil
		}
	}
	return remaining, reset, haveR && haveT
}

// gate is shut until an instant. The zero value is open; it is safe for concurrent use.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

func (g *gate) wait(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.until.Sub(now), 0)
}

func (g *gate) shut(now time.Time, d time.Duration) {
	if d <= 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := now.Add(d); until.After(g.until) {
		g.until = until
	}
}

// window lets at most n requests go in any minute. It remembers when the last n were let go: request
// i waits until a minute after request i-n. A nil window lets everything go.
type window struct {
	mu   sync.Mutex
	ring []time.Time
	next int
}

func newWindow(perMinute int) *window {
	if perMinute <= 0 {
		return nil
	}
	return &window{ring: make([]time.Time, perMinute)}
}

// reserve takes the next free place and returns how long to wait for it.
func (w *window) reserve(now time.Time) time.Duration {
	if w == nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	at := now
	if oldest := w.ring[w.next]; !oldest.IsZero() {
		if free := oldest.Add(time.Minute); free.After(at) {
			at = free
		}
	}
	w.ring[w.next] = at
	w.next = (w.next + 1) % len(w.ring)
	return at.Sub(now)
}
