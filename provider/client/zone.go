// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"net/url"
)

// Zone is a zone as the API shows it.
type Zone struct {
	ID, Name string
	// Status is "initializing", "pending", "active" or "moved".
	Status string
	// Type is "full", "partial", "secondary" or "internal".
	Type        string
	Paused      bool
	Account     AccountRef
	NameServers []string
}

type wireZone struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Status  string `json:"status"`
	Type    string `json:"type"`
	Paused  bool   `json:"paused"`
	Account struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"account"`
	NameServers []string `json:"name_servers"`
}

func (w wireZone) zone() Zone {
	return Zone{
		ID: w.ID, Name: w.Name, Status: w.Status, Type: w.Type, Paused: w.Paused,
		Account: AccountRef(w.Account), NameServers: w.NameServers,
	}
}

// Zone reads one zone.
func (c *Client) Zone(ctx context.Context, id string) (*Zone, error) {
	wire, err := read[wireZone](ctx, c, get("zones", id))
	if err != nil {
		return nil, err
	}
	zone := wire.zone()
	return &zone, nil
}

// ZonesByName reads the zones that bear the name, in the account with the id or, where that is
// empty, in every account the credential sees. It is empty when there is none.
func (c *Client) ZonesByName(ctx context.Context, name, accountID string) ([]Zone, error) {
	q := get("zones")
	q.query = url.Values{"name": {name}}
	if accountID != "" {
		q.query.Set("account.id", accountID)
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
