// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Rights answers a what-can.
type Rights struct {
	// Rights are the operations that the credential may do, place by place:
	// the user, then each account with its zones.
	Rights []Right `json:"rights"`
	// NextCursor asks for the next page; empty on the last. A page may hold
	// fewer rows than its limit, even none, and not be the last.
	NextCursor string `json:"next_cursor,omitempty"`
	// Gate and Reason are set when the credential is good for nothing at
	// all, whatever the operation: gates 3 and 4.
	Gate   int    `json:"gate,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Notes say what follows from the credential beyond the rows.
	Notes      []string   `json:"notes"`
	Credential Credential `json:"credential"`
	Circumstances
}

// Right is one operation that a credential may do in one place.
type Right struct {
	Operation string `json:"operation"`
	Target    Target `json:"target"`
	// Records tells for operations on DNS records whether it is "all" of the
	// zone's or "some": then each record is decided by itself.
	Records string `json:"records,omitempty"`
	// Why says what allows it, as in a who-can.
	Why string `json:"why"`
}

// wanted narrows what a what-can goes through. The zero value lets all pass.
type wanted struct {
	scope, method string
	// operation is one row or permission group; nil for every row.
	operation *inquiry.Operation
	target    inquiry.Target
}

// whatCan lists all that a credential may do. A page takes time in proportion
// to the operations times places that it looks at.
func (p *Plane) whatCan(q *question) (*Rights, error) {
	subject := q.subject()
	want := q.wanted()
	circumstances := q.circumstances()
	var after step
	limit := q.page(&after)
	q.root.end()
	if err := q.problems.failure(); err != nil {
		return nil, err
	}
	asker := circumstances.asker(subject.credential)
	reply := &Rights{Rights: []Right{}, Notes: []string{}, Credential: subject.view, Circumstances: circumstances.view()}
	if inquiry.ManagesTokens(subject.credential) {
		reply.Notes = append(reply.Notes, inquiry.WorthAll)
	}
	d := authz.DecideCredential(&authz.Request{
		Presence: authz.WellFormed, Credential: asker.Credential, Address: asker.Address, Now: asker.Now,
	})
	if !d.Allowed {
		reply.Gate, reply.Reason = int(d.Gate), string(d.Reason)
		return reply, nil
	}
	s := &survey{question: q, subject: subject, asker: asker, want: want, limit: limit, reply: reply, last: after}
	for _, place := range q.places(subject) {
		if place.step().comparePlace(after) >= 0 && want.includes(place) && !s.visit(place, after) {
			break
		}
	}
	return reply, nil
}

// wanted reads what narrows a what-can.
func (q *question) wanted() wanted {
	w := wanted{scope: q.root.text("scope"), method: strings.ToUpper(q.root.text("method"))}
	if w.scope != "" && !slices.Contains(scopes, w.scope) {
		q.problems.suggest("/scope", catalog.SuggestNames(shorten(w.scope), scopes, 1), "must be one of %s", strings.Join(scopes, ", "))
	}
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	if w.method != "" && !slices.Contains(methods, w.method) {
		q.problems.add("/method", "must be one of %s", strings.Join(methods, ", "))
	}
	if q.root.has("operation") {
		if operation, ok := q.operation(); ok {
			w.operation = &operation
		}
	}
	if o := q.root.object("target"); o != nil {
		w.target = inquiry.Target{Account: q.account(o, "account"), Zone: q.zone(o, "zone"), User: o.boolean("user")}
		if w.target.User && (!w.target.Account.IsZero() || !w.target.Zone.IsZero()) {
			q.problems.add("/target/user", "is one place, an account or a zone another: leave one out")
		}
		o.end()
	}
	return w
}

// includes reports whether a place is wanted.
func (w wanted) includes(p place) bool {
	switch {
	case w.scope != "" && w.scope != p.scope:
		return false
	case w.target.User:
		return p.scope == scopeUser
	case !w.target.Zone.IsZero() && w.target.Zone != p.zone:
		return false
	case !w.target.Account.IsZero() && w.target.Account != p.account:
		return false
	default:
		return true
	}
}

// operations lists what is wanted in a place: rows, or a permission group.
func (w wanted) operations(scope string) []inquiry.Operation {
	if w.operation != nil {
		if row := w.operation.Row; row != nil && scopeOf(row) != scope {
			return nil
		}
		return []inquiry.Operation{*w.operation}
	}
	rows := operationsIn(scope)
	list := make([]inquiry.Operation, 0, len(rows))
	for _, row := range rows {
		if w.method == "" || w.method == row.Method {
			list = append(list, inquiry.Operation{Row: row})
		}
	}
	return list
}

// survey is one what-can under way.
type survey struct {
	*question
	subject *subject
	asker   inquiry.Asker
	want    wanted
	limit   int
	reply   *Rights
	looked  int
	last    step
}

// visit goes through the operations of one place behind a step. It reports
// false when the page is full.
func (s *survey) visit(p place, after step) bool {
	for _, operation := range s.want.operations(p.scope) {
		at := p.step()
		at.Operation = 1
		if operation.Row != nil {
			at.Operation += operation.Row.Index
		}
		if at.compare(after) <= 0 {
			continue
		}
		if len(s.reply.Rights) == s.limit || s.looked == maxLooked {
			s.reply.NextCursor = cursorOf(s.last)
			return false
		}
		s.looked++
		s.last = at
		s.judge(operation, p)
	}
	return true
}

// judge decides one operation in one place, and notes it when it is allowed.
func (s *survey) judge(operation inquiry.Operation, p place) {
	target := p.target()
	if operation.Row != nil && operation.Row.Target == catalog.TargetAccount && p.scope == scopeZone {
		target.Account = p.account
	}
	prepared, err := inquiry.Prepare(s.tx, operation, target, nil)
	if err != nil {
		return // the operation does not act on such a place, as a path that names another
	}
	if !prepared.Decide(s.tx, s.asker).Allowed {
		return
	}
	right := Right{Operation: operation.String(), Target: Target{Kind: p.scope}}
	right.Why = whyOf(prepared.Answer(s.tx, s.asker).Explanation.Steps, s.subject.credential)
	if targets := prepared.Targets(); len(targets) > 0 {
		right.Target = s.targetOf(targets[0])
	}
	if operation.Row != nil && operation.Row.Target == catalog.TargetRecords {
		right.Records = "some"
		if s.wholeZone(operation.Row, p.zone) {
			right.Records = "all"
		}
	}
	s.reply.Rights = append(s.reply.Rights, right)
}

// wholeZone reports whether an operation on records is open for all records of
// the zone: a grant reaches the zone itself, and no deny names records of it.
func (s *survey) wholeZone(row *catalog.Operation, zone authz.ID) bool {
	r := authz.Request{
		Presence: authz.WellFormed, Credential: s.asker.Credential, Address: s.asker.Address, Now: s.asker.Now,
		Targets: []authz.Target{authz.ZoneTarget(zone)},
	}
	r.For(row)
	if !authz.Decide(s.tx, &r).Allowed {
		return false
	}
	for key := range keysOf(s.subject.policies, authz.Deny) {
		if key.Form == authz.KeyRecord && key.Zone == zone {
			return false
		}
	}
	return true
}
