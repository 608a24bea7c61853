// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// maxRetryAfter caps what the API may make us wait at a time: the length of the window of its
// published rate limit. A longer announcement is a mistake or an outage, and the next answer tells.
const maxRetryAfter = 5 * time.Minute

// newBackoff returns the wait before the next attempt: what the API asked for if it did, else a
// random time up to a bound that doubles with every attempt ("full jitter"), so that many clients
// which failed together do not come back together. Attempts count from 0.
func newBackoff(now func() time.Time) retryablehttp.Backoff {
	return func(base, limit time.Duration, attempt int, resp *http.Response) time.Duration {
		if resp != nil {
			if wait := retryAfter(resp.Header, now()); wait > 0 {
				return wait
			}
		}
		return time.Duration(rand.Int64N(int64(jitterBound(base, limit, attempt)) + 1)) //nolint:gosec // Jitter needs no secrecy.
	}
}

// jitterBound is base doubled attempt times, at most limit.
func jitterBound(base, limit time.Duration, attempt int) time.Duration {
	bound := base
	for range attempt {
		if bound >= limit/2 {
			return limit
		}
		bound *= 2
	}
	return min(bound, limit)
}

// retryAfter reads the Retry-After header, in seconds or as a date, capped at maxRetryAfter. Absent,
// past or unreadable values are 0.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		return capSeconds(seconds)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// capSeconds turns seconds into a duration between 0 and maxRetryAfter; not-a-number is 0.
func capSeconds(seconds float64) time.Duration {
	if !(seconds > 0) {
		return 0
	}
	if seconds >= maxRetryAfter.Seconds() {
		return maxRetryAfter
	}
	return time.Duration(seconds * float64(time.Second))
}
