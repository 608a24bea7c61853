// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// grantSet is the value of `grants`: one line per effect, group and resource
// that the policies open or close, however they are spelled. A pair in which
// the key cannot serve the group opens nothing and has no line.
func grantSet(policies []policy) types.Set {
	var lines []string
	for _, p := range policies {
		for _, id := range p.Groups {
			group, _ := catalog.GroupByID(id)
			for _, k := range p.Keys {
				if k.serves(group) {
					lines = append(lines, string(p.Effect)+" "+groupName(id)+" on "+place(k, group))
				}
			}
		}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	elements := make([]attr.Value, 0, len(lines))
	for _, line := range lines {
		elements = append(elements, types.StringValue(line))
	}
	return types.SetValueMust(types.StringType, elements)
}

// place says in words what a key reaches for a group (authorization model §4).
// A nil group is one that the catalogue does not know.
func place(k wireKey, group *catalog.Group) string {
	key, known := k.parse()
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
