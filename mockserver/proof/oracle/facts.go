// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"encoding/json"
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog/data"
)

// group is a permission group. Its family is within its scope: equal family names in two scopes are two
// families (authorization model §6 "scope is part of a family").
type group struct {
	id, name, scope, family, level string
	rank                           int
}

// role is a role of a member with the groups that it gives (authorization model §8).
type role struct {
	id, name, level string
	groups          map[*group]bool
}

// operationFact is a row of operations.json, operations_added.json or operations_settled.json.
type operationFact struct {
	Method  string   `json:"method"`
	Route   string   `json:"route"`
	Accepts []string `json:"accepts"`
}

// familyFact is a row of families.json: a family of the permissions page, its levels with the names in use
// now, and operations that stand for each level.
type familyFact struct {
	Family string `json:"family"`
	Scope  string `json:"scope"`
	Levels []struct {
		Level   string   `json:"level"`
		Current []string `json:"current"`
	} `json:"levels"`
	Operations []struct {
		Method string `json:"method"`
		Route  string `json:"route"`
		Level  string `json:"level"`
	} `json:"operations"`
}

// aliasFact is a row of aliases.json.
type aliasFact struct {
	Scope string `json:"scope"`
	Alias string `json:"alias"`
	Name  string `json:"name"`
}

// facts are the data files as they are written.
type facts struct {
	groups     []*group
	aliases    []aliasFact
	operations []operationFact
	added      []operationFact
	settled    []operationFact
	families   []familyFact
	roles      []*role
}

// groupNamed is the group with exactly this name in a scope, or nil.
func (f *facts) groupNamed(scope, name string) *group {
	for _, g := range f.groups {
		if g.scope == scope && g.name == name {
			return g
		}
	}
	return nil
}

// loadFacts reads every data file.
func loadFacts() (*facts, error) {
	f := &facts{}
	for name, into := range map[string]any{
		"aliases.json":            &f.aliases,
		"operations.json":         &f.operations,
		"operations_added.json":   &f.added,
		"operations_settled.json": &f.settled,
		"families.json":           &f.families,
	} {
		if err := decode(name, into); err != nil {
			return nil, err
		}
	}
	if err := f.loadGroups(); err != nil {
		return nil, err
	}
	if err := f.loadRoles(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *facts) loadGroups() error {
	var rows []struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Scope  string `json:"scope"`
		Family string `json:"family"`
		Level  string `json:"level"`
		Rank   int    `json:"rank"`
	}
	if err := decode("groups.json", &rows); err != nil {
		return err
	}
	for _, r := range rows {
		f.groups = append(f.groups, &group{
			id: r.ID, name: r.Name, scope: r.Scope, family: r.Family, level: r.Level, rank: r.Rank,
		})
	}
	return nil
}

func (f *facts) loadRoles() error {
	var rows []struct {
		ID     string              `json:"id"`
		Name   string              `json:"name"`
		Level  string              `json:"level"`
		Groups map[string][]string `json:"groups"` // names by scope
	}
	if err := decode("roles.json", &rows); err != nil {
		return err
	}
	for _, r := range rows {
		given := map[*group]bool{}
		for scope, names := range r.Groups {
			for _, name := range names {
				g := f.groupNamed(scope, name)
				if g == nil {
					return fmt.Errorf("roles.json: role %q: no group %q of scope %s", r.Name, name, scope)
				}
				given[g] = true
			}
		}
		f.roles = append(f.roles, &role{id: r.ID, name: r.Name, level: r.Level, groups: given})
	}
	return nil
}

func decode(name string, into any) error {
	raw, err := data.Files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading the data files: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}
