// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"encoding/json"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Record is a DNS record of a zone.
type Record struct {
	ID   authz.ID `json:"id"`
	Zone authz.ID `json:"zone"`
	// Type is a DNS record type in capitals.
	Type string `json:"type"`
	// Name is the full name as stored; see [NormalizeRecordName].
	Name    string `json:"name"`
	Content string `json:"content"`
	// TTL is in seconds; 1 is automatic.
	TTL     int  `json:"ttl"`
	Proxied bool `json:"proxied,omitempty"`
	// Priority is nil for types that have none.
	Priority *uint16  `json:"priority,omitempty"`
	Comment  string   `json:"comment,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	// Data and Settings are JSON objects; nil is none.
	Data              json.RawMessage `json:"data,omitempty"`
	Settings          json.RawMessage `json:"settings,omitempty"`
	CreatedOn         time.Time       `json:"created_on,omitzero"`
	ModifiedOn        time.Time       `json:"modified_on,omitzero"`
	CommentModifiedOn time.Time       `json:"comment_modified_on,omitzero"`
	TagsModifiedOn    time.Time       `json:"tags_modified_on,omitzero"`
}

// zoneRecordName names the records of one name.
type zoneRecordName struct {
	zone authz.ID
	name string
}

type recordTable struct {
	table[Record]
	byZone index[authz.ID, Record]
	byName index[zoneRecordName, Record]
}

func (t *recordTable) init() {
	t.table.init(KindRecord, func(r *Record) authz.ID { return r.ID })
	order := func(a, b *Record) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) }
	t.byZone, t.byName = newIndex[authz.ID](order), newIndex[zoneRecordName](order)
	t.link = func(r *Record) {
		t.byZone.add(r.Zone, r)
		t.byName.add(zoneRecordName{r.Zone, r.Name}, r)
	}
	t.unlink = func(r *Record) {
		t.byZone.remove(r.Zone, r)
		t.byName.remove(zoneRecordName{r.Zone, r.Name}, r)
	}
}

// Records lists the zone's records by creation.
func (tx *Tx) Records(zone authz.ID) []*Record { return tx.w.records.byZone.lists[zone] }

// Record returns the zone's record with that id, or nil.
func (tx *Tx) Record(zone, id authz.ID) *Record {
	if r := tx.w.records.rows[id]; r != nil && r.Zone == zone {
		return r
	}
	return nil
}

// RecordByID returns the record with that id, whatever its zone, or nil.
func (tx *Tx) RecordByID(id authz.ID) *Record { return tx.w.records.rows[id] }

// RecordsByName lists the zone's records with that stored name, by creation.
func (tx *Tx) RecordsByName(zone authz.ID, name string) []*Record {
	return tx.w.records.byName.lists[zoneRecordName{zone, name}]
}

// PutRecord creates or replaces a record. It refuses an unknown type, a name
// that is not in its stored form, and a zone that does not exist or is not
// the record's own. What records may stand beside each other is for the
// dialect.
func (tx *Tx) PutRecord(r *Record) error {
	zone := tx.w.zones.rows[r.Zone]
	if zone == nil {
		return unknown("a record names a zone that does not exist")
	}
	if !authz.IsRecordType(r.Type) {
		return invalid("%q is not a DNS record type", r.Type)
	}
	if name, err := NormalizeRecordName(zone.Name, r.Name); err != nil || name != r.Name {
		return invalid("%q is not the name of a record of %s in its stored form", r.Name, zone.Name)
	}
	if old := tx.w.records.rows[r.ID]; old != nil && old.Zone != r.Zone {
		return invalid("a record cannot be moved to another zone")
	}
	for _, raw := range []json.RawMessage{r.Data, r.Settings} {
		if raw != nil && !json.Valid(raw) {
			return invalid("the data and settings of a record must be JSON")
		}
	}
	return put(tx, &tx.w.records.table, r)
}

// DeleteRecord deletes a record. Deleting one that does not exist does
// nothing.
func (tx *Tx) DeleteRecord(id authz.ID) error { return remove(tx, &tx.w.records.table, id) }
