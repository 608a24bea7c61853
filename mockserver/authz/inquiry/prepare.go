// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Prepared is an operation on a target, resolved once and decided for as many
// credentials as need be. It is immutable and safe for concurrent use. It holds
// for the world in which it was prepared: zones may be moved or renamed.
type Prepared struct {
	operation Operation
	// request holds what the operation asks; credential, address and instant
	// are added for each decision.
	request authz.Request
	// targets are what the operation is decided on first.
	targets []authz.Target
	// record is the single record; nil when none was named.
	record *authz.Target
	// course says how the record is decided after or instead of targets.
	course course
	// list is set for the two lists that span accounts; targets holds the
	// item then, or nothing.
	list, userOnly bool
	// verify is set for the verify operations; account is the path's.
	verify  bool
	account authz.ID
	notes   []string
}

// Prepare resolves an operation on a target. change is nil unless the request
// changes an API access switch. The error is a *[TargetError].
func Prepare(w authz.World, operation Operation, target Target, change *SwitchChange) (*Prepared, error) {
	r := &resolver{world: w, operation: operation, target: target}
	r.resolve()
	if change != nil && !changesSwitch(operation) {
		r.problem(FieldSwitch, "does not belong to this operation: PUT /accounts/{account_id} and the operations that write a member change it")
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	p := &Prepared{operation: operation, request: authz.Request{Presence: authz.WellFormed}}
	if row := operation.Row; row != nil {
		p.request.For(row)
	} else {
		p.request.Accepts.Add(operation.Permission.Index)
	}
	if change != nil {
		p.request.ChangesSwitch(change.To)
	}
	if err := p.place(r); err != nil {
		return nil, err
	}
	return p, nil
}

// Operation is what was prepared.
func (p *Prepared) Operation() Operation { return p.operation }

// Accepts is A, the groups any one of which opens the operation
// (authorization model §4); empty where none does.
func (p *Prepared) Accepts() catalog.GroupSet { return p.request.Accepts }

// Targets are what the operation is decided on: the single record where one
// was named, else what the path names. It is empty for a list that was asked
// about without an item, and for verify. The slice is fresh.
func (p *Prepared) Targets() []authz.Target {
	if p.record != nil {
		return []authz.Target{*p.record}
	}
	return slices.Clone(p.targets)
}

// changesSwitch reports whether a body of the operation can hold an API access
// switch (authorization model §7).
func changesSwitch(o Operation) bool {
	const members = "/accounts/{account_id}/members"
	return slices.Contains([]string{
		"PUT /accounts/{account_id}", "POST " + members, "PUT " + members + "/{member_id}", "PATCH " + members + "/{member_id}",
	}, o.String())
}

// place finds the targets.
func (p *Prepared) place(r *resolver) error {
	t := r.target
	switch r.shape {
	case shapeVerify:
		p.verify, p.account = true, t.Account
		return nil
	case shapeAccountList:
		p.list, p.userOnly = true, true
		p.item(authz.AccountTarget(t.Account), t.Account, "account_id")
		return nil
	case shapeZoneList:
		p.list = true
		p.item(authz.ZoneTarget(t.Zone), t.Zone, "zone_id")
		return nil
	case shapeAllZones:
		p.targets = []authz.Target{authz.AllZonesTarget(t.Account)}
		return nil
	case shapeRecords:
		p.records(t)
		return nil
	default:
		return p.single(r)
	}
}

// item takes the item of a list that the question is about.
func (p *Prepared) item(target authz.Target, id authz.ID, field string) {
	if id.IsZero() {
		p.notes = append(p.notes, fmt.Sprintf("What the list holds is decided item by item: give %s to ask whether that item is in it.", field))
		return
	}
	p.targets = []authz.Target{target}
}

// single finds the targets of an operation that is decided in one step.
func (p *Prepared) single(r *resolver) error {
	t := r.target
	if row := p.operation.Row; row != nil && row.Target != catalog.TargetCertificate {
		targets, err := p.pathTargets(t)
		p.targets = targets
		return err
	}
	switch r.shape {
	case shapeUser:
		p.targets = []authz.Target{authz.UserTarget()}
	case shapeAccount:
		p.targets = []authz.Target{authz.AccountTarget(t.Account)}
	case shapeBucket:
		p.targets = []authz.Target{authz.BucketTarget(t.Account, t.Jurisdiction, t.Bucket)}
	default:
		p.targets = []authz.Target{authz.ZoneTarget(t.Zone)}
	}
	if p.operation.Row != nil {
		p.notes = append(p.notes, "A certificate is decided on the zone of every one of its host names: this answer is for one of them.")
	}
	return nil
}

// pathTargets writes the path that the target makes of the row's route, and
// has the engine find the targets in it, as a server does.
func (p *Prepared) pathTargets(t Target) ([]authz.Target, error) {
	row := p.operation.Row
	path, rest := "", row.Route
	for i, name := range row.Placeholders() {
		before, after, _ := strings.Cut(rest, "{"+name+"}")
		value := ""
		if i < p.operation.Params.Len() {
			_, value = p.operation.Params.At(i)
		}
		if value == "" || isPlaceholder(value) {
			value = t.placeholder(name)
		}
		path, rest = path+before+value, after
	}
	found, params, status := catalog.MatchRoute(row.Method, path+rest)
	if status != catalog.MatchFound || found != row {
		return nil, &TargetError{Operation: p.operation.String(), Problems: []TargetProblem{
			{Field: FieldOperation, Message: "its path with this target is the path of another operation"},
		}}
	}
	return authz.PathTargets(row, params, t.Jurisdiction), nil
}

// placeholder is a placeholder's value in a path to the target; what a decision
// does not read is the digit 0.
func (t Target) placeholder(name string) string {
	switch name {
	case accountParam:
		return t.Account.String()
	case zoneParam:
		return t.Zone.String()
	case bucketParam:
		if t.Bucket != "" {
			return t.Bucket
		}
	}
	return "0"
}

// with is the request of one asker.
func (p *Prepared) with(a Asker) authz.Request {
	r := p.request
	r.Credential, r.Address, r.Now, r.Targets = a.Credential, a.Address, a.Now, p.targets
	return r
}

// Decide decides for one asker, without a trace. It is what [Prepared.Answer]
// holds as its decision.
func (p *Prepared) Decide(w authz.World, a Asker) authz.Decision {
	r := p.with(a)
	d, _ := p.decide(w, &r)
	return d
}

// Answer decides for one asker and says why.
func (p *Prepared) Answer(w authz.World, a Asker) Answer {
	r := p.with(a)
	d, at := p.decide(w, &r)
	answer := p.explain(w, &r, d, at)
	answer.Remedy = answer.Explanation.Missing
	answer.PolicyAllows = p.policyAllows(w, a)
	answer.Notes = append(answer.Notes, p.notes...)
	if ManagesTokens(a.Credential) {
		answer.Notes = append(answer.Notes, WorthAll)
	}
	return answer
}
