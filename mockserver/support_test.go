// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
)

// lockedBuffer is a buffer that several goroutines may write to.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// logger logs everything into the buffer.
func (b *lockedBuffer) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// record sends a request to a handler without a network.
func record(t *testing.T, handler http.Handler, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w
}

func TestFrozenClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := mockserver.NewFrozenClock(at)
	if !clock.Now().Equal(at) {
		t.Errorf("shows %s", clock.Now())
	}
	clock.Advance(time.Hour)
	clock.Advance(-time.Minute)
	if want := at.Add(59 * time.Minute); !clock.Now().Equal(want) {
		t.Errorf("shows %s, want %s", clock.Now(), want)
	}
	clock.Set(at)
	if !clock.Now().Equal(at) {
		t.Errorf("shows %s after Set", clock.Now())
	}
}

func TestRunningClock(t *testing.T) {
	t.Parallel()
	clock := mockserver.NewClock()
	near := func(want time.Time) {
		t.Helper()
		if d := clock.Now().Sub(want); d < 0 || d > time.Minute {
			t.Errorf("shows %s, want %s or a little later", clock.Now(), want)
		}
	}
	near(time.Now())
	clock.Advance(48 * time.Hour)
	near(time.Now().Add(48 * time.Hour))
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	clock.Set(at)
	near(at)
	clock.Advance(time.Hour)
	near(at.Add(time.Hour))
	first := clock.Now()
	waitFor(t, func() bool { return clock.Now().After(first) })
}

func TestSeededSources(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) []string {
		ids, secrets := mockserver.SeededIDs(seed), mockserver.SeededSecrets(seed)
		return []string{
			ids.NewID("token").String(), ids.NewID("zone").String(), ids.NewID("token").String(),
			secrets.NewSecret("cfut_"), secrets.NewSecret("cfut_"),
		}
	}
	if d := cmp.Diff(draw(1), draw(1)); d != "" {
		t.Error(d)
	}
	seen := map[string]bool{}
	for _, s := range append(draw(1), draw(2)...) {
		if seen[s] {
			t.Errorf("%s comes twice", s)
		}
		seen[s] = true
	}
	// The identifiers of one kind do not depend on those of another.
	ids := mockserver.SeededIDs(1)
	ids.NewID("token")
	if got, want := ids.NewID("token").String(), draw(1)[2]; got != want {
		t.Errorf("second token %s, want %s", got, want)
	}
}
