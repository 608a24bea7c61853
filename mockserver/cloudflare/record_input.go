// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// recordInput is what a create or a change of a record sends; nil is not
// sent.
type recordInput struct {
	id                        string // for batches; elsewhere the path names the record
	recordType, name, content *string
	ttl, priority             *int
	proxied                   *bool
	comment                   *string
	commentSent               bool
	tags                      []string
	data                      *value // an object with at least one member
	settings                  json.RawMessage
}

// readRecord reads a record. Clients send whole records back, zero values of
// what they do not set included.
func readRecord(o *object) recordInput {
	o.ignore("zone_id", "zone_name", "created_on", "modified_on", "comment_modified_on", "tags_modified_on",
		"meta", "proxiable", "locked", "private_routing")
	in := recordInput{
		id:         o.text("id"),
		recordType: o.optionalText("type"), name: o.optionalText("name"), content: o.optionalText("content"),
		ttl: o.optionalInt("ttl"), priority: o.optionalInt("priority"), proxied: o.optionalBool("proxied"),
		comment: o.optionalText("comment"), commentSent: o.has("comment"), tags: o.texts("tags"),
	}
	if data, ok := o.typed("data", kindObject); ok && len(data.members) > 0 {
		in.data = &data
	}
	if settings, ok := o.typed("settings", kindObject); ok && len(settings.members) > 0 {
		in.settings = settings.json()
	}
	return in
}

// place works out type and stored name of the record as it would be written:
// what decides (authorization model §5). old is nil for a create and for a
// replacement, which must name both.
func (in recordInput) place(zone *state.Zone, old *state.Record) (recordType, name string, err error) {
	switch {
	case in.recordType != nil:
		recordType = *in.recordType
	case old != nil:
		recordType = old.Type
	default:
		return "", "", invalid("/type", "/type: is required")
	}
	if !authz.IsRecordType(recordType) {
		return "", "", invalid("/type", "/type: %q is not a DNS record type", recordType)
	}
	if in.name == nil {
		if old == nil {
			return "", "", invalid("/name", "/name: is required")
		}
		return recordType, old.Name, nil
	}
	name, err = state.NormalizeRecordName(zone.Name, *in.name)
	if err != nil {
		return "", "", recordFault(9000, "DNS name is invalid: "+err.Error())
	}
	return recordType, name, nil
}

// newRecordTargets names the record that a create would make. A body that
// names none is decided on the zone.
func newRecordTargets(x *exchange, in recordInput) ([]authz.Target, bool) {
	zone := x.tx.ZoneByID(x.zone())
	if zone == nil {
		return nil, false
	}
	recordType, name, err := in.place(zone, nil)
	if err != nil {
		return nil, false
	}
	return []authz.Target{authz.RecordTarget(zone.ID, recordType, name)}, true
}

// draft makes the record that the input describes, on the stored record if
// there is one to start from; it is not checked yet.
func (in recordInput) draft(recordType, name string, base state.Record, now time.Time) (state.Record, error) {
	r := base
	typeChanged := r.Type != "" && r.Type != recordType
	r.Type, r.Name, r.ModifiedOn = recordType, name, now
	if in.content != nil {
		r.Content = *in.content
	}
	if in.data == nil && (typeChanged || in.content != nil) {
		// What the data said is no longer what the content says.
		r.Data = nil
	}
	if in.ttl != nil {
		r.TTL = *in.ttl
	}
	if in.proxied != nil {
		r.Proxied = *in.proxied
	}
	if in.settings != nil {
		r.Settings = in.settings
	}
	if in.commentSent {
		comment := ""
		if in.comment != nil {
			comment = *in.comment
		}
		if comment != r.Comment {
			r.Comment, r.CommentModifiedOn = comment, now
		}
	}
	if in.tags != nil && !slices.Equal(in.tags, r.Tags) {
		r.Tags, r.TagsModifiedOn = in.tags, now
	}
	err := in.setPriorityAndData(&r)
	return r, err
}

// setPriorityAndData writes priority and data as far as the type has them.
func (in recordInput) setPriorityAndData(r *state.Record) error {
	if in.priority != nil && hasPriority(r.Type) {
		if *in.priority < 0 || *in.priority > 65535 {
			return recordFault(9102, "priority must be a number from 0 to 65535")
		}
		priority := uint16(*in.priority)
		r.Priority = &priority
	}
	if in.data != nil {
		if err := setData(r, *in.data); err != nil {
			return err
		}
	}
	if !hasPriority(r.Type) {
		r.Priority = nil
	}
	return nil
}

func hasPriority(recordType string) bool {
	return recordType == "MX" || recordType == "SRV" || recordType == "URI"
}

// recordFault refuses a record's value; the detail stands in the chain.
func recordFault(code int, message string) *refusal {
	r := errRecordInvalid.refuse()
	r.items[0].Chain = []chainItem{{Code: code, Message: message}}
	return r
}
