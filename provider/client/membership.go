// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
)

// AccountRef names an account inside another object.
type AccountRef struct {
	ID, Name string
}

// Membership is a member seen by the user: one account that the calling user belongs to or is
// invited to.
type Membership struct {
	ID string
	// Status is "accepted", "pending" or "rejected".
	Status  string
	Account AccountRef
	// AccountDetails is the account with its type and settings; nil where the API shows only its name,
	// as it does before an invitation is accepted.
	AccountDetails *Account
	// APIAccessEnabled is the member's own API access switch; nil means that the account's applies.
	APIAccessEnabled *bool
	// Roles are role names.
	Roles []string
	// Policies stand in place of Roles; a member has one or the other.
	Policies []MemberPolicy
}

// wireMembershipAccount is an account inside a membership. Settings are kept as they came, since a
// switch that is not shown is not one that was never set.
type wireMembershipAccount struct {
	wireAccount
	Settings map[string]json.RawMessage `json:"settings"`
}

// details is the account in full, or nil.
func (w wireMembershipAccount) details() *Account {
	raw, shown := w.Settings["api_access_enabled"]
	if w.Type == "" || !shown {
		return nil
	}
	full := w.wireAccount
	if json.Unmarshal(raw, &full.Settings.APIAccessEnabled) != nil {
		return nil
	}
	if raw, ok := w.Settings["enforce_twofactor"]; ok && json.Unmarshal(raw, &full.Settings.EnforceTwofactor) != nil {
		return nil
	}
	return full.account()
}

// Memberships reads all memberships of the calling user.
func (c *Client) Memberships(ctx context.Context) ([]Membership, error) {
	items, err := readAll[struct {
		ID               string                `json:"id"`
		Status           string                `json:"status"`
		Account          wireMembershipAccount `json:"account"`
		APIAccessEnabled *bool                 `json:"api_access_enabled"`
		Roles            []string              `json:"roles"`
		Policies         []wireMemberPolicy    `json:"policies"`
	}](ctx, c, get("memberships"), pageSize)
	if err != nil {
		return nil, err
	}
	memberships := make([]Membership, 0, len(items))
	for _, item := range items {
		memberships = append(memberships, Membership{
			ID: item.ID, Status: item.Status,
			Account: AccountRef{ID: item.Account.ID, Name: item.Account.Name}, AccountDetails: item.Account.details(),
			APIAccessEnabled: item.APIAccessEnabled, Roles: item.Roles, Policies: memberPolicies(item.Policies),
		})
	}
	return memberships, nil
}
