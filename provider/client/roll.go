// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"net/http"
)

// RollToken replaces the secret of a token and returns the new one; the old one is dead from then
// on. A roll whose answer was lost is repeated, which kills the secret nobody received: as often as the
// client repeats calls, and once where it repeats none or where the answer held no secret. If an attempt
// may have been carried out and none brought a secret, the error is a [LostRollError]; after any other
// error the old secret still works.
func (c *Client) RollToken(ctx context.Context, owner Owner, id string) (string, error) {
	value, attempts, err := c.roll(ctx, owner, id)
	_, lost := errors.AsType[*LostRollError](err)
	_, answered := errors.AsType[*UnexpectedReplyError](err)
	if !lost || attempts > 1 && !answered || ctx.Err() != nil {
		return value, err
	}
	value, _, again := c.roll(ctx, owner, id)
	if again == nil {
		return value, nil
	}
	if _, lost := errors.AsType[*LostRollError](again); !lost {
		// Refused now; the first one may have been carried out all the same.
		again = &LostRollError{Err: again}
	}
	return "", again
}

// roll is one call of the endpoint, with the repetitions of the retry policy, and how many attempts
// it took.
func (c *Client) roll(ctx context.Context, owner Owner, id string) (value string, attempts int, err error) {
	q := call{method: http.MethodPut, segments: owner.segments(id, "value"), body: struct{}{}, secretReply: true}
	state := &callState{}
	r, err := c.doWith(ctx, q, state)
	if err != nil {
		unexpected, answered := errors.AsType[*UnexpectedReplyError](err)
		if state.mayHaveActed() || answered && unexpected.Status < http.StatusMultipleChoices {
			err = &LostRollError{Err: err}
		}
		return "", state.count(), err
	}
	if err := r.decode(q, &value); err != nil {
		return "", state.count(), &LostRollError{Err: err}
	}
	if value == "" {
		return "", state.count(), &LostRollError{Err: r.unexpected(q, "the new secret is missing")}
	}
	c.wrote(owner, id)
	return value, state.count(), nil
}
