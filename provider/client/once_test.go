// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestOnce_loadsOnceAmongMany(t *testing.T) {
	t.Parallel()
	var o once[int]
	var loads atomic.Int32
	entered, release := make(chan struct{}), make(chan struct{})
	load := func(context.Context) (int, error) {
		loads.Add(1)
		close(entered)
		<-release
		return 7, nil
	}
	var group sync.WaitGroup
	check := func() {
		if got, err := o.get(t.Context(), load); got != 7 || err != nil {
			t.Errorf("get = %d, %v; want 7", got, err)
		}
	}
	group.Go(check)
	<-entered
	for range 8 {
		group.Go(check)
	}
	close(release)
	group.Wait()
	check()
	if loads.Load() != 1 {
		t.Errorf("loaded %d times, want once", loads.Load())
	}
}

func TestOnce_failureIsNotKept(t *testing.T) {
	t.Parallel()
	var o once[int]
	cause := errors.New("refused")
	calls := 0
	load := func(context.Context) (int, error) {
		calls++
		if calls == 1 {
			return 0, cause
		}
		return 7, nil
	}
	if _, err := o.get(t.Context(), load); !errors.Is(err, cause) {
		t.Fatalf("error = %v, want %v", err, cause)
	}
	if got, err := o.get(t.Context(), load); got != 7 || err != nil {
		t.Errorf("second get = %d, %v; want 7", got, err)
	}
}

func TestOnce_otherCallersContext(t *testing.T) {
	t.Parallel()
	var o once[int]
	entered := make(chan struct{})
	leaderCtx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		_, err := o.get(leaderCtx, func(ctx context.Context) (int, error) {
			close(entered)
			<-ctx.Done()
			return 0, ctx.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("leader: error = %v, want canceled", err)
		}
	})
	<-entered

	ended, cancelEnded := context.WithCancel(t.Context())
	cancelEnded()
	if _, err := o.get(ended, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting with an ended context: error = %v, want canceled", err)
	}

	group.Go(func() {
		if got, err := o.get(t.Context(), func(context.Context) (int, error) { return 9, nil }); got != 9 || err != nil {
			t.Errorf("follower: get = %d, %v; want 9 from its own try", got, err)
		}
	})
	cancel()
	group.Wait()
}
