// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/pathglob"
)

// Set holds the faults of one server in the order in which they were added. It is safe for concurrent use.
// [NewSet] makes one.
type Set struct {
	snapshot func() (http.Handler, error)
	closed   chan struct{}
	closing  sync.Once

	mu    sync.Mutex
	rules []*rule
	// busy is false while there is no rule, so that requests need not take the lock.
	busy atomic.Bool
}

// rule is a fault with its count of matches. The set's lock guards seen and struck.
type rule struct {
	fault   Fault
	pattern *pathglob.Pattern
	chance  *rand.Rand
	stale   http.Handler // answers StaleReads; nil for other faults
	seen    int          // matches so far
	struck  int          // of them those that it struck
}

// NewSet returns an empty set. The snapshot function returns a handler that answers the API from a copy of
// the world as it is now; it is called when a fault with StaleReads is added, outside every lock of the set.
func NewSet(snapshot func() (http.Handler, error)) *Set {
	return &Set{snapshot: snapshot, closed: make(chan struct{})}
}

// Handle is the hold on a fault that was added.
type Handle struct {
	set  *Set
	rule *rule
}

// Add puts a fault behind those that are there. It refuses a fault that does nothing or contradicts itself,
// with every mistake in one error.
func (s *Set) Add(f Fault) (*Handle, error) {
	pattern, err := pathglob.Compile(f.Path)
	if err != nil {
		return nil, fmt.Errorf("fault: %w", err)
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("fault: %w", err)
	}
	r := &rule{fault: f, pattern: pattern, chance: rand.New(rand.NewPCG(f.Seed, 0))} //nolint:gosec // faults are to be repeatable
	if f.StaleReads {
		if r.stale, err = s.snapshot(); err != nil {
			return nil, fmt.Errorf("fault: copy of the world for stale reads: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = append(s.rules, r)
	s.busy.Store(true)
	return &Handle{set: s, rule: r}, nil
}

// Clear removes all faults. Requests that one of them holds back go on waiting.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
	s.busy.Store(false)
}

// Close ends all waiting: requests that a fault holds back lose their connection. The set stays usable, but
// delays no more.
func (s *Set) Close() {
	s.closing.Do(func() { close(s.closed) })
}

// Remove takes the fault away; it does nothing when it is gone already.
func (h *Handle) Remove() {
	s := h.set
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = slices.DeleteFunc(s.rules, func(r *rule) bool { return r == h.rule })
	s.busy.Store(len(s.rules) > 0)
}

// Struck returns how many requests the fault has struck so far.
func (h *Handle) Struck() int {
	h.set.mu.Lock()
	defer h.set.mu.Unlock()
	return h.rule.struck
}

// strike returns the rule that strikes the request, or nil, and the seed for what is random in its effect.
func (s *Set) strike(r *Request) (*rule, uint64) {
	if !s.busy.Load() {
		return nil, 0
	}
	s.mu.Lock()
	rules := slices.Clone(s.rules)
	s.mu.Unlock()
	for _, candidate := range rules {
		// The comparison may look up the credential in the world, so it runs without the lock.
		if !candidate.fault.matches(candidate.pattern, r) {
			continue
		}
		if seed, due := s.due(candidate); due {
			return candidate, seed
		}
	}
	return nil, 0
}

// due counts a match and reports whether the rule strikes it.
func (s *Set) due(r *rule) (uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.fault.Times > 0 && r.struck >= r.fault.Times {
		return 0, false
	}
	r.seen++
	if r.seen <= r.fault.Skip {
		return 0, false
	}
	seed, chance := r.chance.Uint64(), r.chance.Float64()
	if p := r.fault.Probability; p > 0 && chance >= p {
		return 0, false
	}
	r.struck++
	return seed, true
}
