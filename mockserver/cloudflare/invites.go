// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// inviteView is a membership that its user has not accepted, in the form that
// is older than memberships. Its id is the membership's. Invitations do not
// expire here.
type inviteView struct {
	ID               string     `json:"id"`
	MemberID         string     `json:"invited_member_id"`
	MemberEmail      string     `json:"invited_member_email"`
	OrganizationID   string     `json:"organization_id"`
	OrganizationName string     `json:"organization_name"`
	EnforcesTwo      bool       `json:"organization_is_enforcing_twofactor"`
	Roles            []roleView `json:"roles"`
	InvitedOn        instant    `json:"invited_on"`
	ExpiresOn        *instant   `json:"expires_on"`
	Status           string     `json:"status"`
}

func (x *exchange) viewInvite(m *state.Member) inviteView {
	v := inviteView{
		ID: m.ID.String(), MemberID: m.User.String(), OrganizationID: m.Account.String(), OrganizationName: x.accountNameOf(m),
		Roles: viewRoles(m.Roles), InvitedOn: instant(m.CreatedOn), Status: m.Status,
	}
	if u := x.tx.User(m.User); u != nil {
		v.MemberEmail = u.Email
	}
	if a := x.tx.AccountByID(m.Account); a != nil {
		v.EnforcesTwo = a.EnforceTwofactor
	}
	return v
}

// invites are the caller's memberships that were not accepted. One that was is
// an invitation no longer.
func (x *exchange) invites() []*state.Member {
	var list []*state.Member
	for _, m := range x.tx.MembershipsOf(x.user()) {
		if m.Status != state.StatusAccepted {
			list = append(list, m)
		}
	}
	return list
}

// invite finds the invitation that the path names among the caller's own.
func (x *exchange) invite() (*state.Member, error) {
	id := x.paramID("invite_id")
	for _, m := range x.invites() {
		if m.ID == id {
			return m, nil
		}
	}
	return nil, errNotFound.refuse("invite")
}

func listInvites(x *exchange) (*reply, error) {
	views := []inviteView{}
	for _, m := range x.invites() {
		views = append(views, x.viewInvite(m))
	}
	return page(x, views, ordinaryPages)
}

func getInvite(x *exchange) (*reply, error) {
	m, err := x.invite()
	if err != nil {
		return nil, err
	}
	return result(x.viewInvite(m)), nil
}

// readInvite reads the answer to an invitation; its other fields are known and
// left alone.
func readInvite(o *object) *string {
	o.ignore("id", "invited_by", "invited_member_id", "invited_member_email", "organization_id", "organization_name",
		"organization_is_enforcing_twofactor", "roles", "invited_on", "expires_on")
	return o.optionalText("status")
}

func answerInvite(x *exchange, status *string) (*reply, error) {
	old, err := x.invite()
	if err != nil {
		return nil, err
	}
	m, err := x.answer(old, status)
	if err != nil {
		return nil, err
	}
	return result(x.viewInvite(m)), nil
}

// answer accepts or rejects a membership of the caller. What was rejected
// stays so: only a new invitation undoes it.
func (x *exchange) answer(old *state.Member, status *string) (*state.Member, error) {
	if status == nil || *status != state.StatusAccepted && *status != state.StatusRejected {
		return nil, invalid("/status", "/status: must be accepted or rejected")
	}
	if old.Status == state.StatusRejected && *status == state.StatusAccepted {
		return nil, invalid("/status", "/status: the invitation was rejected; ask for a new one")
	}
	m := *old
	m.Status, m.ModifiedOn = *status, x.now
	return &m, x.tx.PutMember(&m)
}
