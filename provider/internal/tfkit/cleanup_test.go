// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

func TestCleanup(t *testing.T) {
	t.Parallel()
	var c tfkit.Cleanup
	var done atomic.Int64
	count := func(context.Context) error { done.Add(1); return nil }
	fail := func(context.Context) error { done.Add(1); return errors.New("token b works until noon") }
	c.Add("a", count)
	c.Add("b", fail)
	c.Add("c", count)
	c.Done("a")
	c.Done("nothing")
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "token b") || done.Load() != 2 {
		t.Errorf("%d done, error %v; want 2, and the one that failed", done.Load(), err)
	}
	if err := c.Run(t.Context()); err != nil || done.Load() != 2 {
		t.Errorf("done again: %d, %v", done.Load(), err)
	}
	c.Add("late", count)
	if done.Load() != 3 {
		t.Error("what was added after the end is not done")
	}

	var none *tfkit.Cleanup
	none.Add("a", count)
	none.Done("a")
	if err := none.Run(t.Context()); err != nil || done.Load() != 3 {
		t.Errorf("nil did something: %d, %v", done.Load(), err)
	}
}

// What is still under way when the process is to end is waited for, and what it adds is done.
func TestCleanup_held(t *testing.T) {
	t.Parallel()
	var c tfkit.Cleanup
	release := c.Hold()
	ended := make(chan error, 1)
	added := make(chan struct{})
	c.Add("begins", func(context.Context) error {
		// Run is at work: the call that was held adds what is to be done, and ends.
		go func() {
			c.Add("late", func(context.Context) error { close(added); return nil })
			release()
		}()
		return nil
	})
	go func() { ended <- c.Run(t.Context()) }()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	select {
	case <-added:
	default:
		t.Error("Run ended before what was held had added and done its own")
	}

	stuck := tfkit.Cleanup{}
	defer stuck.Hold()()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := stuck.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want that of the context", err)
	}
}
