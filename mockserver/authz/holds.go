// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

// Holds reports whether the user holds the group on at least one of the
// targets that the key reaches now (authorization model §3, §8). A zero user
// holds nothing. The cost grows with the user's memberships and their zone
// policies, not with the zones stored.
func Holds(w World, user ID, g *catalog.Group, key Key) bool {
	if user.IsZero() || !key.Serves(g) {
		return false
	}
	var accepts catalog.GroupSet
	accepts.Add(g.Index)
	switch key.Form {
	case KeyUser:
		return key.User == user
	case KeyAllAccounts, KeyAllZones:
		for account, m := range w.Memberships(user) {
			if w.Account(account) != nil && holdsInAccount(w, m, accepts, account) {
				return true
			}
		}
		return false
	case KeyAccount, KeyAccountAllZones:
		return holdsInAccount(w, w.Membership(user, key.Account), accepts, key.Account)
	case KeyBucket:
		m := w.Membership(user, key.Account)
		return !m.holds(accepts, &place{kind: OnBucket, account: key.Account}).IsEmpty()
	default:
		zone := w.Zone(key.Zone)
		if zone == nil {
			return false
		}
		m := w.Membership(user, zone.Account)
		return !m.holds(accepts, &place{kind: OnZone, account: zone.Account, zone: zone.ID}).IsEmpty()
	}
}

// holdsInAccount reports whether the member holds the groups somewhere in the
// account: on the account and with it on all its zones, or on a zone that one
// of the member's policies names.
func holdsInAccount(w World, m *Membership, accepts catalog.GroupSet, account ID) bool {
	if !m.holds(accepts, &place{kind: OnAccount, account: account}).IsEmpty() {
		return true
	}
	if m == nil {
		return false
	}
	for _, z := range m.zones {
		zone := w.Zone(z.zone)
		if zone == nil || zone.Account != account {
			continue
		}
		if !m.holds(accepts, &place{kind: OnZone, account: account, zone: z.zone}).IsEmpty() {
			return true
		}
	}
	return false
}

// HoldsAll reports whether the user holds every right that the policies
// allow: what rolling an account-owned token asks of its caller
// (authorization model §3). It names the first group and key that the user
// does not hold. A key to an account or zone that is gone is no right at all:
// identifiers are never used again. For a key that reaches many targets it asks
// what a create asks, that the user holds the right on one of them; the rows
// that roll such tokens ask for an administrator as well (gate 10), who has no
// deny policy and so holds it on all.
func HoldsAll(w World, user ID, policies []Policy) (ok bool, group string, key Key) {
	groups := catalog.Groups()
	for _, p := range policies {
		if p.Effect != Allow {
			continue
		}
		for _, r := range p.Resources {
			keys, err := ParseResource(r)
			if err != nil {
				return false, "", Key{}
			}
			for _, k := range keys {
				if !reachesAnything(w, k) {
					continue
				}
				for _, g := range p.Groups {
					if k.Serves(&groups[g]) && !Holds(w, user, &groups[g], k) {
						return false, groups[g].Name, k
					}
				}
			}
		}
	}
	return true, "", Key{}
}

// reachesAnything reports whether what the key names exists.
func reachesAnything(w World, k Key) bool {
	switch k.Form {
	case KeyAccount, KeyAccountAllZones, KeyBucket:
		return w.Account(k.Account) != nil
	case KeyZone, KeyAccountZone, KeyRecord:
		return w.Zone(k.Zone) != nil
	default:
		return true
	}
}
