// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestSleep(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	soon, cancelSoon := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancelSoon)
	later, cancelLater := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancelLater)
	tests := []struct {
		name string
		ctx  context.Context
		d    time.Duration
		want error
	}{
		{"nothing to wait for", t.Context(), 0, nil},
		{"negative", t.Context(), -time.Hour, nil},
		{"a moment", t.Context(), time.Microsecond, nil},
		{"ended context", ended, 0, context.Canceled},
		{"longer than the context lasts: does not wait for its end", soon, time.Hour, context.DeadlineExceeded},
		{"context ends meanwhile", later, time.Hour, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			if err := sleep(tt.ctx, tt.d); !errors.Is(err, tt.want) {
				t.Errorf("sleep = %v, want %v", err, tt.want)
			}
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("slept %s", took)
			}
		})
	}
}
