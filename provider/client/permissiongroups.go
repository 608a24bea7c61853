// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// permissionGroupPage is the page size for the list of permission groups. Endpoints differ in
// whether they page it at all; a page larger than the list suits both kinds.
const permissionGroupPage = 1000

// groupLists keeps what a run has read of the API's permission groups.
type groupLists struct {
	user, account once[[]PermissionGroup]

	mu sync.Mutex
	// denied holds the refusals by owner. A refusal is an answer like the list: asking again for every
	// token that names a group would bring it again for every one.
	denied map[Owner]error
}

// groupsDeniedError is a refusal to one owner, which says nothing of others who wait for the same list.
type groupsDeniedError struct {
	owner Owner
	err   error
}

// Error is the refusal's own text.
func (e *groupsDeniedError) Error() string { return e.err.Error() }

func (g *groupLists) deny(owner Owner, err error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.denied[owner] = err
	return &groupsDeniedError{owner: owner, err: err}
}

func (g *groupLists) denial(owner Owner) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.denied[owner]
}

// TokenPermissionGroups reads the groups that tokens of this kind of owner may hold. They are read at
// most once a run for user-owned tokens and once for account-owned ones, whatever the account: the
// list is the same for all of them. A 401 or 403 is kept for its owner; any other failure is not kept.
// The slice is the caller's own.
func (c *Client) TokenPermissionGroups(ctx context.Context, owner Owner) ([]PermissionGroup, error) {
	kept := &c.groups.user
	if owner.AccountID != "" {
		kept = &c.groups.account
	}
	for {
		if err := c.groups.denial(owner); err != nil {
			return nil, err
		}
		groups, err := kept.get(ctx, func(ctx context.Context) ([]PermissionGroup, error) {
			groups, err := c.readPermissionGroups(ctx, owner)
			if IsDenied(err) {
				err = c.groups.deny(owner, err)
			}
			return groups, err
		})
		if _, denied := errors.AsType[*groupsDeniedError](err); denied {
			// It may be another owner's; this one's own is kept by now, if there is one.
			continue
		}
		if err != nil {
			return nil, err
		}
		groups = slices.Clone(groups)
		for i := range groups {
			groups[i].Scopes = slices.Clone(groups[i].Scopes)
		}
		return groups, nil
	}
}

func (c *Client) readPermissionGroups(ctx context.Context, owner Owner) ([]PermissionGroup, error) {
	items, err := readAll[struct {
		ID     string   `json:"id"`
		Name   string   `json:"name"`
		Scopes []string `json:"scopes"`
	}](ctx, c, get(owner.segments("permission_groups")...), permissionGroupPage)
	if err != nil {
		return nil, err
	}
	groups := make([]PermissionGroup, 0, len(items))
	for _, item := range items {
		groups = append(groups, PermissionGroup{ID: item.ID, Name: item.Name, Scopes: item.Scopes})
	}
	return groups, nil
}
