// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"net/http"
	"sync"
	"time"
)

const (
	// newReset is by how much the announced end of a rate limit's window must move before it is that
	// of another window: announcements are whole seconds.
	newReset = 2 * time.Second
	// lookAgain bounds a wait for answers that are under way: any of them may change what is left.
	lookAgain = time.Second
)

// gate lets requests in as the API announces: none until the time that a 429 names, and no more than
// what the Ratelimit header says is left, requests under way included. Without the latter every
// client would run into a 429 with all its goroutines whenever a limit is used up. The zero value is
// open; it is safe for concurrent use.
type gate struct {
	mu sync.Mutex
	// until is when the wait ends that a 429 asked for.
	until time.Time
	// remaining is how many requests were left until reset, by the least of what was announced; it
	// means nothing once reset is past.
	remaining int
	reset     time.Time
	// end is the earliest of what was announced as the end of the window, without what reset was put off for.
	end time.Time
	// underWay counts the requests that were let in and have no answer yet. The server may or may not
	// have counted them in what it announced.
	underWay int
	// changed is closed when an answer arrives; nil while nobody waits.
	changed chan struct{}
}

// enter lets a request in and counts it as under way, or says how long to wait before asking again:
// that time, or until the channel is closed.
func (g *gate) enter(now time.Time) (wait time.Duration, changed <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	wait = g.until.Sub(now)
	if left := g.reset.Sub(now); left > 0 {
		switch {
		case g.remaining <= 0:
			wait = max(wait, left)
		case g.remaining <= g.underWay:
			wait = max(wait, min(left, lookAgain))
		}
	}
	if wait <= 0 {
		g.underWay++
		return 0, nil
	}
	if g.changed == nil {
		g.changed = make(chan struct{})
	}
	return wait, g.changed
}

// leave takes a request that was let in off the count and learns from its answer; status 0 is none.
// The answer was given at some time between sent and now.
func (g *gate) leave(sent, now time.Time, status int, header http.Header) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.underWay--
	if status != 0 {
		g.learn(sent, now, status, header)
	}
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}

func (g *gate) learn(sent, now time.Time, status int, header http.Header) {
	if status == http.StatusTooManyRequests {
		if until := now.Add(retryAfter(header, now)); until.After(g.until) {
			g.until = until
		}
	}
	remaining, in, ok := parseRatelimit(header.Get("Ratelimit"))
	if !ok {
		return
	}
	// The window ends no earlier than earliest and no later than reset. Only the former tells another
	// window: an answer that took long says what was left when it was given, not that more is left now.
	earliest, reset := sent.Add(in), now.Add(in)
	if !g.reset.After(now) || earliest.Sub(g.end) > newReset {
		g.remaining, g.reset, g.end = remaining, reset, reset
		return
	}
	// Answers overtake each other: of one window the least counts, and the end that comes first, though
	// not before it can be.
	g.remaining = min(g.remaining, remaining)
	if reset.Before(g.reset) {
		g.reset, g.end = reset, reset
	}
	if earliest.After(g.reset) {
		g.reset = earliest
	}
}

// refused is how much is left of the wait that a 429 asked for.
func (g *gate) refused(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.until.Sub(now), 0)
}
