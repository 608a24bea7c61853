// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// zone reads one entry of zones with its records.
func (l *loader) zone(e entry) {
	f := l.form(e.node, e.path, "account", "id", "type", "status", "paused", "development_mode", "name_servers",
		"original_name_servers", "vanity_name_servers", "plan", "settings", "records", "created_on", "modified_on",
		"activated_on", "access_rules")
	if f == nil {
		return
	}
	before := len(l.problems)
	name, err := state.NormalizeZoneName(e.ref)
	if err != nil {
		l.problem(e.line, e.path, "%v", err)
	}
	created := f.instant("created_on", deriveTime("zone", name))
	z := state.Zone{
		ID: f.id("zone", name), Name: name,
		Type:   f.choice("type", "full", "partial", "secondary", "internal"),
		Status: f.choice("status", "active", "initializing", "pending", "moved"),
		Paused: f.boolean("paused"), DevelopmentMode: f.integer("development_mode", 0, math.MinInt32, math.MaxInt32),
		NameServers: f.texts("name_servers"), OriginalNameServers: f.texts("original_name_servers"), VanityNameServers: f.texts("vanity_name_servers"),
		CreatedOn: created, ModifiedOn: f.instant("modified_on", created),
	}
	if z.NameServers == nil {
		z.NameServers = []string{"ada.ns.cloudflare.com", "bob.ns.cloudflare.com"}
	}
	if z.Status == "active" {
		z.ActivatedOn = created
	}
	z.ActivatedOn = f.instant("activated_on", z.ActivatedOn)
	l.zoneSettings(f, &z)
	account := l.ownerAccount(f)
	if account != nil {
		z.Account = account.ID
		plan := "free"
		if account.IsEnterprise() {
			plan = "enterprise"
		}
		z.Plan = f.text("plan", plan)
		if !slices.Contains([]string{"free", "pro", "business", "enterprise"}, z.Plan) {
			f.problem("plan", "must be one of free, pro, business, enterprise")
		}
	}
	sound := f.unusedID(z.ID, l.tx.ZoneByID(z.ID) != nil) && account != nil && len(l.problems) == before &&
		l.stored(e.line, e.path, l.tx.PutZone(&z))
	l.records(f, &z, account, sound)
	if sound {
		l.accessRules(f, state.ScopeZone, z.ID, "zone/"+name, created)
	}
}

func (l *loader) ownerAccount(f *form) *state.Account {
	if f.get("account") == nil {
		f.problem("account", "a zone needs the ref of its account")
		return nil
	}
	ref := f.text("account", "")
	if ref == "" {
		return nil
	}
	return l.accountRef(ref, f.line("account"), f.at("account"))
}

func (l *loader) zoneSettings(f *form, z *state.Zone) {
	n := f.get("settings")
	if n == nil {
		return
	}
	if n.kind != object {
		f.problem("settings", "must be an object")
		return
	}
	z.Settings = make(map[string]json.RawMessage, len(n.fields))
	for _, setting := range n.fields {
		path := f.at("settings") + "." + setting.key
		kind, ok := state.FindZoneSetting(setting.key)
		value := setting.value.value()
		if !ok {
			l.problem(setting.line, path, "no zone has such a setting%s", suggestion(setting.key, zoneSettingIDs()))
		} else if problem := kind.Problem(value); problem != "" {
			l.problem(setting.line, path, "%s", problem)
		}
		z.Settings[setting.key] = value
	}
}

// zoneSettingIDs lists the names that settings of zones have.
func zoneSettingIDs() []string {
	settings := state.ZoneSettings()
	ids := make([]string, len(settings))
	for i, s := range settings {
		ids[i] = s.ID
	}
	return ids
}

// records reads the records of one zone; it stores them only when the zone is
// sound.
func (l *loader) records(f *form, z *state.Zone, account *state.Account, sound bool) {
	names := make(map[string]string) // of records, to whether it is an alias
	for i, it := range f.list("records") {
		rf := l.form(it.node, it.path, "id", "type", "name", "content", "ttl", "proxied", "priority", "comment", "tags",
			"data", "settings", "created_on", "modified_on", "comment_modified_on", "tags_modified_on")
		if rf == nil {
			continue
		}
		before := len(l.problems)
		r := l.record(rf, z, account, i)
		if len(l.problems) > before {
			continue
		}
		rf.beside(names, &r)
		if !sound || len(l.problems) > before {
			continue
		}
		if rf.get("id") == nil && l.tx.RecordByID(r.ID) != nil {
			l.problem(it.line, it.path, "the same record stands twice")
			continue
		}
		if rf.unusedID(r.ID, l.tx.RecordByID(r.ID) != nil) {
			l.stored(it.line, it.path, l.tx.PutRecord(&r))
		}
	}
}

// beside refuses an alias beside other records of its name.
func (f *form) beside(names map[string]string, r *state.Record) {
	kind := "other"
	switch r.Type {
	case "CNAME":
		kind = "alias"
	case "A", "AAAA":
		kind = "address"
	}
	if known, ok := names[r.Name]; ok && (kind == "alias" || known == "alias") && kind != "other" && known != "other" {
		f.problem("type", "a CNAME record cannot stand beside A, AAAA or CNAME records of the name %s", r.Name)
		return
	}
	if names[r.Name] == "" || names[r.Name] == "other" {
		names[r.Name] = kind
	}
}

func (l *loader) record(f *form, z *state.Zone, account *state.Account, position int) state.Record {
	created := f.instant("created_on", after(z.CreatedOn, position))
	r := state.Record{
		Zone: z.ID, Type: f.text("type", ""), Content: f.text("content", ""),
		TTL: f.integer("ttl", 1, 1, 86400), Proxied: f.boolean("proxied"),
		Comment: f.text("comment", ""), Tags: f.texts("tags"),
		CreatedOn: created, ModifiedOn: f.instant("modified_on", created),
		CommentModifiedOn: f.instant("comment_modified_on", time.Time{}),
		TagsModifiedOn:    f.instant("tags_modified_on", time.Time{}),
	}
	if f.get("name") == nil {
		f.problem("name", "a record needs a name; \"@\" is the zone itself")
	} else if z.Name != "" {
		name, err := state.NormalizeRecordName(z.Name, f.text("name", ""))
		if err != nil {
			f.problem("name", "%v", err)
		}
		r.Name = name
	}
	if f.get("type") == nil || !authz.IsRecordType(r.Type) {
		f.problem("type", "must be a DNS record type in capitals%s", suggestion(r.Type, authz.RecordTypes()))
	}
	f.recordValues(&r, account)
	priority := ""
	if r.Priority != nil {
		priority = strconv.Itoa(int(*r.Priority))
	}
	r.ID = f.id("record", fmt.Sprintf("%s/%s/%s/%s/%s/%s", z.Name, r.Type, r.Name, priority, r.Content, r.Data))
	return r
}

// recordValues reads and checks what depends on a record's type.
func (f *form) recordValues(r *state.Record, account *state.Account) {
	least := 60
	if account != nil && account.IsEnterprise() {
		least = 30
	}
	if r.TTL != 1 && r.TTL < least {
		f.problem("ttl", "must be 1 (automatic) or %d to 86400 seconds", least)
	}
	if f.get("priority") != nil {
		priority := uint16(f.integer("priority", 0, 0, math.MaxUint16)) //nolint:gosec // integer keeps the bounds.
		r.Priority = &priority
	} else if r.Type == "MX" || r.Type == "URI" {
		f.problem("priority", "a record of type %s needs a priority", r.Type)
	}
	r.Data, r.Settings = f.json("data"), f.json("settings")
	if r.Proxied && r.Type != "A" && r.Type != "AAAA" && r.Type != "CNAME" {
		f.problem("proxied", "only records of type A, AAAA and CNAME can be proxied")
	}
	switch addr, err := netip.ParseAddr(r.Content); {
	case r.Content == "" && f.get("data") == nil:
		f.problem("content", "a record needs content or data")
	case strings.ContainsFunc(r.Content, func(c rune) bool { return c < ' ' || c == 0x7f }):
		f.problem("content", "must hold no control characters")
	case r.Type == "A" && (err != nil || !addr.Is4()):
		f.problem("content", "must be an IPv4 address")
	case r.Type == "AAAA" && (err != nil || !addr.Is6() || addr.Zone() != ""):
		f.problem("content", "must be an IPv6 address")
	}
}

// json reads an object of any content; nil when it is absent.
func (f *form) json(key string) json.RawMessage {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != object {
		f.problem(key, "must be an object")
		return nil
	}
	return n.value()
}
