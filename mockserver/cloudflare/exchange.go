// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// exchange is one request on its way through the pipeline. It belongs to one
// goroutine.
type exchange struct {
	dialect   *Dialect
	http      *http.Request
	world     *state.World
	operation *catalog.Operation
	endpoint  *endpoint
	params    catalog.Params
	query     url.Values
	presented authz.Presented
	address   netip.Addr
	now       time.Time
	shuffle   *shuffler
	quota     Quota

	// input is the body as the endpoint's reader understood it, problems what
	// was wrong with it. They are set before the transaction.
	input    any
	problems []problem

	// tx, request and made belong to the transaction that is under way, and
	// so does work: what is left to do of a request for several records.
	tx      *state.Tx
	request authz.Request
	made    *Decided
	work    workOf
}

// Decided is a decision on one request. It is valid only while the function
// it is given to runs.
type Decided struct {
	// Operation is the request's row of the operations table.
	Operation *catalog.Operation
	// Credential is the credential that decided; nil when there is none or
	// it is not known.
	Credential *authz.Credential
	// CredentialRef is the seed's name of that credential, or of its user;
	// empty when a seed named neither.
	CredentialRef string
	// Address is the client's address as IP conditions see it.
	Address netip.Addr
	// Now is the instant that was decided for.
	Now time.Time
	// Decision is the outcome.
	Decision authz.Decision

	explain func() authz.Explanation
}

// Explain returns the decision with its whole trace, as of the instant it was
// made.
func (d *Decided) Explain() authz.Explanation { return d.explain() }

// param is a placeholder's value, unescaped; "" when the path holds an
// invalid escape, which names no object.
func (x *exchange) param(name string) string {
	s, err := url.PathUnescape(x.params.Get(name))
	if err != nil {
		return ""
	}
	return s
}

// paramID is a placeholder's value as an identifier; the zero ID, which no
// object has, when it is none.
func (x *exchange) paramID(name string) authz.ID {
	id, _ := authz.ParseID(x.param(name))
	return id
}

// account and zone are the ones that the path names.
func (x *exchange) account() authz.ID { return x.paramID("account_id") }
func (x *exchange) zone() authz.ID    { return x.paramID("zone_id") }

// user is the user that the credential acts as; zero for account-owned tokens.
func (x *exchange) user() authz.ID { return x.request.Credential.User }

// credential looks the presented secret up in the transaction, so that no
// decision outlives a change.
func (x *exchange) credential() *authz.Credential {
	if x.presented.Presence != authz.WellFormed {
		return nil
	}
	var c *authz.Credential
	switch x.presented.Kind {
	case authz.PresentedBearer:
		c = x.tx.CredentialByToken(x.presented.Secret)
	case authz.PresentedKey:
		c = x.tx.CredentialByKey(x.presented.Email, x.presented.Secret)
	case authz.PresentedServiceKey:
		c = x.tx.CredentialByServiceKey(x.presented.Secret)
	case authz.PresentedNothing:
	}
	if c == nil {
		return nil
	}
	switch c.Kind {
	case authz.UserToken, authz.AccountToken, authz.GlobalKey, authz.OriginCAKey:
		return c
	default:
		// Keys of the other dialect and sessions are no credentials here
		// (authorization model §2).
		return nil
	}
}

// begin starts a transaction's part of the exchange: the engine's question
// without targets.
func (x *exchange) begin(tx *state.Tx) {
	x.tx = tx
	x.request = authz.Request{
		Presence: x.presented.Presence, Credential: x.credential(),
		Address: x.address, Now: x.now,
	}
	x.request.For(x.operation)
	x.made, x.work = nil, nil
}

// note remembers the newest decision, which is the one that counts.
func (x *exchange) note(d authz.Decision, explain func() authz.Explanation) {
	x.made = &Decided{
		Operation: x.operation, Credential: x.request.Credential, Address: x.address, Now: x.now,
		Decision: d, explain: explain,
	}
	if x.dialect.options.OnDecision == nil {
		return
	}
	// The handler may change what was decided on, even the credential, so the
	// listener's part is worked out now.
	x.made.CredentialRef = x.credentialRef()
	now := explain()
	x.made.explain = func() authz.Explanation { return now }
}

// report tells the decision to whoever listens. It runs in the transaction.
func (x *exchange) report(ctx context.Context) {
	if x.made == nil || x.dialect.options.OnDecision == nil {
		return
	}
	x.dialect.options.OnDecision(ctx, x.made)
}

func (x *exchange) credentialRef() string {
	c := x.request.Credential
	if c == nil {
		return ""
	}
	if c.Kind.HasPolicies() {
		if t := x.tx.Token(c.ID); t != nil {
			return t.Ref
		}
		return ""
	}
	if u := x.tx.User(c.User); u != nil {
		return u.Ref
	}
	return ""
}
