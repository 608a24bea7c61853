// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// The statuses of a member.
const (
	StatusAccepted = "accepted"
	StatusPending  = "pending"
	StatusRejected = "rejected"
)

// Member is a user in an account (authorization model §8). A membership is
// the same object seen from the user's side.
type Member struct {
	ID      authz.ID `json:"id"`
	Account authz.ID `json:"account"`
	User    authz.ID `json:"user"`
	// Ref is "<account ref>/<user ref>" for members of a seed, else empty.
	Ref string `json:"ref,omitempty"`
	// Status is StatusAccepted, StatusPending or StatusRejected.
	Status string `json:"status"`
	// Roles are ids of roles of level account. A member has roles or
	// policies, never both.
	Roles []string `json:"roles,omitempty"`
	// Policies give or deny roles over the account or some of its zones.
	Policies []MemberPolicy `json:"policies,omitempty"`
	// APIAccess is the member's API access switch (authorization model §7);
	// Unset, "Account Default", on every standard account.
	APIAccess  authz.Switch `json:"-"`
	CreatedOn  time.Time    `json:"created_on,omitzero"`
	ModifiedOn time.Time    `json:"modified_on,omitzero"`

	membership *authz.Membership
}

// MemberPolicy gives or denies roles.
type MemberPolicy struct {
	ID     authz.ID     `json:"id,omitzero"`
	Access authz.Effect `json:"access"`
	// Roles are ids of roles of any level.
	Roles []string `json:"roles"`
	// Zones are the zones it covers; empty means the whole account.
	Zones []authz.ID `json:"zones,omitempty"`
	// Groups are what it names when a stored [ResourceGroup] is among them,
	// in the order given; Zones is then worked out from them by every Put.
	// Nil for a policy that names the account or zones alone.
	Groups []authz.ID `json:"resource_groups,omitempty"`
}

// MarshalJSON writes the switch as true, false or absent.
func (m *Member) MarshalJSON() ([]byte, error) {
	type plain Member
	return json.Marshal(struct {
		*plain
		Access *bool `json:"api_access_enabled,omitempty"`
	}{(*plain)(m), m.APIAccess.Bool()})
}

// UnmarshalJSON reads what MarshalJSON wrote and refuses unknown fields.
func (m *Member) UnmarshalJSON(data []byte) error {
	type plain Member
	var in struct {
		*plain
		Access *bool `json:"api_access_enabled"`
	}
	in.plain = (*plain)(m)
	if err := decodeStrictly(data, &in); err != nil {
		return err
	}
	m.APIAccess = authz.SwitchOf(in.Access)
	return nil
}

// Membership returns the member's standing in the form that decisions read.
// It is nil on a Member that no transaction has returned.
func (m *Member) Membership() *authz.Membership { return m.membership }

// compile works out the standing. It is an error if a role is unknown.
func (m *Member) compile() error {
	roles, err := findRoles(m.Roles)
	if err != nil {
		return err
	}
	grants := make([]authz.MemberGrant, 0, len(m.Policies))
	for _, p := range m.Policies {
		given, err := findRoles(p.Roles)
		if err != nil {
			return err
		}
		grants = append(grants, authz.MemberGrant{Effect: p.Access, Roles: given, Zones: p.Zones})
	}
	m.membership = authz.NewMembership(m.Status == StatusAccepted, m.APIAccess, roles, grants)
	return nil
}

func findRoles(ids []string) ([]*catalog.Role, error) {
	roles := make([]*catalog.Role, 0, len(ids))
	for _, id := range ids {
		r, ok := catalog.RoleByID(id)
		if !ok {
			return nil, broken(RuleUnknownRole, "Invalid request: Invalid role assignments found: no role has the id %q", id)
		}
		roles = append(roles, r)
	}
	return roles, nil
}

// userAccount names a membership by its two ends.
type userAccount struct{ user, account authz.ID }

type memberTable struct {
	table[Member]
	byEnds    unique[userAccount, Member]
	byRef     unique[string, Member]
	byAccount index[authz.ID, Member]
	byUser    index[authz.ID, Member]
}

func (t *memberTable) init() {
	t.table.init(KindMember, func(m *Member) authz.ID { return m.ID })
	t.byEnds, t.byRef = unique[userAccount, Member]{}, unique[string, Member]{}
	order := func(a, b *Member) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) }
	t.byAccount, t.byUser = newIndex[authz.ID](order), newIndex[authz.ID](order)
	t.seal = (*Member).compile
	t.link = func(m *Member) {
		t.byEnds[userAccount{m.User, m.Account}] = m
		if m.Ref != "" {
			t.byRef[m.Ref] = m
		}
		t.byAccount.add(m.Account, m)
		t.byUser.add(m.User, m)
	}
	t.unlink = func(m *Member) {
		t.byEnds.remove(userAccount{m.User, m.Account}, m)
		t.byRef.remove(m.Ref, m)
		t.byAccount.remove(m.Account, m)
		t.byUser.remove(m.User, m)
	}
}

// Members lists the account's members of every status, by creation.
func (tx *Tx) Members(account authz.ID) []*Member { return tx.w.members.byAccount.lists[account] }

// Member returns the member of the account with that id, or nil.
func (tx *Tx) Member(account, id authz.ID) *Member {
	if m := tx.w.members.rows[id]; m != nil && m.Account == account {
		return m
	}
	return nil
}

// MemberByID returns the member with that id, whatever its account, or nil.
func (tx *Tx) MemberByID(id authz.ID) *Member { return tx.w.members.rows[id] }

// MemberByRef returns the member with the ref "<account ref>/<user ref>", or
// nil.
func (tx *Tx) MemberByRef(ref string) *Member { return tx.w.members.byRef[ref] }

// MemberOf returns the user's member of the account, whatever its status, or
// nil.
func (tx *Tx) MemberOf(user, account authz.ID) *Member {
	return tx.w.members.byEnds[userAccount{user, account}]
}

// MembershipsOf lists the user's memberships of every status, by creation.
func (tx *Tx) MembershipsOf(user authz.ID) []*Member { return tx.w.members.byUser.lists[user] }

// Membership returns the user's standing in the account, nil when there is
// none.
func (tx *Tx) Membership(user, account authz.ID) *authz.Membership {
	m := tx.w.members.byEnds[userAccount{user, account}]
	if m == nil {
		return nil
	}
	return m.membership
}

// Memberships yields every membership of the user with its account.
func (tx *Tx) Memberships(user authz.ID) iter.Seq2[authz.ID, *authz.Membership] {
	list := tx.MembershipsOf(user)
	return func(yield func(authz.ID, *authz.Membership) bool) {
		for _, m := range list {
			if !yield(m.Account, m.membership) {
				return
			}
		}
	}
}

// PutMember creates or replaces a member. It refuses roles beside policies,
// unknown roles, domain roles outside a policy, zones that are not of the
// account, a switch on a standard account, a second membership of the same
// user, and taking the account's last Super Administrator away
// (authorization model §7, §8).
func (tx *Tx) PutMember(m *Member) error {
	old := tx.w.members.rows[m.ID]
	policies, err := tx.cover(m, old)
	if err != nil {
		return err
	}
	sealed := *m
	sealed.Policies = policies
	if err := tx.checkMember(&sealed, old); err != nil {
		return err
	}
	if err := sealed.compile(); err != nil {
		return err
	}
	if old != nil && !sealed.membership.IsSuperAdministrator() {
		if err := tx.keepSuperAdministrator(old); err != nil {
			return err
		}
	}
	return put(tx, &tx.w.members.table, &sealed)
}

// DeleteMember removes a member; the user's tokens stay and lose the account.
// It refuses to remove the account's last Super Administrator. Deleting a
// member that does not exist does nothing.
func (tx *Tx) DeleteMember(id authz.ID) error {
	if old := tx.w.members.rows[id]; old != nil {
		if err := tx.keepSuperAdministrator(old); err != nil {
			return err
		}
	}
	return remove(tx, &tx.w.members.table, id)
}

// keepSuperAdministrator refuses if leaving is the last Super Administrator
// of its account. Every path that takes a membership away or changes it ends
// here, in the writing transaction, so that two changes at once cannot both
// pass (authorization model §8).
func (tx *Tx) keepSuperAdministrator(leaving *Member) error {
	if !leaving.membership.IsSuperAdministrator() {
		return nil
	}
	for _, m := range tx.Members(leaving.Account) {
		if m.ID != leaving.ID && m.membership.IsSuperAdministrator() {
			return nil
		}
	}
	return broken(RuleLastSuperAdministrator,
		"the last Super Administrator of an account cannot be removed, demoted, rejected or leave: make another member one first")
}

func (tx *Tx) checkMember(m, old *Member) error {
	account := tx.w.accounts.rows[m.Account]
	switch {
	case account == nil:
		return unknown("a member names an account that does not exist")
	case tx.w.users.rows[m.User] == nil:
		return unknown("a member names a user that does not exist")
	case old != nil && (old.Account != m.Account || old.User != m.User):
		return invalid("the account and the user of a member cannot be changed")
	case m.Status != StatusAccepted && m.Status != StatusPending && m.Status != StatusRejected:
		return invalid("the status of a member must be %s, %s or %s", StatusAccepted, StatusPending, StatusRejected)
	case m.APIAccess != authz.Unset && !account.IsEnterprise():
		return broken(RuleEnterpriseOnly, "api_access_enabled can be set on members of Enterprise accounts only")
	case len(m.Roles) > 0 && len(m.Policies) > 0:
		return broken(RuleRolesOrPolicies, "a member has roles or policies, not both")
	}
	if other := tx.MemberOf(m.User, m.Account); other != nil && other.ID != m.ID {
		return taken("a member with this user already exists in the account")
	}
	if other := tx.w.members.byRef[m.Ref]; m.Ref != "" && other != nil && other.ID != m.ID {
		return taken("a member with the ref %q already exists", m.Ref)
	}
	for _, id := range m.Roles {
		if r, ok := catalog.RoleByID(id); ok && r.Level != catalog.RoleLevelAccount {
			return broken(RuleDomainRole, "Invalid request: Invalid role assignments found: %q can be given by a policy only", r.Name)
		}
	}
	for i := range m.Policies {
		if err := tx.checkMemberPolicy(m, old, i); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) checkMemberPolicy(m, old *Member, i int) error {
	p := &m.Policies[i]
	if p.Access != authz.Allow && p.Access != authz.Deny {
		return invalid("policies[%d]: access must be allow or deny", i)
	}
	if len(p.Roles) == 0 {
		return invalid("policies[%d]: a policy needs at least one role", i)
	}
	if len(p.Groups) > 0 {
		return nil // They were judged one by one when Zones was worked out.
	}
	for _, id := range p.Zones {
		if !tx.coverable(m.Account, old, id) {
			return broken(RuleScopeOutsideAccount, "policies[%d]: zone %s is not one of the account", i, id)
		}
	}
	return nil
}

// names reports whether a policy of the member names the zone. A nil member
// names none.
func (m *Member) names(zone authz.ID) bool {
	return m != nil && slices.ContainsFunc(m.Policies, func(p MemberPolicy) bool {
		return slices.Contains(p.Zones, zone) || slices.Contains(p.Groups, zone)
	})
}

// String names the member for messages.
func (m *Member) String() string { return fmt.Sprintf("member %s of account %s", m.ID, m.Account) }
