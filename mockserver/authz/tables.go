// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// derived are sets worked out from the catalogue once; they are constants of
// the model, not state.
type derived struct {
	user, account, zone, bucket catalog.GroupSet
	// recordGroups are the groups that record keys serve.
	recordGroups catalog.GroupSet
	// tokenManagement are the groups that let a token manage tokens.
	tokenManagement catalog.GroupSet
	// accountSettingsWrite is the only group that may change a switch.
	accountSettingsWrite catalog.GroupSet
	// reached holds for every reach the groups that it opens.
	reached [reachCount]catalog.GroupSet
	// family holds for every group all groups of its family.
	family []catalog.GroupSet
}

// The published identifiers of the groups that the model names.
const (
	apiTokensWriteID        = "686d18d5ac6c441c867cbf6771e58a0a"
	accountAPITokensWriteID = "5bc3f8b21c554832afc660159ab75fa4"
	accountSettingsWriteID  = "1af1fa2adc104452b74a9a3364202f20"
)

var tables = sync.OnceValue(func() *derived {
	groups := catalog.Groups()
	d := &derived{
		user:                 catalog.ScopeGroups(catalog.ScopeUser),
		account:              catalog.ScopeGroups(catalog.ScopeAccount),
		zone:                 catalog.ScopeGroups(catalog.ScopeZone),
		bucket:               catalog.ScopeGroups(catalog.ScopeR2Bucket),
		recordGroups:         setOf(dnsReadID, dnsWriteID),
		tokenManagement:      setOf(apiTokensWriteID, accountAPITokensWriteID),
		accountSettingsWrite: setOf(accountSettingsWriteID),
		family:               make([]catalog.GroupSet, len(groups)),
	}
	for r := range d.reached {
		for bit, set := range map[reach]catalog.GroupSet{
			reachUser: d.user, reachAccount: d.account, reachZone: d.zone, reachBucket: d.bucket, reachRecord: d.recordGroups,
		} {
			if reach(r)&bit != 0 {
				d.reached[r] = d.reached[r].Union(set)
			}
		}
	}
	for i := range groups {
		d.family[i] = catalog.FamilyGroups(groups[i].FamilyIndex)
	}
	return d
})

// setOf makes a set of published identifiers. An identifier that the
// catalogue lacks is left out; the package's tests hold that none is.
func setOf(ids ...string) catalog.GroupSet {
	var set catalog.GroupSet
	for _, id := range ids {
		if g, ok := catalog.GroupByID(id); ok {
			set.Add(g.Index)
		}
	}
	return set
}

// SwitchChangeGroups is A for a request that changes an API access switch:
// Account Settings Write alone (authorization model §6 "Gate 10").
func SwitchChangeGroups() catalog.GroupSet { return tables().accountSettingsWrite }

// TokenManagementGroups are the groups that let a token manage tokens; a
// token that holds one is worth all its owner's rights (authorization model §3).
func TokenManagementGroups() catalog.GroupSet { return tables().tokenManagement }

// RecordGroups are the groups that record keys serve: DNS Read and DNS Write.
func RecordGroups() catalog.GroupSet { return tables().recordGroups }

// strike returns X: what the denied groups of A strike from A.
func strike(accepts, denied catalog.GroupSet) catalog.GroupSet {
	var struck catalog.GroupSet
	for g := range denied.Intersect(accepts).All() {
		struck = struck.Union(catalog.Strikes(g))
	}
	return struck.Intersect(accepts)
}

// shareFamily reports whether some group of a and some group of b are of one
// family (gate 9).
func shareFamily(a, b catalog.GroupSet) bool {
	if a.Intersects(b) {
		return true
	}
	t := tables()
	for g := range a.All() {
		if t.family[g].Intersects(b) {
			return true
		}
	}
	return false
}
