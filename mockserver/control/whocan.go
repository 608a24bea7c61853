// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Candidates answers a who-can.
type Candidates struct {
	// Candidates are the credentials and members, users' first, oldest
	// owners first.
	Candidates []Candidate `json:"candidates"`
	// NextCursor asks for the next page; empty on the last. A page may hold
	// fewer rows than its limit, even none, and not be the last.
	NextCursor string `json:"next_cursor,omitempty"`
	// Operation, Accepts and Targets are as in an explanation.
	Operation string   `json:"operation"`
	Accepts   []string `json:"accepts"`
	Targets   []Target `json:"targets"`
	Circumstances
}

// Candidate is one who may do the operation, or, when they were asked for, one
// who may not.
type Candidate struct {
	Credential Credential `json:"credential"`
	Allowed    bool       `json:"allowed"`
	// Why says what allows it: the policy, group and key of a token, what
	// the user holds for keys and members.
	Why string `json:"why,omitempty"`
	// GrantedBy is one allow of a token that suffices by itself.
	GrantedBy *GrantedBy `json:"granted_by,omitempty"`
	// Gate and Reason name the refusal.
	Gate   int    `json:"gate,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Indirectly is true for a token that may not do it itself and can make
	// one that may, since its owner holds the right (authorization model
	// §3).
	Indirectly bool `json:"indirectly,omitempty"`
	// MakesTokens is true for a token that can make others, and so is worth
	// all its owner's rights.
	MakesTokens bool `json:"makes_tokens,omitempty"`
}

// whoCan lists who may do an operation on a target. It takes time in proportion
// to the number of credentials and members that it looks at.
func (p *Plane) whoCan(q *question) (*Candidates, error) {
	prepared := q.prepare()
	circumstances := q.circumstances()
	refusedToo := q.root.boolean("include_refused")
	var after position
	limit := q.page(&after)
	q.root.end()
	if err := q.problems.failure(); err != nil {
		return nil, err
	}
	s := &search{
		question: q, prepared: prepared, circumstances: circumstances,
		makers: q.makers(accountsOf(q, prepared.Targets())), refusedToo: refusedToo,
	}
	reply := &Candidates{
		Candidates: []Candidate{}, Operation: prepared.Operation().String(), Accepts: refsOf(prepared.Accepts()),
		Targets: q.targetsOf(prepared.Targets()), Circumstances: circumstances.view(),
	}
	looked := 0
	last := after
	for at, who := range q.population(after, accountsOf(q, prepared.Targets())) {
		if len(reply.Candidates) == limit || looked == maxLooked {
			reply.NextCursor = cursorOf(last)
			break
		}
		looked++
		last = at
		if row := s.judge(who); row != nil {
			reply.Candidates = append(reply.Candidates, *row)
		}
	}
	return reply, nil
}

// search is one who-can under way.
type search struct {
	*question
	circumstances
	prepared   *inquiry.Prepared
	makers     []*inquiry.Prepared
	refusedToo bool
}

// judge decides for one of the population; nil leaves it out.
func (s *search) judge(one someone) *Candidate {
	asker := s.asker(one.credential)
	d := s.prepared.Decide(s.tx, asker)
	makes := inquiry.ManagesTokens(one.credential)
	indirectly := !d.Allowed && makes && s.couldMake(asker)
	if !d.Allowed && !indirectly && !s.refusedToo {
		return nil
	}
	who := one.subject()
	row := &Candidate{
		Credential: who.view, Allowed: d.Allowed, Gate: int(d.Gate), Reason: string(d.Reason),
		Indirectly: indirectly, MakesTokens: makes,
	}
	if !d.Allowed {
		return row
	}
	row.Why = whyOf(s.prepared.Answer(s.tx, asker).Explanation.Steps, who.credential)
	row.GrantedBy = grantedBy(s.prepared.Opening(s.tx, asker, who.policies))
	return row
}

// couldMake reports whether a token can make one that may do the operation: it
// may make tokens, and its owner may do the operation.
func (s *search) couldMake(asker inquiry.Asker) bool {
	owner := asker
	owner.Credential = &authz.Credential{Kind: authz.GlobalKey, User: asker.Credential.User}
	if !s.prepared.Decide(s.tx, owner).Allowed {
		return false
	}
	return slices.ContainsFunc(s.makers, func(p *inquiry.Prepared) bool { return p.Decide(s.tx, asker).Allowed })
}

// makers are the operations that make tokens: of the user, and of each account.
func (q *question) makers(accounts []authz.ID) []*inquiry.Prepared {
	var list []*inquiry.Prepared
	add := func(route string, target inquiry.Target) {
		row, ok := catalog.OperationByName("POST", route)
		if !ok {
			return
		}
		if p, err := inquiry.Prepare(q.tx, inquiry.Operation{Row: row}, target, nil); err == nil {
			list = append(list, p)
		}
	}
	add("/user/tokens", inquiry.Target{})
	for _, id := range accounts {
		add("/accounts/{account_id}/tokens", inquiry.Target{Account: id})
	}
	return list
}

// whyOf is what the trace of an allowance says decided: the grant for tokens,
// else what the owner holds.
func whyOf(steps []authz.Step, c *authz.Credential) string {
	gate := authz.GateOwner
	if c.Kind.HasPolicies() {
		gate = authz.GateGrant
	}
	for _, s := range steps {
		if s.Gate == gate && s.Detail != "" {
			return s.Detail
		}
	}
	return "nothing is asked beyond the credential itself"
}

// accountsOf are the accounts that the targets lie in, by id.
func accountsOf(q *question, targets []authz.Target) []authz.ID {
	var list []authz.ID
	for _, t := range targets {
		account := t.Account
		if z := q.tx.Zone(t.Zone); z != nil && t.Kind != authz.OnAccount {
			account = z.Account
		}
		if t.Kind != authz.OnUser && !account.IsZero() {
			list = append(list, account)
		}
	}
	slices.SortFunc(list, authz.ID.Compare)
	return slices.Compact(list)
}
