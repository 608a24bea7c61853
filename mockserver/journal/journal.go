// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package journal remembers the requests that a server saw and what it decided about each: for tests, which
// count and inspect them, and for people who ask why a request was refused. It is bounded and lives in
// memory only. Bodies, headers and secrets are never kept.
package journal

import (
	"strings"
	"sync"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// DefaultSize is how many requests a journal keeps unless told otherwise.
const DefaultSize = 10_000

// maxText bounds, in bytes, every text of an entry that a client chooses, so that a full journal has a bound
// in bytes too.
const maxText = 2048

// Entry is one request. Values handed out are copies; what their slices hold is shared and read-only.
type Entry struct {
	// Seq numbers the requests of one journal from 1 in the order of their arrival, across resets.
	Seq uint64
	// Time is the instant of arrival by the server's clock.
	Time time.Time
	// RequestID is what the reply carries in its CF-Ray header.
	RequestID string
	// Method and Query are as the client sent them. Path is too, still escaped, but without the API's base
	// path: "/user/tokens". A path outside the base path stands in full.
	Method, Path, Query string
	// Route is the path's row in the operations table, with placeholders in braces; empty for an unknown
	// route.
	Route string
	// Address is the client's address as IP conditions see it; empty until the request was decided on.
	Address string
	// Credential names the credential that decided: the ref of its seed, else a token's id, else the id of
	// the key's user. It is empty when there is none, or an unknown one. It is never the secret.
	Credential string
	// CredentialKind is user_token, account_token, global_key, origin_ca_key or vultr_key, empty with
	// Credential. CredentialID is the id of a token, the id of the user of a key.
	CredentialKind, CredentialID string
	// Status is the HTTP status of the reply; zero while the request has none, and when the connection was
	// closed before the request was acted on.
	Status int
	// Decided is true once the engine judged the request. It stays false for requests that were answered
	// before gate 1, such as those to unknown routes and those that the rate limit refused (Status 429).
	Decided bool
	// Allowed is the decision. It is false for a request that was not decided on.
	Allowed bool
	// Gate and Reason are the gate that refused (authorization model §6) and its reason name; zero and
	// empty when none did.
	Gate   int
	Reason string
	// Sentence explains the refusal in one sentence; empty when the request was allowed.
	Sentence string
	// Trace lists what became of every gate (authorization model §9); nil when the request was not decided
	// on, or was decided per object, as lists are.
	Trace []authz.Step
	// Fault says which injected fault struck; empty for none.
	Fault string
}

// Filter selects entries. It must not change or keep the entry.
type Filter func(*Entry) bool

// Journal keeps the newest requests in the order of their arrival. It is safe for concurrent use.
type Journal struct {
	size uint64 // how many entries are kept
	mu   sync.Mutex
	ring []Entry // the entry with sequence number n lies at (n-1) % size
	// first is the sequence number of the oldest entry kept, last that of the newest; last < first when
	// there is none.
	first, last uint64
	dropped     uint64
}

// New returns an empty journal for the newest size requests, [DefaultSize] of them if size is not positive.
// Memory is taken as requests come.
func New(size int) *Journal {
	if size <= 0 {
		size = DefaultSize
	}
	return &Journal{size: uint64(size), first: 1}
}

// Record is the handle on one request that is under way.
type Record struct {
	journal *Journal
	seq     uint64
}

// Begin enters a request at its arrival. The sequence number is the journal's to give.
func (j *Journal) Begin(e Entry) Record {
	e.Method, e.Path, e.Query = bounded(e.Method), bounded(e.Path), bounded(e.Query)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e.Seq = j.last
	if uint64(len(j.ring)) < j.size {
		j.ring = append(j.ring, e)
		return Record{j, e.Seq}
	}
	j.ring[j.slot(e.Seq)] = e
	if j.last-j.first >= j.size {
		j.first++
		j.dropped++
	}
	return Record{j, e.Seq}
}

// Update changes the entry of the request; it does nothing when the entry was pushed out or reset in the
// meantime. The function runs under the journal's lock: it must be quick and must not call the journal. The
// sequence number cannot be changed.
func (r Record) Update(change func(*Entry)) {
	j := r.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	if r.seq < j.first {
		return
	}
	e := &j.ring[j.slot(r.seq)]
	change(e)
	e.Seq = r.seq
}

// Entries returns, oldest first, copies of the entries that every filter selects.
func (j *Journal) Entries(filters ...Filter) []Entry {
	var out []Entry
	j.each(filters, func(e *Entry) { out = append(out, *e) })
	return out
}

// Count returns how many entries every filter selects.
func (j *Journal) Count(filters ...Filter) int {
	n := 0
	j.each(filters, func(*Entry) { n++ })
	return n
}

// Dropped returns how many entries newer ones have pushed out since the journal was made.
func (j *Journal) Dropped() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dropped
}

// Reset forgets all entries, also those of requests that are under way.
func (j *Journal) Reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.first = j.last + 1
	// The slots keep their places, so that sequence numbers go on; what they hold is let go.
	clear(j.ring)
}

func (j *Journal) each(filters []Filter, do func(*Entry)) {
	j.mu.Lock()
	defer j.mu.Unlock()
next:
	for seq := j.first; seq <= j.last; seq++ {
		e := &j.ring[j.slot(seq)]
		for _, selects := range filters {
			if !selects(e) {
				continue next
			}
		}
		do(e)
	}
}

// slot is where the entry with a sequence number lies.
func (j *Journal) slot(seq uint64) uint64 {
	return (seq - 1) % j.size
}

// bounded cuts a text to the length that the journal keeps. It always copies:
// method, path and query are parts of one string, the request line, which one
// of them would keep alive in full length.
func bounded(s string) string {
	if len(s) <= maxText {
		return strings.Clone(s)
	}
	return s[:maxText] + "…"
}
