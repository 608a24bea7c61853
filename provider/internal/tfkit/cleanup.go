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
	// running is set once Run works: what is added then is done at once.
	running context.Context //nolint:containedctx // It is that of the one call of Run.
	// held counts what Run waits for, and released tells it that one has ended.
	held     int
	released chan struct{}
}

// Hold has [Cleanup.Run] wait, as long as its context allows, until the function that it returns is called: for a call
// of the CLI that may add something, and that the end of the plugin server does not wait for.
func (c *Cleanup) Hold() (release func()) {
	if c == nil {
		return func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.held--
		if c.released != nil {
			select {
			case c.released <- struct{}{}:
			default: // Run is told already.
			}
		}
	}
}

// Add keeps what is to be done, under a key of its own. Where Run is at work already, since a call of the CLI outlived
// its end, it is done before Add returns; its error is nobody's then.
func (c *Cleanup) Add(key string, do func(context.Context) error) {
	if c == nil {
		return
	}
	c.mu.Lock()
	running := c.running
	if running == nil {
		if c.pending == nil {
			c.pending = map[string]func(context.Context) error{}
		}
		c.pending[key] = do
	}
	c.mu.Unlock()
	if running != nil {
		_ = do(running)
	}
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

// Run does all that is left, at the same time, and returns what failed. It is to be called once. It waits for what it
// does, which must end with the context, and for what is held.
func (c *Cleanup) Run(ctx context.Context) error {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	left := c.pending
	c.pending, c.running, c.released = nil, ctx, make(chan struct{}, 1)
	c.mu.Unlock()
	failed := make(chan error, len(left))
	for _, do := range left {
		go func() { failed <- do(ctx) }()
	}
	var all []error
	for range left {
		all = append(all, <-failed)
	}
	for c.isHeld() {
		select {
		case <-c.released:
		case <-ctx.Done():
			return errors.Join(append(all, ctx.Err())...)
		}
	}
	return errors.Join(all...)
}

func (c *Cleanup) isHeld() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held > 0
}
