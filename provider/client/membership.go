// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
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
	// APIAccessEnabled is the member's own API access switch; nil means that the account's applies.
	APIAccessEnabled *bool
	// Roles are role names.
	Roles []string
}

// Memberships reads all memberships of the calling user.
func (c *Client) Memberships(ctx context.Context) ([]Membership, error) {
	items, err := readAll[struct {
		ID      string `json:"id"`
		Status  string `json:"status"`
		Account struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"account"`
		APIAccessEnabled *bool    `json:"api_access_enabled"`
		Roles            []string `json:"roles"`
	}](ctx, c, get("memberships"), pageSize)
	if err != nil {
		return nil, err
	}
	memberships := make([]Membership, 0, len(items))
	for _, item := range items {
		memberships = append(memberships, Membership{
			ID: item.ID, Status: item.Status, Account: AccountRef(item.Account),
			APIAccessEnabled: item.APIAccessEnabled, Roles: item.Roles,
		})
	}
	return memberships, nil
}
