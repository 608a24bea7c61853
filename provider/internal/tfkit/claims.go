// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import "sync"

// Claims remembers which remote objects a run has written on behalf of some resource. Two resources
// can trade the objects that they manage within one apply, in any order; the one that lets go must
// not undo what the other has just written. The zero value is empty and ready. Claims is safe for
// concurrent use, but a check and the write it decides are one step only under the caller's own lock.
type Claims struct {
	mu   sync.Mutex
	held map[string]struct{}
}

// Add notes that the object was written. Adding it again changes nothing.
func (c *Claims) Add(object string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[string]struct{}{}
	}
	c.held[object] = struct{}{}
}

// Has says whether the object was written in this run.
func (c *Claims) Has(object string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.held[object]
	return ok
}
