// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// check is one row of the table before it is asked: who sends what, and what must come of it.
type check struct {
	who  string
	as   credential
	text string // how the request is shown; empty: made from the one request and its address
	send []request
	want outcome
	// reason is what a refusal must give as its reason; a refusal for another reason is a wrong answer.
	reason string
	// verify looks at the result of what was allowed and says in a few words what it saw.
	verify func(result json.RawMessage) (string, error)
}

// row is a line of the table.
type row struct {
	who, request, want, got, reason string
	ok                              bool
}

// ask sends every request of the check and makes the row. Several requests make one row: it is as
// expected only if each of them is.
func (c check) ask(ctx context.Context, a *api, names *strings.Replacer) (row, error) {
	text := c.text
	if text == "" {
		text = c.send[0].String()
	}
	result := row{who: c.who, request: names.Replace(text), want: string(c.want), ok: true}
	var reasons, outcomes []string
	for _, r := range c.send {
		got, err := a.send(ctx, c.as, r)
		if err != nil {
			return row{}, fmt.Errorf("%s %s: %w", r.method, names.Replace(r.path), err)
		}
		note := got.reason
		if got.outcome == allow && c.verify != nil {
			if note, err = c.verify(got.result); err != nil {
				result.ok = false
				note = err.Error()
			}
		}
		if got.outcome != c.want || (c.want == refuse && !strings.HasPrefix(got.reason, c.reason)) {
			result.ok = false
			if len(c.send) > 1 {
				note = strings.TrimSpace(names.Replace(r.method+" "+r.path) + ": " + note)
			}
		}
		if !slices.Contains(reasons, note) {
			reasons = append(reasons, note)
		}
		if !slices.Contains(outcomes, string(got.outcome)) {
			outcomes = append(outcomes, string(got.outcome))
		}
	}
	result.got = strings.Join(outcomes, ", ")
	result.reason = names.Replace(strings.Join(reasons, "; "))
	if len(c.send) > 1 {
		result.request = fmt.Sprintf("%s (%d requests)", result.request, len(c.send))
	}
	return result, nil
}
