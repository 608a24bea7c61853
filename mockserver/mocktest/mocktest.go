// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package mocktest gives every test a reference server of its own: a fresh world in the test's process,
// reached over HTTP on the loopback interface, with a clock that can be moved, faults that can be injected
// and a journal of what was asked and decided. It is the same server as the command's. Programs never
// import this package.
package mocktest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/faults"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/ratelimit"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// Package gin would greet every test on standard output. Its mode is global to the process, so it is set
// here, before any server runs.
func init() { mockserver.QuietGin() }

// Server is a running server with its own world. Its methods may be called from several goroutines; those
// that can fail the test, only from the test's.
type Server struct {
	// URL is the server's root, "http://127.0.0.1:41234", BaseURL the API's base, URL + "/client/v4".
	URL, BaseURL string

	tb     testing.TB
	server *mockserver.Server
	clock  *mockserver.Clock
	client *http.Client

	controlToken string
}

// The types that faults and the journal speak in.
type (
	// Fault says which requests go wrong, and how.
	Fault = faults.Fault
	// FaultHandle removes a fault and tells how often it struck.
	FaultHandle = faults.Handle
	// JournalEntry is one request that the server saw.
	JournalEntry = journal.Entry
	// JournalFilter selects entries of the journal.
	JournalFilter = journal.Filter
)

// Option changes the server that [New] starts.
type Option func(*settings)

type settings struct {
	options mockserver.Options
	clock   *mockserver.Clock
	err     error // what is wrong with an option
}

// WithSeed gives the server the world that a seed describes, as YAML or JSON, instead of the built-in one.
func WithSeed(seed string) Option {
	return func(s *settings) { s.options.Seed, s.options.SeedName = []byte(seed), "seed.yaml" }
}

// WithClock freezes the server's clock at t; Advance and SetTime move it. Without this option the clock is
// the machine's, plus what Advance added.
func WithClock(t time.Time) Option {
	return func(s *settings) { s.clock = mockserver.NewFrozenClock(t) }
}

// WithShuffledReplies makes the server answer in another order each time wherever the API promises none:
// permission groups, policies, items of lists. The orders follow from the seed.
func WithShuffledReplies(seed uint64) Option {
	return func(s *settings) { s.options.Shuffle = max(seed, 1) }
}

// WithSeededIDs makes the identifiers and secrets of new objects follow from the seed, the same in every run.
func WithSeededIDs(seed uint64) Option {
	return func(s *settings) {
		s.options.IDs, s.options.Secrets = mockserver.SeededIDs(seed), mockserver.SeededSecrets(seed)
	}
}

// WithRateLimit limits requests as the server's flag does: "published", or "N/WINDOW" such as "1200/5m" (see
// [ratelimit.Parse], whose windows follow the server's clock). Without this option nothing is limited. A text that
// cannot be read fails the test.
func WithRateLimit(text string) Option {
	return func(s *settings) {
		policy, err := ratelimit.Parse(text)
		s.options.RateLimit, s.err = &policy, errors.Join(s.err, err)
	}
}

// WithOptions changes any of the server's options. It runs after the package has made its own choices, and
// in the order of the options; a Clock set here is not moved by Advance and SetTime.
func WithOptions(change func(*mockserver.Options)) Option {
	return func(s *settings) { change(&s.options) }
}

// closeGrace is how long the end of a test waits for requests under way. A test that is over awaits no
// reply, and a client may hold connections open that it never used.
const closeGrace = 100 * time.Millisecond

// New starts a server with its own world, the built-in one unless an option says otherwise. It is closed when
// the test ends. A seed with mistakes fails the test.
func New(tb testing.TB, opts ...Option) *Server {
	tb.Helper()
	s := settings{clock: mockserver.NewClock()}
	s.options.Listen = "127.0.0.1:0"
	s.options.Clock = func() time.Time { return s.clock.Now() }
	s.options.RateLimit = &ratelimit.Policy{}
	for _, opt := range opts {
		opt(&s)
	}
	if s.err != nil {
		tb.Fatalf("mocktest: %v", s.err)
	}
	server, err := mockserver.New(s.options)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	if err := server.Start(tb.Context()); err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	transport := &http.Transport{}
	tb.Cleanup(func() {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), closeGrace)
		defer cancel()
		_ = server.Close(ctx) // it tells that connections were cut off, which is fine at the end of a test
	})
	return &Server{
		URL: server.URL(), BaseURL: server.BaseURL(),
		tb: tb, server: server, clock: s.clock, client: &http.Client{Transport: transport},
		controlToken: s.options.ControlToken,
	}
}

// World is the server's state. Changes to it pass no gate and count from the next request on.
func (s *Server) World() *state.World { return s.server.World() }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.server.Now() }

// Advance moves the server's clock by d: tokens expire, and become valid, at once.
func (s *Server) Advance(d time.Duration) { s.clock.Advance(d) }

// SetTime makes the server's clock show t. Unless [WithClock] froze it, it runs on from there.
func (s *Server) SetTime(t time.Time) { s.clock.Set(t) }

// Fault injects a fault. It is active until it is removed, has struck as often as its Times say, or the test
// ends. A fault that contradicts itself fails the test.
func (s *Server) Fault(f Fault) *FaultHandle {
	s.tb.Helper()
	handle, err := s.server.Faults().Add(f)
	if err != nil {
		s.tb.Fatalf("mocktest: %v", err)
	}
	return handle
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.server.Faults().Clear() }
