// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// youngLimit is how long an API may lag behind itself: for so long, a list or a read that does not know a
// token that was just created proves nothing.
const youngLimit = 10 * time.Second

// ErrEqualUnsettled is why [Client.CreateToken] sends nothing after an equal create of the same run whose
// answer was lost and that could not be settled: what the two made could not be told apart.
var ErrEqualUnsettled = errors.New("the answer to an equal create was lost, and it is not settled yet")

// LostCreate is what must be known of a create whose answer was lost to find, in a later run, the token
// that it may have made. It holds no secret, and its JSON form is made to be kept.
type LostCreate struct {
	// Name is the token's name, Definition a digest of what it may do.
	Name       string `json:"name"`
	Definition string `json:"definition"`
	// Sent is when the create was first sent, Until when the API must have carried it out or given it up, and
	// must show it, both by the API's clock.
	Sent  time.Time `json:"sent"`
	Until time.Time `json:"until"`
	// Count is how many tokens it may have made at most.
	Count int `json:"count"`
	// Known are tokens of that name that are not the lost one: they were there before, or their answer
	// arrived.
	Known []string `json:"known,omitempty"`
}

// LostCreateOf returns what a failed [Client.CreateToken] leaves to a later run. It is false where no token
// can exist but those that the error, or the token beside it, names.
func LostCreateOf(err error) (LostCreate, bool) {
	unsettled, ok := errors.AsType[*unsettledError](err)
	if !ok {
		return LostCreate{}, false
	}
	return unsettled.lost, true
}

// unsettledError is the failure of a create, with what is needed to settle it later.
type unsettledError struct {
	lost LostCreate
	err  error
}

// Error is the failure's.
func (e *unsettledError) Error() string { return e.err.Error() }

// Unwrap returns the failure.
func (e *unsettledError) Unwrap() error { return e.err }

// SettleLostCreate deletes what a create of an earlier run made, whose answer was lost: a token of that name
// and definition, issued while the create was under way, never used, and none of those that were known
// before. That there is none is believed once the create's time
// is over. In any doubt nothing is deleted, and the error is a [LostCreateError] with the candidates.
func (c *Client) SettleLostCreate(ctx context.Context, owner Owner, lost LostCreate) error {
	tokens, err := c.findLost(ctx, owner, &lost)
	if err != nil {
		return err
	}
	for _, token := range tokens {
		if err := c.DeleteToken(ctx, owner, token.ID); err != nil {
			return err
		}
	}
	return nil
}

// FindLostCreate is [Client.SettleLostCreate] without the deletion: it returns the id of the token, or nothing
// where there is none. More than one are a doubt.
func (c *Client) FindLostCreate(ctx context.Context, owner Owner, lost LostCreate) (id string, err error) {
	lost.Count = 1
	tokens, err := c.findLost(ctx, owner, &lost)
	if err != nil || len(tokens) == 0 {
		return "", err
	}
	return tokens[0].ID, nil
}

func (c *Client) findLost(ctx context.Context, owner Owner, lost *LostCreate) ([]Token, error) {
	unlock, err := c.writers.lock(ctx, createKey(owner, lost.Name, lost.Definition))
	if err != nil {
		return nil, fmt.Errorf("wait for an equal create: %w", err)
	}
	defer unlock()
	ledger := c.creates.of(owner)
	known := func(id string) bool { return slices.Contains(lost.Known, id) || ledger.isClaimed(id) }
	for attempt := 1; ; attempt++ {
		found, err := c.lostTokens(ctx, owner, lost, known)
		if err != nil {
			return nil, fmt.Errorf("list API tokens to settle a create: %w", err)
		}
		switch {
		case len(found.all) == 0:
			if !c.ServerTime().Before(lost.Until) {
				return nil, nil
			}
		case len(found.likely) == 0, len(found.likely) > lost.Count:
			return nil, &LostCreateError{
				Name: lost.Name, CandidateIDs: found.ids(),
				Err: errors.New("which of the tokens of that name and definition it made cannot be told"),
			}
		default:
			// The others were issued at another time: by somebody, or by a later run.
			return found.likely, nil
		}
		if err := c.pause(ctx, min(attempt, 2)); err != nil {
			return nil, fmt.Errorf("wait for the API to catch up: %w", err)
		}
	}
}

// candidates are the tokens of a name and canonical definition that are not accounted for.
type candidates struct {
	all []Token
	// likely are those which were issued while the create was under way and never used, as a token must be
	// that a lost create made. The others are no proof of anything, and reason enough for doubt: clocks
	// differ.
	likely []Token
	// seen are the ids of all tokens on the list.
	seen map[string]bool
}

func (f *candidates) ids() []string {
	ids := make([]string, 0, len(f.all))
	for _, token := range f.all {
		ids = append(ids, token.ID)
	}
	slices.Sort(ids)
	return ids
}

// lostTokens reads the owner's tokens and picks the candidates, without those that are known.
func (c *Client) lostTokens(ctx context.Context, owner Owner, lost *LostCreate, known func(id string) bool) (candidates, error) {
	tokens, err := c.ListTokens(ctx, owner)
	if err != nil {
		return candidates{}, err
	}
	found := candidates{seen: make(map[string]bool, len(tokens))}
	for _, token := range tokens {
		found.seen[token.ID] = true
		if token.Name != lost.Name || known(token.ID) {
			continue
		}
		if digestOf(canonicalDefinition(token.Policies, token.Condition, token.NotBefore, token.ExpiresOn)) != lost.Definition {
			continue
		}
		found.all = append(found.all, token)
		if token.LastUsedOn == nil && issuedBetween(token.IssuedOn, lost.Sent, lost.Until) {
			found.likely = append(found.likely, token)
		}
	}
	return found, nil
}

func digestOf(canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	return hex.EncodeToString(sum[:])
}

// pause waits before the API is looked at again, for the second time after attempt 1.
func (c *Client) pause(ctx context.Context, attempt int) error {
	return c.env.sleep(ctx, max(c.env.backoff(c.env.backoffBase, c.env.backoffCap, attempt, nil), c.env.backoffBase))
}
