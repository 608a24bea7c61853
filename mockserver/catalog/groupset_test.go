// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// model is a set kept the plain way, to compare GroupSet with.
type model map[catalog.GroupIndex]bool

func randomSet(r *rand.Rand) (catalog.GroupSet, model) {
	var set catalog.GroupSet

	m := model{}

	for range r.IntN(80) {
		g := catalog.GroupIndex(r.IntN(len(catalog.Groups())))
		set.Add(g)
		m[g] = true
	}

	return set, m
}

func (m model) filter(keep func(catalog.GroupIndex) bool) model {
	out := model{}

	for g := range m {
		if keep(g) {
			out[g] = true
		}
	}

	return out
}

func checkSet(t *testing.T, what string, set catalog.GroupSet, want model) {
	t.Helper()

	if got := slices.Collect(set.All()); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("%s yields %v, want %v", what, got, want)
	}

	if set.Len() != len(want) || set.IsEmpty() != (len(want) == 0) {
		t.Errorf("%s: length %d, empty %v, want length %d", what, set.Len(), set.IsEmpty(), len(want))
	}

	for g := range catalog.GroupIndex(400) {
		if set.Has(g) != want[g] {
			t.Errorf("%s: Has(%d) = %v", what, g, set.Has(g))
		}
	}

	if set != catalog.SetOf(slices.Collect(set.All())...) {
		t.Errorf("%s is not what SetOf makes of its groups", what)
	}
}

func TestGroupSetAgainstAModel(t *testing.T) {
	t.Parallel()

	r := rand.New(rand.NewPCG(1, 2))

	for range 300 {
		a, ma := randomSet(r)
		b, mb := randomSet(r)

		union := maps.Clone(ma)
		maps.Copy(union, mb)

		checkSet(t, "a", a, ma)
		checkSet(t, "union", a.Union(b), union)
		checkSet(t, "intersection", a.Intersect(b), ma.filter(func(g catalog.GroupIndex) bool { return mb[g] }))
		checkSet(t, "difference", a.Minus(b), ma.filter(func(g catalog.GroupIndex) bool { return !mb[g] }))

		if a.Union(b) != b.Union(a) || a.Intersect(b) != b.Intersect(a) || a.Minus(b).Union(a.Intersect(b)) != a {
			t.Fatalf("laws of sets broken for %v and %v", ma, mb)
		}

		if a.Intersects(b) != !a.Intersect(b).IsEmpty() || !a.Union(b).Contains(a) || a.Contains(b) != b.Minus(a).IsEmpty() {
			t.Fatalf("Intersects or Contains is wrong for %v and %v", ma, mb)
		}

		checkSet(t, "a, after all of this", a, ma)
	}
}

func TestGroupSetAtItsEdges(t *testing.T) {
	t.Parallel()

	var set catalog.GroupSet
	checkSet(t, "the zero value", set, model{})

	for _, g := range []catalog.GroupIndex{0, 63, 64, 312, 319} {
		set.Add(g)
		set.Add(g)
	}

	want := model{0: true, 63: true, 64: true, 312: true, 319: true}
	checkSet(t, "the edges", set, want)

	set.Add(320)
	set.Add(65535)
	checkSet(t, "the edges and beyond", set, want)

	if set.Has(320) || set.Has(65535) {
		t.Error("an index beyond the capacity is in the set")
	}

	for range set.All() {
		break
	}
}

//nolint:paralleltest // AllocsPerRun counts what the whole process allocates.
func TestGroupSetAllocatesNothing(t *testing.T) {
	a, b := catalog.ScopeGroups(catalog.ScopeZone), catalog.ScopeGroups(catalog.ScopeAccount)
	n := 0

	if got := testing.AllocsPerRun(100, func() {
		for g := range a.Union(b).Minus(a).Intersect(b).All() {
			n += int(g)
		}
	}); got != 0 || n == 0 {
		t.Errorf("%v allocations a run", got)
	}
}
