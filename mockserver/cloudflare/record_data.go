// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// dataField is one field of the structured data of a record type, in the
// order in which the content holds it.
type dataField struct {
	name   string
	number bool // a number; else a text
	quoted bool // in quotes in the content
	// apart is a field that is no part of the content.
	apart bool
}

// recordData lists the types that have structured data.
var recordData = map[string][]dataField{
	"CAA":    {{name: "flags", number: true}, {name: "tag"}, {name: "value", quoted: true}},
	"CERT":   {{name: "type", number: true}, {name: "key_tag", number: true}, {name: "algorithm", number: true}, {name: "certificate"}},
	"DNSKEY": {{name: "flags", number: true}, {name: "protocol", number: true}, {name: "algorithm", number: true}, {name: "public_key"}},
	"DS":     {{name: "key_tag", number: true}, {name: "algorithm", number: true}, {name: "digest_type", number: true}, {name: "digest"}},
	"HTTPS":  {{name: "priority", number: true}, {name: "target"}, {name: "value"}},
	"LOC": {
		{name: "lat_degrees", number: true},
		{name: "lat_minutes", number: true},
		{name: "lat_seconds", number: true},
		{name: "lat_direction"},
		{name: "long_degrees", number: true},
		{name: "long_minutes", number: true},
		{name: "long_seconds", number: true},
		{name: "long_direction"},
		{name: "altitude", number: true},
		{name: "size", number: true},
		{name: "precision_horz", number: true},
		{name: "precision_vert", number: true},
	},
	"NAPTR": {
		{name: "order", number: true},
		{name: "preference", number: true},
		{name: "flags", quoted: true},
		{name: "service", quoted: true},
		{name: "regex", quoted: true},
		{name: "replacement"},
	},
	"SMIMEA": {{name: "usage", number: true}, {name: "selector", number: true}, {name: "matching_type", number: true}, {name: "certificate"}},
	"SRV": {
		{name: "priority", number: true, apart: true},
		{name: "weight", number: true},
		{name: "port", number: true},
		{name: "target"},
	},
	"SSHFP": {{name: "algorithm", number: true}, {name: "type", number: true}, {name: "fingerprint"}},
	"SVCB":  {{name: "priority", number: true}, {name: "target"}, {name: "value"}},
	"TLSA":  {{name: "usage", number: true}, {name: "selector", number: true}, {name: "matching_type", number: true}, {name: "certificate"}},
	"URI":   {{name: "weight", number: true}, {name: "target", quoted: true}},
}

// setData checks the structured data against the record's type and writes it,
// and the content that it stands for, into the record.
func setData(r *state.Record, data value) error {
	fields, ok := recordData[r.Type]
	if !ok {
		return recordFault(9101, r.Type+" records have no data")
	}
	for _, m := range data.members {
		known := slices.ContainsFunc(fields, func(f dataField) bool { return f.name == m.name })
		// Names of services are part of the record's own name; older clients
		// repeat them here.
		repeated := r.Type == "SRV" && slices.Contains([]string{"service", "proto", "name"}, m.name)
		if !known && !repeated {
			return invalid(m.value.pointer(), "%s: unknown field", m.value.pointer())
		}
	}
	kept := value{kind: kindObject}
	var content []string
	for _, f := range fields {
		v, ok := memberOf(data, f.name)
		if f.apart && !ok {
			continue
		}
		text, err := f.text(r.Type, v, ok)
		if err != nil {
			return err
		}
		kept.members = append(kept.members, member{f.name, v})
		if f.apart {
			n, err := strconv.ParseUint(text, 10, 16)
			if err != nil {
				return recordFault(9102, "priority must be a number from 0 to 65535")
			}
			priority := uint16(n)
			r.Priority = &priority
			continue
		}
		content = append(content, text)
	}
	r.Data = kept.json()
	r.Content = strings.Join(content, " ")
	return nil
}

// memberOf finds a member that is not null.
func memberOf(v value, name string) (value, bool) {
	for _, m := range v.members {
		if m.name == name && m.value.kind != kindNull {
			return m.value, true
		}
	}
	return value{}, false
}

// text writes a field as the content holds it.
func (f dataField) text(recordType string, v value, there bool) (string, error) {
	switch {
	case !there:
		return "", recordFault(9101, "data of "+recordType+" records needs "+f.name)
	case f.number:
		// Some clients send numbers as text.
		if _, err := strconv.ParseFloat(v.text, 64); err != nil || strings.Trim(v.text, "0123456789.+-eE") != "" || v.kind != kindNumber && v.kind != kindString {
			return "", recordFault(9101, "data."+f.name+" must be a number")
		}
		return v.text, nil
	case v.kind != kindString:
		return "", recordFault(9101, "data."+f.name+" must be a text")
	case f.quoted:
		return strconv.Quote(v.text), nil
	default:
		return v.text, nil
	}
}
