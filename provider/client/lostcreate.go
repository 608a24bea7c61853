// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// A create whose answer is lost may have made a token whose secret nobody holds. It is settled before
// anything else happens: by comparing the owner's tokens with a list taken before the run's first
// create, the token is found, deleted, and created anew. Where it cannot be told for certain which
// token it is, nothing is deleted and the caller gets the candidates.

// detachedSettlement bounds the settlement of a create whose own context has ended.
const detachedSettlement = 20 * time.Second

// createLedger knows, for each owner, what existed before the run's first create and what this run
// made. It is safe for concurrent use.
type createLedger struct {
	mu     sync.Mutex
	owners map[Owner]*ownerCreates
}

type ownerCreates struct {
	// baseline holds the ids that existed before the run's first create.
	baseline once[map[string]bool]

	mu sync.Mutex
	// claimed holds the ids that cannot be what a lost create made: tokens whose answer arrived, and
	// candidates of an earlier create that stayed unsettled.
	claimed map[string]bool
}

func (l *createLedger) of(owner Owner) *ownerCreates {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.owners[owner]
	if o == nil {
		o = &ownerCreates{claimed: map[string]bool{}}
		l.owners[owner] = o
	}
	return o
}

func (o *ownerCreates) claim(ids ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, id := range ids {
		o.claimed[id] = true
	}
}

func (o *ownerCreates) isClaimed(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.claimed[id]
}

// CreateToken creates a token; the result's Value is the only copy of its secret.
//
// A create that the server cannot have acted upon is repeated like any other call. One whose answer
// was lost is settled first: if exactly one token can be the lost one, it is deleted and the create
// is done anew, once. In any doubt nothing is deleted and the error is a [LostCreateError]. A token
// that is returned beside it is the caller's to keep track of: the one that was created anew, with its
// secret, or the single token that only the lost create can have made, without one.
func (c *Client) CreateToken(ctx context.Context, owner Owner, def TokenDefinition) (*Token, error) {
	run := &creation{
		c: c, owner: owner, def: def, ledger: c.creates.of(owner),
		canonical: canonicalDefinition(def.Policies, def.Condition, def.NotBefore, def.ExpiresOn),
	}
	// Equal creates take turns: while one is unsettled, the other's token could be taken for its own.
	unlock, err := c.writers.lock(ctx, fmt.Sprintf("create/%s/%s/%s", owner.AccountID, def.Name, run.canonical))
	if err != nil {
		return nil, fmt.Errorf("wait for an equal create: %w", err)
	}
	defer unlock()

	run.baseline, run.baselineErr = run.ledger.baseline.get(ctx, func(ctx context.Context) (map[string]bool, error) {
		return c.tokenIDs(ctx, owner)
	})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("list API tokens before the first create: %w", ctx.Err())
	}
	return run.create(ctx)
}

func (c *Client) tokenIDs(ctx context.Context, owner Owner) (map[string]bool, error) {
	tokens, err := c.ListTokens(ctx, owner)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]bool, len(tokens))
	for _, token := range tokens {
		ids[token.ID] = true
	}
	return ids, nil
}

// creation is one create on its way to a certain outcome.
type creation struct {
	c         *Client
	owner     Owner
	def       TokenDefinition
	canonical string
	ledger    *ownerCreates

	baseline    map[string]bool
	baselineErr error
	sent        time.Time
}

func (r *creation) create(ctx context.Context) (*Token, error) {
	r.sent = r.c.env.now()
	token, err := r.post(ctx)
	if !outcomeUnknown(err) {
		return token, err
	}
	if orphan, lost := r.settle(ctx, err); lost != nil {
		return orphan, lost
	}
	if ctx.Err() != nil {
		return nil, err
	}
	token, err = r.post(ctx)
	// Whatever came of it: a server that was slow may have carried out the first request meanwhile.
	if orphan, lost := r.settle(ctx, err); lost != nil {
		if token != nil {
			lost.CreatedID = token.ID
			return token, lost
		}
		return orphan, lost
	}
	return token, err
}

// post sends the create once, as far as the server can tell.
func (r *creation) post(ctx context.Context) (*Token, error) {
	q := call{method: http.MethodPost, segments: r.owner.segments(), body: r.def.wire(), secretReply: true}
	reply, err := r.c.do(ctx, q)
	if err != nil {
		return nil, err
	}
	var wire wireToken
	if err := reply.decode(q, &wire); err != nil {
		return nil, err
	}
	if wire.ID == "" || wire.Value == "" {
		return nil, reply.unexpected(q, "the new token has no id or no secret")
	}
	r.ledger.claim(wire.ID)
	r.c.wrote(r.owner, wire.ID)
	token := wire.token()
	return &token, nil
}

// outcomeUnknown says whether a failed create may have made a token all the same.
func outcomeUnknown(err error) bool {
	var (
		transport  *TransportError
		unexpected *UnexpectedReplyError
		api        *Error
	)
	switch {
	case errors.As(err, &transport):
		return transport.Attempts > 0 && !neverConnected(err) && !isCertificateError(err)
	case errors.As(err, &unexpected):
		return unexpected.Status < 300
	case errors.As(err, &api):
		return api.Status >= 500 || api.Status == http.StatusRequestTimeout
	default:
		return false
	}
}

// settle makes sure that nothing is left of what was sent so far. On success no token of it exists;
// otherwise the error says which tokens may, and the token is the single one of them.
func (r *creation) settle(ctx context.Context, cause error) (*Token, *LostCreateError) {
	if ctx.Err() != nil {
		// The run is being stopped. A live token that nobody knows of is worse than a late end.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), detachedSettlement)
		defer cancel()
	}
	found, err := r.candidates(ctx)
	if err == nil && len(found.all) == 0 && cause != nil {
		// A request that timed out may still be at work: look again before it is repeated.
		wait := max(r.c.env.backoff(r.c.env.backoffBase, r.c.env.backoffCap, 1, nil), r.c.env.backoffBase)
		if err = r.c.env.sleep(ctx, wait); err == nil {
			found, err = r.candidates(ctx)
		}
	}
	if err != nil {
		return nil, &LostCreateError{Name: r.def.Name, Err: errors.Join(cause, fmt.Errorf("list API tokens to settle it: %w", err))}
	}
	if len(found.all) == 0 {
		return nil, nil
	}
	if len(found.all) == 1 && len(found.likely) == 1 && r.baselineErr == nil {
		err = r.c.DeleteToken(ctx, r.owner, found.likely[0].ID)
		if err == nil {
			return nil, nil
		}
		err = fmt.Errorf("delete the lost token: %w", err)
	}
	return r.doubt(found, errors.Join(cause, err, r.baselineErr))
}

func (r *creation) doubt(found candidates, cause error) (*Token, *LostCreateError) {
	lost := &LostCreateError{Name: r.def.Name, Err: cause}
	for _, token := range found.all {
		lost.CandidateIDs = append(lost.CandidateIDs, token.ID)
	}
	slices.Sort(lost.CandidateIDs)
	r.ledger.claim(lost.CandidateIDs...)
	if lost.Err == nil {
		lost.Err = errors.New("more tokens of that name and definition appeared than were created")
	}
	if len(found.all) == 1 && (len(found.likely) == 1 || r.baselineErr == nil && found.all[0].LastUsedOn == nil) {
		// Absent before and never used: clocks that differ do not make it anybody else's.
		return &found.all[0], lost
	}
	return nil, lost
}

// candidates are the tokens of that name and canonical definition which neither existed before the
// run's first create nor are accounted for.
type candidates struct {
	all []Token
	// likely are those which were issued between send and now and never used, as a token must be
	// that the lost create made. The others are no proof of anything, and reason enough for doubt:
	// clocks differ.
	likely []Token
}

func (r *creation) candidates(ctx context.Context) (candidates, error) {
	tokens, err := r.c.ListTokens(ctx, r.owner)
	if err != nil {
		return candidates{}, err
	}
	var found candidates
	now := r.c.env.now()
	for _, token := range tokens {
		if token.Name != r.def.Name || r.baseline[token.ID] || r.ledger.isClaimed(token.ID) {
			continue
		}
		if canonicalDefinition(token.Policies, token.Condition, token.NotBefore, token.ExpiresOn) != r.canonical {
			continue
		}
		found.all = append(found.all, token)
		if token.LastUsedOn == nil && issuedBetween(token.IssuedOn, r.sent, now) {
			found.likely = append(found.likely, token)
		}
	}
	return found, nil
}

// issuedBetween compares with whole seconds, to which the API rounds its times, up or down.
func issuedBetween(issued, from, to time.Time) bool {
	return !issued.Before(from.Truncate(time.Second)) && !issued.After(to.Truncate(time.Second).Add(time.Second))
}
