// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
)

// User is the user that the credential acts as.
type User struct {
	ID, Email string
}

// User reads the calling user, at most once a run. An account-owned token has none: the API refuses.
func (c *Client) User(ctx context.Context) (*User, error) {
	user, err := c.user.get(ctx, func(ctx context.Context) (User, error) {
		wire, err := read[struct {
			ID    string `json:"id"`
			Email string `json:"email"`
		}](ctx, c, get("user"))
		return User{ID: wire.ID, Email: wire.Email}, err
	})
	if err != nil {
		return nil, err
	}
	return &user, nil
}
