// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package faults makes a server misbehave on purpose, the way networks and loaded services do: slow, lost
// and cut replies, refusals, stale reads, shuffled lists. It stands in front of the API and knows nothing of
// it; what a fault lets through is decided and answered as ever.
package faults

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/pathglob"
)

// Fault is one rule: which requests it strikes, and what happens to them. The first rule, in the order in
// which they were added, that matches a request and is due strikes it; a request is struck once at most.
//
// Delay goes together with every other effect. Of the others a fault has one: an answer of its own (Status,
// RetryAfter), DropBefore, DropAfter, TruncateBody, StaleReads or ShuffleReplies; StaleReads and
// ShuffleReplies go together.
type Fault struct {
	// Method is the HTTP method in any case; empty is every method.
	Method string
	// Path is a pattern of paths below the API's base path: "/user/tokens/*", "/accounts/**", or a route
	// such as "/user/tokens/{token_id}". Empty is every path.
	Path string
	// Credential is the ref or the id of the credential that the request presents; a Global key and an
	// Origin CA key go by the ref or id of their user. Empty is every credential and none.
	Credential string

	// Skip lets the first matches pass. Times bounds how often the fault strikes; zero is no bound.
	Skip, Times int
	// Probability, between 0 and 1, lets a match that is due strike by chance; zero is always. The chances
	// come from Seed alone, so the same requests in the same order meet the same fate.
	Probability float64
	// Seed is the seed of Probability and of ShuffleReplies.
	Seed uint64

	// Delay is how long the request waits before anything else happens. The wait ends early when the client
	// goes away or the server closes.
	Delay time.Duration
	// Status answers with this HTTP status and does not act. Body is the reply's body; an empty one is
	// replaced by the API's error envelope. Body alone answers with 200.
	Status int
	Body   string
	// RetryAfter sets the Retry-After header, in whole seconds rounded up. Without Status it answers 429.
	RetryAfter time.Duration
	// DropBefore closes the connection without acting. Mind that Go's http.Transport by itself repeats a
	// GET that was sent on a connection used before and got no byte of an answer.
	DropBefore bool
	// DropAfter acts and then closes the connection without a reply.
	DropAfter bool
	// TruncateBody acts, announces the whole reply, and closes the connection after half its body.
	TruncateBody bool
	// StaleReads answers GET and HEAD from the world as it was when the fault was added, as a replica that
	// lags behind would: a token made since is unknown, one deleted since still works. Requests with other
	// methods never match such a fault.
	StaleReads bool
	// ShuffleReplies acts, and answers in a random order wherever the API promises none: permission groups,
	// policies, items of lists.
	ShuffleReplies bool
}

// answers reports whether the fault replies by itself.
func (f *Fault) answers() bool { return f.Status != 0 || f.RetryAfter != 0 || f.Body != "" }

// status is the HTTP status of the fault's own reply.
func (f *Fault) status() int {
	switch {
	case f.Status != 0:
		return f.Status
	case f.RetryAfter != 0:
		return http.StatusTooManyRequests
	default:
		return http.StatusOK
	}
}

// check reports every mistake in the rule.
func (f *Fault) check() error {
	var errs []error
	effects := 0
	for _, on := range []bool{f.answers(), f.DropBefore, f.DropAfter, f.TruncateBody, f.StaleReads || f.ShuffleReplies} {
		if on {
			effects++
		}
	}
	if effects == 0 && f.Delay == 0 {
		errs = append(errs, errors.New("the fault does nothing"))
	}
	if effects > 1 {
		errs = append(errs, errors.New("the fault has several effects that exclude each other"))
	}
	const lowest, highest = 200, 599 // 1xx is no final reply
	if f.Status != 0 && (f.Status < lowest || f.Status > highest) {
		errs = append(errs, fmt.Errorf("status %d is not between %d and %d", f.Status, lowest, highest))
	}
	if f.Skip < 0 || f.Times < 0 {
		errs = append(errs, errors.New("skip and times cannot be negative"))
	}
	if !(f.Probability >= 0 && f.Probability <= 1) { // so that NaN is refused as well
		errs = append(errs, fmt.Errorf("probability %v is not between 0 and 1", f.Probability))
	}
	if f.Delay < 0 || f.RetryAfter < 0 {
		errs = append(errs, errors.New("delay and retry-after cannot be negative"))
	}
	return errors.Join(errs...)
}

// String says what the fault does, as journals show it: "delay 1s, status 503".
func (f *Fault) String() string {
	var parts []string
	for _, effect := range []struct {
		on   bool
		text string
	}{
		{f.Delay > 0, "delay " + f.Delay.String()},
		{f.answers(), fmt.Sprintf("status %d", f.status())},
		{f.DropBefore, "drop before acting"},
		{f.DropAfter, "act, then drop the reply"},
		{f.TruncateBody, "truncated body"},
		{f.StaleReads, "stale read"},
		{f.ShuffleReplies, "shuffled reply"},
	} {
		if effect.on {
			parts = append(parts, effect.text)
		}
	}
	return strings.Join(parts, ", ")
}

// Request is what rules are compared with.
type Request struct {
	// Method is the HTTP method, Path the path below the base path, and Route its row in the operations
	// table or empty.
	Method, Path, Route string
	// Credential returns the ref and the id of the presented credential, empty for none and an unknown one.
	// It is called only when some rule asks.
	Credential func() (ref, id string)
}

// matches reports whether the rule speaks of the request.
func (f *Fault) matches(pattern *pathglob.Pattern, r *Request) bool {
	if !pathglob.MatchMethod(f.Method, r.Method) || !pattern.Match(r.Path, r.Route) {
		return false
	}
	if f.StaleReads && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if f.Credential == "" {
		return true
	}
	ref, id := r.Credential()
	return f.Credential == ref || f.Credential == id
}
