// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
	"net/http"
)

// Role is a role of a member.
type Role struct {
	ID, Name string
}

// Member is a user in an account.
type Member struct {
	ID string
	// Email is the address of the user or of the invitation.
	Email string
	// Status is "accepted", "pending" or "rejected".
	Status string
	// UserID is empty while an invitation is pending for someone who is not a user yet.
	UserID, FirstName, LastName string
	Roles                       []Role
	// Policies stand in place of Roles; a member has one or the other.
	Policies []MemberPolicy
	// APIAccessEnabled is the member's own API access switch; nil means that the account's applies
	// (authorization model §7).
	APIAccessEnabled *bool
}

type wireMember struct {
	ID     string `json:"id"`
	Email  string `json:"email"`
	Status string `json:"status"`
	User   *struct {
		ID        string `json:"id"`
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
	} `json:"user"`
	Roles []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"roles"`
	Policies         []wireMemberPolicy `json:"policies"`
	APIAccessEnabled *bool              `json:"api_access_enabled"`
}

func (w wireMember) member() Member {
	out := Member{ID: w.ID, Email: w.Email, Status: w.Status, APIAccessEnabled: w.APIAccessEnabled}
	if w.User != nil {
		out.UserID, out.FirstName, out.LastName = w.User.ID, w.User.FirstName, w.User.LastName
		if out.Email == "" {
			out.Email = w.User.Email
		}
	}
	for _, role := range w.Roles {
		out.Roles = append(out.Roles, Role(role))
	}
	out.Policies = memberPolicies(w.Policies)
	return out
}

// Members reads all members of an account, pending ones included.
func (c *Client) Members(ctx context.Context, accountID string) ([]Member, error) {
	items, err := readAll[wireMember](ctx, c, get("accounts", accountID, "members"), pageSize)
	if err != nil {
		return nil, err
	}
	members := make([]Member, 0, len(items))
	for _, item := range items {
		members = append(members, item.member())
	}
	return members, nil
}

// Member reads one member.
func (c *Client) Member(ctx context.Context, accountID, memberID string) (*Member, error) {
	wire, err := read[wireMember](ctx, c, get("accounts", accountID, "members", memberID))
	if err != nil {
		return nil, err
	}
	member := wire.member()
	return &member, nil
}

// SetMemberAPIAccess sets the member's API access switch; nil gives it back to the account's. Only
// the switch is sent, so roles and policies stay as they are. The request states the whole of what
// it changes and is therefore repeated like a PUT when no answer comes. A switch that the API
// acknowledges and does not show is an [UnexpectedReplyError].
func (c *Client) SetMemberAPIAccess(ctx context.Context, accountID, memberID string, enabled *bool) (*Member, error) {
	q := call{
		method:     http.MethodPatch,
		segments:   []string{"accounts", accountID, "members", memberID},
		body:       map[string]json.RawMessage{"api_access_enabled": wireSwitch(enabled)},
		repeatable: true,
	}
	r, err := c.do(ctx, q)
	if err != nil {
		return nil, err
	}
	var wire wireMember
	if err := r.decode(q, &wire); err != nil {
		return nil, err
	}
	if !sameSwitch(wire.APIAccessEnabled, enabled) {
		return nil, r.unexpected(q, switchMismatch(wire.APIAccessEnabled, enabled))
	}
	member := wire.member()
	return &member, nil
}
