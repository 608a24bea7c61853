// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"sync"
)

// keyedLock serialises work on one key and leaves other keys alone. Waiting ends with the context.
type keyedLock struct {
	mu   *sync.Mutex
	held map[string]*heldLock
}

type heldLock struct {
	slot  chan struct{}
	users int
}

// lock waits until the key is free and returns what frees it again.
func (k *keyedLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	k.mu.Lock()
	l := k.held[key]
	if l == nil {
		l = &heldLock{slot: make(chan struct{}, 1)}
		k.held[key] = l
	}
	l.users++
	k.mu.Unlock()

	leave := func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		l.users--
		if l.users == 0 {
			delete(k.held, key)
		}
	}
	select {
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	case l.slot <- struct{}{}:
		return func() {
			<-l.slot
			leave()
		}, nil
	}
}
