// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"sync"
)

// once reads a value at most once a run: callers that come while a read is under way wait for it,
// and a success is kept. A failure is told to all who waited for it and not kept. The zero value is
// ready.
type once[T any] struct {
	mu     sync.Mutex
	have   bool
	value  T
	flight *flight[T]
}

type flight[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// get returns the kept value or loads it. A caller whose own context ends stops waiting; the end of
// another caller's context is no reason to fail, so that one tries itself.
func (o *once[T]) get(ctx context.Context, load func(context.Context) (T, error)) (T, error) {
	for {
		o.mu.Lock()
		if o.have {
			value := o.value
			o.mu.Unlock()
			return value, nil
		}
		f := o.flight
		if f == nil {
			f = &flight[T]{done: make(chan struct{})}
			o.flight = f
			o.mu.Unlock()
			return o.lead(ctx, f, load)
		}
		o.mu.Unlock()
		select {
		case <-ctx.Done():
			var zero T
			return zero, ctx.Err()
		case <-f.done:
			if f.err == nil || !isContextError(f.err) {
				return f.value, f.err
			}
		}
	}
}

func (o *once[T]) lead(ctx context.Context, f *flight[T], load func(context.Context) (T, error)) (T, error) {
	defer close(f.done)
	f.value, f.err = load(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flight = nil
	if f.err == nil {
		o.have, o.value = true, f.value
	}
	return f.value, f.err
}
