// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package material holds what scenes are made of: the operations with the kind of target that each acts on,
// the permission groups with their families, the roles, and identifiers for invented things. It takes them
// from the catalogue, so that an enumeration over it covers the whole catalogue, and judges nothing.
//
// Everything it returns is made once, shared and read-only.
package material

import (
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// The scopes of permission groups, as the data files name them.
const (
	ScopeUser    = "user"
	ScopeAccount = "account"
	ScopeZone    = "zone"
	ScopeBucket  = "r2"
)

// Group is a permission group.
type Group struct {
	ID, Name, Scope string
	// Family are all groups of its family, itself among them.
	Family []*Group
}

// Operation is a row of the operations table that the gates decide: every one but the two verify operations,
// which are decided by ownership alone (authorization model §6 "Verify").
type Operation struct {
	// Name is method and route.
	Name string
	// Accepts are the accepted groups, sorted by id.
	Accepts []*Group
	// Target is the kind of target, or of the items of a list that spans accounts.
	Target string
	// List is true for the two lists that span accounts.
	List bool
	// TwoAccounts and ZoneBelow are true for routes that name a second account, or a zone, below an account.
	TwoAccounts, ZoneBelow bool
	// Asks is true for rows that ask something beyond a group (gate 10).
	Asks bool
}

type stock struct {
	operations []*Operation
	byName     map[string]*Operation
	groups     []*Group
	byID       map[string]*Group
}

var load = sync.OnceValue(func() *stock {
	s := &stock{byName: make(map[string]*Operation), byID: make(map[string]*Group)}
	families := make(map[uint16][]*Group)
	for i := range catalog.Groups() {
		g := &catalog.Groups()[i]
		made := &Group{ID: g.ID, Name: g.Name, Scope: g.Scope.String()}
		s.groups = append(s.groups, made)
		s.byID[g.ID] = made
		families[g.FamilyIndex] = append(families[g.FamilyIndex], made)
	}
	for i, g := range s.groups {
		g.Family = families[catalog.Groups()[i].FamilyIndex]
	}
	for _, o := range catalog.Operations() {
		if o.Target == catalog.TargetCredential {
			continue
		}
		made := &Operation{
			Name: o.Name(), Target: targets[o.Target], Asks: o.Needs != 0,
			List:        o.Target == catalog.TargetAccountList || o.Target == catalog.TargetZoneList,
			TwoAccounts: strings.Count(o.Route, "{account_id}") > 1,
			ZoneBelow:   strings.Contains(o.Route, "{account_id}") && strings.Contains(o.Route, "{zone_id}"),
		}
		for g := range o.Accepts.All() {
			made.Accepts = append(made.Accepts, s.groups[g])
		}
		s.operations = append(s.operations, made)
		s.byName[made.Name] = made
	}
	return s
})

var targets = map[catalog.TargetKind]string{
	catalog.TargetUser: scene.OnUser, catalog.TargetAccount: scene.OnAccount, catalog.TargetZone: scene.OnZone,
	catalog.TargetRecords: scene.OnRecords, catalog.TargetAllZones: scene.OnAllZones, catalog.TargetBucket: scene.OnBucket,
	catalog.TargetCertificate: scene.OnZone, catalog.TargetAccountList: scene.OnAccount, catalog.TargetZoneList: scene.OnZone,
}

// Operations lists every operation that the gates decide.
func Operations() []*Operation { return load().operations }

// OperationNamed finds an operation by method and route; nil for none.
func OperationNamed(name string) *Operation { return load().byName[name] }

// Groups lists every permission group, sorted by id.
func Groups() []*Group { return load().groups }

// GroupNamed finds a group by its scope and name; nil for none.
func GroupNamed(scope, name string) *Group {
	i := slices.IndexFunc(load().groups, func(g *Group) bool { return g.Scope == scope && g.Name == name })
	if i < 0 {
		return nil
	}
	return load().groups[i]
}

// GroupByID finds a group by its id; nil for none.
func GroupByID(id string) *Group { return load().byID[id] }

// Role is the id of the role with that name, "" for none.
func Role(name string) string {
	r, err := catalog.LookupRole(name)
	if err != nil {
		return ""
	}
	return r.ID
}

// Roles lists the ids of the roles of a level.
func Roles(level string) []string {
	var ids []string
	for _, r := range catalog.Roles() {
		if r.Level == level {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// ID makes an identifier of a short name of at most 16 bytes: its bytes in hexadecimal digits.
func ID(name string) string {
	var b [16]byte
	copy(b[:], name)
	return hex.EncodeToString(b[:])
}
