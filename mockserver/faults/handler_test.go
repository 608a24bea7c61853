// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faults_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/faults"
)

// bench is a small API behind a set of faults: it counts how often it acts.
type bench struct {
	*httptest.Server
	set   *faults.Set
	acted atomic.Int64

	mu     sync.Mutex
	noted  []string
	status int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{}
	api := func(prefix string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b.acted.Add(1)
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Errorf("the API reads the body: %v", err)
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Acted", "yes")
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprintf(w, `{"result":"%s %s%s %s"}`, r.Method, prefix, r.URL.Path, body)
		})
	}
	b.set = faults.NewSet(func() (http.Handler, error) { return api("stale "), nil })
	b.Server = httptest.NewServer(b.set.Handler(api(""), faults.Surroundings{
		Request: func(r *http.Request) faults.Request {
			return faults.Request{
				Method: r.Method, Path: r.URL.Path,
				Credential: func() (string, string) { return r.Header.Get("X-Ref"), "id-of-" + r.Header.Get("X-Ref") },
			}
		},
		Note: func(_ *http.Request, fault string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.noted = append(b.noted, fault)
		},
		Status: func(_ *http.Request, status int) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.status = status
		},
		Shuffled: func(r *http.Request, seed uint64) *http.Request {
			r = r.Clone(r.Context())
			r.URL.Path += fmt.Sprint(" shuffled by chance: ", seed != 0)
			return r
		},
		Envelope:     func(status int) []byte { return fmt.Appendf(nil, `{"errors":[{"code":%d}]}`, status) },
		BodyLimit:    1 << 20,
		WriteTimeout: time.Minute,
	}))
	t.Cleanup(func() {
		b.set.Close()
		b.Close()
	})
	return b
}

func (b *bench) add(t *testing.T, f faults.Fault) *faults.Handle {
	t.Helper()
	handle, err := b.set.Add(f)
	if err != nil {
		t.Fatal(err)
	}
	return handle
}

// answer is a reply as far as tests look at it.
type answer struct {
	status int
	header http.Header
	text   string
}

// send sends a request over a connection of its own, so that nothing is repeated behind the test's back.
func (b *bench) send(ctx context.Context, method, path, ref, body string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, b.URL+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("X-Ref", ref)
	r.Close = true
	resp, err := b.Client().Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text)}, err
}

// mustSend fails the test unless there is a whole reply.
func (b *bench) mustSend(t *testing.T, method, path, ref, body string) answer {
	t.Helper()
	got, err := b.send(t.Context(), method, path, ref, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

func (b *bench) notes() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.noted, "; ")
}

func TestWithoutFaultsRequestsPass(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := b.mustSend(t, "POST", "/a", "", "hello"); got.status != 202 || got.text != `{"result":"POST /a hello"}` {
		t.Errorf("got %d %s", got.status, got.text)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                  string
		fault                 faults.Fault
		status                int
		body, contentType, ra string
		note                  string
	}{
		{
			name: "status", fault: faults.Fault{Status: 503},
			status: 503, body: `{"errors":[{"code":503}]}`, contentType: "application/json", note: "status 503",
		},
		{
			name: "status with a body that is no JSON", fault: faults.Fault{Status: 502, Body: "<html>Bad gateway</html>"},
			status: 502, body: "<html>Bad gateway</html>", contentType: "text/html; charset=utf-8", note: "status 502",
		},
		{
			name: "body alone", fault: faults.Fault{Body: `{"result":null}`},
			status: 200, body: `{"result":null}`, contentType: "application/json", note: "status 200",
		},
		{
			name: "rate limit", fault: faults.Fault{RetryAfter: 1500 * time.Millisecond},
			status: 429, body: `{"errors":[{"code":429}]}`, contentType: "application/json", ra: "2", note: "status 429",
		},
		{
			name: "status with retry-after", fault: faults.Fault{Status: 503, RetryAfter: 3 * time.Second},
			status: 503, body: `{"errors":[{"code":503}]}`, contentType: "application/json", ra: "3", note: "status 503",
		},
		{name: "no content", fault: faults.Fault{Status: 204}, status: 204, note: "status 204"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			handle := b.add(t, tt.fault)
			got := b.mustSend(t, "PUT", "/a", "", "hello")
			if got.status != tt.status || got.text != tt.body {
				t.Errorf("got %d %q, want %d %q", got.status, got.text, tt.status, tt.body)
			}
			if got := got.header.Get("Content-Type"); got != tt.contentType {
				t.Errorf("Content-Type %q, want %q", got, tt.contentType)
			}
			if got := got.header.Get("Retry-After"); got != tt.ra {
				t.Errorf("Retry-After %q, want %q", got, tt.ra)
			}
			if b.acted.Load() != 0 {
				t.Error("the API acted")
			}
			if got := b.notes(); got != tt.note {
				t.Errorf("noted %q, want %q", got, tt.note)
			}
			if handle.Struck() != 1 {
				t.Errorf("struck %d requests", handle.Struck())
			}
		})
	}
}

func TestDrops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault faults.Fault
		acted int64
		note  string
	}{
		{"before", faults.Fault{DropBefore: true}, 0, "drop before acting"},
		{"after", faults.Fault{DropAfter: true}, 1, "act, then drop the reply"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.add(t, tt.fault)
			_, err := b.send(t.Context(), "POST", "/a", "", strings.Repeat("x", 100_000))
			if !errors.Is(err, io.EOF) {
				t.Errorf("the client gets %v, want an end of file", err)
			}
			if got := b.acted.Load(); got != tt.acted {
				t.Errorf("the API acted %d times, want %d", got, tt.acted)
			}
			if got := b.notes(); got != tt.note {
				t.Errorf("noted %q, want %q", got, tt.note)
			}
			if b.status != int(tt.acted)*http.StatusAccepted {
				t.Errorf("status %d told", b.status)
			}
		})
	}
}

func TestTruncateBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.add(t, faults.Fault{TruncateBody: true})
	got, err := b.send(t.Context(), "POST", "/a", "", "hello")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("the client gets %v, want an unexpected end of file", err)
	}
	if got.status != 202 || got.header.Get("X-Acted") != "yes" || got.text != `{"result":"PO` {
		t.Errorf("got %d %q %v", got.status, got.text, got.header)
	}
	if b.acted.Load() != 1 {
		t.Error("the API did not act")
	}
}

func TestStaleReads(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	handle := b.add(t, faults.Fault{StaleReads: true})
	if got := b.mustSend(t, "GET", "/a", "", ""); got.text != `{"result":"GET stale /a "}` {
		t.Errorf("a read gets %s", got.text)
	}
	if got := b.mustSend(t, "PUT", "/a", "", ""); got.text != `{"result":"PUT /a "}` {
		t.Errorf("a write gets %s", got.text)
	}
	if handle.Struck() != 1 {
		t.Errorf("struck %d requests, want the read alone", handle.Struck())
	}
	handle.Remove()
	handle.Remove()
	if got := b.mustSend(t, "GET", "/a", "", ""); got.text != `{"result":"GET /a "}` {
		t.Errorf("after the fault a read gets %s", got.text)
	}
}

func TestShuffleReplies(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	handle := b.add(t, faults.Fault{ShuffleReplies: true})
	if got := b.mustSend(t, "GET", "/a", "", ""); got.text != `{"result":"GET /a shuffled by chance: true "}` {
		t.Errorf("got %s", got.text)
	}
	handle.Remove()
	b.add(t, faults.Fault{ShuffleReplies: true, StaleReads: true})
	if got := b.mustSend(t, "GET", "/a", "", ""); got.text != `{"result":"GET stale /a shuffled by chance: true "}` {
		t.Errorf("got %s", got.text)
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const delay = 30 * time.Millisecond
	b.add(t, faults.Fault{Delay: delay})
	start := time.Now()
	if got := b.mustSend(t, "POST", "/a", "", "hello"); got.text != `{"result":"POST /a hello"}` {
		t.Errorf("got %s", got.text)
	}
	if took := time.Since(start); took < delay {
		t.Errorf("the reply came after %s", took)
	}
}

func TestDelayEndsWithTheClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.add(t, faults.Fault{Delay: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := b.send(ctx, "POST", "/a", "", "hello"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the client gets %v", err)
	}
	// Close waits for requests under way; it would take the hour.
	b.CloseClientConnections()
	b.Close()
	if b.acted.Load() != 0 {
		t.Error("the API acted for a client that went away")
	}
}

func TestDelayEndsWithTheSet(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.add(t, faults.Fault{Delay: time.Hour})
	time.AfterFunc(20*time.Millisecond, b.set.Close)
	if _, err := b.send(t.Context(), "POST", "/a", "", "hello"); !errors.Is(err, io.EOF) {
		t.Errorf("the client gets %v, want an end of file", err)
	}
}
