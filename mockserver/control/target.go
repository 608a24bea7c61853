// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// recordRow is the route of the operations on one record.
const recordRow = "/zones/{zone_id}/dns_records/{dns_record_id}"

// target reads "target". It reports false when something is wrong with it,
// which is noted.
func (q *question) target(operation inquiry.Operation) (target inquiry.Target, ok bool) {
	before := len(q.problems.list)
	if o := q.root.object("target"); o != nil {
		target = q.readTarget(o)
		o.end()
	}
	if target.RecordType == "" && target.RecordName == "" {
		q.recordOfPath(operation, &target)
	}
	return target, len(q.problems.list) == before
}

func (q *question) readTarget(o *object) inquiry.Target {
	target := inquiry.Target{
		Account: q.account(o, "account"), Zone: q.zone(o, "zone"),
		AllZones: o.boolean("all_zones"), User: o.boolean("user"),
	}
	if r := o.object("record"); r != nil {
		q.readRecord(r, &target)
		r.end()
	}
	if b := o.object("bucket"); b != nil {
		target.Bucket, target.Jurisdiction = b.text("name"), b.text("jurisdiction")
		if target.Bucket == "" && !b.has("name") {
			q.problems.add(b.at("name"), "is required")
		}
		b.end()
	}
	return target
}

// readRecord reads a record: by its id, or by type and name, which need not
// exist.
func (q *question) readRecord(o *object, target *inquiry.Target) {
	recordType, name, text := o.text("type"), o.text("name"), o.text("id")
	if text == "" {
		if recordType == "" && name == "" {
			q.problems.add(o.path, "needs a type and a name, or an id")
		}
		target.RecordType, target.RecordName = recordType, name
		if zone := q.tx.ZoneByID(target.Zone); zone != nil && name != "" {
			// The world's own spelling of names, so that other scripts than
			// ASCII are understood too (authorization model §5).
			stored, err := state.NormalizeRecordName(zone.Name, name)
			if err != nil {
				q.problems.add(o.at("name"), "%v", err)
				return
			}
			target.RecordName = stored
		}
		return
	}
	if recordType != "" || name != "" {
		q.problems.add(o.at("id"), "names the record already: leave out type and name")
	}
	id, _ := authz.ParseID(text)
	r := q.tx.RecordByID(id)
	if r == nil {
		q.problems.add(o.at("id"), "no record has this id: name one that does not exist by type and name")
		return
	}
	if target.Zone.IsZero() {
		target.Zone = r.Zone
	}
	if target.Zone != r.Zone {
		q.problems.add(o.at("id"), "the record lies in another zone")
		return
	}
	target.RecordType, target.RecordName = r.Type, r.Name
}

// recordOfPath takes the record that a path names by its id, as in "GET
// /zones/023e…/dns_records/372e…". One that does not exist names none.
func (q *question) recordOfPath(operation inquiry.Operation, target *inquiry.Target) {
	if operation.Row == nil || operation.Row.Route != recordRow {
		return
	}
	name := operation.Params.Get("dns_record_id")
	zone, ok := authz.ParseID(operation.Params.Get("zone_id"))
	if !ok {
		zone = target.Zone
	}
	id, _ := authz.ParseID(name)
	if r := q.tx.Record(zone, id); r != nil {
		target.RecordType, target.RecordName = r.Type, r.Name
	} else if name != "" && !strings.HasPrefix(name, "{") {
		q.notes = append(q.notes, "The path names a record that does not exist: whoever passes the zone is answered 404/81044.")
	}
}

// account reads an account by its id, or by the ref that the seed gave it.
func (q *question) account(o *object, name string) authz.ID {
	text := o.text(name)
	if text == "" {
		return authz.ID{}
	}
	if id, ok := identifier(text); ok {
		return id
	}
	if a := q.tx.AccountByRef(text); a != nil {
		return a.ID
	}
	var refs []string
	for _, a := range q.tx.Accounts() {
		if a.Ref != "" {
			refs = append(refs, a.Ref)
		}
	}
	q.problems.suggest(o.at(name), catalog.SuggestNames(shorten(text), refs, 1), "is neither the id nor the ref of an account")
	return authz.ID{}
}

// zone reads a zone by its id or its name.
func (q *question) zone(o *object, name string) authz.ID {
	text := o.text(name)
	if text == "" {
		return authz.ID{}
	}
	if id, ok := identifier(text); ok {
		return id
	}
	if stored, err := state.NormalizeZoneName(text); err == nil {
		if z := q.tx.ZoneByName(stored); z != nil {
			return z.ID
		}
	}
	var names []string
	for _, z := range q.tx.Zones() {
		names = append(names, z.Name)
	}
	q.problems.suggest(o.at(name), catalog.SuggestNames(shorten(text), names, 1), "is neither the id nor the name of a zone")
	return authz.ID{}
}

// user reads a user by id, by ref or by e-mail address; nil is none.
func (q *question) user(text string) *state.User {
	if id, ok := identifier(text); ok {
		return q.tx.User(id)
	}
	if u := q.tx.UserByRef(text); u != nil {
		return u
	}
	if strings.Contains(text, "@") {
		return q.tx.UserByEmail(text)
	}
	return nil
}

// identifier reads an id; the id of nothing is none.
func identifier(text string) (authz.ID, bool) {
	id, ok := authz.ParseID(text)
	return id, ok && !id.IsZero()
}
