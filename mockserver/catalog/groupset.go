// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"iter"
	"math/bits"
)

// setWords is the number of 64-bit words of a GroupSet. Loading the catalogue checks that every group fits.
const setWords = 5

// GroupSet is a set of permission groups, kept as one bit a group. It is a value: assignment copies it, == compares
// it, and the zero value is the empty set. Its operations allocate nothing. A value that is not being changed
// may be read from several goroutines.
type GroupSet [setWords]uint64

// Has reports whether g is in the set. An index beyond the catalogue is in no set.
func (s GroupSet) Has(g GroupIndex) bool {
	return int(g>>6) < setWords && s[g>>6]&(1<<(g&63)) != 0
}

// Add puts g into the set. An index beyond the capacity of the set is ignored, as no group has one.
func (s *GroupSet) Add(g GroupIndex) {
	if int(g>>6) < setWords {
		s[g>>6] |= 1 << (g & 63)
	}
}

// Union is the set of the groups that are in s, in other or in both.
func (s GroupSet) Union(other GroupSet) GroupSet {
	for i := range s {
		s[i] |= other[i]
	}

	return s
}

// Intersect is the set of the groups that are both in s and in other.
func (s GroupSet) Intersect(other GroupSet) GroupSet {
	for i := range s {
		s[i] &= other[i]
	}

	return s
}

// Minus is the set of the groups that are in s and not in other.
func (s GroupSet) Minus(other GroupSet) GroupSet {
	for i := range s {
		s[i] &^= other[i]
	}

	return s
}

// Intersects reports whether some group is both in s and in other.
func (s GroupSet) Intersects(other GroupSet) bool {
	return !s.Intersect(other).IsEmpty()
}

// Contains reports whether every group of other is in s.
func (s GroupSet) Contains(other GroupSet) bool {
	return other.Minus(s).IsEmpty()
}

// IsEmpty reports whether the set holds no group.
func (s GroupSet) IsEmpty() bool {
	return s == GroupSet{}
}

// Len is the number of groups in the set.
func (s GroupSet) Len() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}

	return n
}

// All yields the groups of the set in ascending order of index, which is the order of their ids.
func (s GroupSet) All() iter.Seq[GroupIndex] {
	return func(yield func(GroupIndex) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				g := GroupIndex(i<<6 | bits.TrailingZeros64(word)) //nolint:gosec // Below the capacity of the set.
				if !yield(g) {
					return
				}
			}
		}
	}
}

// SetOf is the set of the given groups.
func SetOf(groups ...GroupIndex) GroupSet {
	var s GroupSet
	for _, g := range groups {
		s.Add(g)
	}

	return s
}
