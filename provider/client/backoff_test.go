// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"net/http"
	"testing"
	"time"
)

func TestNewBackoff(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	wait := newBackoff(func() time.Time { return now })

	t.Run("full jitter stays under a doubling bound", func(t *testing.T) {
		t.Parallel()
		for attempt, seconds := range []int{1, 2, 4, 8, 10, 10, 10} {
			bound := time.Duration(seconds) * time.Second
			var largest time.Duration
			for range 300 {
				got := wait(time.Second, 10*time.Second, attempt, nil)
				if got < 0 || got > bound {
					t.Fatalf("attempt %d: waited %s, bound %s", attempt, got, bound)
				}
				largest = max(largest, got)
			}
			// 300 draws that all fall into the lower half have a chance of 2^-300.
			if largest < bound/2 {
				t.Errorf("attempt %d: largest of 300 waits is %s, bound %s: not spread over it", attempt, largest, bound)
			}
		}
	})
	t.Run("obeys Retry-After", func(t *testing.T) {
		t.Parallel()
		resp := &http.Response{Header: http.Header{"Retry-After": {"17"}}}
		if got := wait(time.Second, 10*time.Second, 0, resp); got != 17*time.Second {
			t.Errorf("waited %s, want 17s", got)
		}
	})
	t.Run("huge attempt numbers do not overflow", func(t *testing.T) {
		t.Parallel()
		if got := jitterBound(time.Second, 15*time.Second, 1000); got != 15*time.Second {
			t.Errorf("bound = %s, want 15s", got)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, value string
		want        time.Duration
	}{
		{"absent", "", 0},
		{"seconds", "30", 30 * time.Second},
		{"fraction", "0.5", 500 * time.Millisecond},
		{"blanks", " 3 ", 3 * time.Second},
		{"zero", "0", 0},
		{"negative", "-5", 0},
		{"capped", "86400", maxRetryAfter},
		{"far beyond what a duration holds", "1e300", maxRetryAfter},
		{"not a number", "NaN", 0},
		{"infinite", "Inf", maxRetryAfter},
		{"date", "Sun, 01 Mar 2026 12:00:20 GMT", 20 * time.Second},
		{"past date", "Sun, 01 Mar 2026 11:00:00 GMT", 0},
		{"far date", "Sun, 08 Mar 2026 12:00:00 GMT", maxRetryAfter},
		{"words", "soon", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			h.Set("Retry-After", tt.value)
			if got := retryAfter(h, now); got != tt.want {
				t.Errorf("retryAfter(%q) = %s, want %s", tt.value, got, tt.want)
			}
		})
	}
}
