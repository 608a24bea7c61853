// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"net/url"
)

// Accounts reads all accounts that the credential can see, with their settings. An account-owned token can
// see its own by id alone: the API refuses it the list.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	items, err := readAll[wireAccount](ctx, c, get("accounts"), pageSize)
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, 0, len(items))
	for _, item := range items {
		accounts = append(accounts, *item.account())
	}
	return accounts, nil
}

// Zones reads the zones of the account with the id or, where that is empty, of every account that the
// credential sees; status "" is every status. An endpoint may not know these filters and answer with more
// zones than were asked for.
func (c *Client) Zones(ctx context.Context, accountID, status string) ([]Zone, error) {
	q := get("zones")
	q.query = url.Values{}
	if accountID != "" {
		q.query.Set("account.id", accountID)
	}
	if status != "" {
		q.query.Set("status", status)
	}
	items, err := readAll[wireZone](ctx, c, q, pageSize)
	if err != nil {
		return nil, err
	}
	zones := make([]Zone, 0, len(items))
	for _, item := range items {
		zones = append(zones, item.zone())
	}
	return zones, nil
}
