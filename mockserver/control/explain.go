// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Explanation answers an explain.
type Explanation struct {
	// Allowed is the decision: true only when every gate passes.
	Allowed bool `json:"allowed"`
	// Gate and Reason name the refusal (authorization model §6); absent when
	// allowed.
	Gate   int    `json:"gate,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Sentence says in one sentence why it was refused.
	Sentence string `json:"sentence,omitempty"`
	// PolicyAllows tells what the policies say by themselves, gates 7 and 8.
	PolicyAllows bool `json:"policy_allows"`
	// GrantedBy is one allow of the credential that suffices by itself; nil
	// when refused, for credentials without policies, and when it takes
	// several together.
	GrantedBy *GrantedBy `json:"granted_by,omitempty"`
	// SmallestGrant is the smallest grant that would have allowed it; nil
	// when allowed, and when no grant alone would have.
	SmallestGrant *Grant `json:"smallest_grant,omitempty"`
	// Trace are the ten gates in order.
	Trace []Step `json:"trace"`
	// Notes say what the answer covers and what follows from the credential.
	Notes []string `json:"notes"`
	// Credential is who was asked about.
	Credential Credential `json:"credential"`
	// Operation is what was asked for: a row of the operations table, or a
	// permission group.
	Operation string `json:"operation"`
	// Accepts are the permission groups of which any one suffices, as
	// scope and name.
	Accepts []string `json:"accepts"`
	// Targets are what it was decided on.
	Targets []Target `json:"targets"`
	Circumstances
}

// GrantedBy is one allow of a token that suffices for a request.
type GrantedBy struct {
	// Policy is the position of the policy in the token, from 0.
	Policy          int   `json:"policy"`
	PermissionGroup Group `json:"permission_group"`
	// Key is the resource key; a nested key follows its outer key after an
	// arrow.
	Key string `json:"key"`
}

// grantedBy shows an opening; nil stays nil.
func grantedBy(o *inquiry.Opening) *GrantedBy {
	if o == nil {
		return nil
	}
	return &GrantedBy{Policy: o.Policy, PermissionGroup: groupOf(o.Grant.Group), Key: o.Grant.Key.String()}
}

// explain decides one question and says why.
func (p *Plane) explain(q *question) (*Explanation, error) {
	subject := q.subject()
	prepared := q.prepare()
	circumstances := q.circumstances()
	q.root.end()
	if err := q.problems.failure(); err != nil {
		return nil, err
	}
	asker := circumstances.asker(subject.credential)
	answer := prepared.Answer(q.tx, asker)
	e := answer.Explanation
	reply := &Explanation{
		Allowed: answer.Allowed(), Gate: int(e.Decision.Gate), Reason: string(e.Decision.Reason), Sentence: e.Sentence,
		PolicyAllows: answer.PolicyAllows, SmallestGrant: grantOf(answer.Remedy), Trace: traceOf(e.Steps),
		Notes: append(append([]string{}, answer.Notes...), q.notes...), Credential: subject.view,
		Operation: prepared.Operation().String(), Accepts: refsOf(prepared.Accepts()),
		Targets: q.targetsOf(answer.Targets), Circumstances: circumstances.view(),
		GrantedBy: grantedBy(prepared.Opening(q.tx, asker, subject.policies)),
	}
	return reply, nil
}

// refsOf lists permission groups as scope and name, in the catalogue's order.
func refsOf(set catalog.GroupSet) []string {
	groups := catalog.Groups()
	refs := make([]string, 0, set.Len())
	for g := range set.All() {
		refs = append(refs, groups[g].Ref())
	}
	return refs
}
