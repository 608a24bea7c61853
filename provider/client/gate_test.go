// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// outcome is how a request under way ends.
type outcome struct {
	status           int // 0 is without an answer
	remaining, reset int // what the answer says of limits, unless both are 0
	took             time.Duration
}

func (o outcome) header() http.Header {
	h := http.Header{}
	if o.remaining+o.reset > 0 {
		h.Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=%d`, o.remaining, o.reset))
	}
	if o.status == http.StatusTooManyRequests {
		h.Set("Retry-After", strconv.Itoa(o.reset))
	}
	return h
}

func TestGate(t *testing.T) {
	t.Parallel()
	const ok, tooMany = http.StatusOK, http.StatusTooManyRequests
	type step struct {
		after time.Duration // since the start
		ends  *outcome      // of a request under way; nil is a request that wants in
		wait  time.Duration // how long the request is to wait; 0 lets it in
	}
	for _, tt := range []struct {
		name  string
		steps []step
	}{
		{"nothing is announced", []step{{}, {}, {ends: &outcome{status: ok, remaining: 0, reset: 0}}, {}, {}}},
		{"no more than what is left, with what is under way", []step{
			{},
			{},
			{}, // three under way
			{ends: &outcome{status: ok, remaining: 3, reset: 60}},
			{},                // two may have been counted or not: one more
			{wait: lookAgain}, // three are under way, three are left
			{ends: &outcome{status: ok, remaining: 2, reset: 60}},
			{wait: lookAgain},
			{ends: &outcome{status: ok, remaining: 1, reset: 60}},
			{wait: lookAgain},
			{ends: &outcome{status: ok, remaining: 0, reset: 60}},
			{wait: time.Minute},
			{after: 45 * time.Second, wait: 15 * time.Second},
			{after: time.Minute},
		}},
		{"a lost answer gives its place back", []step{
			{}, {ends: &outcome{status: ok, remaining: 1, reset: 60}}, {}, {wait: lookAgain}, {ends: &outcome{}}, {},
		}},
		{"the wait for answers ends with the window", []step{
			{}, {ends: &outcome{status: ok, remaining: 1, reset: 1}}, {}, {after: 700 * time.Millisecond, wait: 300 * time.Millisecond}, {after: time.Second},
		}},
		{"answers overtake each other", []step{
			{}, {}, {}, {ends: &outcome{status: ok, remaining: 1, reset: 60}}, {ends: &outcome{status: ok, remaining: 40, reset: 61}}, {wait: lookAgain},
		}},
		{"an answer that took long", []step{
			{},
			{},
			{},
			{ends: &outcome{status: ok, remaining: 0, reset: 60}},
			{after: 30 * time.Second, ends: &outcome{status: ok, remaining: 40, reset: 60, took: 30 * time.Second}},
			{after: 30 * time.Second, wait: 30 * time.Second},
			// Another window would end three seconds later, however long the answer took.
			{after: 33 * time.Second, ends: &outcome{status: ok, remaining: 40, reset: 60, took: 30 * time.Second}},
			{after: 33 * time.Second},
		}},
		{"an end that cannot be so soon", []step{
			{},
			{},
			{ends: &outcome{status: ok, remaining: 0, reset: 60}},
			{after: 2 * time.Second, ends: &outcome{status: ok, remaining: 0, reset: 60}},
			{after: 2 * time.Second, wait: time.Minute},
		}},
		{"an end that moves on with every answer", []step{
			{},
			{ends: &outcome{status: ok, remaining: 1, reset: 60}},
			{after: time.Second},
			{after: time.Second, ends: &outcome{status: ok, remaining: 1000, reset: 60}},
			{after: 2 * time.Second},
			{after: 2 * time.Second, ends: &outcome{status: ok, remaining: 1000, reset: 60}},
			{after: 3 * time.Second},
			{after: 3 * time.Second, ends: &outcome{status: ok, remaining: 1000, reset: 60}},
			{after: 3 * time.Second},
			{after: 3 * time.Second}, // many are left now
		}},
		{"another window", []step{
			{},
			{},
			{ends: &outcome{status: ok, remaining: 0, reset: 60}},
			{after: 59 * time.Second, ends: &outcome{status: ok, remaining: 40, reset: 60}},
			{after: 59 * time.Second},
			{after: 59 * time.Second},
		}},
		{"an end that is known better", []step{
			{}, {}, {ends: &outcome{status: ok, remaining: 0, reset: 60}}, {after: time.Second, ends: &outcome{status: ok, remaining: 0, reset: 58}}, {after: time.Second, wait: 58 * time.Second},
		}},
		{"a 429 keeps everyone out as long as it says", []step{
			{},
			{},
			{ends: &outcome{status: tooMany, remaining: 0, reset: 30}},
			{wait: 30 * time.Second},
			{ends: &outcome{status: ok, remaining: 0, reset: 0}},
			{wait: 30 * time.Second},
			{after: 30 * time.Second},
		}},
		{"of two 429 the longer wait counts", []step{
			{}, {}, {ends: &outcome{status: tooMany, remaining: 0, reset: 30}}, {ends: &outcome{status: tooMany, remaining: 0, reset: 20}}, {after: 25 * time.Second, wait: 5 * time.Second},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
			g := &gate{}
			for i, s := range tt.steps {
				now := start.Add(s.after)
				if s.ends != nil {
					g.leave(now.Add(-s.ends.took), now, s.ends.status, s.ends.header())
					continue
				}
				wait, changed := g.enter(now)
				if max(wait, 0) != s.wait || (changed != nil) != (s.wait > 0) {
					t.Fatalf("step %d: waits %s, want %s", i+1, wait, s.wait)
				}
			}
		})
	}
}

// Whoever waits for an answer under way is woken by it.
func TestGate_wakes(t *testing.T) {
	t.Parallel()
	g := &gate{}
	now := time.Now()
	g.enter(now)
	g.leave(now, now, http.StatusOK, outcome{status: http.StatusOK, remaining: 1, reset: 60}.header())
	g.enter(now)
	wait, changed := g.enter(now)
	if wait <= 0 {
		t.Fatal("the second was let in")
	}
	g.leave(now, now, http.StatusOK, outcome{status: http.StatusOK, remaining: 5, reset: 60}.header())
	<-changed
	if wait, _ := g.enter(now); wait > 0 {
		t.Errorf("waits %s after the answer", wait)
	}
}
