// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

// DecideList decides whether one of the two lists that span accounts, GET
// /accounts and GET /zones, is answered at all (authorization model §6
// "Lists"). What it then holds is decided item by item with [Visible]. The
// request's targets are ignored; userOnly marks GET /accounts, which
// account-owned tokens may not ask.
func DecideList(r *Request, userOnly bool) Decision {
	if d := DecideCredential(r); !d.Allowed {
		return d
	}
	c := r.Credential
	switch {
	case userOnly && c.User.IsZero():
		return refuse(GateTarget, ReasonUserCredentialRequired, 0)
	case c.Kind == OriginCAKey, c.Kind.HasPolicies() && !c.Policies.canServe(r.Accepts):
		return refuse(GateGrant, ReasonNoMatchingGrant, 0)
	default:
		return allow()
	}
}

// Visible runs gates 5 to 10 for one item of a list: an account or zone of a
// list that spans accounts, or a record of a zone's list. The caller must have
// decided the list itself first, gates 1 to 4 with it.
func Visible(w World, r *Request, item Target) bool {
	if r.Credential == nil {
		return false
	}
	targets := [1]Target{item}
	return decideTargets(w, r, targets[:]).Allowed
}

// DecideRecord judges an operation on one stored record after its zone has
// passed as container (authorization model §5 "Past that"): before is the
// stored record, nil when there is none with that id; after is the record as it
// would be written, nil for reads and deletions. It reports visible = false
// when the record is absent and when the caller could not read it, who then
// must not learn that it exists; the decision then says why, for the trace
// alone. A record that is about to be created is decided with [Decide].
//
// readAccepts is A of the row that reads one record. r.Targets is ignored.
func DecideRecord(w World, r *Request, readAccepts catalog.GroupSet, before, after *Target) (d Decision, visible bool) {
	if d = DecideCredential(r); !d.Allowed {
		return d, true
	}
	if before == nil {
		return refuse(GateTarget, ReasonTargetNotFound, 0), false
	}
	return decideRecord(w, r, readAccepts, before, after)
}

// decideRecord is [DecideRecord] for a record that is there, from gate 5 on.
func decideRecord(w World, r *Request, readAccepts catalog.GroupSet, before, after *Target) (d Decision, visible bool) {
	targets := [2]Target{*before}
	read := *r
	read.Accepts, read.Needs = readAccepts, 0
	if d = decideTargets(w, &read, targets[:1]); !d.Allowed {
		return d, false
	}
	if after == nil {
		return decideTargets(w, r, targets[:1]), true
	}
	targets[1] = *after
	return decideTargets(w, r, targets[:]), true
}

// VerifyOutcome is what a verify route answers (authorization model §6 "Verify").
type VerifyOutcome uint8

// The outcomes of a verify route.
const (
	// VerifyInvalid: the token is unknown or not one of this path.
	VerifyInvalid VerifyOutcome = iota
	// VerifyNeedsBearer: a key was presented instead of a token, or nothing
	// that verify takes.
	VerifyNeedsBearer
	// VerifyKnown: the token is known and belongs to this path; its status
	// is [Credential.VerifyStatus].
	VerifyKnown
)

// DecideVerify runs gate 2 and ownership alone: no IP condition, no switch, no
// grant. account is zero on the user path. c is nil for an unknown token;
// bearer says whether the deciding credential was a bearer token at all.
func DecideVerify(bearer bool, c *Credential, account ID) VerifyOutcome {
	switch {
	case !bearer:
		return VerifyNeedsBearer
	case c == nil:
		return VerifyInvalid
	case account.IsZero() && c.Kind == UserToken:
		return VerifyKnown
	case c.Kind == AccountToken && c.Account == account:
		return VerifyKnown
	default:
		return VerifyInvalid
	}
}
