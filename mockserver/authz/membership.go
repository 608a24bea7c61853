// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// MemberGrant is one policy of a member: roles over the whole account or over
// some of its zones (authorization model §8).
type MemberGrant struct {
	// Effect is Allow or Deny.
	Effect Effect
	// Roles are the roles that the policy gives or denies.
	Roles []*catalog.Role
	// Zones are the zones it covers; empty means the whole account.
	Zones []ID
}

// Membership is a user's standing in one account in the form that decisions
// read: immutable, made by [NewMembership]. The zero value holds nothing and
// is not accepted.
type Membership struct {
	// Accepted is true once the user has accepted the invitation; only then
	// does the membership count.
	Accepted bool
	// APIAccess is the member's value of the API access switch.
	APIAccess Switch

	denies      bool // some policy denies
	named       bool // its roles, or an allow policy, name a role
	super       bool
	admin       bool
	whole       catalog.GroupSet // allowed on the account and all in it
	zones       []zoneGroups     // allowed on single zones, sorted by zone
	deniedWhole catalog.GroupSet
	deniedZones []zoneGroups
}

// zoneGroups are groups held or denied on one zone.
type zoneGroups struct {
	zone   ID
	groups catalog.GroupSet
}

// NewMembership compiles a member's standing. A member has roles or policies,
// never both; with both the result is the union, so callers refuse it first.
// A role of level domain counts only in a policy.
func NewMembership(accepted bool, apiAccess Switch, roles []*catalog.Role, grants []MemberGrant) *Membership {
	m := &Membership{Accepted: accepted, APIAccess: apiAccess}
	for _, r := range roles {
		if r.Level != catalog.RoleLevelAccount {
			continue
		}
		m.named = true
		m.whole = m.whole.Union(r.Groups)
		m.super = m.super || r.ID == catalog.RoleSuperAdministrator
		m.admin = m.admin || r.ID == catalog.RoleAdministrator
	}
	for _, g := range grants {
		m.denies = m.denies || g.Effect != Allow
		m.addGrant(g)
	}
	if m.denies {
		// A member with any deny policy is no administrator.
		m.super, m.admin = false, false
	}
	byZone := func(a, b zoneGroups) int { return a.zone.Compare(b.zone) }
	slices.SortFunc(m.zones, byZone)
	slices.SortFunc(m.deniedZones, byZone)
	return m
}

func (m *Membership) addGrant(g MemberGrant) {
	var groups catalog.GroupSet
	for _, r := range g.Roles {
		groups = groups.Union(r.Groups)
	}
	whole := len(g.Zones) == 0
	if g.Effect == Allow {
		m.named = m.named || len(g.Roles) > 0
		if whole {
			m.whole = m.whole.Union(groups)
			for _, r := range g.Roles {
				m.super = m.super || r.ID == catalog.RoleSuperAdministrator
				m.admin = m.admin || r.ID == catalog.RoleAdministrator
			}
		}
	} else if whole {
		m.deniedWhole = m.deniedWhole.Union(groups)
	}
	// Over zones only a role's zone groups count.
	groups = groups.Intersect(tables().zone)
	for _, zone := range g.Zones {
		if g.Effect == Allow {
			m.zones = append(m.zones, zoneGroups{zone, groups})
		} else {
			m.deniedZones = append(m.deniedZones, zoneGroups{zone, groups})
		}
	}
}

// IsSuperAdministrator reports whether the member is a Super Administrator:
// accepted, with the role in its roles or in a whole-account allow policy, and
// without any deny policy (authorization model §8). A nil Membership is not.
func (m *Membership) IsSuperAdministrator() bool { return m != nil && m.Accepted && m.super }

// IsAdministrator reports the same of the role Administrator.
func (m *Membership) IsAdministrator() bool { return m != nil && m.Accepted && m.admin }

// NamesRole reports whether the member's roles, or an allow policy, name a
// role; such a member may see the account (authorization model §8).
func (m *Membership) NamesRole() bool { return m != nil && m.Accepted && m.named }

// holds returns O: the groups of accepts that the member holds on the target,
// which lies in the membership's account. A nil or pending membership holds
// nothing.
func (m *Membership) holds(accepts catalog.GroupSet, t *place) catalog.GroupSet {
	if m == nil || !m.Accepted {
		return catalog.GroupSet{}
	}
	if !m.denies && len(m.zones) == 0 {
		return m.whole.Intersect(accepts)
	}
	held, denied := m.whole, m.deniedWhole
	if t.inZone() {
		held = held.Union(groupsOn(m.zones, t.zone))
		denied = denied.Union(groupsOn(m.deniedZones, t.zone))
	}
	held = held.Intersect(accepts)
	return held.Minus(strike(accepts, denied))
}

// groupsOn returns the union of the entries for the zone.
func groupsOn(sorted []zoneGroups, zone ID) catalog.GroupSet {
	var set catalog.GroupSet
	i, _ := slices.BinarySearchFunc(sorted, zone, func(e zoneGroups, id ID) int { return e.zone.Compare(id) })
	for ; i < len(sorted) && sorted[i].zone == zone; i++ {
		set = set.Union(sorted[i].groups)
	}
	return set
}
