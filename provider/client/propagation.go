// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"sync"
	"time"
)

// A change to a token takes a while to spread through a large installation, and until then a right
// that is held may be refused. So the first read after a write of ours is patient. A token that was just
// created may even be unknown to a replica that lags behind, and what forgets it then leaves it to nobody.

// freshWrites remembers until when reads of a token are patient. It is safe for concurrent use.
type freshWrites struct {
	mu sync.Mutex
	// until is when a refusal is believed.
	until map[string]time.Time
	// young is when a token was issued, by the API's clock. Some seconds later it is believed that it does not exist:
	// from the time in grown on, by this machine's clock, which the first reply that says so settles.
	young, grown map[string]time.Time
}

func freshKey(owner Owner, id string) string { return owner.AccountID + "/" + id }

// wrote notes a successful write to a token.
func (c *Client) wrote(owner Owner, id string) {
	if c.propagation < 0 {
		return
	}
	c.fresh.mu.Lock()
	defer c.fresh.mu.Unlock()
	c.fresh.until[freshKey(owner, id)] = c.env.now().Add(c.propagation)
}

// ExpectToken tells the client of a token that somebody issued at that time. A read that follows within some
// seconds of it and does not find the token is repeated until they are over, since the API may lag behind.
// The zero time, and a time of long ago or ahead, change nothing; so does a client that waits for no
// propagation.
func (c *Client) ExpectToken(owner Owner, id string, issued time.Time) {
	if c.propagation < 0 || issued.IsZero() {
		return
	}
	c.fresh.mu.Lock()
	defer c.fresh.mu.Unlock()
	c.fresh.young[freshKey(owner, id)] = issued
}

// youngUntil is until when, by this machine's clock, a token may be unknown. It is to be asked once there is a reply,
// which tells the API's clock, and then stays as it is: that clock may stand still.
func (c *Client) youngUntil(key string) time.Time {
	c.fresh.mu.Lock()
	defer c.fresh.mu.Unlock()
	issued, isYoung := c.fresh.young[key]
	if until, settled := c.fresh.grown[key]; settled || !isYoung {
		return until
	}
	until := time.Time{}
	if age := c.ServerTime().Sub(issued); age >= -youngLimit {
		until = c.env.now().Add(min(youngLimit-age, youngLimit))
	}
	c.fresh.grown[key] = until
	return until
}

// has says whether reads of the token are patient.
func (f *freshWrites) has(owner Owner, id string, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.until[freshKey(owner, id)].After(now)
}

// settle ends the patience: the token was read, or deleted.
func (f *freshWrites) settle(owner Owner, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.until, freshKey(owner, id))
	delete(f.young, freshKey(owner, id))
	delete(f.grown, freshKey(owner, id))
}

// propagationWait is how long to wait before a read of the token that was sent then and ended so is repeated, and
// whether it is. The last wait ends when the patience does. An answer that took long may have been given while the API
// lagged behind: what was sent before the patience ended proves nothing, whenever it was answered.
func (c *Client) propagationWait(owner Owner, id string, attempt int, sent time.Time, cause error) (time.Duration, bool) {
	key := freshKey(owner, id)
	c.fresh.mu.Lock()
	until := c.fresh.until[key]
	c.fresh.mu.Unlock()
	switch {
	case IsDenied(cause):
	case IsNotFound(cause):
		until = c.youngUntil(key)
	default:
		return 0, false
	}
	if !sent.Before(until) {
		return 0, false
	}
	// At least a moment, so that jitter near zero does not turn into a busy loop.
	wait := max(c.env.backoff(c.env.backoffBase, c.env.backoffCap, attempt, nil), c.env.backoffBase/5)
	return max(min(wait, until.Sub(c.env.now())), 0), true
}
