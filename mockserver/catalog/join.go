// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// buildOperations joins the data files into the operations table (authorization model §4): the rows of
// operations.json and operations_added.json, and of families.json those that neither has. The rows of
// operations_settled.json replace the accepted groups of rows that the model settles by itself.
func buildOperations(c *groupCatalog) []*Operation {
	j := &joiner{catalog: c, byName: make(map[string]*Operation, 2048)}

	public := decode[operationRow]("operations.json")
	for i := range public {
		j.add(&public[i], j.acceptedBySourceNames(&public[i]))
	}

	sourced := make(map[shape][]*Operation)
	for _, o := range j.rows {
		sourced[shapeOf(o.Method, o.Route)] = append(sourced[shapeOf(o.Method, o.Route)], o)
	}

	added := decode[operationRow]("operations_added.json")
	for i := range added {
		j.add(&added[i], j.acceptedByRefs(added[i].Accepts))
	}

	for i := range c.pages {
		j.addFamily(&c.pages[i], sourced)
	}

	settled := decode[operationRow]("operations_settled.json")
	for i := range settled {
		o := j.byName[settled[i].Method+" "+settled[i].Route]
		if o == nil {
			fault("%s %s is settled but no operation", settled[i].Method, settled[i].Route)
		}

		o.Accepts = j.reachable(j.acceptedByRefs(settled[i].Accepts), o.Target)
		o.Note = settled[i].Note
	}

	slices.SortFunc(j.rows, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Method, b.Method))
	})

	return j.rows
}

// shape is what a route must share with another one to match it at all: the method and the number of segments.
type shape struct {
	method  string
	slashes int
}

func shapeOf(method, route string) shape {
	return shape{method, strings.Count(route, "/")}
}

// joiner collects the rows of the operations table.
type joiner struct {
	catalog *groupCatalog
	rows    []*Operation
	byName  map[string]*Operation
}

// add appends a row. Groups that cannot reach its target are dropped.
func (j *joiner) add(row *operationRow, accepted GroupSet) {
	target := targetOf(row.Method, row.Route)
	if target == 0 {
		fault("%s %s acts on nothing known", row.Method, row.Route)
	}

	o := &Operation{
		Method: row.Method, Route: row.Route, name: row.Method + " " + row.Route,
		Accepts: j.reachable(accepted, target), Target: target,
		Needs: needsOf(row.Method, row.Route), AnyMember: anyMemberOf(row.Method, row.Route),
		Evidence: row.Evidence, Source: row.Source, Note: row.Note,
	}
	if j.byName[o.name] != nil {
		fault("%s exists twice", o.name)
	}

	j.byName[o.name] = o
	j.rows = append(j.rows, o)
}

// reachable drops the groups whose scope cannot reach the target.
func (j *joiner) reachable(accepted GroupSet, target TargetKind) GroupSet {
	for _, s := range Scopes() {
		if !CanReach(s, target) {
			accepted = accepted.Minus(j.catalog.scopes[s])
		}
	}

	return accepted
}

// acceptedBySourceNames resolves the names of a row of operations.json. The sources spell groups by their API
// names, so an API name comes first; other spellings are read through the aliases. A name that two scopes
// have means the zone group on a zone route and the account group elsewhere.
func (j *joiner) acceptedBySourceNames(row *operationRow) GroupSet {
	preferred, other := ScopeAccount, ScopeZone
	if below(row.Route, "/zones") {
		preferred, other = ScopeZone, ScopeAccount
	}

	order := [...]Scope{preferred, other, ScopeUser, ScopeR2Bucket}

	var set GroupSet

	for _, name := range row.Accepts {
		g := j.groupBySourceName(name, order[:])
		if g == nil {
			fault("%s %s accepts an unknown or ambiguous name %q", row.Method, row.Route, name)
		}

		set.Add(g.Index)
	}

	return set
}

func (j *joiner) groupBySourceName(name string, order []Scope) *Group {
	for _, s := range order {
		if g := j.catalog.byName[s][name]; g != nil {
			return g
		}
	}

	for _, s := range order {
		if groups := j.catalog.bySpelling[s][name]; len(groups) == 1 {
			return groups[0]
		}
	}

	return nil
}

// acceptedByRefs resolves references that are an API name behind its scope.
func (j *joiner) acceptedByRefs(refs []string) GroupSet {
	var set GroupSet

	for _, ref := range refs {
		prefix, name, _ := strings.Cut(ref, ":")
		scope, ok := ParseScope(prefix)
		if !ok || j.catalog.byName[scope][name] == nil {
			fault("unknown permission group %q", ref)
		}

		set.Add(j.catalog.byName[scope][name].Index)
	}

	return set
}

// addFamily adds the operations of a family that are not in the table yet. Such a row accepts the groups of
// its level and those of higher rank in the family, and what each sourced row accepts whose placeholders
// also match it.
func (j *joiner) addFamily(row *familyRow, sourced map[shape][]*Operation) {
	scope, ok := ParseScope(row.Scope)
	if !ok {
		fault("family %q: unknown scope %q", row.Family, row.Scope)
	}

	for i := range row.Operations {
		op := &row.Operations[i]
		if j.byName[op.Method+" "+op.Route] != nil {
			continue
		}

		level := slices.IndexFunc(row.Levels, func(l familyLevelRow) bool { return l.Level == op.Level })
		if level < 0 {
			fault("family %q has no level %q", row.Family, op.Level)
		}

		g := j.groupBySourceName(row.Levels[level].Name, []Scope{scope})
		if g == nil {
			fault("family %q: no group %q", row.Family, row.Levels[level].Name)
		}

		accepted := j.atLeast(g)
		for _, s := range sourced[shapeOf(op.Method, op.Route)] {
			if matchesRoute(s.Route, op.Route) {
				accepted = accepted.Union(s.Accepts)
			}
		}

		j.add(&operationRow{
			Method: op.Method, Route: op.Route, Evidence: op.Evidence, Note: op.Note,
			Source: "permission group family " + row.Family,
		}, accepted)
	}
}

// atLeast is the set of the groups of g's family with g's level or a higher rank.
func (j *joiner) atLeast(g *Group) GroupSet {
	set := j.catalog.strikes[g.Index]

	for other := range j.catalog.families[g.FamilyIndex].All() {
		if j.catalog.groups[other].Level == g.Level {
			set.Add(other)
		}
	}

	return set
}

// matchesRoute reports whether a route with placeholders also matches another route, segment by segment: a
// placeholder matches whatever stands in its place.
func matchesRoute(general, route string) bool {
	for {
		g, generalRest, generalMore := strings.Cut(general, "/")
		r, routeRest, routeMore := strings.Cut(route, "/")

		if g != r && (!strings.HasPrefix(g, "{") || !strings.HasSuffix(g, "}")) || generalMore != routeMore {
			return false
		}

		if !generalMore {
			return true
		}

		general, route = generalRest, routeRest
	}
}
