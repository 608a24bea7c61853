// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func listMembers(x *exchange) (*reply, error) {
	status, err := x.choice("status", "", state.StatusAccepted, state.StatusPending, state.StatusRejected)
	if err != nil {
		return nil, err
	}
	var views []memberView
	for _, m := range x.tx.Members(x.account()) {
		if status == "" || m.Status == status {
			views = append(views, x.viewMember(m))
		}
	}
	err = ordering(x, views, map[string]func(memberView) string{
		"user.first_name": func(m memberView) string { return m.User.FirstName },
		"user.last_name":  func(m memberView) string { return m.User.LastName },
		"user.email":      func(m memberView) string { return m.Email },
		"status":          func(m memberView) string { return m.Status },
	})
	if err != nil {
		return nil, err
	}
	return page(x, views, ordinaryPages)
}

// member finds the member that the path names.
func (x *exchange) member() (*state.Member, error) {
	m := x.tx.Member(x.account(), x.paramID("member_id"))
	if m == nil {
		return nil, errNotFound.refuse("member")
	}
	return m, nil
}

func getMember(x *exchange) (*reply, error) {
	m, err := x.member()
	if err != nil {
		return nil, err
	}
	return result(x.viewMember(m)), nil
}

// inviteMember makes a pending member. Its reply leaves the roles out, as the
// real one does; reading the member shows them.
func inviteMember(x *exchange, in memberInput) (*reply, error) {
	if in.email == nil || !authz.IsEmailForm(*in.email) {
		return nil, invalid("/email", "/email: an e-mail address is required")
	}
	status := state.StatusPending
	if in.status != nil {
		status = *in.status
	}
	switch {
	case status == state.StatusPending:
	case status == state.StatusAccepted && x.tx.IsTenantAdmin(x.user()):
	case status == state.StatusAccepted:
		return nil, invalid("/status", "Invalid request: automatic verification of new members is not allowed")
	default:
		return nil, invalid("/status", "/status: must be pending or accepted")
	}
	if in.roles == nil && in.policies == nil {
		return nil, invalid("/roles", "/roles: a member needs at least one role or policy")
	}
	user, err := x.invitee(*in.email)
	if err != nil {
		return nil, err
	}
	if old := x.tx.MemberOf(user.ID, x.account()); old != nil {
		if old.Status != state.StatusRejected {
			return nil, invalid("/email", "a member with this e-mail address already exists")
		}
		// A rejected invitation makes room for a new one, with nothing of it
		// left (authorization model §7 "lifetime").
		if err := x.tx.DeleteMember(old.ID); err != nil {
			return nil, err
		}
	}
	m := &state.Member{
		ID: x.tx.NewID("member"), Account: x.account(), User: user.ID, Status: status,
		APIAccess: authz.SwitchOf(in.access), CreatedOn: x.now, ModifiedOn: x.now,
	}
	if err := in.setRights(x, m); err != nil {
		return nil, err
	}
	if err := x.tx.PutMember(m); err != nil {
		return nil, err
	}
	view := x.viewMember(m)
	view.Roles = nil
	return result(view), nil
}

// invitee finds the user with an e-mail address, or makes one: who is invited
// need not have an account with the service yet.
func (x *exchange) invitee(email string) (*state.User, error) {
	if u := x.tx.UserByEmail(email); u != nil {
		return u, nil
	}
	u := &state.User{ID: x.tx.NewID("user"), Email: email, CreatedOn: x.now, ModifiedOn: x.now}
	return u, x.tx.PutUser(u)
}

// updateMember serves PUT and PATCH: a body without roles and policies leaves
// them as they are (authorization model §7).
func updateMember(x *exchange, in memberInput) (*reply, error) {
	old, err := x.member()
	if err != nil {
		return nil, err
	}
	if in.status != nil && *in.status != "" && *in.status != old.Status {
		return nil, invalid("/status", "/status: the status of a member is changed by the member, under /memberships")
	}
	m := *old
	if err := in.setRights(x, &m); err != nil {
		return nil, err
	}
	if in.accessSent {
		m.APIAccess = authz.SwitchOf(in.access)
	}
	m.ModifiedOn = x.now
	if err := x.tx.PutMember(&m); err != nil {
		return nil, err
	}
	return result(x.viewMember(&m)), nil
}

func deleteMember(x *exchange) (*reply, error) {
	m, err := x.member()
	if err != nil {
		return nil, err
	}
	if err := x.tx.DeleteMember(m.ID); err != nil {
		return nil, err
	}
	return result(deleted{m.ID.String()}), nil
}
