// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// GrantSet is the value of `grants`: [GrantLines] as a set.
func GrantSet(policies []Policy) types.Set {
	lines := GrantLines(policies)
	elements := make([]attr.Value, 0, len(lines))
	for _, line := range lines {
		elements = append(elements, types.StringValue(line))
	}
	return types.SetValueMust(types.StringType, elements)
}

// GrantLines say what the policies open and close: one line per effect, group and resource, however they
// are spelled, sorted. A pair in which the key cannot serve the group opens nothing and has no line.
func GrantLines(policies []Policy) []string {
	lines := []string{}
	for _, p := range policies {
		for _, id := range p.Groups {
			for _, k := range p.Keys {
				if line, ok := GrantLine(p.Effect, id, k); ok {
					lines = append(lines, line)
				}
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// GrantLine says what one effect, group and key open or close; it reports false where the key cannot serve
// the group.
func GrantLine(effect client.Effect, group string, k Key) (string, bool) {
	g, _ := catalog.GroupByID(group)
	if !k.serves(g) {
		return "", false
	}
	return string(effect) + " " + GroupName(group) + " on " + place(k, g), true
}

// place says in words what a key reaches for a group (authorization model §4).
// A nil group is one that the catalogue does not know.
func place(k Key, group *catalog.Group) string {
	key, known := k.Parse()
	if !known {
		return k.String()
	}
	switch key.Form {
	case authz.KeyUser:
		return "the token's user"
	case authz.KeyAccount:
		if group != nil && group.Scope == catalog.ScopeZone {
			return "all zones of account " + key.Account.String()
		}
		if group == nil {
			return "account " + key.Account.String() + ", and all its zones if the permission acts on zones"
		}
		return "account " + key.Account.String()
	case authz.KeyAllAccounts:
		return "all accounts"
	case authz.KeyZone, authz.KeyAccountZone:
		return "zone " + key.Zone.String()
	case authz.KeyAllZones:
		return "all zones"
	case authz.KeyAccountAllZones:
		return "all zones of account " + key.Account.String()
	case authz.KeyRecord:
		kind := key.RecordType + " records"
		if key.RecordType == wildcard {
			kind = "records of every type"
		}
		return kind + " named " + key.Pattern + " in zone " + key.Zone.String()
	case authz.KeyBucket:
		return "R2 bucket " + strings.TrimPrefix(k.Outer, bucketPrefix)
	default:
		return k.String()
	}
}
