// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"net/http"
	"sync/atomic"
	"time"
)

// The API's clock decides when a token begins, ends and was made, and this machine's may differ from it.
// Every reply says in its Date header what the API's shows.

// serverClock learns from replies how far the API's clock is ahead of this machine's. It is safe for
// concurrent use.
type serverClock struct {
	next  http.RoundTripper
	now   func() time.Time
	ahead *atomic.Int64 // in nanoseconds
}

// RoundTrip sends one attempt and learns from its reply.
func (s *serverClock) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := s.now()
	resp, err := s.next.RoundTrip(req)
	if err != nil || resp.Header.Get("Age") != "" {
		// What a cache kept is as old as it says.
		return resp, err
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		s.ahead.Store(int64(aheadOf(date, sent, s.now())))
	}
	return resp, nil
}

// aheadOf is how far a clock is ahead that showed date, a whole second and rounded down, at some time between
// sent and received. What the rounding and the way may account for is no difference.
func aheadOf(date, sent, received time.Time) time.Duration {
	least, most := date.Sub(received), date.Add(time.Second).Sub(sent)
	switch {
	case least > 0:
		return least
	case most < 0:
		return most
	default:
		return 0
	}
}

// ServerTime is what the API's clock shows, as far as replies have told: to a second and to the time that a
// request takes. Before the first reply, and where replies carry no date, it is this machine's time.
func (c *Client) ServerTime() time.Time {
	return c.env.now().Add(time.Duration(c.ahead.Load()))
}
