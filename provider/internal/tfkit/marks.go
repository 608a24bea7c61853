// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import "sync"

// Marks remembers which remote objects something was done with, for as long as the provider runs. The
// zero value is empty and ready; a nil Marks stays empty. Marks is safe for concurrent use, but a check
// and what it decides are one step only under the caller's own lock.
type Marks struct {
	mu   sync.Mutex
	held map[string]struct{}
}

// Add marks the object. Adding it again changes nothing.
func (m *Marks) Add(object string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == nil {
		m.held = map[string]struct{}{}
	}
	m.held[object] = struct{}{}
}

// Remove takes the mark off the object, if it has one.
func (m *Marks) Remove(object string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.held, object)
}

// Has says whether the object is marked.
func (m *Marks) Has(object string) bool {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.held[object]
	return ok
}
