// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ErrNoAPIToken is what [Client.VerifyToken] returns when the credential is a Global API key, of
// which the API verifies nothing.
var ErrNoAPIToken = errors.New("only an API token can be verified")

// GetToken reads one token. Where many tokens of an owner are asked for, at the same time or one after
// the other, they are read from the owner's list, which is as old at most as the first of these reads, and
// never older than ten minutes or than a write of this client; the list alone never says that a token is
// gone. After a write of ours to the
// same token, a 401 or 403 is taken for a change that has not spread yet and the read is repeated up to
// Options.PropagationTimeout. A token that was just created ([Client.ExpectToken]) is looked for again.
func (c *Client) GetToken(ctx context.Context, owner Owner, id string) (*Token, error) {
	if !c.fresh.has(owner, id, c.env.now()) {
		if token := c.reads.find(ctx, owner, id); token != nil {
			return token, nil
		}
	}
	sent := c.env.now()
	token, err := c.readToken(ctx, owner, id)
	for attempt := 0; err != nil; attempt++ {
		wait, ok := c.propagationWait(owner, id, attempt, sent, err)
		if !ok {
			return nil, err
		}
		if ended := c.env.sleep(ctx, wait); ended != nil {
			if IsNotFound(err) {
				// Not waited for to the end, this is no proof.
				return nil, fmt.Errorf("look again for API token %s, which was just created: %w", id, ended)
			}
			return nil, err
		}
		sent = c.env.now()
		token, err = c.readToken(ctx, owner, id)
	}
	c.fresh.settle(owner, id)
	return token, nil
}

func (c *Client) readToken(ctx context.Context, owner Owner, id string) (*Token, error) {
	q := get(owner.segments(id)...)
	q.secretReply = true
	return c.tokenCall(ctx, q)
}

// UpdateToken replaces the definition of a token; its secret stays.
func (c *Client) UpdateToken(ctx context.Context, owner Owner, id string, def TokenDefinition) (*Token, error) {
	token, err := c.tokenCall(ctx, call{
		method: http.MethodPut, segments: owner.segments(id), body: def.wireUpdate(), secretReply: true,
	})
	if err != nil {
		return nil, err
	}
	c.wrote(owner, id)
	return token, nil
}

// DeleteToken revokes a token. A token that is already gone is what was asked for: a 404 with the
// API's envelope, whatever its code but those of an unknown route (7003, and 404 outside the base
// path), since then nothing was looked up. A 404 without an error list is that of a proxy. Taking any
// of these for done would forget a token that lives on.
func (c *Client) DeleteToken(ctx context.Context, owner Owner, id string) error {
	_, err := c.RemoveToken(ctx, owner, id)
	return err
}

// RemoveToken is [Client.DeleteToken] for a caller who wants to know whether the token was there: found is
// false where the API says that it is not. So it is for a delete that was repeated because its answer was lost.
func (c *Client) RemoveToken(ctx context.Context, owner Owner, id string) (found bool, err error) {
	c.fresh.settle(owner, id)
	_, err = c.do(ctx, call{method: http.MethodDelete, segments: owner.segments(id), secretReply: true})
	var api *Error
	if errors.As(err, &api) && api.Status == http.StatusNotFound && len(api.Errors) > 0 &&
		!api.HasCode(CodeNoRoute) && !api.HasCode(http.StatusNotFound) {
		return false, nil
	}
	return err == nil, err
}

// ListTokens reads all tokens of the owner, expired ones included.
func (c *Client) ListTokens(ctx context.Context, owner Owner) ([]Token, error) {
	items, err := readAll[wireToken](ctx, c, tokenListQuery(owner), pageSize)
	if err != nil {
		return nil, err
	}
	tokens := make([]Token, 0, len(items))
	for _, item := range items {
		tokens = append(tokens, item.token())
	}
	return tokens, nil
}

// VerifyToken asks the API about the token that the client runs with. The owner must be the token's
// own. It fails with [ErrNoAPIToken] for a Global API key.
func (c *Client) VerifyToken(ctx context.Context, owner Owner) (*Verification, error) {
	if !c.hasAPIToken {
		return nil, ErrNoAPIToken
	}
	q := get(owner.segments("verify")...)
	q.secretReply = true
	wire, err := read[struct {
		ID        string     `json:"id"`
		Status    string     `json:"status"`
		NotBefore *time.Time `json:"not_before"`
		ExpiresOn *time.Time `json:"expires_on"`
	}](ctx, c, q)
	if err != nil {
		return nil, err
	}
	return &Verification{ID: wire.ID, Status: wire.Status, NotBefore: wire.NotBefore, ExpiresOn: wire.ExpiresOn}, nil
}

// tokenCall sends a call whose path ends in the id of a token and whose result is that token, and refuses
// every other.
func (c *Client) tokenCall(ctx context.Context, q call) (*Token, error) {
	r, err := c.do(ctx, q)
	if err != nil {
		return nil, err
	}
	var wire wireToken
	if err := r.decode(q, &wire); err != nil {
		return nil, err
	}
	if wire.ID == "" {
		return nil, r.unexpected(q, "the token has no id")
	}
	if wire.ID != q.segments[len(q.segments)-1] {
		// What was kept for another request, by a proxy say. The next write would strike that token.
		return nil, r.unexpected(q, "the reply shows another token")
	}
	token := wire.token()
	return &token, nil
}
