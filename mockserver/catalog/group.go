// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"cmp"
	"slices"
	"sync"
)

// GroupIndex is the position of a permission group in Groups. It is stable within one build only; ids are
// what may be stored.
type GroupIndex uint16

// Group is a permission group: a named right on resources of one scope. Values are shared by all callers and
// read-only.
type Group struct {
	// Index is the position in Groups.
	Index GroupIndex
	// ID is the identifier on the wire: 32 lower-case hexadecimal digits.
	ID string
	// Name is the API's name. Within a scope it is unique, across scopes it is not.
	Name string
	// Scope says on what kind of resource the group acts.
	Scope Scope
	// Family names what the group is about, without the level. A family lies within one scope: families of
	// two scopes with one name are two families.
	Family string
	// FamilyIndex numbers the families from 0 up, for FamilyGroups and for comparing families.
	FamilyIndex uint16
	// Level is what of the family the group opens: read, write, and in some families run, send, bind, purge,
	// report, revoke or admin.
	Level string
	// Rank orders the levels of a family from 1 (read) to 3 (admin); groups of equal rank imply nothing of
	// each other. A deny of a group strikes the groups of its family with a higher rank too (authorization
	// model §6).
	Rank int
	// Aliases are the further spellings under which LookupGroupInScope finds the group, sorted, without Name.
	Aliases []string
}

// Ref is the reference that always finds the group: its scope and its API name, as in "zone:DNS Write".
func (g *Group) Ref() string {
	return g.Scope.String() + ":" + g.Name
}

// groupCatalog is everything that is built from groups.json, aliases.json, families.json and roles.json.
type groupCatalog struct {
	groups     []Group
	byID       map[string]*Group
	byName     [scopeCount]map[string]*Group
	bySpelling [scopeCount]map[string][]*Group
	scopes     [scopeCount]GroupSet
	families   []GroupSet
	strikes    []GroupSet
	pages      []familyRow
	roles      []Role
	roleByID   map[string]*Role
	roleByName map[string]*Role
}

// loadGroups builds the permission groups and roles at the first call.
var loadGroups = sync.OnceValue(buildGroupCatalog)

func buildGroupCatalog() *groupCatalog {
	c := &groupCatalog{pages: decode[familyRow]("families.json")}
	c.buildGroups(decode[groupRow]("groups.json"))
	c.buildFamilies()
	c.buildSpellings(decode[aliasRow]("aliases.json"))
	c.buildRoles(decode[roleRow]("roles.json"))

	return c
}

func (c *groupCatalog) buildGroups(rows []groupRow) {
	slices.SortFunc(rows, func(a, b groupRow) int { return cmp.Compare(a.ID, b.ID) })
	if len(rows) > setWords*64 {
		fault("%d permission groups do not fit a GroupSet", len(rows))
	}

	c.groups = make([]Group, len(rows))
	c.byID = make(map[string]*Group, len(rows))

	for s := range c.byName {
		c.byName[s] = make(map[string]*Group, len(rows))
	}

	for i, row := range rows {
		scope, ok := ParseScope(row.Scope)
		if !ok {
			fault("permission group %s: unknown scope %q", row.ID, row.Scope)
		}

		if !isID(row.ID) || c.byID[row.ID] != nil {
			fault("permission group %q: id malformed or used twice", row.ID)
		}

		if c.byName[scope][row.Name] != nil {
			fault("permission group %s: %q exists twice in its scope", row.ID, row.Name)
		}

		c.groups[i] = Group{
			Index: GroupIndex(i), ID: row.ID, Name: row.Name, Scope: scope,
			Family: row.Family, Level: row.Level, Rank: row.Rank,
		}
		c.byID[row.ID] = &c.groups[i]
		c.byName[scope][row.Name] = &c.groups[i]
		c.scopes[scope].Add(GroupIndex(i))
	}
}

// buildFamilies numbers the families by scope and name and prepares what a deny of each group strikes.
func (c *groupCatalog) buildFamilies() {
	type key struct {
		scope  Scope
		family string
	}

	numbers := make(map[key]uint16)

	for i := range c.groups {
		k := key{c.groups[i].Scope, c.groups[i].Family}

		n, ok := numbers[k]
		if !ok {
			n = uint16(len(c.families)) //nolint:gosec // There are fewer families than groups, and those fit.
			numbers[k] = n
			c.families = append(c.families, GroupSet{})
		}

		c.groups[i].FamilyIndex = n
		c.families[n].Add(GroupIndex(i))
	}

	c.strikes = make([]GroupSet, len(c.groups))
	for i := range c.groups {
		c.strikes[i].Add(GroupIndex(i))

		for other := range c.families[c.groups[i].FamilyIndex].All() {
			if c.groups[other].Rank > c.groups[i].Rank {
				c.strikes[i].Add(other)
			}
		}
	}
}

// Groups lists every permission group, sorted by id: the index of a group is its position. The slice is
// shared and read-only.
func Groups() []Group {
	return loadGroups().groups
}

// GroupByID finds a permission group by its id, exactly as the wire spells it.
func GroupByID(id string) (*Group, bool) {
	g, ok := loadGroups().byID[id]

	return g, ok
}

// FamilyGroups is the set of the groups of a family. It is empty for a number that no family has.
func FamilyGroups(familyIndex uint16) GroupSet {
	c := loadGroups()
	if int(familyIndex) >= len(c.families) {
		return GroupSet{}
	}

	return c.families[familyIndex]
}

// FamilyCount is the number of families; their indexes run from 0 to one below it.
func FamilyCount() int {
	return len(loadGroups().families)
}

// ScopeGroups is the set of the groups of a scope. It is empty for a value that is no scope.
func ScopeGroups(s Scope) GroupSet {
	if int(s) >= scopeCount {
		return GroupSet{}
	}

	return loadGroups().scopes[s]
}

// Strikes is what a deny of g takes away where it applies: g itself and every group of its family with a
// higher rank (authorization model §6). It is empty for an index beyond the catalogue.
func Strikes(g GroupIndex) GroupSet {
	c := loadGroups()
	if int(g) >= len(c.strikes) {
		return GroupSet{}
	}

	return c.strikes[g]
}

// isID reports whether s has the form of an identifier on the wire: 32 lower-case hexadecimal digits.
func isID(s string) bool {
	if len(s) != 32 {
		return false
	}

	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}

	return true
}
