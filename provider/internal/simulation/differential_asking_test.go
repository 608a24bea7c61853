// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// asking is one request, and the question about it.
type asking struct {
	method, path       string
	body               any
	harmless           bool // sending it changes nothing that a later question depends on
	operation, changes string
	target             map[string]string // the attributes of target; the record's begin with "record."
}

// asking is a random question with its request, mostly about what the token's policies name.
func (d *differ) asking(token *issuedToken) asking {
	d.Helper()
	place := func(refs ...string) string {
		if named := slices.DeleteFunc(slices.Clone(refs), func(ref string) bool {
			return !strings.Contains(token.definition, d.env.ID(ref))
		}); len(named) > 0 && d.IntN(4) > 0 {
			return pick(d.Rand, named)
		}
		return pick(d.Rand, refs)
	}
	account, zoneName := place("acme", "initech", "globex", "foreign"), place("example.com", "example.org", "initech.example", "globex.example", "foreign.example")
	group := pick(d.Rand, token.groups)
	switch {
	case strings.HasPrefix(group.Name, "DNS ") && d.IntN(4) > 0:
		return d.onRecord(zoneName)
	case strings.HasPrefix(group.Name, "Account Settings") && d.IntN(2) > 0:
		return d.onSwitch(account)
	case d.IntN(6) > 0 && len(opens[group.Index]) > 0:
		return d.onRow(pick(d.Rand, opens[group.Index]), account, zoneName)
	default:
		return d.onRow(pick(d.Rand, rows), account, zoneName)
	}
}

// rows are the operations that are decided on what their path names alone.
var rows = func() []*catalog.Operation {
	kinds := []catalog.TargetKind{catalog.TargetUser, catalog.TargetAccount, catalog.TargetZone}
	return slices.DeleteFunc(slices.Clone(catalog.Operations()), func(row *catalog.Operation) bool {
		return !slices.Contains(kinds, row.Target) || row.Name() == "PUT /accounts/{account_id}"
	})
}()

// opens are the rows that each of the tokens' groups opens.
var opens = func() map[catalog.GroupIndex][]*catalog.Operation {
	out := map[catalog.GroupIndex][]*catalog.Operation{}
	for _, row := range rows {
		for g := range row.Accepts.All() {
			out[g] = append(out[g], row)
		}
	}
	return out
}()

// onRow asks about an operation of the table, with the ids in its path or in the target.
func (d *differ) onRow(row *catalog.Operation, accountRef, zoneName string) asking {
	account, zoneID := d.env.ID(accountRef), d.env.ID(zoneName)
	if d.IntN(20) == 0 {
		account, zoneID = "00000000000000000000000000000077", "00000000000000000000000000000078"
	}
	path := row.Route
	target := map[string]string{}
	for _, name := range row.Placeholders() {
		value := "00000000000000000000000000000099"
		switch name {
		case "account_id":
			value = account
			target[name] = value
		case "zone_id":
			value = zoneID
			target[name] = value
		}
		path = strings.Replace(path, "{"+name+"}", value, 1)
	}
	out := asking{method: row.Method, path: path, operation: row.Name(), target: target, harmless: row.Method == http.MethodGet}
	if row.Method != http.MethodGet {
		out.body = obj{}
	}
	if d.IntN(2) == 0 {
		out.operation, out.target = row.Method+" "+path, nil
	}
	return out
}

// onRecord asks about the records of a zone.
func (d *differ) onRecord(zoneName string) asking {
	d.Helper()
	zoneID := d.env.ID(zoneName)
	out := asking{target: map[string]string{"zone_id": zoneID}, method: http.MethodGet, harmless: true}
	route := "/zones/{zone_id}/dns_records"
	kind, name := pick(d.Rand, []string{"TXT", "A", "MX"}), pick(d.Rand, []string{"_acme-challenge", "_acme-challenge.new", "@", "www." + zoneName + ".", "new"})
	var stored *state.Record
	err := d.env.Server.World().View(func(tx *state.Tx) error {
		if records := tx.Records(tx.ZoneByName(zoneName).ID); len(records) > 0 {
			stored = pick(d.Rand, records)
		}
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
	switch d.IntN(4) {
	case 0: // the records as a whole
	case 1:
		out.method, out.harmless = http.MethodPost, false
		content := map[string]any{"TXT": `"x"`, "A": "192.0.2.1", "MX": "mail.example.net"}[kind]
		out.body = obj{"type": kind, "name": name, "content": content, "priority": 10}
		out.target["record.type"], out.target["record.name"] = kind, name
	default:
		if stored == nil {
			break
		}
		route += "/{dns_record_id}"
		out.method = pick(d.Rand, []string{http.MethodGet, http.MethodDelete, http.MethodPatch})
		out.harmless = out.method == http.MethodGet
		if out.method == http.MethodPatch {
			out.body = obj{"comment": "differential"}
		}
		out.target["record.type"], out.target["record.name"] = stored.Type, stored.Name
		out.path = "/" + stored.ID.String()
	}
	if d.IntN(2) == 0 {
		out.target["zone_name"] = zoneName
	}
	out.operation = out.method + " " + route
	out.path = "/zones/" + zoneID + "/dns_records" + out.path
	if d.IntN(2) == 0 {
		out.operation = out.method + " " + out.path
		delete(out.target, "zone_id")
	}
	return out
}

// onSwitch asks about changes of the API access switch.
func (d *differ) onSwitch(ref string) asking {
	d.Helper()
	if ref == "foreign" {
		ref = "acme"
	}
	account, member := d.env.ID(ref), ref+"/bob"
	stored := d.env.AccountSwitch(ref)
	onMember := d.IntN(2) == 0
	if onMember {
		stored = d.env.MemberSwitch(member)
	}
	setting := pick(d.Rand, []string{"enabled", "disabled", "account_default"})
	value := map[string]*bool{"enabled": new(true), "disabled": new(false), "account_default": nil}[setting]
	changes := setting
	if (value == nil) == (stored == nil) && (value == nil || *value == *stored) {
		changes = ""
	}
	route, id := "PUT /accounts/{account_id}", account
	body := obj{"settings": obj{"api_access_enabled": value}}
	if onMember {
		route, body = "PATCH /accounts/{account_id}/members/{member_id}", obj{"api_access_enabled": value}
		id += "/members/" + d.env.ID(member)
	}
	method, _, _ := strings.Cut(route, " ")
	return asking{method: method, path: "/accounts/" + id, body: body, operation: route, changes: changes, target: map[string]string{"account_id": account}}
}

// targetValue is the attribute target as the protocol carries it.
func targetValue(given map[string]string) map[string]tftypes.Value {
	texts := func(prefix string, names ...string) tftypes.Value {
		kinds, values, some := map[string]tftypes.Type{}, map[string]tftypes.Value{}, false
		for _, name := range names {
			kinds[name] = tftypes.String
			values[name] = tftypes.NewValue(tftypes.String, nil)
			if text, ok := given[prefix+name]; ok {
				values[name], some = tftypes.NewValue(tftypes.String, text), true
			}
		}
		if !some {
			return tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, nil)
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, values)
	}
	text := func(name string) tftypes.Value {
		if value, ok := given[name]; ok {
			return tftypes.NewValue(tftypes.String, value)
		}
		return tftypes.NewValue(tftypes.String, nil)
	}
	flag := func(name string) tftypes.Value {
		if _, ok := given[name]; ok {
			return tftypes.NewValue(tftypes.Bool, true)
		}
		return tftypes.NewValue(tftypes.Bool, nil)
	}
	return map[string]tftypes.Value{
		"account_id": text("account_id"), "zone_id": text("zone_id"), "zone_name": text("zone_name"),
		"record": texts("record.", "type", "name"), "bucket": texts("bucket.", "name", "jurisdiction"),
		"all_zones": flag("all_zones"), "user": tftypes.NewValue(tftypes.Bool, nil),
	}
}
