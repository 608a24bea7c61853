// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"errors"
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// batchInput is what a batch does, in the order in which it is done.
type batchInput struct {
	deletes, patches, puts, posts []recordInput
}

// batchResult answers a batch with the records of each part.
type batchResult struct {
	Deletes []recordView `json:"deletes"`
	Patches []recordView `json:"patches"`
	Puts    []recordView `json:"puts"`
	Posts   []recordView `json:"posts"`
}

func readBatch(o *object) batchInput {
	part := func(name string) []recordInput {
		items := o.objects(name)
		list := make([]recordInput, 0, len(items))
		for _, item := range items {
			if name != "posts" {
				item.requiredText("id")
			}
			list = append(list, readRecord(item))
			item.end()
		}
		return list
	}
	return batchInput{deletes: part("deletes"), patches: part("patches"), puts: part("puts"), posts: part("posts")}
}

// batchRecords carries its operations out in order in one transaction, each
// judged like the single operation; the first failure answers, with the place
// of the record that it is about, and undoes all (authorization model §5).
func batchRecords(x *exchange, in batchInput) (*reply, error) {
	parts := []struct {
		name string
		list []recordInput
		do   func(authz.ID, recordInput) (*state.Record, error)
	}{
		{"deletes", in.deletes, func(id authz.ID, _ recordInput) (*state.Record, error) { return x.dropRecord(id) }},
		{"patches", in.patches, func(id authz.ID, r recordInput) (*state.Record, error) { return x.changeRecord(id, r, fromStored) }},
		{"puts", in.puts, func(id authz.ID, r recordInput) (*state.Record, error) { return x.changeRecord(id, r, anew) }},
		{"posts", in.posts, func(_ authz.ID, r recordInput) (*state.Record, error) { return x.judgeAndMake(r) }},
	}
	var views [4][]recordView
	for i, part := range parts {
		views[i] = []recordView{}
		for n, item := range part.list {
			id, _ := authz.ParseID(item.id)
			x.work = batchWork(in.from(i, n))
			r, err := part.do(id, item)
			if err != nil {
				return nil, located(err, fmt.Sprintf("/%s/%d", part.name, n), x.batchItem(part.name, n, item, err))
			}
			views[i] = append(views[i], viewRecord(r))
		}
	}
	return result(batchResult{Deletes: views[0], Patches: views[1], Puts: views[2], Posts: views[3]}), nil
}

// batchItem names the record that a batch failed on: one that is about to be
// made by what the request says, another one as it is stored, unless the
// caller must not learn of it.
func (x *exchange) batchItem(part string, n int, item recordInput, failure error) string {
	zone := x.tx.ZoneByID(x.zone())
	recordType, name, err := item.place(zone, nil)
	if part != "posts" {
		id, _ := authz.ParseID(item.id)
		r := x.tx.Record(zone.ID, id)
		refused, ok := errors.AsType[*refusal](failure)
		if r == nil || !ok || refused.status == errRecordMissing.Status {
			return ""
		}
		recordType, name, err = r.Type, r.Name, nil
	}
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s[%d]: %s %s", part, n, recordType, name)
}

// judgeAndMake is a create within a batch, which was decided on the zone alone.
func (x *exchange) judgeAndMake(in recordInput) (*state.Record, error) {
	zone := x.tx.ZoneByID(x.zone())
	recordType, name, err := in.place(zone, nil)
	if err != nil {
		return nil, err
	}
	if err := x.decide([]authz.Target{authz.RecordTarget(zone.ID, recordType, name)}); err != nil {
		return nil, err
	}
	return x.makeRecord(in)
}
