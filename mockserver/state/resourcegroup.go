// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// maxResourceGroupName is the longest name of a resource group, in characters.
const maxResourceGroupName = 120

// ResourceGroup is a part of an account that policies of members can cover,
// put together and named by the account's people. Besides these, the account
// itself and each of its zones are groups of their own, with the id of what
// they stand for; those are not stored.
type ResourceGroup struct {
	ID      authz.ID `json:"id"`
	Account authz.ID `json:"account"`
	// Name is 1 to 120 characters. Several groups may share one.
	Name string `json:"name"`
	// Whole says that the group is the whole account; then Zones is empty.
	Whole bool `json:"whole,omitempty"`
	// Zones are the zones in the group, in the order they were given.
	Zones      []authz.ID `json:"zones,omitempty"`
	CreatedOn  time.Time  `json:"created_on,omitzero"`
	ModifiedOn time.Time  `json:"modified_on,omitzero"`
}

type resourceGroupTable struct {
	table[ResourceGroup]
	byAccount index[authz.ID, ResourceGroup]
}

func (t *resourceGroupTable) init() {
	t.table.init(KindResourceGroup, func(g *ResourceGroup) authz.ID { return g.ID })
	t.byAccount = newIndex[authz.ID](func(a, b *ResourceGroup) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) })
	t.link = func(g *ResourceGroup) { t.byAccount.add(g.Account, g) }
	t.unlink = func(g *ResourceGroup) { t.byAccount.remove(g.Account, g) }
}

// ResourceGroups lists the account's stored resource groups, by creation.
func (tx *Tx) ResourceGroups(account authz.ID) []*ResourceGroup {
	return tx.w.resourceGroups.byAccount.lists[account]
}

// ResourceGroup returns the account's stored resource group with that id, or
// nil.
func (tx *Tx) ResourceGroup(account, id authz.ID) *ResourceGroup {
	if g := tx.w.resourceGroups.rows[id]; g != nil && g.Account == account {
		return g
	}
	return nil
}

// PutResourceGroup creates or replaces a resource group, and writes the
// members whose policies name it, so that what they cover follows at once. It
// refuses a group of nothing, zones that are not of the account
// (authorization model §8), another account, and a change that takes the
// account's last Super Administrator away.
func (tx *Tx) PutResourceGroup(g *ResourceGroup) error {
	old := tx.w.resourceGroups.rows[g.ID]
	switch n := utf8.RuneCountInString(g.Name); {
	case !tx.w.accounts.has(g.Account):
		return unknown("a resource group names an account that does not exist")
	case old != nil && old.Account != g.Account:
		return invalid("a resource group cannot be moved to another account")
	case n < 1 || n > maxResourceGroupName || !utf8.ValidString(g.Name):
		return invalid("the name of a resource group has 1 to %d characters", maxResourceGroupName)
	case g.Whole && len(g.Zones) > 0:
		return invalid("a resource group is the whole account or some of its zones, not both")
	case !g.Whole && len(g.Zones) == 0:
		return invalid("a resource group needs at least one zone, or the whole account")
	}
	for i, id := range g.Zones {
		zone := tx.w.zones.rows[id]
		// A zone that was deleted since stays named, as in policies.
		gone := zone == nil && old != nil && slices.Contains(old.Zones, id)
		if !gone && (zone == nil || zone.Account != g.Account) {
			return broken(RuleScopeOutsideAccount, "zone %s is not one of the account", id)
		}
		if slices.Contains(g.Zones[:i], id) {
			return invalid("zone %s stands twice in the resource group", id)
		}
	}
	if err := put(tx, &tx.w.resourceGroups.table, g); err != nil {
		return err
	}
	if old == nil {
		return nil
	}
	for _, m := range tx.Members(g.Account) {
		if !m.namesGroup(g.ID) {
			continue
		}
		follower := *m
		if err := tx.PutMember(&follower); err != nil {
			return err
		}
	}
	return nil
}

// DeleteResourceGroup deletes a resource group. It refuses while a policy of a
// member names it: without the group the policy would cover less, or, were it
// its only one, nothing that could be told. Deleting one that does not exist
// does nothing.
func (tx *Tx) DeleteResourceGroup(id authz.ID) error {
	g := tx.w.resourceGroups.rows[id]
	if g == nil {
		return remove(tx, &tx.w.resourceGroups.table, id)
	}
	for _, m := range tx.Members(g.Account) {
		if m.namesGroup(id) {
			return broken(RuleInUse, "the resource group is named by a policy of member %s: change that policy first", m.ID)
		}
	}
	return remove(tx, &tx.w.resourceGroups.table, id)
}

// namesGroup reports whether a policy of the member names the resource group.
func (m *Member) namesGroup(id authz.ID) bool {
	return slices.ContainsFunc(m.Policies, func(p MemberPolicy) bool { return slices.Contains(p.Groups, id) })
}

// cover works out which zones the policies cover that name resource groups,
// in a fresh list of policies; the others stay as they are. old is the member
// as it is stored, nil for a new one.
func (tx *Tx) cover(m, old *Member) ([]MemberPolicy, error) {
	policies := slices.Clone(m.Policies)
	for i := range policies {
		if len(policies[i].Groups) == 0 {
			continue
		}
		zones, err := tx.covered(m, old, i)
		if err != nil {
			return nil, err
		}
		policies[i].Zones = zones
	}
	return policies, nil
}

// covered returns the zones that the resource groups of a policy cover
// together, each once; none stands for the whole account.
func (tx *Tx) covered(m, old *Member, policy int) ([]authz.ID, error) {
	var zones []authz.ID
	whole := false
	for _, id := range m.Policies[policy].Groups {
		added := []authz.ID{id}
		switch g := tx.ResourceGroup(m.Account, id); {
		case id == m.Account:
			whole = true
			continue
		case g != nil:
			whole = whole || g.Whole
			added = g.Zones
		case !tx.coverable(m.Account, old, id):
			// Also where the whole account makes the zone superfluous.
			return nil, broken(RuleScopeOutsideAccount, "policies[%d]: zone %s is not one of the account", policy, id)
		}
		for _, zone := range added {
			if !slices.Contains(zones, zone) {
				zones = append(zones, zone)
			}
		}
	}
	switch {
	case whole:
		return nil, nil
	case len(zones) == 0:
		// No zones would say the whole account.
		return nil, invalid("policies[%d]: its resource groups hold nothing", policy)
	default:
		return zones, nil
	}
}

// coverable reports whether a policy may name the zone: one of the account,
// or one that was deleted since the stored member named it. That one stays
// named: leaving it out could turn "these zones" into "the whole account".
func (tx *Tx) coverable(account authz.ID, old *Member, id authz.ID) bool {
	zone := tx.w.zones.rows[id]
	if zone == nil {
		return old.names(id)
	}
	return zone.Account == account
}
