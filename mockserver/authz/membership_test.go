// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestNewMembership holds what of a member's roles and policies counts,
// whatever their order (authorization model §8).
func TestNewMembership(t *testing.T) {
	t.Parallel()
	const super, admin, dns, domain = catalog.RoleSuperAdministrator, catalog.RoleAdministrator, "DNS", "Domain DNS"
	allowed := func(zones []ID, roles ...string) MemberGrant {
		return MemberGrant{Effect: Allow, Roles: rolesOf(t, roles...), Zones: zones}
	}
	denied := func(zones []ID, roles ...string) MemberGrant {
		return MemberGrant{Effect: Deny, Roles: rolesOf(t, roles...), Zones: zones}
	}
	z1 := []ID{named("z1")}
	for _, row := range []struct {
		name                string
		roles               []string
		grants              []MemberGrant
		super, admin, named bool
	}{
		{"nothing", nil, nil, false, false, false},
		{"a role", []string{dns}, nil, false, false, true},
		{"a domain role counts in policies alone", []string{domain}, nil, false, false, false},
		{"a domain role before another", []string{domain, dns}, nil, false, false, true},
		{"a domain role after another", []string{dns, domain}, nil, false, false, true},
		{"Super Administrator", []string{super}, nil, true, false, true},
		{"Super Administrator first", []string{super, dns}, nil, true, false, true},
		{"Super Administrator last", []string{dns, super}, nil, true, false, true},
		{"Administrator first", []string{admin, dns}, nil, false, true, true},
		{"Administrator last", []string{dns, admin}, nil, false, true, true},
		{"a policy", nil, []MemberGrant{allowed(nil, dns)}, false, false, true},
		{"a policy over a zone", nil, []MemberGrant{allowed(z1, domain)}, false, false, true},
		{"a policy without roles", nil, []MemberGrant{allowed(nil)}, false, false, false},
		{"a policy without roles after another", nil, []MemberGrant{allowed(nil, dns), allowed(nil)}, false, false, true},
		{"a deny names no role", nil, []MemberGrant{denied(nil, dns)}, false, false, false},
		{"Super Administrator by policy, first", nil, []MemberGrant{allowed(nil, super, dns), allowed(nil, dns)}, true, false, true},
		{"Super Administrator by policy, last", nil, []MemberGrant{allowed(nil, dns), allowed(nil, dns, super)}, true, false, true},
		{"Administrator by policy, first", nil, []MemberGrant{allowed(nil, admin, dns), allowed(nil, dns)}, false, true, true},
		{"Administrator by policy, last", nil, []MemberGrant{allowed(nil, dns), allowed(nil, dns, admin)}, false, true, true},
		{"both over a zone", nil, []MemberGrant{allowed(z1, super, admin)}, false, false, true},
		{"a deny first", nil, []MemberGrant{denied(z1, domain), allowed(nil, super, admin)}, false, false, true},
		{"a deny last", nil, []MemberGrant{allowed(nil, super, admin), denied(z1, domain)}, false, false, true},
		{"a denied Super Administrator", nil, []MemberGrant{denied(nil, super, admin)}, false, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			m := NewMembership(true, Unset, rolesOf(t, row.roles...), row.grants)
			if m.IsSuperAdministrator() != row.super || m.IsAdministrator() != row.admin || m.NamesRole() != row.named {
				t.Errorf("super %t, admin %t, named %t", m.IsSuperAdministrator(), m.IsAdministrator(), m.NamesRole())
			}
			pending := NewMembership(false, Unset, rolesOf(t, row.roles...), row.grants)
			if pending.IsSuperAdministrator() || pending.IsAdministrator() || pending.NamesRole() {
				t.Error("an invitation counts")
			}
		})
	}
	var nobody *Membership
	if nobody.IsSuperAdministrator() || nobody.IsAdministrator() || nobody.NamesRole() {
		t.Error("nobody is a member")
	}
}

// TestMembership_zones holds what a member holds where, for policies over
// several zones in any order.
func TestMembership_zones(t *testing.T) {
	t.Parallel()
	dnsWrite, purge := groupNamed(t, "DNS Write"), groupNamed(t, "Cache Purge")
	role := func(groups ...*catalog.Group) []*catalog.Role {
		r := &catalog.Role{Name: "test", Level: catalog.RoleLevelAccount}
		for _, g := range groups {
			r.Groups.Add(g.Index)
		}
		return []*catalog.Role{r}
	}
	zones := func(names ...string) []ID {
		ids := make([]ID, 0, len(names))
		for _, name := range names {
			ids = append(ids, named(name))
		}
		return ids
	}
	m := NewMembership(true, Unset, nil, []MemberGrant{
		{Effect: Allow, Roles: role(dnsWrite), Zones: zones("z5", "z4", "z3", "z2", "z1")},
		{Effect: Allow, Roles: role(purge), Zones: zones("z3", "z1")},
		{Effect: Deny, Roles: role(dnsWrite), Zones: zones("z6", "z5", "z2")},
		{Effect: Deny, Roles: role(purge), Zones: zones("z2", "z1")},
	})
	accepts := catalog.SetOf(dnsWrite.Index, purge.Index)
	for zone, want := range map[string]catalog.GroupSet{
		"z0": {},
		"z1": catalog.SetOf(dnsWrite.Index),
		"z2": {},
		"z3": accepts,
		"z4": catalog.SetOf(dnsWrite.Index),
		"z5": {},
		"z6": {},
		"z7": {},
	} {
		for _, kind := range []TargetKind{OnZone, OnRecords, OnRecord} {
			if got := m.holds(accepts, &place{kind: kind, zone: named(zone)}); got != want {
				t.Errorf("%s, kind %d: %d groups, want %d", zone, kind, got.Len(), want.Len())
			}
		}
		for _, kind := range []TargetKind{OnAccount, OnAllZones, OnBucket} {
			if got := m.holds(accepts, &place{kind: kind, zone: named(zone)}); !got.IsEmpty() {
				t.Errorf("%s, kind %d: %d groups", zone, kind, got.Len())
			}
		}
		if got := m.holds(catalog.SetOf(purge.Index), &place{kind: OnZone, zone: named(zone)}); got != want.Intersect(catalog.SetOf(purge.Index)) {
			t.Errorf("%s: what is not asked for counts", zone)
		}
	}
	whole := NewMembership(true, Unset, nil, []MemberGrant{{Effect: Allow, Roles: role(dnsWrite, purge)}, {Effect: Deny, Roles: role(purge)}})
	if got := whole.holds(accepts, &place{kind: OnAccount}); got != catalog.SetOf(dnsWrite.Index) {
		t.Errorf("a deny over the whole account leaves %d groups", got.Len())
	}
}

// TestHolds_nobody holds that what is gone, and who is nobody, holds nothing.
func TestHolds_nobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	details := groupNamed(t, "User Details Read")
	if Holds(w, ID{}, details, Key{Form: KeyUser}) {
		t.Error("nobody holds its own rights")
	}
	if !Holds(w, named("super"), details, Key{Form: KeyUser, User: named("super")}) {
		t.Error("a user lacks its own rights")
	}
	for _, gone := range []string{
		"account:none", "account:none/zone:*", "zone:none", "account:ent/zone:none", "zone:none/TXT.*", "bucket:none_default_bbb",
	} {
		groups := "DNS Write"
		if gone == "bucket:none_default_bbb" {
			groups = "Workers R2 Storage Bucket Item Read"
		}
		if ok, group, k := HoldsAll(w, named("super"), []Policy{pol(t, Allow, groups, gone)}); !ok {
			t.Errorf("%s on %s, which is gone, is a right", group, k)
		}
		if ok, _, _ := HoldsAll(w, named("bare"), []Policy{pol(t, Allow, groups, gone), pol(t, Allow, "DNS Write", "zone:z1")}); ok {
			t.Errorf("%s hides what comes after it", gone)
		}
	}
	both := pol(t, Allow, "DNS Write", "account:ent/zone:none")
	both.Resources[0].Nested = append(both.Resources[0].Nested, key(t, "zone:z1").Key)
	if ok, _, _ := HoldsAll(w, named("bare"), []Policy{both}); ok {
		t.Error("a zone that is gone hides the one beside it")
	}
	w.members[[2]ID{named("lost"), named("nowhere")}] = NewMembership(true, Unset, rolesOf(t, catalog.RoleSuperAdministrator), nil)
	if Holds(w, named("lost"), groupNamed(t, "DNS Write"), Key{Form: KeyAllZones}) {
		t.Error("a role in an account that is gone is a right")
	}
	for _, there := range []string{"account:ent", "account:ent/zone:*", "account:ent/zone:z1", "zone:z1", "zone:z1/TXT.*", "zone:*"} {
		ok, group, k := HoldsAll(w, named("bare"), []Policy{pol(t, Deny, "DNS Write", there), pol(t, Allow, "DNS Write", there)})
		if keys, err := ParseResource(key(t, there)); err != nil || ok || group != "DNS Write" || k != keys[0] {
			t.Errorf("%s: %t, %q on %s", there, ok, group, k)
		}
	}
	broken := Policy{Effect: Allow, Groups: []catalog.GroupIndex{details.Index}, Resources: []Resource{{Key: "x"}}}
	if ok, group, k := HoldsAll(w, named("super"), []Policy{broken}); ok || group != "" || k != (Key{}) {
		t.Errorf("a key of no form: %t, %q on %s", ok, group, k)
	}
}
