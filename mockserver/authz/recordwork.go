// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

// RecordChange is what a request does with one record.
type RecordChange struct {
	// Before is the stored record, in its stored form; nil when the request
	// makes one.
	Before *Target
	// After is the record as it would be written; nil for reads and
	// deletions. One of the two is set.
	After *Target
}

// RecordWork is all that one request does with the records of a zone: what a
// smallest grant has to open. A request for several records, a batch or an
// import, is decided on the zone and then record by record, so that no single
// decision knows what the whole of it needs.
type RecordWork struct {
	// Zone is the zone.
	Zone ID
	// Changes are the records that the request acts on, as far as whoever
	// reads the explanation may know of them. Records that the caller cannot
	// see must be left out of what the caller is told. Without any, the work
	// is on the zone as a whole.
	Changes []RecordChange
	// Hidden is true when Changes leaves records out: then only a grant on
	// the zone is named.
	Hidden bool
	// ReadAccepts is A of the row that reads one record.
	ReadAccepts catalog.GroupSet
}

// ExplainRecordWork explains a decision on the targets, as [ExplainDecision]
// does, for a request that does more than what was decided. The smallest grant
// is the one that lets all of the work pass (authorization model §5, §9): the
// zone as container, and every record as [DecideRecord] and, for new ones,
// [Decide] judge it. It is a record key where one reaches all records that are
// refused, else the zone's key.
func ExplainRecordWork(w World, r *Request, d Decision, targets []Target, work RecordWork) Explanation {
	x := &explainer{world: w, request: r, targets: targets, made: d, asked: work.targets()}
	x.passes = func(with *Request) bool { return work.passes(w, with) }
	return x.explain()
}

// whole is what the work is decided on before its records: the zone as their
// container, or, when records are hidden, the zone itself, which no record key
// reaches.
func (work *RecordWork) whole() Target {
	if work.Hidden {
		return ZoneTarget(work.Zone)
	}
	return RecordsTarget(work.Zone)
}

// targets are all targets of the work, the whole first.
func (work *RecordWork) targets() []Target {
	all := []Target{work.whole()}
	for _, change := range work.Changes {
		if change.Before != nil {
			all = append(all, *change.Before)
		}
		if change.After != nil {
			all = append(all, *change.After)
		}
	}
	return all
}

// passes decides the whole work from gate 5 on.
func (work *RecordWork) passes(w World, r *Request) bool {
	if !decideTargets(w, r, []Target{work.whole()}).Allowed {
		return false
	}
	for _, change := range work.Changes {
		if change.Before == nil {
			if !decideTargets(w, r, []Target{*change.After}).Allowed {
				return false
			}
			continue
		}
		if d, _ := decideRecord(w, r, work.ReadAccepts, change.Before, change.After); !d.Allowed {
			return false
		}
	}
	return true
}
