// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Limit lets Requests go in every Window. The zero Limit is none at all.
type Limit struct {
	// Requests is how many requests one window lets go.
	Requests int
	// Window is how long a window lasts.
	Window time.Duration
}

// isNone reports whether the limit limits nothing.
func (l Limit) isNone() bool { return l.Requests <= 0 || l.Window <= 0 }

// String says the limit in words: "1200 requests in 5m0s".
func (l Limit) String() string {
	if l.isNone() {
		return "no limit"
	}
	return fmt.Sprintf("%d requests in %s", l.Requests, l.Window)
}

// Policy says what is limited. The zero Policy limits nothing.
type Policy struct {
	// PerCaller limits each user, whatever credentials the user presents, and each account-owned token.
	PerCaller Limit
	// PerAddress limits each client address, whoever asks from there.
	PerAddress Limit
}

// Published is the policy that the public documentation of the API states.
func Published() Policy {
	return Policy{
		PerCaller:  Limit{Requests: 1200, Window: 5 * time.Minute},
		PerAddress: Limit{Requests: 200, Window: time.Second},
	}
}

// String says the policy in words.
func (p Policy) String() string {
	switch {
	case p.PerCaller.isNone() && p.PerAddress.isNone():
		return "off"
	case p.PerAddress.isNone():
		return p.PerCaller.String() + " for each user and account-owned token"
	case p.PerCaller.isNone():
		return p.PerAddress.String() + " for each address"
	default:
		return fmt.Sprintf("%s for each user and account-owned token, %s for each address", p.PerCaller, p.PerAddress)
	}
}

// The words that [Parse] knows, and the bounds of what it takes.
const (
	wordPublished = "published"
	wordOff       = "off"

	maxRequests = 1_000_000_000
	minWindow   = time.Second
	maxWindow   = 24 * time.Hour
)

// Parse reads a policy: "published" is [Published], "off" the zero Policy, and "N/WINDOW", such as "1200/5m" or
// "30/10s", lets N requests go in that time for each user and account-owned token, and limits no address: whoever
// sets a limit wants that one. A window has whole seconds, because the reply's headers do.
func Parse(text string) (Policy, error) {
	switch text {
	case wordPublished:
		return Published(), nil
	case wordOff:
		return Policy{}, nil
	}
	count, window, found := strings.Cut(text, "/")
	if !found {
		return Policy{}, fmt.Errorf("%q is no rate limit; write %s, %s or N/WINDOW, such as 1200/5m", text, wordPublished, wordOff)
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 || n > maxRequests {
		return Policy{}, fmt.Errorf("rate limit %q: %q is not a number of requests from 1 to %d", text, count, maxRequests)
	}
	d, err := time.ParseDuration(window)
	if err != nil || d < minWindow || d > maxWindow || d%time.Second != 0 {
		return Policy{}, fmt.Errorf("rate limit %q: %q is no window; write whole seconds from %s to %s, such as 10s or 5m",
			text, window, minWindow, maxWindow)
	}
	return Policy{PerCaller: Limit{Requests: n, Window: d}}, nil
}
