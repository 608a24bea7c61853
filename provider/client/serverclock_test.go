// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"maps"
	"net/http"
	"testing"
	"time"
)

func TestAheadOf(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name           string
		sent, received time.Duration // after noon, by our clock
		date           time.Duration // after noon, by theirs
		want           time.Duration
	}{
		{"same second", 100 * time.Millisecond, 200 * time.Millisecond, 0, 0},
		{"the second changed on the way", 900 * time.Millisecond, 1100 * time.Millisecond, time.Second, 0},
		{"slow reply", 0, 20 * time.Second, 12 * time.Second, 0},
		{"ahead", 0, time.Second, time.Minute, 59 * time.Second},
		{"behind", 2 * time.Hour, 2*time.Hour + time.Second, 0, -2*time.Hour + time.Second},
	} {
		if got := aheadOf(noon.Add(tt.date), noon.Add(tt.sent), noon.Add(tt.received)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestClient_ServerTime(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), header)
		success(w, map[string]any{"id": hexID, "email": testEmail})
	})
	c, clock := newTestClient(t, api.URL)
	ask := func() {
		t.Helper()
		if _, err := c.do(t.Context(), get("user")); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(ahead time.Duration) {
		t.Helper()
		if got := c.ServerTime().Sub(clock.Now()); got != ahead {
			t.Errorf("the API is taken to be %s ahead, want %s", got, ahead)
		}
	}
	expect(0)
	ask() // without a date
	expect(0)
	header.Set("Date", clock.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
	ask()
	expect(time.Hour)
	header.Set("Date", "yesterday")
	ask()
	expect(time.Hour)
	header.Set("Date", clock.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
	header.Set("Age", "3600")
	ask()
	expect(time.Hour)
	header.Del("Age")
	ask()
	expect(-time.Hour + time.Second)
}
