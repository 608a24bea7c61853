// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"errors"
	"sync"
)

// Cleanup holds what is to be done before the process ends, unless it was done before. The CLIs do not close an
// ephemeral resource where something that used it failed, nor where the run was interrupted; all they do then is end
// the process. It is safe for concurrent use. The zero value holds nothing; nil does too, and takes nothing.
type Cleanup struct {
	mu      sync.Mutex
	pending map[string]func(context.Context) error
}

// Add keeps what is to be done, under a key of its own.
func (c *Cleanup) Add(key string, do func(context.Context) error) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending == nil {
		c.pending = map[string]func(context.Context) error{}
	}
	c.pending[key] = do
}

// Done forgets what was kept under the key, since it was done.
func (c *Cleanup) Done(key string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, key)
}

// Run does all that is left, at the same time, and returns what failed. What it did it forgets.
func (c *Cleanup) Run(ctx context.Context) error {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	left := c.pending
	c.pending = nil
	c.mu.Unlock()
	failed := make(chan error, len(left))
	for _, do := range left {
		go func() { failed <- do(ctx) }()
	}
	var all []error
	for range left {
		all = append(all, <-failed)
	}
	return errors.Join(all...)
}
