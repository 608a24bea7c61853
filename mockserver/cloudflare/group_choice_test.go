// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// loadGroupCases chooses the two operations of every group. Where there is
// none to choose, it is nil.
var loadGroupCases = sync.OnceValue(func() []groupCase {
	bodies := requests()
	var candidates []candidate
	for _, o := range catalog.Operations() {
		_, known := bodies[o.Name()]
		c := candidate{
			Operation: o, documents: cloudflare.KeepsDocuments(o), known: known,
			segments: strings.Split(o.Route, "/"), accepts: o.Accepts.Len(),
		}
		if tried(o, catalog.ScopeAccount) || tried(o, catalog.ScopeUser) {
			candidates = append(candidates, c)
		}
	}
	groups := catalog.Groups()
	cases := make([]groupCase, len(groups))
	for i := range groups {
		cases[i].group = &groups[i]
		cases[i].may = mayDo(cases[i].group, candidates)
	}
	slices.SortFunc(cases, func(a, b groupCase) int {
		return cmp.Or(cmp.Compare(a.group.Scope, b.group.Scope), cmp.Compare(a.group.Family, b.group.Family), cmp.Compare(a.group.ID, b.group.ID))
	})
	for i := range cases {
		if cases[i].may != nil {
			cases[i].mayNot, cases[i].near = mayNotDo(i, cases, candidates)
		}
	}
	return cases
})

// candidate is an operation that can be sent without harm to the others.
type candidate struct {
	*catalog.Operation
	documents, known bool
	segments         []string
	accepts          int
}

// tried reports whether an operation acts on what a key of the scope reaches.
func tried(o *catalog.Operation, scope catalog.Scope) bool {
	switch o.Target {
	case catalog.TargetUser, catalog.TargetAccount, catalog.TargetZone, catalog.TargetRecords, catalog.TargetBucket:
		return catalog.CanReach(scope, o.Target)
	default:
		return false
	}
}

// best picks the candidate with the highest worth, of equal ones the one that
// fewest groups open, of these the first. Those of worth 0 are none.
func best(candidates []candidate, worth func(*candidate) int) *candidate {
	var found *candidate
	most := 0
	for i := range candidates {
		c := &candidates[i]
		if w := worth(c); w > most || w == most && w > 0 && c.accepts < found.accepts {
			found, most = c, w
		}
	}
	return found
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// levels are the groups of g's family below it, and above it.
func levels(g *catalog.Group) (lower, higher catalog.GroupSet) {
	for other := range catalog.FamilyGroups(g.FamilyIndex).All() {
		switch rank := catalog.Groups()[other].Rank; {
		case rank < g.Rank:
			lower.Add(other)
		case rank > g.Rank:
			higher.Add(other)
		}
	}
	return lower, higher
}

// mayDo picks an operation that the group opens: if there is one, one that the
// lower levels of its family do not open.
func mayDo(g *catalog.Group, candidates []candidate) *candidate {
	lower, _ := levels(g)
	return best(candidates, func(c *candidate) int {
		if !c.Accepts.Has(g.Index) || !tried(c.Operation, g.Scope) || !c.known && !c.documents {
			return 0
		}
		const few = 12 // What most groups open proves little about one.
		return 1 + 8*digit(c.accepts <= few) + 4*digit(!c.Accepts.Intersects(lower)) + 2*digit(c.known) +
			digit(c.Evidence == catalog.EvidenceDocumented)
	})
}

// mayNotDo picks an operation that the group does not open: one of the next
// level of its family, or else of another level, or else one beside what it
// opens, or else what proves the next family of its scope at its own level.
// Groups on buckets open all that a bucket has; what they must not do is on
// its account.
func mayNotDo(i int, cases []groupCase, candidates []candidate) (found *candidate, near string) {
	g, may := cases[i].group, cases[i].may
	family := catalog.FamilyGroups(g.FamilyIndex)
	_, higher := levels(g)
	possible := func(c *candidate) bool {
		// What changes more than documents is not tried a second time.
		return c != nil && !c.Accepts.Has(g.Index) && c.accepts > 0 && (c.documents || c.known && c.Method == http.MethodGet)
	}
	found = best(candidates, func(c *candidate) int {
		reached := tried(c.Operation, g.Scope)
		if !possible(c) || !reached && g.Scope != catalog.ScopeR2Bucket {
			return 0
		}
		return 1 + 400*digit(reached) + 200*digit(c.Accepts.Intersects(higher)) + 100*digit(c.Accepts.Intersects(family)) + shared(c, may)
	})
	switch {
	case found == nil:
		return nil, ""
	case found.Accepts.Intersects(higher):
		return found, "next level"
	case found.Accepts.Intersects(family):
		return found, "same family"
	case shared(found, may) > len([]string{"", "zones", "{zone_id}"}):
		return found, "neighbour"
	}
	for n := range cases {
		other := cases[(i+n)%len(cases)]
		if other.group.Scope == g.Scope && other.group.Level == g.Level && possible(other.may) && tried(other.may.Operation, g.Scope) {
			return other.may, "next family"
		}
	}
	return found, "same scope"
}

// shared counts the segments that two routes start with alike.
func shared(a, b *candidate) int {
	n := 0
	for n < min(len(a.segments), len(b.segments)) && a.segments[n] == b.segments[n] {
		n++
	}
	return n
}
