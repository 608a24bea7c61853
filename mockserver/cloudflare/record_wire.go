// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"encoding/json"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// recordRoute is the route of one DNS record.
const recordRoute = "/zones/{zone_id}/dns_records/{dns_record_id}"

// recordView is a DNS record on the wire.
type recordView struct {
	ID                string          `json:"id"`
	Name              string          `json:"name"`
	Type              string          `json:"type"`
	Content           string          `json:"content"`
	Proxiable         bool            `json:"proxiable"`
	Proxied           bool            `json:"proxied"`
	TTL               int             `json:"ttl"`
	Priority          *uint16         `json:"priority,omitempty"`
	Data              json.RawMessage `json:"data,omitempty"`
	Settings          json.RawMessage `json:"settings"`
	Meta              struct{}        `json:"meta"`
	Comment           *string         `json:"comment"`
	Tags              []string        `json:"tags"`
	CreatedOn         instant         `json:"created_on"`
	ModifiedOn        instant         `json:"modified_on"`
	CommentModifiedOn *instant        `json:"comment_modified_on,omitempty"`
	TagsModifiedOn    *instant        `json:"tags_modified_on,omitempty"`
}

// isProxiable reports whether records of the type can be proxied.
func isProxiable(recordType string) bool {
	return recordType == "A" || recordType == "AAAA" || recordType == "CNAME"
}

func viewRecord(r *state.Record) recordView {
	v := recordView{
		ID: r.ID.String(), Name: r.Name, Type: r.Type, Content: r.Content, Proxiable: isProxiable(r.Type),
		Proxied: r.Proxied, TTL: r.TTL, Priority: r.Priority, Data: r.Data, Settings: r.Settings,
		Comment: optionalText(r.Comment), Tags: orEmpty(r.Tags), CreatedOn: instant(r.CreatedOn),
		ModifiedOn: instant(r.ModifiedOn), CommentModifiedOn: optionalInstant(r.CommentModifiedOn),
		TagsModifiedOn: optionalInstant(r.TagsModifiedOn),
	}
	if v.Settings == nil {
		v.Settings = json.RawMessage("{}")
	}
	return v
}

// recordTarget is a stored record as decisions see it.
func recordTarget(r *state.Record) *authz.Target {
	t := authz.RecordTarget(r.Zone, r.Type, r.Name)
	return &t
}
