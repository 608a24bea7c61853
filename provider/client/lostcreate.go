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
// token it is, nothing is deleted and the caller gets the candidates. Where not even they can be found
// out, the caller gets what a later run needs to settle it ([LostCreate]).

// detachedSettlement bounds the settlement of a create whose own context has ended.
const detachedSettlement = 20 * time.Second

// createLedger knows, for each owner, what existed before the run's first create and what this run
// made. It is safe for concurrent use.
type createLedger struct {
	mu     sync.Mutex
	owners map[Owner]*ownerCreates
}

type ownerCreates struct {
	// baseline holds the tokens that existed before the run's first create, their names by their ids.
	baseline once[map[string]string]

	mu sync.Mutex
	// claimed holds, likewise, those that cannot be what a lost create made: tokens whose answer arrived,
	// and candidates of an earlier create that stayed unsettled.
	claimed map[string]string
	// unsettled holds the creates that a later run has to settle. An equal one after them could not be
	// told from what they made.
	unsettled map[string]bool
}

func (l *createLedger) of(owner Owner) *ownerCreates {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.owners[owner]
	if o == nil {
		o = &ownerCreates{claimed: map[string]string{}, unsettled: map[string]bool{}}
		l.owners[owner] = o
	}
	return o
}

func (o *ownerCreates) claim(name string, ids ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, id := range ids {
		o.claimed[id] = name
	}
}

func (o *ownerCreates) isClaimed(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, claimed := o.claimed[id]
	return claimed
}

// leave marks a create as one for a later run, and returns the claimed tokens of its name, sorted.
func (o *ownerCreates) leave(key, name string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unsettled[key] = true
	return idsNamed(o.claimed, name)
}

func (o *ownerCreates) isUnsettled(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unsettled[key]
}

// idsNamed are the ids of that name, sorted.
func idsNamed(names map[string]string, name string) []string {
	var ids []string
	for id, other := range names {
		if other == name {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// CreateToken creates a token; the result's Value is the only copy of its secret. Without a list of what
// there was before, a lost answer could not be settled: where that cannot be read, nothing is created.
//
// A create that the server cannot have acted upon is repeated like any other call. One whose answer
// was lost is settled first: if no more tokens can be the lost ones than answers were lost, they are
// deleted and the create is done anew, once. In any doubt nothing is deleted and the error is a
// [LostCreateError]. A token that is returned beside it is the caller's to keep track of: the single token that
// only the lost create can have made, without a secret, or the one that was created anew, with its own. The latter is
// deleted again where a later run can settle the lost one.
// Where a token may exist of which nothing was seen, [LostCreateOf] finds in the error what is to be kept
// for a later run.
func (c *Client) CreateToken(ctx context.Context, owner Owner, def TokenDefinition) (*Token, error) {
	run := &creation{
		c: c, owner: owner, def: def, ledger: c.creates.of(owner),
		digest: digestOf(canonicalDefinition(def.Policies, def.Condition, def.NotBefore, def.ExpiresOn)),
	}
	// Equal creates take turns: while one is unsettled, the other's token could be taken for its own.
	key := createKey(owner, def.Name, run.digest)
	unlock, err := c.writers.lock(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("wait for an equal create: %w", err)
	}
	defer unlock()
	if run.ledger.isUnsettled(key) {
		return nil, ErrEqualUnsettled
	}
	if run.baseline, err = c.baseline(ctx, owner); err != nil {
		return nil, err
	}
	token, err := run.create(ctx)
	if token != nil {
		token.Settled = run.settled
	}
	if err != nil && run.open > 0 {
		err = run.leave(key, err)
	}
	return token, err
}

// PrepareCreate does now what the run's first [Client.CreateToken] for the owner would begin with. Callers use it to
// know the API's time, [Client.ServerTime], before they say when a token is to end.
func (c *Client) PrepareCreate(ctx context.Context, owner Owner) error {
	_, err := c.baseline(ctx, owner)
	return err
}

// baseline lists the tokens that existed before the run's first create, their names by their ids.
func (c *Client) baseline(ctx context.Context, owner Owner) (map[string]string, error) {
	names, err := c.creates.of(owner).baseline.get(ctx, func(ctx context.Context) (map[string]string, error) {
		return c.tokenNames(ctx, owner)
	})
	if err != nil {
		return nil, &BeforeCreateError{Err: err}
	}
	return names, nil
}

func createKey(owner Owner, name, digest string) string {
	return fmt.Sprintf("create/%s/%s/%s", owner.AccountID, name, digest)
}

func (c *Client) tokenNames(ctx context.Context, owner Owner) (map[string]string, error) {
	tokens, err := c.ListTokens(ctx, owner)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(tokens))
	for _, token := range tokens {
		names[token.ID] = token.Name
	}
	return names, nil
}

// creation is one create on its way to a certain outcome.
type creation struct {
	c      *Client
	owner  Owner
	def    TokenDefinition
	digest string
	ledger *ownerCreates

	baseline map[string]string
	sent     time.Time
	// lost counts the requests whose answer was lost, removed the tokens of them that were found and
	// deleted. What is open of them may have made a token that was not seen.
	lost, removed, open int
	settled             []string // the ids of the tokens removed
}

func (r *creation) create(ctx context.Context) (*Token, error) {
	r.sent = r.c.ServerTime()
	token, err := r.post(ctx)
	if !outcomeUnknown(err) {
		return token, err
	}
	r.lose(err)
	if orphan, lost := r.settle(ctx, nil, err); lost != nil {
		return orphan, lost
	}
	if ctx.Err() != nil {
		return nil, err
	}
	token, err = r.post(ctx)
	if outcomeUnknown(err) {
		r.lose(err)
	}
	// Whatever came of it: a server that was slow may have carried out the first request meanwhile.
	if orphan, lost := r.settle(ctx, token, err); lost != nil {
		if token != nil {
			return r.withdraw(ctx, token, orphan, lost)
		}
		return orphan, lost
	}
	return token, err
}

// withdraw deletes the token that was made in place of a lost one, where a later run can settle the lost one: state
// has room for one of them, and the create fails either way. Where it cannot be deleted, or where a later run could
// tell no better which token is the lost one, it is the caller's.
func (r *creation) withdraw(ctx context.Context, made, orphan *Token, lost *LostCreateError) (*Token, error) {
	if orphan != nil || r.open > 0 {
		ctx, cancel := detached(ctx)
		defer cancel()
		err := r.c.DeleteToken(ctx, r.owner, made.ID)
		if err == nil {
			return orphan, lost
		}
		lost.Err = errors.Join(lost.Err, fmt.Errorf("delete the token made in its place: %w", err))
	}
	lost.CreatedID, lost.KeptID = made.ID, ""
	return made, lost
}

// detached is the context to tidy up with. Where the run is being stopped it outlives it: a live token that nobody
// knows of is worse than a late end.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(context.WithoutCancel(ctx), detachedSettlement)
}

// lose counts a request whose answer was lost. An API that says itself that it failed is believed, once
// its lists show nothing.
func (r *creation) lose(err error) {
	r.lost++
	if api, ok := errors.AsType[*Error](err); !ok || len(api.Errors) == 0 {
		r.open++
	}
}

// leave adds to the error what a later run needs.
func (r *creation) leave(key string, err error) error {
	lost := LostCreate{
		Name: r.def.Name, Definition: r.digest, Sent: r.sent, Until: r.c.ServerTime().Add(max(r.c.timeout, youngLimit)), Count: r.lost - r.removed,
	}
	lost.Known = append(idsNamed(r.baseline, r.def.Name), r.ledger.leave(key, r.def.Name)...)
	return &unsettledError{lost: lost, err: err}
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
	r.ledger.claim(r.def.Name, wire.ID)
	r.c.wrote(r.owner, wire.ID)
	r.c.ExpectToken(r.owner, wire.ID, r.c.ServerTime())
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

// settle makes sure that nothing is left of what was sent so far, but for the token that is given. On
// success no token of it was found; otherwise the error says which tokens may be, and the token is the
// single one of them.
func (r *creation) settle(ctx context.Context, made *Token, cause error) (*Token, *LostCreateError) {
	ctx, cancel := detached(ctx)
	defer cancel()
	found, err := r.candidates(ctx)
	if err == nil && len(found.all) == 0 && cause != nil {
		// A request that timed out may still be at work: look again before it is repeated.
		if err = r.c.pause(ctx, 1); err == nil {
			found, err = r.candidates(ctx)
		}
	}
	if made != nil {
		found, err = r.lookPast(ctx, made, found, err)
	}
	if err != nil {
		r.open = max(r.open, 1)
		return nil, &LostCreateError{Name: r.def.Name, Err: errors.Join(cause, fmt.Errorf("list API tokens to settle it: %w", err))}
	}
	if len(found.all) == 0 {
		return nil, nil
	}
	if len(found.all) <= r.lost-r.removed && len(found.likely) == len(found.all) {
		if err = r.remove(ctx, found.likely); err == nil {
			return nil, nil
		}
		err = fmt.Errorf("delete the lost token: %w", err)
		if len(found.all) > 1 {
			r.open = r.lost - r.removed
			return nil, &LostCreateError{Name: r.def.Name, CandidateIDs: found.ids(), Err: errors.Join(cause, err)}
		}
	}
	return r.doubt(found, errors.Join(cause, err))
}

// lookPast waits for a list that shows the token which was made last: what such a list does not show of
// what was sent before does not exist. One that lags behind would hide it.
func (r *creation) lookPast(ctx context.Context, made *Token, found candidates, err error) (candidates, error) {
	limit := r.c.env.now().Add(youngLimit)
	for attempt := 1; err == nil && !found.seen[made.ID]; attempt++ {
		if r.c.env.now().After(limit) {
			return found, fmt.Errorf("the list does not show the token %s, which was just created", made.ID)
		}
		if err = r.c.pause(ctx, attempt); err == nil {
			found, err = r.candidates(ctx)
		}
	}
	return found, err
}

// remove deletes what only the lost requests can have made.
func (r *creation) remove(ctx context.Context, tokens []Token) error {
	for _, token := range tokens {
		if err := r.c.DeleteToken(ctx, r.owner, token.ID); err != nil {
			return err
		}
		r.removed++
		r.settled = append(r.settled, token.ID)
		r.open = max(r.open-1, 0)
	}
	return nil
}

// doubt names the candidates, which the caller is told of and nobody deletes.
func (r *creation) doubt(found candidates, cause error) (*Token, *LostCreateError) {
	lost := &LostCreateError{Name: r.def.Name, CandidateIDs: found.ids(), Err: cause}
	r.ledger.claim(r.def.Name, lost.CandidateIDs...)
	r.open = 0
	if lost.Err == nil {
		lost.Err = errors.New("more tokens of that name and definition appeared than were created")
	}
	// Where every lost answer's token is found already, one more is somebody else's.
	if r.lost > r.removed && len(found.all) == 1 && len(found.likely) == 1 {
		lost.KeptID = found.all[0].ID
		return &found.all[0], lost
	}
	return nil, lost
}

func (r *creation) candidates(ctx context.Context) (candidates, error) {
	lost := LostCreate{Name: r.def.Name, Definition: r.digest, Sent: r.sent, Until: r.c.ServerTime()}
	return r.c.lostTokens(ctx, r.owner, &lost, func(id string) bool {
		_, before := r.baseline[id]
		return before || r.ledger.isClaimed(id)
	})
}

// issuedBetween compares with whole seconds, to which the API rounds its times, up or down.
func issuedBetween(issued, from, to time.Time) bool {
	return !issued.Before(from.Truncate(time.Second)) && !issued.After(to.Truncate(time.Second).Add(time.Second))
}
