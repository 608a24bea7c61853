// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"sync"
	"time"
)

// machineClock is the machine's own clock.
func machineClock() time.Time { return time.Now() }

// elapsed is how long ago the machine's clock showed t.
func elapsed(t time.Time) time.Duration { return time.Since(t) }

// Clock is a clock that can be moved while a server runs: either the machine's clock with an offset, or
// frozen. It is safe for concurrent use. [NewClock] and [NewFrozenClock] make one; its Now method is what
// [Options] take.
type Clock struct {
	mu     sync.Mutex
	frozen bool
	at     time.Time     // what a frozen clock shows
	offset time.Duration // what a running clock adds
}

// NewClock returns a running clock that shows the machine's time.
func NewClock() *Clock { return &Clock{} }

// NewFrozenClock returns a clock that shows t until it is moved.
func NewFrozenClock(t time.Time) *Clock { return &Clock{frozen: true, at: t} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.frozen {
		return c.at
	}
	return machineClock().Add(c.offset)
}

// Advance moves the clock by d, which may be negative. A running clock runs on from there.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	c.offset += d
}

// Set makes the clock show t. A running clock runs on from there, a frozen one stays.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
	c.offset = t.Sub(machineClock())
}
