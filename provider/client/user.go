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

// UserID is the id of the calling user, or empty where it cannot be read. It is asked for at most once a run,
// whatever comes of it.
func (c *Client) UserID(ctx context.Context) string {
	id, err := c.userID.get(ctx, func(ctx context.Context) (string, error) {
		user, err := c.User(ctx)
		switch {
		case err == nil:
			return user.ID, nil
		case ctx.Err() != nil:
			return "", ctx.Err()
		default:
			return "", nil
		}
	})
	if err != nil {
		return ""
	}
	return id
}
