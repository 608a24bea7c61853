// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
)

func TestEveryBoundIsSet(t *testing.T) {
	t.Parallel()
	server := newHTTPServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	for name, bound := range map[string]time.Duration{
		"ReadHeaderTimeout": server.ReadHeaderTimeout, "ReadTimeout": server.ReadTimeout,
		"WriteTimeout": server.WriteTimeout, "IdleTimeout": server.IdleTimeout,
	} {
		if bound <= 0 || bound > 5*time.Minute {
			t.Errorf("%s is %s", name, bound)
		}
	}
	if server.MaxHeaderBytes <= 0 || server.MaxHeaderBytes > 1<<20 || server.ErrorLog == nil {
		t.Errorf("MaxHeaderBytes %d, ErrorLog %v", server.MaxHeaderBytes, server.ErrorLog)
	}
}

// panicking serves a request through the chain with an API that panics.
func panicking(t *testing.T, api http.HandlerFunc) (*httptest.ResponseRecorder, *Server, string, any) {
	t.Helper()
	var log bytes.Buffer
	s := &Server{
		options: Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}.withDefaults(),
		journal: journal.New(10),
	}
	w := httptest.NewRecorder()
	var raised any
	func() {
		defer func() { raised = recover() }()
		s.journaled(w, httptest.NewRequestWithContext(t.Context(), "GET", BasePath+"/user", nil), s.recovered(api))
	}()
	return w, s, log.String(), raised
}

func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()
	w, s, log, raised := panicking(t, func(http.ResponseWriter, *http.Request) { panic("the-secret") })
	want := `{"success":false,"errors":[{"code":500,"message":"Internal server error"}],"messages":[],"result":null}`
	if w.Code != 500 || strings.TrimSpace(w.Body.String()) != want || w.Header().Get("X-Should-Retry") != "false" || raised != nil {
		t.Errorf("got %d %s, raised %v", w.Code, w.Body, raised)
	}
	if strings.Contains(log, "the-secret") || !strings.Contains(log, "chain_test.go") || !strings.Contains(log, "panic=string") {
		t.Errorf("the log is %s", log)
	}
	if e := s.journal.Entries(); len(e) != 1 || e[0].Status != 500 {
		t.Errorf("the journal is %+v", e)
	}
}

func TestRuntimeErrorIsLogged(t *testing.T) {
	t.Parallel()
	_, _, log, _ := panicking(t, func(http.ResponseWriter, *http.Request) {
		_ = []int{}[len(BasePath)]
	})
	if !strings.Contains(log, "out of range") {
		t.Errorf("the log is %s", log)
	}
}

func TestPanicAmidAReplyEndsTheConnection(t *testing.T) {
	t.Parallel()
	_, _, log, raised := panicking(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		panic(errors.New("x"))
	})
	if raised != http.ErrAbortHandler || !strings.Contains(log, "panic") { //nolint:errorlint // the very value is asked for
		t.Errorf("raised %v, logged %s", raised, log)
	}
}

func TestAbortPassesSilently(t *testing.T) {
	t.Parallel()
	_, _, log, raised := panicking(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if raised != http.ErrAbortHandler || strings.Contains(log, "panic") { //nolint:errorlint // the very value is asked for
		t.Errorf("raised %v, logged %s", raised, log)
	}
}

func TestRecorderPassesFlushOn(t *testing.T) {
	t.Parallel()
	w, _, _, _ := panicking(t, func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})
	if !w.Flushed {
		t.Error("a flush does not reach the connection")
	}
}
