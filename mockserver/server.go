// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/faults"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// Server is one world and the API on it. It is safe for concurrent use. [New] makes one; it serves through
// its Handler at once, and on an address of its own from Start to Close.
type Server struct {
	options     Options
	world       *state.World
	worldOpts   state.Options
	credentials []seed.Credential
	journal     *journal.Journal
	faults      *faults.Set
	api         http.Handler // what requests reach when no fault strikes
	control     http.Handler
	handler     http.Handler

	idPrefix uint32
	requests atomic.Uint64
	underWay underWay

	mu       sync.Mutex
	http     *http.Server
	listener net.Listener
	served   chan error // holds what Serve returned, then is closed
	closed   bool
}

// New makes a server for the world that the options describe. A seed with mistakes is refused with
// [*seed.Errors], which names every one of them with its line.
func New(options Options) (*Server, error) {
	options = options.withDefaults()
	options.TrustedProxies = slices.Clone(options.TrustedProxies)
	s := &Server{
		options:   options,
		worldOpts: state.Options{IDs: options.IDs, Secrets: options.Secrets, HashKey: newHashKey()},
		journal:   journal.New(options.JournalSize),
		idPrefix:  newIDPrefix(),
	}
	s.world = state.New(s.worldOpts)
	name, data := options.SeedName, options.Seed
	if data == nil {
		name, data = seed.BuiltinName, seed.Builtin()
	}
	if len(data) == 0 {
		return nil, fmt.Errorf("%s: the seed is empty", name)
	}
	loaded, err := seed.Load(name, data, s.world)
	if err != nil {
		return nil, err
	}
	s.credentials = loaded.Credentials
	s.faults = faults.NewSet(s.snapshot)
	s.api = s.routed(cloudflare.New(cloudflare.Options{
		World:          s.world,
		Clock:          options.Clock,
		TrustedProxies: options.TrustedProxies,
		BodyLimit:      options.BodyLimit,
		TerseErrors:    options.TerseErrors,
		Lenient:        options.Lenient,
		Shuffle:        options.Shuffle,
		OnDecision:     s.decided,
		RateLimit:      newRateLimit(*options.RateLimit),
		OnLimited:      s.limited,
		Logger:         options.Logger,
	}).Handler())
	if s.control, err = newControl(options, s.world); err != nil {
		return nil, err
	}
	s.handler = s.newHandler()
	return s, nil
}

// newControl makes the control plane of a world.
func newControl(options Options, world *state.World) (http.Handler, error) {
	o := control.Options{World: world, Clock: options.Clock, Token: options.ControlToken, BodyLimit: options.BodyLimit, Logger: options.Logger}
	if o.Token != "" {
		if err := control.CheckToken(o.Token); err != nil {
			return nil, err
		}
	}
	if options.PublicURL != "" {
		var err error
		if o.PublicURL, err = control.ParsePublicURL(options.PublicURL); err != nil {
			return nil, err
		}
	}
	return control.New(o).Handler(), nil
}

// Handler serves the API, the control plane, /healthz and /readyz. It works with and without Start.
func (s *Server) Handler() http.Handler { return s.handler }

// World is the server's state. Changes to it count from the next request on; they pass no gate.
func (s *Server) World() *state.World { return s.world }

// Credentials lists the credentials of the seed with their secrets, which nothing else holds in plain text.
// The slice is fresh.
func (s *Server) Credentials() []seed.Credential { return slices.Clone(s.credentials) }

// Journal is the record of the requests that the server saw. Health probes are not among them.
func (s *Server) Journal() *journal.Journal { return s.journal }

// Faults are the faults that are injected into requests; none at first.
func (s *Server) Faults() *faults.Set { return s.faults }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.options.Clock() }

// errStarted and errClosed refuse a second Start, and one after Close.
var (
	errStarted = errors.New("the server has been started already")
	errClosed  = errors.New("the server has been closed")
)

// Start listens on the address of the options and serves in the background. When it returns nil, requests
// are answered. The context bounds the start alone. An address that cannot be used is refused with an
// [*AddressError].
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return errClosed
	case s.http != nil:
		return errStarted
	}
	listener, err := listen(ctx, s.options.Listen, s.options.AllowRemote)
	if err != nil {
		return err
	}
	server := newHTTPServer(s.handler, s.options.Logger)
	served := make(chan error, 1)
	s.listener, s.http, s.served = listener, server, served
	go func() {
		defer close(served)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			served <- fmt.Errorf("serving on %s: %w", listener.Addr(), err)
		}
	}()
	return nil
}

// URL is where the server is reached, "http://127.0.0.1:8787", without the API's base path. It is empty
// before Start. A server that listens on every interface names the loopback one.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil { // a TCP listener's address always has both
		return ""
	}
	if ip := net.ParseIP(host); ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// BaseURL is where the API is reached, "http://127.0.0.1:8787/client/v4". It is empty before Start.
func (s *Server) BaseURL() string {
	url := s.URL()
	if url == "" {
		return ""
	}
	return url + BasePath
}

// ControlURL is where the control plane is reached, "http://127.0.0.1:8787/_control". It is empty before Start.
func (s *Server) ControlURL() string {
	url := s.URL()
	if url == "" {
		return ""
	}
	return url + ControlPath
}

// Failed receives an error when serving ends other than by Close, and is closed when serving has ended. It
// is nil before Start.
func (s *Server) Failed() <-chan error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.served
}

// Close stops the server: it accepts no more requests, lets those under way end until the context does,
// then cuts them off, and returns when none is left. Requests that a fault holds back are cut off at once.
// Close may be called again and without Start. The error is that of the context if connections were cut
// off, and tells if serving had failed before.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	server, served := s.http, s.served
	s.mu.Unlock()
	s.faults.Close()
	if server == nil {
		return nil
	}
	err := server.Shutdown(ctx)
	if err != nil {
		// Closing the connections ends the requests' contexts and their reads and writes.
		err = errors.Join(err, server.Close())
	}
	s.underWay.wait()
	for failure := range served {
		err = errors.Join(err, failure)
	}
	return err
}

// isReady reports whether the server takes requests: not once it is closing.
func (s *Server) isReady() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closed
}

// decided enters a decision into the journal. It runs in the transaction that decided.
func (s *Server) decided(ctx context.Context, d *cloudflare.Decided) {
	explanation := d.Explain()
	if explanation.Decision != d.Decision {
		// A write may have changed the state that it was decided on; a trace of the new one would mislead.
		explanation.Steps, explanation.Sentence = nil, ""
	}
	exchangeOf(ctx).record.Update(func(e *journal.Entry) {
		e.Decided, e.Allowed = true, d.Decision.Allowed
		e.Gate, e.Reason = int(d.Decision.Gate), string(d.Decision.Reason)
		e.Sentence, e.Trace = explanation.Sentence, explanation.Steps
		identify(e, d)
	})
}

// snapshot returns a handler that answers from a copy of the world as it is now.
func (s *Server) snapshot() (http.Handler, error) {
	batch, err := s.world.Export()
	if err != nil {
		return nil, err
	}
	// The hash key is the same, so that credentials are known in the copy; nothing is ever written to it.
	stale, err := state.Replay(s.worldOpts, slices.Values([]state.Batch{batch}))
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exchangeOf(r.Context()).world = stale
		s.api.ServeHTTP(w, r)
	}), nil
}

// nextRequestID returns the id of the next request: 16 hexadecimal digits, unlike those of other servers.
func (s *Server) nextRequestID() string {
	return fmt.Sprintf("%08x%08x", s.idPrefix, s.requests.Add(1)&math.MaxUint32)
}

// QuietGin turns off the notes that package gin writes to standard output. The mode is global to the
// process: programs and the start of tests set it, [New] never does.
func QuietGin() { gin.SetMode(gin.ReleaseMode) }
