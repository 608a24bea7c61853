// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// workOf says what is left to do of a request for several records, for the
// smallest grant that would let all of it pass (authorization model §9). It is
// asked only about a refusal; onContainer is true for one on the zone's
// records as a whole.
type workOf func(x *exchange, onContainer bool) authz.RecordWork

// explained explains a decision on the targets. Nothing in it depends on
// records that the caller cannot read.
func (x *exchange) explained(d authz.Decision, targets []authz.Target) authz.Explanation {
	if x.work == nil || d.Reason != authz.ReasonNoMatchingGrant {
		return authz.ExplainDecision(x.tx, &x.request, d, targets)
	}
	work := x.work(x, targets[d.Target].Kind == authz.OnRecords)
	return authz.ExplainRecordWork(x.tx, &x.request, d, targets, work)
}

// batchEndpoint is that of the batch.
func batchEndpoint() *endpoint {
	e := row[batchInput]{read: readBatch, handle: batchRecords}.endpoint()
	e.work = func(x *exchange, onContainer bool) authz.RecordWork {
		return batchWork(inputOf[batchInput](x))(x, onContainer)
	}
	return e
}

// from is what the batch still does once it has come to an item of a part.
func (in batchInput) from(part, item int) batchInput {
	parts := []*[]recordInput{&in.deletes, &in.patches, &in.puts, &in.posts}
	for _, done := range parts[:part] {
		*done = nil
	}
	*parts[part] = (*parts[part])[item:]
	return in
}

// batchWork is what a batch does. Records that it names by their identifiers
// are left out where the container was refused, and where the caller cannot
// read them: whether they exist must not show.
func batchWork(in batchInput) workOf {
	return func(x *exchange, onContainer bool) authz.RecordWork {
		zone := x.tx.ZoneByID(x.zone())
		work := authz.RecordWork{Zone: zone.ID, ReadAccepts: recordReaders()}
		stored := func(list []recordInput, after func(recordInput, *state.Record) *authz.Target) {
			for _, item := range list {
				id, _ := authz.ParseID(item.id)
				r := x.tx.Record(zone.ID, id)
				if onContainer || r == nil || !x.reads(recordTarget(r), work.ReadAccepts) {
					work.Hidden = true
					continue
				}
				work.Changes = append(work.Changes, authz.RecordChange{Before: recordTarget(r), After: after(item, r)})
			}
		}
		stored(in.deletes, func(recordInput, *state.Record) *authz.Target { return nil })
		stored(in.patches, func(item recordInput, r *state.Record) *authz.Target { return item.target(zone, r) })
		stored(in.puts, func(item recordInput, _ *state.Record) *authz.Target { return item.target(zone, nil) })
		for _, item := range in.posts {
			work.Changes = appendNew(work.Changes, item.target(zone, nil))
		}
		return work
	}
}

// importWork is what an import does; a file that cannot be read names nothing.
func importWork(x *exchange, _ bool) authz.RecordWork {
	zone := x.tx.ZoneByID(x.zone())
	work := authz.RecordWork{Zone: zone.ID, ReadAccepts: recordReaders()}
	records, _, err := readZoneFile(zone, inputOf[importInput](x))
	if err != nil {
		return work
	}
	for _, r := range records {
		work.Changes = appendNew(work.Changes, r.target(zone, nil))
	}
	return work
}

// appendNew adds a record that is made, unless its input names none.
func appendNew(changes []authz.RecordChange, made *authz.Target) []authz.RecordChange {
	if made == nil {
		return changes
	}
	return append(changes, authz.RecordChange{After: made})
}

// target is the record as it would be written; nil when the input does not
// say which one that is.
func (in recordInput) target(zone *state.Zone, old *state.Record) *authz.Target {
	recordType, name, err := in.place(zone, old)
	if err != nil {
		return nil
	}
	t := authz.RecordTarget(zone.ID, recordType, name)
	return &t
}

// reads reports whether the caller can read the record.
func (x *exchange) reads(record *authz.Target, readers catalog.GroupSet) bool {
	read := x.request
	read.Accepts, read.Needs = readers, 0
	return authz.Visible(x.tx, &read, *record)
}
