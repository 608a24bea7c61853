// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

const (
	testToken  = "cfut_0123456789abcdefghijklmnopqrstuvwxyzABCD89abcdef"
	testAPIKey = "0123456789abcdef0123456789abcdef01234"
	testEmail  = "ops@example.com"
	hexID      = "0123456789abcdef0123456789abcdef"

	// nowhere is where nobody listens. The port of a server that was closed may be another test's by now.
	nowhere = "http://127.0.0.1:1"
)

// fakeTime is a clock that moves only when somebody waits for it.
type fakeTime struct {
	mu       sync.Mutex
	now      time.Time
	slept    []time.Duration
	backoffs int
	onSleep  func()
}

func newFakeTime() *fakeTime {
	// Near the real time, so that real context deadlines compare sensibly.
	return &fakeTime{now: time.Now().Truncate(time.Second)}
}

func (f *fakeTime) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fakeTime) sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	onSleep := f.onSleep
	f.mu.Unlock()
	if onSleep != nil {
		onSleep()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(f.now.Add(d)) {
		return context.DeadlineExceeded
	}
	f.now = f.now.Add(d)
	f.slept = append(f.slept, d)
	return nil
}

func (f *fakeTime) backoff(time.Duration, time.Duration, int, *http.Response) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.backoffs++
	return 0
}

func (f *fakeTime) waits() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]time.Duration(nil), f.slept...)
}

func (f *fakeTime) environment() environment {
	return environment{
		now: f.Now, sleep: f.sleep, backoff: f.backoff,
		backoffBase: time.Second, backoffCap: 15 * time.Second, maxBody: defaultMaxBody,
	}
}

// seen is one request as the test server saw it.
type seen struct {
	Method, Path, Query, Body string
	Header                    http.Header
}

// fakeAPI records what it is asked and answers with the handler.
type fakeAPI struct {
	*httptest.Server
	mu       sync.Mutex
	requests []seen
}

func newFakeAPI(t *testing.T, handler http.HandlerFunc) *fakeAPI {
	t.Helper()
	api := &fakeAPI{}
	api.Server = httptest.NewServer(api.record(handler))
	t.Cleanup(api.Close)
	return api
}

// newPipedAPI is newFakeAPI for a test in a bubble of package synctest, where time passes only while everybody
// waits: whoever waits for the network would not count as that. The transport is the way to it.
func newPipedAPI(t *testing.T, handler http.HandlerFunc) (*fakeAPI, *http.Transport) {
	t.Helper()
	pipes := &pipeListener{dialled: make(chan net.Conn), closed: make(chan struct{})}
	api := &fakeAPI{}
	api.Server = &httptest.Server{Listener: pipes, Config: &http.Server{Handler: api.record(handler)}}
	api.Start()
	t.Cleanup(api.Close)
	transport := newIsolatedTransport(t)
	transport.DialContext = pipes.dial
	return api, transport
}

// pipeListener accepts connections that are dialled by its own method, within the process.
type pipeListener struct {
	dialled chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.dialled <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for the next connection.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.dialled:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is one that stands for this machine.
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (a *fakeAPI) record(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		a.mu.Lock()
		a.requests = append(a.requests, seen{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
		a.mu.Unlock()
		w.Header()["Date"] = nil // the machine's, which is not the test's clock
		// For the handler again: the newest request on record may be another's.
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler(w, r)
	}
}

// bodyOf is the body of the request that a handler is answering.
func bodyOf(r *http.Request) string {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err) // record has put it into memory
	}
	return string(body)
}

func (a *fakeAPI) all() []seen {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]seen(nil), a.requests...)
}

// count counts the requests with that method and path; an empty one matches all.
func (a *fakeAPI) count(method, path string) int {
	n := 0
	for _, r := range a.all() {
		if (method == "" || r.Method == method) && (path == "" || r.Path == path) {
			n++
		}
	}
	return n
}

// newTestClient is a client of that server on a clock of its own.
func newTestClient(t *testing.T, baseURL string, change ...func(*Options, *environment)) (*Client, *fakeTime) {
	t.Helper()
	clock := newFakeTime()
	opts := Options{
		BaseURL: baseURL, Credential: Credential{APIToken: testToken}, MaxRetries: 3,
		Transport: newIsolatedTransport(t),
	}
	env := clock.environment()
	for _, f := range change {
		f(&opts, &env)
	}
	c, err := newClient(opts, env)
	if err != nil {
		t.Fatalf("newClient: %v", err)
	}
	return c, clock
}

// newIsolatedTransport keeps the connections of one test to itself.
func newIsolatedTransport(t *testing.T) *http.Transport {
	t.Helper()
	transport := newTransport()
	transport.Proxy = nil
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// success answers with an envelope around the result.
func success(w http.ResponseWriter, result any) {
	answer(w, http.StatusOK, map[string]any{"result": result, "success": true, "errors": []any{}, "messages": []any{}})
}

// refuse answers with an envelope around one error.
func refuse(w http.ResponseWriter, status, code int, message string) {
	answer(w, status, map[string]any{
		"result": nil, "success": false, "messages": []any{},
		"errors": []any{map[string]any{"code": code, "message": message}},
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// dropReply closes the connection without an answer, after the request has been read.
func dropReply(http.ResponseWriter) { panic(http.ErrAbortHandler) }
