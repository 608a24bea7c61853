// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"sync"
	"testing"
)

func TestKeyedLock(t *testing.T) {
	t.Parallel()
	k := &keyedLock{mu: &sync.Mutex{}, held: map[string]*heldLock{}}
	unlock, err := k.lock(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	unlockOther, err := k.lock(t.Context(), "b")
	if err != nil {
		t.Fatalf("another key waits: %v", err)
	}
	unlockOther()

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.lock(ended, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting with an ended context: error = %v, want canceled", err)
	}

	inside, order := 0, make(chan int, 20)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			free, err := k.lock(t.Context(), "a")
			if err != nil {
				t.Error(err)
				return
			}
			inside++
			order <- inside
			inside--
			free()
		})
	}
	unlock()
	group.Wait()
	close(order)
	for n := range order {
		if n != 1 {
			t.Errorf("%d holders at once", n)
		}
	}
	if len(k.held) != 0 {
		t.Errorf("%d keys are kept after the last unlock", len(k.held))
	}
}
