// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// Redundant is an allow policy that opens nothing which another one does not open already.
type Redundant struct {
	// Key is the policy's key, By that of the other.
	Key, By string
}

// FindRedundant lists the allow policies that another allow policy covers, in the order of the policies. Terraform
// drops misspelled attributes inside a policy, so a deny whose effect is misspelled is such a policy: the exception
// that it was to make is not made.
func FindRedundant(list []Keyed) []Redundant {
	var out []Redundant
	for i, p := range list {
		by := slices.IndexFunc(list, func(q Keyed) bool { return q.Key != p.Key && covers(q.Policy, p.Policy) })
		if by >= 0 && list[i].Policy.Effect == client.EffectAllow {
			out = append(out, Redundant{Key: p.Key, By: list[by].Key})
		}
	}
	return out
}

// covers reports whether the first policy allows whatever the second does, as far as their keys show.
func covers(wide, narrow Policy) bool {
	if wide.Effect != client.EffectAllow {
		return false
	}
	for _, id := range narrow.Groups {
		if !slices.Contains(wide.Groups, id) {
			return false
		}
		group, _ := catalog.GroupByID(id)
		for _, k := range narrow.Keys {
			if !k.serves(group) {
				continue
			}
			if !slices.ContainsFunc(wide.Keys, func(w Key) bool { return w.covers(k, group) }) {
				return false
			}
		}
	}
	return true
}

// Covers reports whether a policy for the group on this key says, of all that the other key reaches, what one on the
// other key says. Where that cannot be told, as for a group that the catalogue does not know and two keys that differ,
// it does not.
func (k Key) Covers(other Key, groupID string) bool {
	if k == other {
		return true
	}
	group, known := catalog.GroupByID(groupID)
	return known && k.covers(other, group)
}

func (k Key) covers(other Key, group *catalog.Group) bool { return k.serves(group) && k.reaches(other) }

// reaches reports whether a key reaches all that another one does (authorization model §3). What would take
// knowledge of the world, such as the account of a zone, is no reach.
func (k Key) reaches(other Key) bool {
	if k == other {
		return true
	}
	a, known := k.Parse()
	b, otherKnown := other.Parse()
	if !known || !otherKnown {
		return false
	}
	switch a.Form {
	case authz.KeyAllZones:
		return slices.Contains([]authz.KeyForm{authz.KeyZone, authz.KeyAccountZone, authz.KeyAccountAllZones, authz.KeyRecord}, b.Form)
	case authz.KeyAllAccounts:
		return b.Form == authz.KeyAccount
	case authz.KeyAccountAllZones:
		return b.Form == authz.KeyAccountZone && a.Account == b.Account
	case authz.KeyZone:
		return (b.Form == authz.KeyAccountZone || b.Form == authz.KeyRecord) && a.Zone == b.Zone
	case authz.KeyUser, authz.KeyAccount, authz.KeyAccountZone, authz.KeyRecord, authz.KeyBucket:
		return false
	default:
		return false
	}
}
