// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"encoding/json"
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog/data"
)

// group is a permission group of groups.json.
type group struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Scope  string `json:"scope"`
	Family string `json:"family"`
	Rank   int    `json:"rank"`
}

// family is the name of the group's family, which lies within one scope.
func (g *group) family() string { return g.Scope + "/" + g.Family }

// strikes reports whether a denial of g takes away other: g itself and what stands higher in its family.
func (g *group) strikes(other *group) bool {
	return g.ID == other.ID || g.family() == other.family() && other.Rank > g.Rank
}

// role is a role of roles.json.
type role struct {
	ID     string              `json:"id"`
	Level  string              `json:"level"`
	Groups map[string][]string `json:"groups"` // names by scope
}

// facts are the model's data files.
type facts struct {
	groups map[string]*group
	roles  map[string]*role
	// givers are the ids of the roles that give a group.
	givers map[string][]string
	// dnsRead and dnsWrite are the groups that record keys serve.
	dnsRead, dnsWrite string
	// settingsWrite is the only group that may change a switch.
	settingsWrite string
}

func loadFacts() (*facts, error) {
	f := &facts{
		groups: make(map[string]*group), roles: make(map[string]*role), givers: make(map[string][]string),
	}
	var groups []group
	if err := read("groups.json", &groups); err != nil {
		return nil, err
	}
	byName := make(map[[2]string]string, len(groups))
	for i := range groups {
		g := &groups[i]
		f.groups[g.ID] = g
		byName[[2]string{g.Scope, g.Name}] = g.ID
	}
	var roles []role
	if err := read("roles.json", &roles); err != nil {
		return nil, err
	}
	for i := range roles {
		r := &roles[i]
		f.roles[r.ID] = r
		for scope, names := range r.Groups {
			for _, name := range names {
				id, ok := byName[[2]string{scope, name}]
				if !ok {
					return nil, fmt.Errorf("role %s gives %q of scope %s, which is no permission group", r.ID, name, scope)
				}
				f.givers[id] = append(f.givers[id], r.ID)
			}
		}
	}
	for _, named := range []struct {
		scope, name string
		to          *string
	}{
		{"zone", "DNS Read", &f.dnsRead},
		{"zone", "DNS Write", &f.dnsWrite},
		{"account", "Account Settings Write", &f.settingsWrite},
	} {
		id, ok := byName[[2]string{named.scope, named.name}]
		if !ok {
			return nil, fmt.Errorf("there is no permission group %q of scope %s", named.name, named.scope)
		}
		*named.to = id
	}
	return f, nil
}

// read decodes one of the model's data files.
func read(file string, to any) error {
	text, err := data.Files.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the model's data: %w", err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	return nil
}
