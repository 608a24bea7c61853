// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faults

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Surroundings are what the faults need of the server that they stand in.
type Surroundings struct {
	// Request describes a request to the rules.
	Request func(*http.Request) Request
	// Note is told which fault strikes a request, before it does. Status is told the status of a reply that
	// the client will not get.
	Note   func(r *http.Request, fault string)
	Status func(r *http.Request, status int)
	// Shuffled returns a request whose reply the API puts into an order drawn from the seed, which is not
	// zero, wherever it promises none.
	Shuffled func(r *http.Request, seed uint64) *http.Request
	// Envelope is the body of the API's error reply with that status.
	Envelope func(status int) []byte
	// BodyLimit bounds how much of a request's body, in bytes, is read before the fault strikes.
	BodyLimit int64
	// WriteTimeout is what the server allows for a reply; delays extend it.
	WriteTimeout time.Duration
}

// Handler returns a handler that lets requests through to next unless a fault strikes. A dropped connection
// is a panic with [http.ErrAbortHandler], which net/http carries out.
func (s *Set) Handler(next http.Handler, around Surroundings) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.busy.Load() {
			next.ServeHTTP(w, r)
			return
		}
		description := around.Request(r)
		rule, seed := s.strike(&description)
		if rule == nil {
			next.ServeHTTP(w, r)
			return
		}
		around.Note(r, rule.fault.String())
		// A connection with an unread body is reset rather than closed, and net/http notices that a client
		// went away only after the body.
		prefetch(r, around.BodyLimit)
		if !s.wait(w, r, rule.fault.Delay, around.WriteTimeout) {
			panic(http.ErrAbortHandler)
		}
		act(w, r, next, rule, seed, &around)
	})
}

// act does to the request what the rule says.
func act(w http.ResponseWriter, r *http.Request, next http.Handler, rule *rule, seed uint64, around *Surroundings) {
	f := &rule.fault
	if f.StaleReads {
		next = rule.stale
	}
	if f.ShuffleReplies {
		r = around.Shuffled(r, max(seed, 1))
	}
	switch {
	case f.answers():
		answer(w, f, around)
	case f.DropBefore:
		panic(http.ErrAbortHandler)
	case f.DropAfter:
		reply := record(next, r)
		around.Status(r, reply.status)
		panic(http.ErrAbortHandler)
	case f.TruncateBody:
		record(next, r).truncate(w)
	default:
		next.ServeHTTP(w, r)
	}
}

// prefetch reads the request's body into memory, up to the limit, and puts it back.
func prefetch(r *http.Request, limit int64) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	// One byte more, so that the API still sees that a body is too long.
	head, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	rest := io.Reader(r.Body)
	if err != nil {
		rest = failing{err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), r.Body}
}

// failing is a reader that failed.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// wait holds the request back. It reports false when the client or the server went away meanwhile.
func (s *Set) wait(w http.ResponseWriter, r *http.Request, delay, writeTimeout time.Duration) bool {
	if delay <= 0 {
		return true
	}
	if writeTimeout > 0 {
		// Without support for deadlines there is none to extend.
		_ = http.NewResponseController(w).SetWriteDeadline(deadline(delay + writeTimeout))
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-s.closed:
		return false
	}
}

// answer replies in the API's stead.
func answer(w http.ResponseWriter, f *Fault, around *Surroundings) {
	status, body := f.status(), []byte(f.Body)
	if f.Body == "" {
		body = around.Envelope(status)
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8") // what a proxy's own error page is
	if json.Valid(body) {
		header.Set("Content-Type", "application/json")
	}
	if f.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		header.Del("Content-Type")
		body = nil
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away needs no reply
}
