// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// memberInput is what a create or an update of a member sends. A nil list is
// one that was not sent.
type memberInput struct {
	email, status *string
	roles         []string
	policies      []memberPolicyInput
	access        *bool
	accessSent    bool
}

type memberPolicyInput struct {
	id             string
	access         authz.Effect
	roles          []string
	resourceGroups []string
}

// readInvitation reads the body of a create: roles are ids.
func readInvitation(o *object) memberInput {
	in := readMemberCommon(o)
	in.roles = o.texts("roles")
	return in
}

// readMember reads the body of an update: roles are objects with an id.
func readMember(o *object) memberInput {
	in := readMemberCommon(o)
	if roles := o.objects("roles"); roles != nil {
		in.roles = make([]string, 0, len(roles))
		for _, r := range roles {
			r.ignore("name", "description", "permissions")
			in.roles = append(in.roles, r.requiredText("id"))
			r.end()
		}
	}
	return in
}

func readMemberCommon(o *object) memberInput {
	o.ignore("id", "code", "user")
	in := memberInput{email: o.optionalText("email"), status: o.optionalText("status")}
	in.access, in.accessSent = o.triState("api_access_enabled")
	policies := o.objects("policies")
	if policies != nil {
		in.policies = make([]memberPolicyInput, 0, len(policies))
	}
	for _, p := range policies {
		policy := memberPolicyInput{id: p.text("id"), access: authz.Effect(p.requiredText("access"))}
		for _, g := range p.objects("permission_groups") {
			g.ignore("name", "meta")
			policy.roles = append(policy.roles, g.requiredText("id"))
			g.end()
		}
		for _, g := range p.objects("resource_groups") {
			g.ignore("name", "meta", "scope")
			policy.resourceGroups = append(policy.resourceGroups, g.requiredText("id"))
			g.end()
		}
		p.end()
		in.policies = append(in.policies, policy)
	}
	return in
}

// changesSwitch adds what a change of the member's API access switch asks.
func (in memberInput) changesSwitch(stored authz.Switch, r *authz.Request) {
	if !in.accessSent {
		return
	}
	if to := authz.SwitchOf(in.access); to != stored {
		r.ChangesSwitch(to)
	}
}

// adjustInvitation: a member that does not exist yet has no stored value.
func adjustInvitation(_ *exchange, in memberInput, r *authz.Request) {
	in.changesSwitch(authz.Unset, r)
}

func adjustMember(x *exchange, in memberInput, r *authz.Request) {
	stored := authz.Unset
	if m := x.tx.Member(x.account(), x.paramID("member_id")); m != nil {
		stored = m.APIAccess
	}
	in.changesSwitch(stored, r)
}

// setRights writes the sent roles or policies into a member: a member has
// either, and what is written removes the other (authorization model §8).
func (in memberInput) setRights(x *exchange, m *state.Member) error {
	switch {
	case len(in.roles) > 0 && len(in.policies) > 0:
		return invalid("/policies", "/policies: a member has roles or policies, not both")
	case len(in.roles) > 0:
		m.Roles, m.Policies = in.roles, nil
	case len(in.policies) > 0:
		policies, err := in.memberPolicies(x, m)
		if err != nil {
			return err
		}
		m.Roles, m.Policies = nil, policies
	case in.roles != nil || in.policies != nil:
		return invalid("/roles", "/roles: a member needs at least one role or policy")
	}
	return nil
}

func (in memberInput) memberPolicies(x *exchange, m *state.Member) ([]state.MemberPolicy, error) {
	stored := make(map[string]authz.ID, len(m.Policies))
	for _, p := range m.Policies {
		stored[p.ID.String()] = p.ID
	}
	policies := make([]state.MemberPolicy, 0, len(in.policies))
	for i, p := range in.policies {
		// Without zones and groups it is over the whole account.
		policy := state.MemberPolicy{ID: stored[p.id], Access: p.access, Roles: p.roles}
		if policy.ID.IsZero() {
			policy.ID = x.tx.NewID("policy")
		}
		delete(stored, p.id)
		groups, err := resourceGroupIDs(i, p.resourceGroups)
		if err != nil {
			return nil, err
		}
		plain := !slices.ContainsFunc(groups, func(id authz.ID) bool {
			return id == m.Account || x.tx.ResourceGroup(m.Account, id) != nil
		})
		switch {
		case plain:
			policy.Zones = groups
		case len(groups) > 1 || groups[0] != m.Account:
			policy.Groups = groups
		}
		policies = append(policies, policy)
	}
	return policies, nil
}

// resourceGroupIDs reads the ids of a policy's resource groups. Whether they
// are the account's own is for the world.
func resourceGroupIDs(policy int, texts []string) ([]authz.ID, error) {
	if len(texts) == 0 {
		return nil, invalid("/policies", "policies[%d]: a policy needs at least one resource group", policy)
	}
	ids := make([]authz.ID, 0, len(texts))
	for _, text := range texts {
		id, ok := authz.ParseID(text)
		if !ok {
			return nil, invalid("/policies", "policies[%d]: no resource group has the id %q", policy, text)
		}
		ids = append(ids, id)
	}
	return ids, nil
}
