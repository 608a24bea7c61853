// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// membershipView is a member seen by the user that it is about.
type membershipView struct {
	ID          string             `json:"id"`
	Status      string             `json:"status"`
	Account     any                `json:"account"` // accountView, or accountName until accepted
	APIAccess   *bool              `json:"api_access_enabled"`
	Roles       []string           `json:"roles"`
	Permissions permissions        `json:"permissions"`
	Policies    []memberPolicyView `json:"policies"`
}

// accountName is what may be seen of an account from outside.
type accountName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (x *exchange) viewMembership(m *state.Member) membershipView {
	v := membershipView{
		ID: m.ID.String(), Status: m.Status, APIAccess: m.APIAccess.Bool(),
		Roles: []string{}, Policies: x.viewMemberPolicies(m),
	}
	var groups catalog.GroupSet
	for _, id := range m.Roles {
		if r, ok := catalog.RoleByID(id); ok {
			v.Roles = append(v.Roles, r.Name)
			groups = groups.Union(r.Groups)
		}
	}
	for _, p := range m.Policies {
		if p.Access != authz.Allow {
			continue
		}
		for _, id := range p.Roles {
			if r, ok := catalog.RoleByID(id); ok {
				groups = groups.Union(r.Groups)
			}
		}
	}
	v.Permissions = summarize(groups)
	a := x.tx.AccountByID(m.Account)
	switch {
	case a == nil:
	case m.Status == state.StatusAccepted:
		v.Account = viewAccount(a)
	default:
		v.Account = accountName{a.ID.String(), a.Name}
	}
	return v
}

// accountNameOf is the name of a membership's account, for filters.
func (x *exchange) accountNameOf(m *state.Member) string {
	if a := x.tx.AccountByID(m.Account); a != nil {
		return a.Name
	}
	return ""
}

func listMemberships(x *exchange) (*reply, error) {
	status, err := x.choice("status", "", state.StatusAccepted, state.StatusPending, state.StatusRejected)
	if err != nil {
		return nil, err
	}
	f := &filter[*state.Member]{}
	if status != "" {
		f.where(func(m *state.Member) bool { return m.Status == status })
	}
	for _, parameter := range []string{"account.name", "name"} {
		if name := x.query.Get(parameter); name != "" {
			test := textTest("equal:" + name)
			f.where(func(m *state.Member) bool { return test(x.accountNameOf(m)) })
		}
	}
	members := f.apply(x.tx.MembershipsOf(x.user()))
	err = ordering(x, members, map[string]func(*state.Member) string{
		"id":           func(m *state.Member) string { return m.ID.String() },
		"account.name": x.accountNameOf,
		"status":       func(m *state.Member) string { return m.Status },
	})
	if err != nil {
		return nil, err
	}
	views := make([]membershipView, 0, len(members))
	for _, m := range members {
		views = append(views, x.viewMembership(m))
	}
	return page(x, views, ordinaryPages)
}

// membership finds the membership that the path names among the caller's own.
func (x *exchange) membership() (*state.Member, error) {
	id := x.paramID("membership_id")
	for _, m := range x.tx.MembershipsOf(x.user()) {
		if m.ID == id {
			return m, nil
		}
	}
	return nil, errNotFound.refuse("membership")
}

func getMembership(x *exchange) (*reply, error) {
	m, err := x.membership()
	if err != nil {
		return nil, err
	}
	return result(x.viewMembership(m)), nil
}

// membershipInput is a user's answer to an invitation.
type membershipInput struct {
	status     *string
	access     *bool
	accessSent bool
}

func readMembership(o *object) membershipInput {
	o.ignore("id", "code", "account", "permissions", "policies", "roles")
	in := membershipInput{status: o.optionalText("status")}
	in.access, in.accessSent = o.triState("api_access_enabled")
	return in
}

// answerInvitation accepts or rejects. The switch is shown here and never
// changed here (authorization model §7).
func answerInvitation(x *exchange, in membershipInput) (*reply, error) {
	old, err := x.membership()
	if err != nil {
		return nil, err
	}
	if in.accessSent && authz.SwitchOf(in.access) != old.APIAccess {
		return nil, invalid("/api_access_enabled",
			"/api_access_enabled: a membership shows API access and never changes it; a Super Administrator changes it on the member")
	}
	m, err := x.answer(old, in.status)
	if err != nil {
		return nil, err
	}
	return result(x.viewMembership(m)), nil
}

// leaveAccount ends the caller's own membership.
func leaveAccount(x *exchange) (*reply, error) {
	m, err := x.membership()
	if err != nil {
		return nil, err
	}
	if err := x.tx.DeleteMember(m.ID); err != nil {
		return nil, err
	}
	return result(deleted{m.ID.String()}), nil
}
