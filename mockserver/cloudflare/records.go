// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The zone of these operations has passed as container of its records before
// their handlers run, or, for a create, the record itself has (authorization
// model §5).

func listRecords(x *exchange) (*reply, error) {
	zone := x.tx.ZoneByID(x.zone())
	f, err := recordFilter(x, zone)
	if err != nil {
		return nil, err
	}
	records := f.apply(x.recordsOf(zone.ID))
	if err := ordering(x, records, recordOrders); err != nil {
		return nil, err
	}
	cut, err := page(x, records, recordPages)
	if err != nil {
		return nil, err
	}
	onPage, _ := cut.result.([]*state.Record)
	views := make([]recordView, 0, len(onPage))
	for _, r := range onPage {
		views = append(views, viewRecord(r))
	}
	cut.result = views
	return cut, nil
}

// record finds the record with an id and judges the operation on it. after
// works out what the record would become; nil for operations that write no
// record. The order matters: whoever may not read the record learns nothing
// else about it, and whoever may not write it is not told what is wrong with
// the body.
func (x *exchange) record(id authz.ID, after func(*state.Record) (*authz.Target, error)) (*state.Record, error) {
	r := x.tx.Record(x.zone(), id)
	if r == nil {
		return nil, x.decideRecord(nil, nil)
	}
	var next *authz.Target
	var wrong error
	if after != nil {
		next, wrong = after(r)
	}
	if err := x.decideRecord(recordTarget(r), next); err != nil {
		return nil, err
	}
	return r, wrong
}

func getRecord(x *exchange) (*reply, error) {
	return asReply(x.record(x.paramID("dns_record_id"), nil))
}

func createRecord(x *exchange, in recordInput) (*reply, error) {
	return asReply(x.makeRecord(in))
}

func replaceRecord(x *exchange, in recordInput) (*reply, error) {
	return asReply(x.changeRecord(x.paramID("dns_record_id"), in, anew))
}

func editRecord(x *exchange, in recordInput) (*reply, error) {
	return asReply(x.changeRecord(x.paramID("dns_record_id"), in, fromStored))
}

func deleteRecord(x *exchange) (*reply, error) {
	r, err := x.dropRecord(x.paramID("dns_record_id"))
	if err != nil {
		return nil, err
	}
	return result(deleted{r.ID.String()}), nil
}

// asReply answers a record.
func asReply(r *state.Record, err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	return result(viewRecord(r)), nil
}

// makeRecord writes a new record; the operation was decided on it.
func (x *exchange) makeRecord(in recordInput) (*state.Record, error) {
	zone := x.tx.ZoneByID(x.zone())
	recordType, name, err := in.place(zone, nil)
	if err != nil {
		return nil, err
	}
	base := state.Record{ID: x.tx.NewID("record"), Zone: zone.ID, TTL: automaticTTL, CreatedOn: x.now}
	return x.writeRecord(zone, in, recordType, name, base, errRecordIdentical)
}

// start gives the record that a change starts from, and the one whose type
// and name stand in for those not sent, nil when both must be.
type start func(old *state.Record) (base state.Record, named *state.Record)

// anew is the start of a replacement: what is not sent is what a create would
// make it.
func anew(old *state.Record) (base state.Record, named *state.Record) {
	return state.Record{ID: old.ID, Zone: old.Zone, TTL: automaticTTL, CreatedOn: old.CreatedOn}, nil
}

// fromStored is the start of an edit: what is not sent stays.
func fromStored(old *state.Record) (base state.Record, named *state.Record) { return *old, old }

// changeRecord judges and writes a replacement or an edit.
func (x *exchange) changeRecord(id authz.ID, in recordInput, from start) (*state.Record, error) {
	zone := x.tx.ZoneByID(x.zone())
	var recordType, name string
	old, err := x.record(id, func(r *state.Record) (*authz.Target, error) {
		_, named := from(r)
		var err error
		if recordType, name, err = in.place(zone, named); err != nil {
			return nil, err
		}
		t := authz.RecordTarget(zone.ID, recordType, name)
		return &t, nil
	})
	if err != nil {
		return nil, err
	}
	base, _ := from(old)
	return x.writeRecord(zone, in, recordType, name, base, errRecordExists)
}

// writeRecord checks and stores the record that the input makes of base.
func (x *exchange) writeRecord(zone *state.Zone, in recordInput, recordType, name string, base state.Record, identical ErrorCase) (*state.Record, error) {
	r, err := in.draft(recordType, name, base, x.now)
	if err != nil {
		return nil, err
	}
	if err := x.checkRecord(zone, &r); err != nil {
		return nil, err
	}
	if err := x.checkNeighbours(&r, identical); err != nil {
		return nil, err
	}
	if err := x.tx.PutRecord(&r); err != nil {
		return nil, err
	}
	return &r, nil
}

// dropRecord judges and carries out a deletion.
func (x *exchange) dropRecord(id authz.ID) (*state.Record, error) {
	r, err := x.record(id, nil)
	if err != nil {
		return nil, err
	}
	return r, x.tx.DeleteRecord(r.ID)
}
