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

	var none *tfkit.Cleanup
	none.Add("a", count)
	none.Done("a")
	if err := none.Run(t.Context()); err != nil || done.Load() != 2 {
		t.Errorf("nil did something: %d, %v", done.Load(), err)
	}
}
