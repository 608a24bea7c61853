// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The types of zone.
const (
	zoneFull     = "full"
	zoneInternal = "internal"
)

var zoneTypes = []string{zoneFull, "partial", "secondary", zoneInternal}

// listZones answers the zones that the caller may see, each decided by the
// gates; filters and counts come after that (authorization model §6 "Lists").
func listZones(x *exchange) (*reply, error) {
	f, err := zoneFilter(x)
	if err != nil {
		return nil, err
	}
	wanted := strings.Split(x.query.Get("type"), ",")
	var seen []*state.Zone
	for _, z := range f.apply(x.ownZones(authz.ID{})) {
		if z.Type == zoneInternal && !slices.Contains(wanted, zoneInternal) {
			continue
		}
		if x.visible(authz.ZoneTarget(z.ID)) {
			seen = append(seen, z)
		}
	}
	err = ordering(x, seen, map[string]func(*state.Zone) string{
		"name":         func(z *state.Zone) string { return z.Name },
		"status":       func(z *state.Zone) string { return z.Status },
		"account.id":   func(z *state.Zone) string { return z.Account.String() },
		"account.name": x.zoneAccountName,
		"plan.id":      func(z *state.Zone) string { return planOf(z).ID },
	})
	if err != nil {
		return nil, err
	}
	cut, err := page(x, seen, zonePages)
	if err != nil {
		return nil, err
	}
	zones, _ := cut.result.([]*state.Zone)
	views := make([]zoneView, 0, len(zones))
	for _, z := range zones {
		views = append(views, x.viewZone(z))
	}
	cut.result = views
	return cut, nil
}

func (x *exchange) zoneAccountName(z *state.Zone) string {
	if a := x.tx.AccountByID(z.Account); a != nil {
		return a.Name
	}
	return ""
}

func zoneFilter(x *exchange) (*filter[*state.Zone], error) {
	f, err := newFilter[*state.Zone](x)
	if err != nil {
		return nil, err
	}
	status, err := x.choice("status", "", "initializing", "pending", "active", "moved")
	if err != nil {
		return nil, err
	}
	if status != "" {
		f.where(func(z *state.Zone) bool { return z.Status == status })
	}
	if types := x.query.Get("type"); types != "" {
		list := strings.Split(types, ",")
		f.where(func(z *state.Zone) bool { return slices.Contains(list, z.Type) })
	}
	for parameter, field := range map[string]func(*state.Zone) string{
		"name":         func(z *state.Zone) string { return z.Name },
		"account.name": x.zoneAccountName,
	} {
		if expression := x.query.Get(parameter); expression != "" {
			test := textTest(expression)
			f.where(func(z *state.Zone) bool { return test(field(z)) })
		}
	}
	if account := x.query.Get("account.id"); account != "" {
		f.where(func(z *state.Zone) bool { return z.Account.String() == account })
	}
	return f, nil
}

func getZone(x *exchange) (*reply, error) {
	return result(x.viewZone(x.tx.ZoneByID(x.zone()))), nil
}

// zoneInput is what the create of a zone sends.
type zoneInput struct {
	name, account, zoneType string
}

func readZone(o *object) zoneInput {
	o.ignore("id", "status", "paused", "development_mode", "name_servers", "original_name_servers", "original_registrar",
		"original_dnshost", "modified_on", "created_on", "activated_on", "vanity_name_servers", "meta", "owner",
		"permissions", "plan", "tenant", "tenant_unit", "cname_suffix", "verification_key", "jump_start")
	in := zoneInput{name: o.requiredText("name"), zoneType: o.text("type")}
	account := o.child("account")
	if old := o.child("organization"); account == nil {
		account = old // the old name, which cloudflare-go v0 sends
	} else if old != nil {
		o.fault("organization", "is the old name of account: send one of the two")
	}
	if account == nil {
		o.fault("account", "is required: the account that the zone is created in")
		return in
	}
	account.ignore("name", "type", "created_on", "settings")
	in.account = account.requiredText("id")
	account.end()
	return in
}

// zoneTargets names all zones of the account in the body. An account that does
// not exist, malformed ids included, is target_not_found.
func zoneTargets(_ *exchange, in zoneInput) ([]authz.Target, bool) {
	if in.account == "" {
		return nil, false
	}
	account, _ := authz.ParseID(in.account)
	return []authz.Target{authz.AllZonesTarget(account)}, true
}

func createZone(x *exchange, in zoneInput) (*reply, error) {
	name, err := state.NormalizeZoneName(in.name)
	if err != nil {
		return nil, errZoneName.refuse(in.name)
	}
	if x.tx.ZoneByName(name) != nil {
		return nil, errZoneExists.refuse(name)
	}
	if in.zoneType == "" {
		in.zoneType = zoneFull
	}
	if !slices.Contains(zoneTypes, in.zoneType) {
		return nil, invalid("/type", "/type: must be one of %s", strings.Join(zoneTypes, ", "))
	}
	account, _ := authz.ParseID(in.account)
	if a := x.tx.AccountByID(account); (a == nil || !a.IsEnterprise()) && isSubdomain(name) {
		return nil, errZoneSubdomain.refuse()
	}
	z := &state.Zone{
		ID: x.tx.NewID("zone"), Account: account, Name: name, Type: in.zoneType, Status: "pending",
		NameServers: nameServers(account), Plan: "free", CreatedOn: x.now, ModifiedOn: x.now,
	}
	if err := x.tx.PutZone(z); err != nil {
		return nil, err
	}
	return result(x.viewZone(x.tx.ZoneByID(z.ID))), nil
}

// isSubdomain reports whether a name in its stored form lies below one that
// could be registered. Names under suffixes that nobody has published count as
// registered there.
func isSubdomain(name string) bool {
	root, err := publicsuffix.EffectiveTLDPlusOne(name)
	return err == nil && root != name
}

// nameServers are the two that a new zone of the account is given.
func nameServers(account authz.ID) []string {
	names := [...]string{"ada", "bob", "cara", "dan", "elle", "finn", "gina", "hugo"}
	const suffix = ".ns.cloudflare.com"
	first := int(account[0]) % len(names)
	return []string{names[first] + suffix, names[(first+3)%len(names)] + suffix}
}

// zoneEdit is what the edit of a zone sends: one property a call.
type zoneEdit struct {
	paused   *bool
	zoneType *string
	vanity   []string
}

func readZoneEdit(o *object) zoneEdit {
	return zoneEdit{
		paused: o.optionalBool("paused"), zoneType: o.optionalText("type"), vanity: o.texts("vanity_name_servers"),
	}
}

func editZone(x *exchange, in zoneEdit) (*reply, error) {
	sent := 0
	for _, has := range []bool{in.paused != nil, in.zoneType != nil, in.vanity != nil} {
		if has {
			sent++
		}
	}
	if sent != 1 {
		return nil, invalid("", "exactly one of paused, type and vanity_name_servers is changed at a time")
	}
	z := *x.tx.ZoneByID(x.zone())
	switch {
	case in.paused != nil:
		z.Paused = *in.paused
	case in.vanity != nil:
		z.VanityNameServers = in.vanity
	default:
		if !slices.Contains(zoneTypes, *in.zoneType) {
			return nil, invalid("/type", "/type: must be one of %s", strings.Join(zoneTypes, ", "))
		}
		z.Type = *in.zoneType
	}
	z.ModifiedOn = x.now
	if err := x.tx.PutZone(&z); err != nil {
		return nil, err
	}
	return result(x.viewZone(&z)), nil
}

func deleteZone(x *exchange) (*reply, error) {
	id := x.zone()
	if err := x.tx.DeleteZone(id); err != nil {
		return nil, err
	}
	return result(deleted{id.String()}), nil
}
