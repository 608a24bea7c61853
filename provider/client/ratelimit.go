// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
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
	if err := l.enter(req.Context()); err != nil {
		return nil, err
	}
	sent, resp, err := l.send(req)
	if resp == nil {
		l.gate.leave(sent, l.env.now(), 0, nil)
		return nil, err
	}
	l.gate.leave(sent, l.env.now(), resp.StatusCode, resp.Header)
	return resp, err
}

// send waits for our own limit, and for whatever the API announced meanwhile. The gate has let the
// request in and counts it. Besides the reply it says when the request went out; zero if it did not.
func (l *rateLimit) send(req *http.Request) (sent time.Time, resp *http.Response, err error) {
	ctx := req.Context()
	if wait := l.window.reserve(l.env.now()); wait > 0 {
		if err := l.env.sleep(ctx, wait); err != nil {
			return time.Time{}, nil, fmt.Errorf("%w of %s (requests_per_minute): %w", errNoTurn, wait.Round(time.Second), err)
		}
		for wait := l.gate.refused(l.env.now()); wait > 0; wait = l.gate.refused(l.env.now()) {
			if err := l.env.sleep(ctx, wait); err != nil {
				return time.Time{}, nil, announcedTooLong(wait, err)
			}
		}
	}
	callStateFrom(ctx).begin()
	sent = l.env.now()
	resp, err = l.next.RoundTrip(req)
	return sent, resp, err
}

// enter waits until the gate lets one more request in, and counts it there.
func (l *rateLimit) enter(ctx context.Context) error {
	for {
		wait, changed := l.gate.enter(l.env.now())
		if wait <= 0 {
			return nil
		}
		if err := l.sleepUnless(ctx, wait, changed); err != nil {
			return announcedTooLong(wait, err)
		}
	}
}

func announcedTooLong(wait time.Duration, err error) error {
	return fmt.Errorf("%w of %s that the API announced: %w", errNoTurn, wait.Round(time.Second), err)
}

// sleepUnless waits for d or until the channel is closed, whichever comes first.
func (l *rateLimit) sleepUnless(ctx context.Context, d time.Duration, changed <-chan struct{}) error {
	woken, wake := context.WithCancel(ctx)
	defer wake()
	go func() {
		select {
		case <-changed:
			wake()
		case <-woken.Done():
		}
	}()
	err := l.env.sleep(woken, d)
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// parseRatelimit reads `"default";r=<remaining>;t=<seconds to reset>`. Of several limits in one
// header the one with the longest reset among those used up counts, else the one that has least left.
func parseRatelimit(header string) (remaining int, reset time.Duration, ok bool) {
	for limit := range strings.SplitSeq(header, ",") {
		r, t, valid := parseLimit(limit)
		if !valid {
			continue
		}
		switch {
		case !ok, r <= 0 && remaining > 0, r <= 0 && t > reset, r > 0 && r < remaining:
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
