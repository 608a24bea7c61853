// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/faults"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
)

// newHandler puts the chain together: health, the control plane, then for every other request its id and journal
// entry, recovery, faults, and the API. No fault strikes the control plane, and it is not in the journal.
func (s *Server) newHandler() http.Handler {
	inner := s.recovered(s.faults.Handler(s.api, s.surroundings()))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health("ok", func() bool { return true }))
	mux.HandleFunc("GET /readyz", health("ready", s.isReady))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would clean paths and redirect, so the API stays out of it.
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			mux.ServeHTTP(w, r)
			return
		}
		s.underWay.enter()
		defer s.underWay.leave()
		if rest, found := strings.CutPrefix(r.URL.Path, ControlPath); found && (rest == "" || rest[0] == '/') {
			s.control.ServeHTTP(w, r)
			return
		}
		s.journaled(w, r, inner)
	})
}

// health answers probes: 200 with the status, 503 when it does not hold.
func health(status string, holds func() bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if !holds() {
			writeJSON(w, http.StatusServiceUnavailable, []byte(`{"status":"not `+status+`"}`))
			return
		}
		writeJSON(w, http.StatusOK, []byte(`{"status":"`+status+`"}`))
	}
}

// journaled gives the request its id and its entry, and logs how it ended.
func (s *Server) journaled(w http.ResponseWriter, r *http.Request, next http.Handler) {
	start := machineClock()
	x := newExchange(r, s.nextRequestID(), s.options.Clock())
	w.Header().Set("CF-Ray", x.id)
	// The clock that tokens are judged by, which need not be the machine's.
	w.Header().Set("Date", x.arrival.UTC().Format(http.TimeFormat))
	x.record = s.journal.Begin(journal.Entry{
		Time: x.arrival, RequestID: x.id, Method: r.Method, Path: x.path, Query: r.URL.RawQuery, Route: x.route,
	})
	defer s.logRequest(r.Context(), x, start)
	next.ServeHTTP(&recorder{ResponseWriter: w, exchange: x}, withExchange(r, x))
}

// logRequest writes the access log. Queries and bodies stay out of it.
func (s *Server) logRequest(ctx context.Context, x *exchange, start time.Time) {
	if !s.options.Logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	var entry journal.Entry
	x.record.Update(func(e *journal.Entry) { entry = *e })
	attrs := []slog.Attr{
		slog.String("id", x.id), slog.String("method", entry.Method), slog.String("path", entry.Path),
		slog.Int("status", entry.Status), slog.Duration("took", elapsed(start)),
	}
	for _, a := range []slog.Attr{
		slog.String("credential", entry.Credential), slog.String("reason", entry.Reason), slog.String("fault", entry.Fault),
	} {
		if a.Value.String() != "" {
			attrs = append(attrs, a)
		}
	}
	s.options.Logger.LogAttrs(ctx, slog.LevelInfo, "request", attrs...)
}

// recovered answers 500 for a panic below it. The log gets the stack, and the panic's value only where that
// cannot hold anything of the request.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler) // a fault drops the connection
			}
			x := exchangeOf(r.Context())
			s.options.Logger.LogAttrs(r.Context(), slog.LevelError, "panic while answering a request",
				slog.String("id", x.id), slog.String("panic", describePanic(value)), slog.String("stack", string(debug.Stack())))
			if x.written {
				panic(http.ErrAbortHandler) // half a reply cannot be taken back
			}
			w.Header().Set("X-Should-Retry", "false")
			writeJSON(w, http.StatusInternalServerError, envelope(http.StatusInternalServerError, "Internal server error"))
		}()
		next.ServeHTTP(w, r)
	})
}

// describePanic names a panic: the text of a runtime error, the type of anything else.
func describePanic(value any) string {
	if err, ok := value.(interface {
		error
		RuntimeError()
	}); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", value)
}

// routed hands requests to the API with what the chain knows of them, and answers those beside its base path.
func (s *Server) routed(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		if !x.inside {
			writeJSON(w, http.StatusNotFound, envelope(http.StatusNotFound,
				"Nothing is served at "+x.path+": the API lies below "+BasePath))
			return
		}
		ctx := cloudflare.WithAmbient(r.Context(), cloudflare.Ambient{
			RequestID: x.id, Arrival: x.arrival, World: x.world, Shuffle: x.shuffle,
		})
		api.ServeHTTP(w, r.WithContext(ctx))
	})
}

// surroundings connect the faults to the server.
func (s *Server) surroundings() faults.Surroundings {
	return faults.Surroundings{
		Request: func(r *http.Request) faults.Request {
			x := exchangeOf(r.Context())
			return faults.Request{
				Method: r.Method, Path: x.path, Route: x.route,
				Credential: func() (ref, id string) { return s.presented(r) },
			}
		},
		Note: func(r *http.Request, fault string) {
			exchangeOf(r.Context()).record.Update(func(e *journal.Entry) { e.Fault = fault })
		},
		Status: func(r *http.Request, status int) {
			exchangeOf(r.Context()).record.Update(func(e *journal.Entry) { e.Status = status })
		},
		Shuffled: func(r *http.Request, seed uint64) *http.Request {
			exchangeOf(r.Context()).shuffle = seed
			return r
		},
		Envelope: func(status int) []byte {
			return envelope(status, "Injected fault: "+strings.ToLower(http.StatusText(status)))
		},
		BodyLimit:    s.options.BodyLimit,
		WriteTimeout: writeTimeout,
	}
}

// envelope is an error reply in the API's form, for what is answered before the API is reached.
func envelope(code int, message string) []byte {
	type item struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	body, err := json.Marshal(struct {
		Success  bool   `json:"success"`
		Errors   []item `json:"errors"`
		Messages []item `json:"messages"`
		Result   *item  `json:"result"`
	}{Errors: []item{{code, message}}, Messages: []item{}})
	if err != nil { // strings and numbers always encode
		return []byte(`{"success":false,"errors":[],"messages":[],"result":null}`)
	}
	return body
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a client that went away needs no reply
}
