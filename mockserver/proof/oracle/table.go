// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// row is a row of the operations table (authorization model §4).
type row struct {
	method, route string
	target        string   // the kind of scene.Target that the row acts on
	accepts       []*group // A, without the groups that cannot reach the target
}

// joinTable makes the operations table: the operations, the added ones, and those operations of the families
// that neither has (authorization model §4).
func joinTable(f *facts) (map[string]*row, error) {
	rows := map[string]*row{}
	for _, fact := range slices.Concat(f.operations, f.added) {
		accepted, err := f.resolveAll(fact)
		if err != nil {
			return nil, err
		}
		rows[fact.Method+" "+fact.Route] = newRow(fact.Method, fact.Route, accepted)
	}
	if err := joinFamilies(f, rows); err != nil {
		return nil, err
	}
	if err := settle(f, rows); err != nil {
		return nil, err
	}
	return rows, nil
}

// newRow makes a row. An accepted group that cannot reach the row's target is dropped (authorization model §4).
func newRow(method, route string, accepted []*group) *row {
	r := &row{method: method, route: route, target: targetOf(method, route)}
	for _, g := range accepted {
		if canReach(g.scope, r.target) && !slices.Contains(r.accepts, g) {
			r.accepts = append(r.accepts, g)
		}
	}
	return r
}

// joinFamilies adds the operations that are in families.json only. Such a row accepts the groups of its level
// and of higher rank in its family, in union with a row of operations.json whose placeholders also match it
// (authorization model §4).
func joinFamilies(f *facts, rows map[string]*row) error {
	// Whether the other two files have an operation is asked before any row of this file is added: a route
	// that two families list gets the groups of both.
	accepted := map[string][]*group{}
	routes := map[string][2]string{}
	for _, family := range f.families {
		for _, operation := range family.Operations {
			name := operation.Method + " " + operation.Route
			if rows[name] != nil {
				continue
			}
			groups, err := f.ofLevelAndHigher(family, operation.Level)
			if err != nil {
				return err
			}
			accepted[name] = append(accepted[name], groups...)
			routes[name] = [2]string{operation.Method, operation.Route}
		}
	}
	for name, at := range routes {
		method, route := at[0], at[1]
		for _, fact := range f.operations {
			if fact.Method == method && placeholdersMatch(fact.Route, route) {
				groups, err := f.resolveAll(fact)
				if err != nil {
					return err
				}
				accepted[name] = append(accepted[name], groups...)
			}
		}
		rows[name] = newRow(method, route, accepted[name])
	}
	return nil
}

// ofLevelAndHigher are the groups of a level of a family and those of higher rank in the same family
// (authorization model §4). Which groups are of the level, the family's own list of names says.
func (f *facts) ofLevelAndHigher(family familyFact, level string) ([]*group, error) {
	var groups []*group
	for _, l := range family.Levels {
		if l.Level != level {
			continue
		}
		for _, name := range l.Current {
			g := f.resolveIn(family.Scope, name)
			if g == nil {
				return nil, fmt.Errorf("families.json: no group %q of scope %s", name, family.Scope)
			}
			groups = append(groups, g)
			for _, other := range f.groups {
				if sameFamily(other, g) && other.rank > g.rank {
					groups = append(groups, other)
				}
			}
		}
	}
	if len(groups) == 0 {
		return nil, fmt.Errorf("families.json: family %q has no level %q", family.Family, level)
	}
	return groups, nil
}

// placeholdersMatch says whether a route is matched by another one whose placeholders stand for anything
// (authorization model §4).
func placeholdersMatch(pattern, route string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(route, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// settle replaces the groups of the rows that the model settles itself (authorization model §4 "Settled rows").
func settle(f *facts, rows map[string]*row) error {
	for _, fact := range f.settled {
		name := fact.Method + " " + fact.Route
		if rows[name] == nil {
			return fmt.Errorf("operations_settled.json: no operation %q", name)
		}
		accepted, err := f.resolveAll(fact)
		if err != nil {
			return err
		}
		rows[name] = newRow(fact.Method, fact.Route, accepted)
	}
	// "/user/billing…, /user/subscriptions…, /user/firewall…: credentials without policies only": whatever
	// the files say of a row below them.
	for name, r := range rows {
		for _, closed := range []string{"/user/billing", "/user/subscriptions", "/user/firewall"} {
			if under(r.route, closed) {
				rows[name] = newRow(r.method, r.route, nil)
			}
		}
	}
	return nil
}

// resolveAll are the groups that a row names.
func (f *facts) resolveAll(fact operationFact) ([]*group, error) {
	groups := make([]*group, 0, len(fact.Accepts))
	for _, name := range fact.Accepts {
		g := f.resolve(fact, name)
		if g == nil {
			return nil, fmt.Errorf("%s %s accepts %q, which is no group", fact.Method, fact.Route, name)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// resolve is the group that a name means on a row. A name may say its scope, "zone:DNS Read". One that does not and
// exists in two scopes means the zone group on a zone route, the account group elsewhere (authorization model
// §4). The model leaves open what a group's own name means where it is another group's alias in another scope. It
// means the group of that name: the sources list account groups for zone routes too, and name both Transform Rules
// and Zone Transform Rules for the same operations, which an alias would make one.
func (f *facts) resolve(fact operationFact, name string) *group {
	if scope, rest, said := strings.Cut(name, ":"); said {
		switch scope {
		case "user", "account", "zone", "r2":
			return f.resolveIn(scope, rest)
		}
	}
	if g := nearest(fact.Route, name, f.groupNamed); g != nil {
		return g
	}
	return nearest(fact.Route, name, f.resolveIn)
}

// nearest looks a name up in every scope, and where several have it takes the one that goes with the route.
func nearest(route, name string, in func(scope, name string) *group) *group {
	var found []*group
	for _, scope := range []string{"user", "account", "zone", "r2"} {
		if g := in(scope, name); g != nil {
			found = append(found, g)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	wanted := "account"
	if under(route, "/zones") {
		wanted = "zone"
	}
	for _, g := range found {
		if g.scope == wanted {
			return g
		}
	}
	return nil
}

// resolveIn is the group that a name means in one scope: its own name, an alias, or either with Edit at the
// end read as Write (authorization model §4). Nil if there is none.
func (f *facts) resolveIn(scope, name string) *group {
	spellings := []string{name}
	if stem, isEdit := strings.CutSuffix(name, "Edit"); isEdit {
		spellings = append(spellings, stem+"Write")
	}
	for _, spelling := range spellings {
		if g := f.groupNamed(scope, spelling); g != nil {
			return g
		}
		for _, alias := range f.aliases {
			if alias.Scope == scope && alias.Alias == spelling {
				return f.groupNamed(scope, alias.Name)
			}
		}
	}
	return nil
}

// targetOf is the kind of target that a row acts on (authorization model §1, §4). Organizations are the user's
// own affair: the groups of those rows are of scope user, and nothing but a user is left to reach.
func targetOf(method, route string) string {
	switch {
	case under(route, "/user"), under(route, "/memberships"), under(route, "/organizations"):
		return scene.OnUser
	case method == "POST" && route == "/accounts":
		return scene.OnUser // it names no account; only the user counts
	case under(route, "/accounts/{account_id}/r2/buckets/{bucket_name}/objects"):
		return scene.OnBucket
	case under(route, "/accounts"):
		return scene.OnAccount
	case method == "POST" && route == "/zones":
		return scene.OnAllZones
	case isRecordRow(method, route):
		return scene.OnRecords
	default: // /zones, /certificates
		return scene.OnZone
	}
}

// isRecordRow says whether records are the targets of a row: the list and the export, a creation, one record,
// batch and import (authorization model §5). Scan and usage are the zone's.
func isRecordRow(method, route string) bool {
	const records = "/zones/{zone_id}/dns_records"
	switch route {
	case records, records + "/{dns_record_id}":
		return true
	case records + "/export":
		return method == "GET"
	case records + "/batch", records + "/import":
		return method == "POST"
	}
	return false
}

// canReach says whether any key can reach a kind of target for groups of a scope (authorization model §4, the
// table of reaches).
func canReach(scope, kind string) bool {
	switch scope {
	case "user":
		return kind == scene.OnUser
	case "account":
		return kind != scene.OnUser
	case "zone":
		return kind == scene.OnZone || kind == scene.OnAllZones || kind == scene.OnRecords || kind == scene.OnRecord
	case "r2":
		return kind == scene.OnBucket
	}
	return false
}

// under says whether a route is a path or lies below it, compared by segments.
func under(route, path string) bool {
	rest, ok := strings.CutPrefix(route, path)
	return ok && (rest == "" || rest[0] == '/')
}

// sameFamily says whether two groups are of one family. Scope is part of a family (authorization model §6).
func sameFamily(a, b *group) bool {
	return a.scope == b.scope && a.family == b.family
}
