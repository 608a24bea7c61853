// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// exchange is what the server knows of one request under way. It belongs to the request's goroutine.
type exchange struct {
	id      string
	arrival time.Time // by the server's clock
	path    string    // below the base path, escaped; in full outside it
	route   string    // its row in the operations table, or ""
	inside  bool      // whether the path lies at or below the base path

	record  journal.Record
	written bool // whether the reply has begun

	world   *state.World // an older world that answers; nil is the server's own
	shuffle uint64       // seeds the order of the reply; zero is the server's own choice
}

// newExchange describes a request at its arrival.
func newExchange(r *http.Request, id string, arrival time.Time) *exchange {
	x := &exchange{id: id, arrival: arrival, path: r.URL.EscapedPath()}
	rest, found := strings.CutPrefix(x.path, BasePath)
	if x.inside = found && (rest == "" || rest[0] == '/'); !x.inside {
		return x
	}
	x.path = rest
	if op, _, status := catalog.MatchRoute(r.Method, rest); status == catalog.MatchFound {
		x.route = op.Route
	}
	return x
}

type exchangeKey struct{}

// withExchange attaches the exchange to the request's context.
func withExchange(r *http.Request, x *exchange) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
}

// exchangeOf finds the exchange that the chain attached. Every request that passed the chain has one; a
// context of another origin gets an empty one, which goes nowhere.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// recorder is the ResponseWriter of one exchange. It notes the status in the journal before the first byte
// leaves, so that a client that has its reply finds the entry complete.
type recorder struct {
	http.ResponseWriter
	exchange *exchange
}

// WriteHeader notes and sends the status.
func (w *recorder) WriteHeader(status int) {
	if !w.exchange.written && status >= http.StatusOK {
		w.exchange.written = true
		w.exchange.record.Update(func(e *journal.Entry) { e.Status = status })
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends bytes of the body, and status 200 before the first unless there was another.
func (w *recorder) Write(b []byte) (int, error) {
	if !w.exchange.written {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Flush sends what is buffered, if the connection can.
func (w *recorder) Flush() {
	_ = http.NewResponseController(w.ResponseWriter).Flush() // without support there is nothing to do
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// underWay counts the requests under way. Unlike a WaitGroup it may be entered while somebody waits: a
// connection that is being closed may still bring a request.
type underWay struct {
	mu    sync.Mutex
	count int
	none  chan struct{} // closed when the count falls to zero; nil while nobody waits
}

func (u *underWay) enter() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count++
}

func (u *underWay) leave() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count--
	if u.count == 0 && u.none != nil {
		close(u.none)
		u.none = nil
	}
}

// wait returns when no request is under way.
func (u *underWay) wait() {
	u.mu.Lock()
	if u.count == 0 {
		u.mu.Unlock()
		return
	}
	if u.none == nil {
		u.none = make(chan struct{})
	}
	none := u.none
	u.mu.Unlock()
	<-none
}
