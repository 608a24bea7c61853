// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// course says what is decided after the first targets have passed. Only the
// operations on records go further (authorization model §5).
type course uint8

const (
	// courseDone: nothing more.
	courseDone course = iota
	// courseListed: the record must pass a read, or the list leaves it out.
	courseListed
	// courseLookedUp: the record must pass a read, or it is not found, and
	// then the operation itself.
	courseLookedUp
	// courseChanged: as courseLookedUp, and the record as it would be
	// written must pass too.
	courseChanged
	// courseAdded: the new record must pass the operation.
	courseAdded
)

// The routes of the operations on records.
const (
	recordsRoute = "/zones/{zone_id}/dns_records"
	recordRoute  = recordsRoute + "/{dns_record_id}"
)

// NoRecord is said of an operation on records that was asked about without a
// record: the container alone was decided on (authorization model §5).
const NoRecord = "This is the answer for the records of the zone as a whole: name a record to decide on that record too."

// BatchChange is said of a batch that was asked about with a record: what it
// would do with that record is not part of the question.
const BatchChange = "A batch judges each of its records like the single operation: this answer is for one that the batch changes and that keeps its type and name."

// records finds the targets and the course of an operation on records, or of a
// permission group asked for on one.
func (p *Prepared) records(t Target) {
	container := []authz.Target{authz.RecordsTarget(t.Zone)}
	if t.RecordType == "" {
		p.targets = container
		p.notes = append(p.notes, NoRecord)
		return
	}
	record := authz.RecordTarget(t.Zone, t.RecordType, t.RecordName)
	p.record = &record
	row := p.operation.Row
	if row == nil || row.Route == recordsRoute && row.Method == methodPost {
		// A body that names its record is decided on that record alone.
		p.targets = []authz.Target{record}
		return
	}
	p.targets = container
	switch {
	case row.Route == recordRoute && (row.Method == methodGet || row.Method == methodDelete):
		p.course = courseLookedUp
	case row.Route == recordRoute:
		p.course = courseChanged
	case row.Method == methodGet:
		p.course = courseListed
	case row.Route == recordsRoute+"/import":
		p.course = courseAdded
	default:
		p.course = courseChanged
		p.notes = append(p.notes, BatchChange)
	}
}

// stage tells at which step of a course a decision was made.
type stage uint8

const (
	stageFirst  stage = iota // on the first targets
	stageList                // on a list as such
	stageVerify              // by the rules of verify alone
	stageRead                // on reading the record
	stageRecord              // on the record
)

// readers is A of the operation that reads one record.
func readers() catalog.GroupSet {
	row, ok := catalog.OperationByName(methodGet, recordRoute)
	if !ok {
		return catalog.GroupSet{}
	}
	return row.Accepts
}

// reading is the question whether the caller can read the record.
func (p *Prepared) reading(r *authz.Request) authz.Request {
	read := *r
	read.Accepts, read.Needs, read.Targets = readers(), 0, []authz.Target{*p.record}
	return read
}

// onRecord is the operation itself, on the record.
func (p *Prepared) onRecord(r *authz.Request) authz.Request {
	q := *r
	q.Targets = []authz.Target{*p.record}
	return q
}

// decide runs the gates step by step as a server does; the first refusal
// decides.
func (p *Prepared) decide(w authz.World, r *authz.Request) (authz.Decision, stage) {
	if p.verify {
		return p.decideVerify(r), stageVerify
	}
	if p.list {
		if d := authz.DecideList(r, p.userOnly); !d.Allowed || len(p.targets) == 0 {
			return d, stageList
		}
	}
	d := authz.Decide(w, r)
	if !d.Allowed || p.course == courseDone {
		return d, stageFirst
	}
	if p.course != courseAdded {
		read := p.reading(r)
		if d = authz.Decide(w, &read); !d.Allowed || p.course == courseListed {
			return d, stageRead
		}
	}
	// A change that keeps type and name has one target before and after.
	q := p.onRecord(r)
	return authz.Decide(w, &q), stageRecord
}

// explain gives the trace of a decision that decide made.
func (p *Prepared) explain(w authz.World, r *authz.Request, d authz.Decision, at stage) Answer {
	switch at {
	case stageVerify:
		return p.explainVerify(r, d)
	case stageList:
		return p.explainList(w, r, d)
	default:
	}
	q := *r
	switch {
	case p.course != courseDone && d.Gate == authz.GateGrant:
		// Without any grant the container refuses what the record does: the
		// trace is on the record, and the grant is for all steps.
		q = p.onRecord(r)
		d.Target = 0
		return Answer{
			Explanation: authz.ExplainRecordWork(w, &q, d, q.Targets, p.work()),
			Targets:     q.Targets, Notes: p.hidden(at),
		}
	case at == stageRead:
		q = p.reading(r)
	case at == stageRecord:
		q = p.onRecord(r)
	default:
	}
	e := authz.ExplainDecision(w, &q, d, q.Targets)
	if !d.Allowed {
		return Answer{Explanation: e, Targets: q.Targets, Notes: p.hidden(at)}
	}
	return Answer{Explanation: e, Targets: q.Targets}
}

// hidden says what becomes of a record that the caller cannot read.
func (p *Prepared) hidden(at stage) []string {
	switch {
	case at != stageRead:
		return nil
	case p.course == courseListed:
		return []string{"The list is answered; this record is left out of it."}
	default:
		return []string{"A record that the credential cannot read is answered as if it did not exist (404/81044)."}
	}
}

// work is all that the operation does with the record.
func (p *Prepared) work() authz.RecordWork {
	change := authz.RecordChange{Before: p.record}
	switch p.course {
	case courseAdded:
		change = authz.RecordChange{After: p.record}
	case courseChanged:
		change.After = p.record
	default:
	}
	return authz.RecordWork{Zone: p.record.Zone, Changes: []authz.RecordChange{change}, ReadAccepts: readers()}
}

// explainList explains a list that is refused, or answered without asking for
// an item.
func (p *Prepared) explainList(w authz.World, r *authz.Request, d authz.Decision) Answer {
	e := authz.ExplainList(r, d)
	if d.Gate == authz.GateGrant && len(p.targets) > 0 {
		// A grant on the item opens the list as well.
		if on := authz.Explain(w, r); on.Decision.Gate == authz.GateGrant {
			e = on
		}
	}
	return Answer{Explanation: e, Targets: p.targets}
}

// decideVerify asks whose token it is and no more (authorization model §6
// "Verify").
func (p *Prepared) decideVerify(r *authz.Request) authz.Decision {
	refused := authz.Decision{Gate: authz.GateKnown, Reason: authz.ReasonCredentialUnknown}
	c := r.Credential
	onAccount := p.operation.has(accountParam)
	if c == nil || onAccount == p.account.IsZero() ||
		authz.DecideVerify(c.Kind.HasPolicies(), c, p.account) != authz.VerifyKnown {
		return refused
	}
	return authz.Decision{Allowed: true}
}

func (p *Prepared) explainVerify(r *authz.Request, d authz.Decision) Answer {
	e := authz.Explanation{Decision: d}
	for gate := authz.GatePresent; gate <= authz.GateNeeds; gate++ {
		step := authz.Step{Gate: gate, Outcome: authz.Skipped}
		switch {
		case gate == authz.GatePresent, gate == authz.GateKnown && d.Allowed:
			step.Outcome = authz.Passed
		case gate == authz.GateKnown:
			step.Outcome, step.Detail = authz.Refused, string(d.Reason)
		}
		e.Steps = append(e.Steps, step)
	}
	if !d.Allowed {
		e.Sentence = "verify answers for an API token of its own path's owner alone"
		return Answer{Explanation: e}
	}
	return Answer{Explanation: e, Notes: []string{"Verify answers status " + r.Credential.VerifyStatus(r.Now) + "."}}
}
