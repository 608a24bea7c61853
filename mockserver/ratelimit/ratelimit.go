// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package ratelimit counts requests and says which of them are too many: so many in a time for each caller, and so
// many for each address. It knows neither HTTP nor a clock; who asks, from where and when is told to it with every
// request, so that limits follow a server's own time when a test moves it. Start reading at [Limiter.Take].
//
// A limit is a fixed window: it opens with a caller's first request, lets so many go, and when it is over the next
// request opens another. That is what the headers of the API can say, "so many are left, all of them are back in t
// seconds", and what its refusal says, "more than 1200 requests per 300 seconds reached". The well-known limiters are
// token buckets (golang.org/x/time/rate), which let more go in five minutes than were published and have no instant at
// which all is back, or windows on the machine's own clock, which a test cannot move.
package ratelimit

import (
	"net/netip"
	"sync"
	"time"
)

// The names under which limits appear in the headers of a reply.
const (
	nameCaller  = "default"
	nameAddress = "address"
)

// Verdict is what the limits say of one request.
type Verdict struct {
	// Exceeded is true for a request that is one too many. It must not be acted on.
	Exceeded bool
	// Name tells the limit that the rest is about: "default" for the caller's, "address" for that of the address. It
	// is empty where nothing limits the request.
	Name string
	// Limit is that limit.
	Limit Limit
	// Remaining is how many more requests the window lets go.
	Remaining int
	// Reset is how long the window lasts from now on; never negative, zero for a window that is just over.
	Reset time.Duration
}

// Limiter counts the requests of one world. It is safe for concurrent use. Its memory is bounded by the callers and
// addresses of the last two windows: what is over is dropped.
type Limiter struct {
	policy Policy

	mu        sync.Mutex
	callers   windows[string]
	addresses windows[netip.Addr]
}

// New returns a limiter that has counted nothing yet.
func New(policy Policy) *Limiter {
	return &Limiter{
		policy:    policy,
		callers:   windows[string]{limit: policy.PerCaller},
		addresses: windows[netip.Addr]{limit: policy.PerAddress},
	}
}

// Policy is what the limiter was made with.
func (l *Limiter) Policy() Policy { return l.policy }

// Take counts a request and says whether it may go. The caller is a key of a user or of an account-owned token; an
// empty one, of a request whose credential is not known, counts for its address alone. An invalid address is one like
// any other, so that nobody escapes by hiding it. A request that its address makes one too many does not count for the
// caller.
func (l *Limiter) Take(caller string, address netip.Addr, now time.Time) Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	verdict := l.addresses.take(nameAddress, address, now)
	if verdict.Exceeded || caller == "" || l.policy.PerCaller.isNone() {
		return verdict
	}
	return l.callers.take(nameCaller, caller, now)
}

// windows are the open windows of one limit by key.
type windows[K comparable] struct {
	limit Limit
	open  map[K]window
	swept time.Time // when windows that were over were last dropped
}

// window is when one key's window opened and how many requests it let go.
type window struct {
	opened time.Time
	used   int
}

// take counts a request of a key.
func (w *windows[K]) take(name string, key K, now time.Time) Verdict {
	if w.limit.isNone() {
		return Verdict{}
	}
	w.sweep(now)
	current, found := w.open[key]
	if !found || w.isOver(current.opened, now) {
		current = window{opened: now}
	}
	exceeded := current.used >= w.limit.Requests
	if !exceeded {
		current.used++
		w.open[key] = current
	}
	return Verdict{
		Exceeded: exceeded, Name: name, Limit: w.limit,
		Remaining: w.limit.Requests - current.used,
		// A request that arrived before the one that opened the window has no more time than the window.
		Reset: min(current.opened.Add(w.limit.Window).Sub(now), w.limit.Window),
	}
}

// isOver reports whether a window that opened at an instant is over. So is one of the far future: the clock was set
// back. One of the near future is not, since requests that arrive together are counted in any order.
func (w *windows[K]) isOver(opened, now time.Time) bool {
	age := now.Sub(opened)
	return age >= w.limit.Window || age <= -w.limit.Window
}

// sweep drops the windows that are over, once a window's time. The map is made anew, because one that is emptied keeps
// the room that it took.
func (w *windows[K]) sweep(now time.Time) {
	if w.open != nil && !w.isOver(w.swept, now) {
		return
	}
	kept := map[K]window{}
	for key, current := range w.open {
		if !w.isOver(current.opened, now) {
			kept[key] = current
		}
	}
	w.open, w.swept = kept, now
}
