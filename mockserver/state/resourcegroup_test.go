// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// second is a further zone of acme in these tests.
var second = id(4, 5)

// grouped is the fixture with a second zone in acme and dev a member by a
// policy over groups.
func grouped(t *testing.T, groups ...authz.ID) *state.World {
	t.Helper()
	w := newWorld(t, nil)
	update(t, w, func(tx *state.Tx) error {
		return tx.PutZone(&state.Zone{ID: second, Account: acme, Name: "second.example", Type: "full", Status: "active", CreatedOn: noon})
	})
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.Roles, m.Policies = nil, byGroups(authz.Allow, domainDNSRole, groups...) }))
	return w
}

func byGroups(access authz.Effect, role string, groups ...authz.ID) []state.MemberPolicy {
	return []state.MemberPolicy{{ID: id(9, 8), Access: access, Roles: []string{role}, Groups: groups}}
}

// changeGroup copies the stored group, lets fn change the copy, and puts it.
func changeGroup(fn func(*state.ResourceGroup)) func(*state.Tx) error {
	return func(tx *state.Tx) error {
		g := *tx.ResourceGroup(acme, webGroup)
		fn(&g)
		return tx.PutResourceGroup(&g)
	}
}

func wantZones(t *testing.T, w *state.World, want ...authz.ID) {
	t.Helper()
	view(t, w, func(tx *state.Tx) {
		if got := tx.Member(acme, devAcme).Policies[0].Zones; !slices.Equal(got, want) {
			t.Errorf("the policy covers %v, want %v", got, want)
		}
	})
}

// TestPoliciesFollowGroups: what a policy covers is what its groups hold, at
// once (authorization model §8).
func TestPoliciesFollowGroups(t *testing.T) {
	t.Parallel()
	w := grouped(t, webGroup)
	wantZones(t, w, exampleCom)
	update(t, w, changeGroup(func(g *state.ResourceGroup) { g.Zones = []authz.ID{second} }))
	wantZones(t, w, second)
	update(t, w, changeGroup(func(g *state.ResourceGroup) { g.Zones, g.Whole = nil, true }))
	wantZones(t, w) // none: the whole account
	update(t, w, changeGroup(func(g *state.ResourceGroup) { g.Zones, g.Whole = []authz.ID{exampleCom, second}, false }))
	wantZones(t, w, exampleCom, second)

	// A zone that is deleted stays named, or the policy would widen.
	update(t, w, func(tx *state.Tx) error { return tx.DeleteZone(second) })
	update(t, w, changeGroup(func(g *state.ResourceGroup) { g.Name = "Renamed" }))
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.APIAccess = authz.Off }))
	wantZones(t, w, exampleCom, second)

	// Zones beside groups, each zone once; the whole account over all.
	w = grouped(t, second, webGroup, exampleCom)
	wantZones(t, w, second, exampleCom)
	w = grouped(t, second, acme)
	wantZones(t, w)
	update(t, w, func(tx *state.Tx) error { return tx.DeleteZone(second) })
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.APIAccess = authz.Off }))
	wantZones(t, w)
}

func TestResourceGroupRules(t *testing.T) {
	t.Parallel()
	newGroup := func(g state.ResourceGroup) func(*state.Tx) error {
		return func(tx *state.Tx) error {
			g.ID = id(11, 9)
			return tx.PutResourceGroup(&g)
		}
	}
	by := func(groups ...authz.ID) func(*state.Tx) error {
		return changeMember(superAcme, func(m *state.Member) {
			m.Roles, m.Policies = nil, byGroups(authz.Allow, catalog.RoleSuperAdministrator, groups...)
		})
	}
	for _, c := range []struct {
		name, rule string
		fn         func(*state.Tx) error
	}{
		{"in no account", state.RuleUnknownReference, newGroup(state.ResourceGroup{Account: id(2, 99), Name: "x", Whole: true})},
		{"moved", state.RuleInvalidValue, changeGroup(func(g *state.ResourceGroup) { g.Account = globex })},
		{"without name", state.RuleInvalidValue, newGroup(state.ResourceGroup{Account: acme, Whole: true})},
		{"of nothing", state.RuleInvalidValue, newGroup(state.ResourceGroup{Account: acme, Name: "x"})},
		{"of all and some", state.RuleInvalidValue, newGroup(state.ResourceGroup{Account: acme, Name: "x", Whole: true, Zones: []authz.ID{exampleCom}})},
		{"of a foreign zone", state.RuleScopeOutsideAccount, newGroup(state.ResourceGroup{Account: acme, Name: "x", Zones: []authz.ID{globexZ}})},
		{"of an absent zone", state.RuleScopeOutsideAccount, newGroup(state.ResourceGroup{Account: acme, Name: "x", Zones: []authz.ID{id(4, 99)}})},
		{"of a zone twice", state.RuleInvalidValue, newGroup(state.ResourceGroup{Account: acme, Name: "x", Zones: []authz.ID{exampleCom, exampleCom}})},
		{"named by a policy", state.RuleInUse, func(tx *state.Tx) error { return tx.DeleteResourceGroup(webGroup) }},
		{"policy over an absent group", state.RuleScopeOutsideAccount, by(id(11, 99))},
		{"policy over another account", state.RuleScopeOutsideAccount, by(globex)},
		{"policy over a foreign zone", state.RuleScopeOutsideAccount, by(acme, globexZ)},
		{"the last Super Administrator over zones", state.RuleLastSuperAdministrator, by(webGroup)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := grouped(t, webGroup)
			before := digest(t, w)
			wantRule(t, w.Update(c.fn), c.rule)
			if digest(t, w) != before {
				t.Error("something was changed")
			}
		})
	}
}

// TestGroupsDemoteNobodyLast: a group that makes the last Super Administrator
// one cannot become less (authorization model §8).
func TestGroupsDemoteNobodyLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	update(t, w, changeGroup(func(g *state.ResourceGroup) { g.Zones, g.Whole = nil, true }))
	update(t, w, changeMember(superAcme, func(m *state.Member) {
		m.Roles, m.Policies = nil, byGroups(authz.Allow, catalog.RoleSuperAdministrator, webGroup)
	}))
	narrow := changeGroup(func(g *state.ResourceGroup) { g.Zones, g.Whole = []authz.ID{exampleCom}, false })
	before := digest(t, w)
	wantRule(t, w.Update(narrow), state.RuleLastSuperAdministrator)
	if digest(t, w) != before {
		t.Error("something was changed")
	}
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.Roles = []string{catalog.RoleSuperAdministrator} }))
	update(t, w, narrow)
}

// TestGroupsGoWithTheirAccount: nothing of them is left.
func TestGroupsGoWithTheirAccount(t *testing.T) {
	t.Parallel()
	w := grouped(t, webGroup)
	update(t, w, func(tx *state.Tx) error { return tx.DeleteAccount(acme) })
	view(t, w, func(tx *state.Tx) {
		if tx.ResourceGroup(acme, webGroup) != nil || len(tx.ResourceGroups(acme)) != 0 {
			t.Error("a resource group outlived its account")
		}
	})
	w = newWorld(t, nil)
	update(t, w, func(tx *state.Tx) error { return tx.DeleteResourceGroup(webGroup) })
	update(t, w, func(tx *state.Tx) error { return tx.DeleteResourceGroup(webGroup) })
}
