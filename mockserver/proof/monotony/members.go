// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package monotony

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// memberChanges make the credential's owner less, or switch API access off.
func memberChanges() []Change {
	return []Change{
		{"taking a role away", (*draft).removeRole},
		{"replacing a role by one with fewer rights", (*draft).lesserRole},
		{"removing an allow policy of the member", (*draft).removeMemberAllow},
		{"narrowing a member's policy to zones", (*draft).narrowToZones},
		{"adding a deny policy to the member", (*draft).denyMember},
		{"adding a role to a member's deny policy", (*draft).denyMemberMore},
		{"ending a membership", (*draft).endMembership},
		{"making a membership pending", (*draft).unaccept},
		{"removing a tenant administrator", (*draft).removeTenant},
		{"switching an account's API access off", (*draft).accountOff},
		{"switching a member's API access off", (*draft).memberOff},
	}
}

// member picks a membership of the credential's user that fits, nil when none does.
func (d *draft) member(fits func(*scene.Member) bool) *scene.Member {
	var list []*scene.Member
	for i := range d.world.Members {
		if m := &d.world.Members[i]; d.credential.User != "" && m.User == d.credential.User && fits(m) {
			list = append(list, m)
		}
	}
	return pick(d, list)
}

func (d *draft) removeRole() bool {
	m := d.member(func(m *scene.Member) bool { return len(m.Roles) > 0 })
	if m == nil {
		return false
	}
	at := d.rng.IntN(len(m.Roles))
	m.Roles = slices.Delete(m.Roles, at, at+1)
	return true
}

// lesserRole puts a role in another's place whose groups are a part of the other's. An administrator's place
// is taken by a role that is none, or by an Administrator where it was a Super Administrator's.
func (d *draft) lesserRole() bool {
	m := d.member(func(m *scene.Member) bool { return len(m.Roles) > 0 })
	if m == nil {
		return false
	}
	at := d.rng.IntN(len(m.Roles))
	old, ok := catalog.RoleByID(m.Roles[at])
	if !ok {
		return false
	}
	var lesser []string
	for _, r := range catalog.Roles() {
		administers := r.ID == catalog.RoleSuperAdministrator || r.ID == catalog.RoleAdministrator && old.ID != catalog.RoleSuperAdministrator
		if r.Level == catalog.RoleLevelAccount && r.ID != old.ID && old.Groups.Contains(r.Groups) && !administers {
			lesser = append(lesser, r.ID)
		}
	}
	if len(lesser) == 0 {
		return false
	}
	m.Roles[at] = pick(d, lesser)
	return true
}

// memberPolicy picks a policy of a member that fits, nil when none does.
func (d *draft) memberPolicy(fits func(*scene.MemberPolicy) bool) *scene.MemberPolicy {
	m := d.member(func(m *scene.Member) bool {
		return slices.ContainsFunc(m.Policies, func(p scene.MemberPolicy) bool { return fits(&p) })
	})
	if m == nil {
		return nil
	}
	at := slices.IndexFunc(m.Policies, func(p scene.MemberPolicy) bool { return fits(&p) })
	return &m.Policies[at]
}

func (d *draft) removeMemberAllow() bool {
	allows := func(p scene.MemberPolicy) bool { return p.Access == "allow" }
	m := d.member(func(m *scene.Member) bool { return slices.ContainsFunc(m.Policies, allows) })
	if m == nil {
		return false
	}
	at := slices.IndexFunc(m.Policies, allows)
	m.Policies = slices.Delete(m.Policies, at, at+1)
	return true
}

func (d *draft) narrowToZones() bool {
	p := d.memberPolicy(func(p *scene.MemberPolicy) bool { return p.Access == "allow" && len(p.Zones) == 0 })
	if p == nil {
		return false
	}
	p.Zones = []string{pick(d, d.world.Zones).ID}
	return true
}

func (d *draft) denyMember() bool {
	m := d.member(func(m *scene.Member) bool { return len(m.Policies) > 0 })
	if m == nil {
		return false
	}
	p := d.generator.MemberPolicy(m.Account)
	p.Access = "deny"
	m.Policies = append(m.Policies, p)
	return true
}

func (d *draft) denyMemberMore() bool {
	p := d.memberPolicy(func(p *scene.MemberPolicy) bool { return p.Access == "deny" })
	if p == nil {
		return false
	}
	p.Roles = append(p.Roles, d.generator.MemberPolicy(pick(d, d.world.Accounts).ID).Roles...)
	if d.rng.IntN(2) == 0 {
		p.Zones = nil // The whole account is more than some zones of it.
	}
	return true
}

func (d *draft) endMembership() bool {
	m := d.member(func(*scene.Member) bool { return true })
	if m == nil {
		return false
	}
	gone := *m
	d.world.Members = slices.DeleteFunc(d.world.Members, func(m scene.Member) bool {
		return m.User == gone.User && m.Account == gone.Account
	})
	return true
}

func (d *draft) unaccept() bool {
	m := d.member(func(m *scene.Member) bool { return m.Status == "accepted" })
	if m == nil {
		return false
	}
	m.Status = "pending"
	return true
}

func (d *draft) removeTenant() bool {
	at := slices.Index(d.world.TenantAdmins, d.credential.User)
	if at < 0 {
		return false
	}
	d.world.TenantAdmins = slices.Delete(d.world.TenantAdmins, at, at+1)
	return true
}

func (d *draft) accountOff() bool {
	off := false
	a := &d.world.Accounts[d.rng.IntN(len(d.world.Accounts))]
	if !a.Enterprise || a.APIAccess != nil && !*a.APIAccess {
		return false
	}
	a.APIAccess = &off
	return true
}

func (d *draft) memberOff() bool {
	off := false
	m := d.member(func(m *scene.Member) bool { return m.APIAccess == nil || *m.APIAccess })
	if m == nil {
		return false
	}
	m.APIAccess = &off
	return true
}
