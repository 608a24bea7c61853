// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/cedar-policy/cedar-go/types"
)

// operation is an operation with the accepted groups of one kind of request: the row's own, or those of a
// change of an API access switch.
type operation struct {
	method, route types.String
	accepts       types.Set // of the groups' entities
	uses          []use
}

// use is using one permission group for an operation.
type use struct {
	// asToken and asOwner are the two actions: a token uses what its policies grant, its owner what roles give.
	asToken, asOwner types.EntityUID
	group            *group
	entity           types.EntityUID // the group's
	family           types.EntityUID
}

// actions are the operations asked so far. The hierarchy of actions says what using a group is part of.
type actions struct {
	facts    *facts
	rows     map[string]*catalog.Operation
	known    map[string]*operation
	switches map[string]*operation
	entities types.EntityMap
}

func newActions(f *facts) *actions {
	a := &actions{
		facts: f, rows: make(map[string]*catalog.Operation), known: make(map[string]*operation),
		switches: make(map[string]*operation), entities: make(types.EntityMap),
	}
	for _, o := range catalog.Operations() {
		a.rows[o.Name()] = o
	}
	return a
}

// operation finds the operation by its name in the table; changesSwitch is true for a request that changes an
// API access switch, which Account Settings Write alone opens (authorization model §6).
func (a *actions) operation(name string, changesSwitch bool) (*operation, error) {
	known := a.known
	if changesSwitch {
		known = a.switches
	}
	if o := known[name]; o != nil {
		return o, nil
	}
	row := a.rows[name]
	if row == nil {
		return nil, fmt.Errorf("unknown operation %q", name)
	}
	accepts := []string{a.facts.settingsWrite}
	if !changesSwitch {
		accepts = acceptedBy(row)
	}
	o := a.build(name, changesSwitch, accepts)
	o.method, o.route = types.String(row.Method), types.String(row.Route)
	known[name] = o
	return o, nil
}

func acceptedBy(row *catalog.Operation) []string {
	var ids []string
	for g := range row.Accepts.All() {
		ids = append(ids, catalog.Groups()[g].ID)
	}
	return ids
}

func (a *actions) build(name string, changesSwitch bool, accepts []string) *operation {
	o := &operation{}
	var entities []types.Value
	suffix := " for " + name
	if changesSwitch {
		suffix += " (API access)"
	}
	for _, id := range accepts {
		g := a.facts.groups[id]
		u := use{
			asToken: uid(typeAction, g.Scope+":"+g.Name+suffix), asOwner: uid(typeAction, g.Scope+":"+g.Name+suffix+", as the owner"),
			group: g, entity: uid(typeGroup, id), family: uid(typeFamily, g.family()),
		}
		token, owner := []types.EntityUID{u.entity}, a.roles(g, typeRole, typeZoneRole)
		for _, other := range accepts {
			if denied := a.facts.groups[other]; denied.strikes(g) {
				token = append(token, uid(typeStrike, other))
				owner = append(owner, a.roles(denied, typeRoleStrike, typeZoneStrike)...)
			}
		}
		a.add(u.asToken, token)
		a.add(u.asOwner, owner)
		entities = append(entities, u.entity)
		o.uses = append(o.uses, u)
	}
	slices.SortFunc(o.uses, func(x, y use) int { return strings.Compare(x.group.ID, y.group.ID) })
	o.accepts = types.NewSet(entities...)
	return o
}

// roles are the roles that give the group, as one type of entity, and if it is a zone group, which counts over
// zones too, as another.
func (a *actions) roles(g *group, whole, zonal types.EntityType) []types.EntityUID {
	var list []types.EntityUID
	for _, r := range a.facts.givers[g.ID] {
		list = append(list, uid(whole, r))
		if g.Scope == "zone" {
			list = append(list, uid(zonal, r))
		}
	}
	return list
}

func (a *actions) add(id types.EntityUID, parents []types.EntityUID) {
	a.entities[id] = types.Entity{UID: id, Parents: types.NewEntityUIDSet(parents...)}
}
