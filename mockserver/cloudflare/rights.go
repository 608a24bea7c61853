// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// readEdit is one entry of the permissions that roles, memberships and the
// account list show: a coarse summary that decides nothing.
type readEdit struct {
	Read bool `json:"read"`
	Edit bool `json:"edit"`
}

// permissions are a summary of rights, in the fixed order of the wire.
type permissions struct {
	Analytics    *readEdit `json:"analytics,omitempty"`
	Billing      *readEdit `json:"billing,omitempty"`
	CachePurge   *readEdit `json:"cache_purge,omitempty"`
	DNS          *readEdit `json:"dns,omitempty"`
	DNSRecords   *readEdit `json:"dns_records,omitempty"`
	LB           *readEdit `json:"lb,omitempty"`
	Logs         *readEdit `json:"logs,omitempty"`
	Organization *readEdit `json:"organization,omitempty"`
	SSL          *readEdit `json:"ssl,omitempty"`
	WAF          *readEdit `json:"waf,omitempty"`
	ZoneSettings *readEdit `json:"zone_settings,omitempty"`
	Zones        *readEdit `json:"zones,omitempty"`
}

// summaryRow ties one key of the summary to the permission groups behind it.
type summaryRow struct {
	key        string
	read, edit string // references to permission groups; "" is none
	field      func(*permissions) **readEdit
}

var summaryRows = []summaryRow{
	{"analytics", "zone:Analytics Read", "", func(p *permissions) **readEdit { return &p.Analytics }},
	{"billing", "account:Billing Read", "account:Billing Write", func(p *permissions) **readEdit { return &p.Billing }},
	{"cache_purge", "", "zone:Cache Purge", func(p *permissions) **readEdit { return &p.CachePurge }},
	{"dns", "zone:DNS Read", "zone:DNS Write", func(p *permissions) **readEdit { return &p.DNS }},
	{"dns_records", "zone:DNS Read", "zone:DNS Write", func(p *permissions) **readEdit { return &p.DNSRecords }},
	{"lb", "zone:Load Balancers Read", "zone:Load Balancers Write", func(p *permissions) **readEdit { return &p.LB }},
	{"logs", "zone:Logs Read", "zone:Logs Write", func(p *permissions) **readEdit { return &p.Logs }},
	{"organization", "account:Account Settings Read", "account:Account Settings Write", func(p *permissions) **readEdit { return &p.Organization }},
	{"ssl", "zone:SSL and Certificates Read", "zone:SSL and Certificates Write", func(p *permissions) **readEdit { return &p.SSL }},
	{"waf", "zone:Firewall Services Read", "zone:Firewall Services Write", func(p *permissions) **readEdit { return &p.WAF }},
	{"zone_settings", "zone:Zone Settings Read", "zone:Zone Settings Write", func(p *permissions) **readEdit { return &p.ZoneSettings }},
	{"zone", "zone:Zone Read", "zone:Zone Write", func(p *permissions) **readEdit { return &p.Zones }},
}

// summaryEntry is a row with its groups found.
type summaryEntry struct {
	key        string
	read, edit catalog.GroupSet
	field      func(*permissions) **readEdit
}

// summaries finds the groups of the rows once. A reference that the catalogue
// lacks stands for no group; the package's tests hold that none is lacking.
var summaries = sync.OnceValue(func() []summaryEntry {
	entries := make([]summaryEntry, 0, len(summaryRows))
	for _, row := range summaryRows {
		e := summaryEntry{key: row.key, field: row.field}
		if g, err := catalog.LookupGroup(row.read); err == nil {
			e.read.Add(g.Index)
		}
		if g, err := catalog.LookupGroup(row.edit); err == nil {
			e.edit.Add(g.Index)
		}
		entries = append(entries, e)
	}
	return entries
})

// summarize writes the summary of some groups; it shows what is held alone.
func summarize(groups catalog.GroupSet) permissions {
	var p permissions
	for _, e := range summaries() {
		r := readEdit{Read: groups.Intersects(e.read.Union(e.edit)), Edit: groups.Intersects(e.edit)}
		if r.Read {
			*e.field(&p) = &r
		}
	}
	return p
}

// zonePermissions lists what the caller may do in the zone, by the engine's
// own judgement: "#zone:read", "#dns_records:edit".
func (x *exchange) zonePermissions(zone authz.ID) []string {
	list := []string{}
	ask := func(set catalog.GroupSet, name string) {
		if set.IsEmpty() {
			return
		}
		question := x.request
		question.Accepts, question.Needs = set, 0
		if authz.Visible(x.tx, &question, authz.ZoneTarget(zone)) {
			list = append(list, name)
		}
	}
	for _, e := range summaries() {
		if e.key == "billing" || e.key == "organization" || e.key == "dns" {
			continue
		}
		ask(e.read.Union(e.edit), "#"+e.key+":read")
		ask(e.edit, "#"+e.key+":edit")
	}
	return list
}
