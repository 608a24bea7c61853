// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"net/netip"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// SwitchChange says that the body of a request would change an API access
// switch: an account's own, or a member's (authorization model §6 "Gate 10").
type SwitchChange struct {
	// To is the new value; it differs from the stored one.
	To authz.Switch
}

// Question is one hypothetical or real request.
type Question struct {
	// Credential is who asks, its policies compiled; nil is an unknown
	// credential, refused at gate 2.
	Credential *authz.Credential
	// Operation is what is asked for.
	Operation Operation
	// Target is on what.
	Target Target
	// Address is the client's address; the zero value satisfies no IP
	// condition.
	Address netip.Addr
	// Now is the instant of the request.
	Now time.Time
	// Switch is set when the request changes an API access switch; nil for
	// all others.
	Switch *SwitchChange
}

// Answer is a decision with its whole trace.
type Answer struct {
	// Explanation is the decision, the ten gates and the sentence.
	Explanation authz.Explanation
	// Targets are what was decided on. An operation on one record is decided
	// on the container of its zone's records first; that container is named
	// only when it was refused, or when no record was.
	Targets []authz.Target
	// PolicyAllows tells what the policies say by themselves, gates 7 and 8:
	// the credential's life, its IP condition, the switch, the owner's rights
	// and gate 10 left aside. It is true for credentials without policies,
	// save that an Origin CA key opens its own operations alone. It is false
	// when the target does not exist for the owner, since no key reaches it
	// then, and when there is no credential.
	PolicyAllows bool
	// Remedy is the smallest grant that would have allowed the request; nil
	// when it was allowed, and when no grant alone would have.
	Remedy *authz.Grant
	// Notes are full sentences about what the answer covers and what
	// follows from the credential; often none.
	Notes []string
}

// Allowed reports whether the request would be carried out.
func (a *Answer) Allowed() bool { return a.Explanation.Decision.Allowed }

// Ask decides one question. The error is a *[TargetError]: the target is
// incomplete or cannot belong to the operation. A target that does not exist is
// no error but a refusal at gate 5. For many credentials and one operation use
// [Prepare].
func Ask(w authz.World, q Question) (Answer, error) {
	p, err := Prepare(w, q.Operation, q.Target, q.Switch)
	if err != nil {
		return Answer{}, err
	}
	return p.Answer(w, Asker{Credential: q.Credential, Address: q.Address, Now: q.Now}), nil
}

// Asker is the part of a question that differs between those who might ask it.
type Asker struct {
	// Credential is who asks; nil is an unknown credential.
	Credential *authz.Credential
	// Address is the client's address.
	Address netip.Addr
	// Now is the instant of the request.
	Now time.Time
}
