// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// environment is what the client takes from the machine it runs on: time, waiting and limits. Tests
// set it, so that none of them sleeps.
type environment struct {
	now         func() time.Time
	sleep       func(ctx context.Context, d time.Duration) error
	backoff     retryablehttp.Backoff
	backoffBase time.Duration
	backoffCap  time.Duration
	maxBody     int64
}

func systemEnvironment() environment {
	return environment{
		now:         time.Now,
		sleep:       sleep,
		backoff:     newBackoff(time.Now),
		backoffBase: 500 * time.Millisecond,
		backoffCap:  15 * time.Second,
		maxBody:     defaultMaxBody,
	}
}

// sleep waits for d. It returns early with the context's error, and at once where the context would
// end before d has passed: waiting for what cannot help only delays the error.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
