// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// minReach is the number of changed bytes that never make two names unlike, however short they are.
const minReach = 2

// suggestion is something that an unknown name may have meant.
type suggestion struct {
	// text is what the name is compared with, and write what to write instead.
	text, write string
	// thing tells suggestions apart: of several with one thing the nearest is enough.
	thing int
}

// SuggestNames picks the candidates that are most like name, at most limit of them, the most similar first,
// of equally similar ones the shorter first; beyond that they keep their order. Letter case does not count. A candidate is like the name if
// at most a third of the name's bytes (but never fewer than two) have to be changed, or if it starts with
// the name as whole words: so "DNS" suggests "DNS Read". Next to a very similar candidate the others are left
// out. The result is nil if nothing is like it.
func SuggestNames(name string, candidates []string, limit int) []string {
	suggestions := make([]suggestion, len(candidates))
	for i, candidate := range candidates {
		suggestions[i] = suggestion{text: candidate, write: candidate, thing: i}
	}

	return nearest(name, suggestions, limit)
}

func nearest(name string, suggestions []suggestion, limit int) []string {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" {
		return nil
	}

	type scored struct {
		suggestion
		distance, growth int
	}

	reach := max(minReach, len(name)/3)
	best := reach

	var near []scored

	for _, s := range suggestions {
		distance := reach + 1

		text := strings.ToLower(s.text)
		if max(len(text)-len(name), len(name)-len(text)) <= reach {
			distance = editDistance(name, text)
		}

		if strings.HasPrefix(text, name+" ") {
			distance = min(distance, minReach)
		}

		if distance <= reach {
			near = append(near, scored{s, distance, len(text) - len(name)})
			best = min(best, distance)
		}
	}

	slices.SortStableFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.growth, b.growth))
	})

	var out []string

	seen := make(map[int]bool)

	for _, s := range near {
		if len(out) >= limit || s.distance > 2*best+1 {
			break
		}

		if !seen[s.thing] {
			seen[s.thing] = true

			out = append(out, s.write)
		}
	}

	return out
}

// editDistance is the number of bytes to insert, delete or replace that make a and b equal.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}

	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1

		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}

			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}

	return row[len(b)]
}
