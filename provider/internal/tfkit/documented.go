// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// The permissions that the pages name for what this provider does on accounts and zones.
const (
	// ReadsAccount is what reading an account and its members needs.
	ReadsAccount = "account:Account Settings Read"
	// WritesAccount is what an API access switch needs; reading goes with it.
	WritesAccount = "account:Account Settings Write"
	// readsZone is what reading a zone needs.
	readsZone = "zone:Zone Read"
)

// documented are these permissions by the noun of a failure. The API names the smallest grant for the request that it
// refused (authorization model §9), which is one of the lowest rank, chosen by name: a firewall's for reading an
// account. And a switch is read before it is written, so that who follows the API's hints one by one ends up with both.
var documented = map[string]string{
	"account":                   ReadsAccount,
	"account member":            ReadsAccount,
	"account members":           ReadsAccount,
	"zone":                      readsZone,
	"account API access switch": WritesAccount,
	"member API access switch":  WritesAccount,
}

// preferring is the grant of the permission in place of the smallest one, on the same resource, and whether it is
// another. It stays the smallest where the permission would not allow the request.
func (g grant) preferring(permission string, api *client.Error) (grant, bool) {
	if permission == "" {
		return g, false
	}
	group, err := catalog.LookupGroup(permission)
	if err != nil || group.Name == g.group || group.Scope != g.scope() {
		return g, false
	}
	path, _, _ := strings.Cut(api.Path, "?")
	row, _, _ := catalog.MatchRoute(api.Method, path)
	if row == nil || !row.Accepts.Has(group.Index) {
		return g, false
	}
	g.group = group.Name
	return g, true
}
