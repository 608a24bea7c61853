// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// buildSpellings collects every spelling of every group: API names, the aliases of aliases.json, the names
// of the public permissions page, and the dashboard's Edit for a final Write of any of these.
//
// Within a scope an API name belongs to its group alone, whatever else is spelled so.
func (c *groupCatalog) buildSpellings(aliases []aliasRow) {
	for s := range c.bySpelling {
		c.bySpelling[s] = make(map[string][]*Group, 2*len(c.byName[s]))
		for name, g := range c.byName[s] {
			c.bySpelling[s][name] = []*Group{g}
		}
	}

	for i := range c.groups {
		c.addEdit(&c.groups[i], c.groups[i].Name)
	}

	for _, row := range aliases {
		scope, ok := ParseScope(row.Scope)
		if !ok {
			fault("alias %q: unknown scope %q", row.Alias, row.Scope)
		}

		g := c.byName[scope][row.Name]
		if g == nil {
			fault("alias %q: no group %q of scope %s", row.Alias, row.Name, scope)
		}

		c.addSpelling(g, row.Alias)
		c.addEdit(g, row.Alias)
	}

	for i := range c.groups {
		slices.Sort(c.groups[i].Aliases)
	}
}

// addEdit adds the spelling with Edit for a final Write, which is how the dashboard names the same group.
func (c *groupCatalog) addEdit(g *Group, name string) {
	if stem, ok := strings.CutSuffix(name, " Write"); ok {
		c.addSpelling(g, stem+" Edit")
	}
}

func (c *groupCatalog) addSpelling(g *Group, name string) {
	if c.byName[g.Scope][name] != nil || slices.Contains(g.Aliases, name) {
		return
	}

	c.bySpelling[g.Scope][name] = append(c.bySpelling[g.Scope][name], g)
	g.Aliases = append(g.Aliases, name)
}

// spellingsIn lists the spellings within a scope, API names before others, each sorted.
func (c *groupCatalog) spellingsIn(scope Scope) []string {
	names := make([]string, 0, len(c.bySpelling[scope]))
	for name := range c.bySpelling[scope] {
		names = append(names, name)
	}

	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(c.kindOf(scope, a), c.kindOf(scope, b)), cmp.Compare(a, b))
	})

	return names
}

// kindOf is 0 for an API name of the scope and 1 for any other spelling.
func (c *groupCatalog) kindOf(scope Scope, name string) int {
	if c.byName[scope][name] != nil {
		return 0
	}

	return 1
}

// suggestions lists what an unknown reference may have meant. Without a scope in it, it is compared with
// bare names, and where a name needs its scope, that is written before it; with one, with whole references.
func (c *groupCatalog) suggestions(withScope bool) []suggestion {
	var byKind [2][]suggestion

	for _, scope := range Scopes() {
		for _, name := range c.spellingsIn(scope) {
			groups := c.bySpelling[scope][name]
			if len(groups) != 1 {
				continue
			}

			s := suggestion{text: name, write: name, thing: int(groups[0].Index)}
			if withScope || c.inOtherScope(scope, name) {
				s.write = scope.String() + ":" + name
			}

			if withScope {
				s.text = s.write
			}

			kind := c.kindOf(scope, name)
			byKind[kind] = append(byKind[kind], s)
		}
	}

	return slices.Concat(byKind[0], byKind[1])
}

// inOtherScope reports whether a spelling within a scope is one in another scope too.
func (c *groupCatalog) inOtherScope(scope Scope, name string) bool {
	for _, other := range Scopes() {
		if other != scope && len(c.bySpelling[other][name]) > 0 {
			return true
		}
	}

	return false
}
