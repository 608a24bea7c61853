// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// nearestCount is how many suggestions an error about an unknown name carries at most.
const nearestCount = 3

// AmbiguousGroupError says that a name belongs to several permission groups. It lists them; each is found by
// its Ref.
type AmbiguousGroupError struct {
	// Ref is the reference as it was given.
	Ref string
	// Candidates are the groups that it may mean, sorted by scope and name.
	Candidates []*Group
}

// Error names the reference and, ready to copy, what to write instead.
func (e *AmbiguousGroupError) Error() string {
	refs := make([]string, len(e.Candidates))
	for i, g := range e.Candidates {
		refs[i] = fmt.Sprintf("%q", g.Ref())
	}

	return fmt.Sprintf("permission group %q is ambiguous: write one of %s", e.Ref, strings.Join(refs, ", "))
}

// UnknownGroupError says that no permission group has a name or id.
type UnknownGroupError struct {
	// Ref is the reference as it was given.
	Ref string
	// Nearest are similar references that do find a group, the most similar first. It may be empty.
	Nearest []string
}

// Error names the reference and the nearest names, if there are any.
func (e *UnknownGroupError) Error() string {
	return fmt.Sprintf("unknown permission group %q%s", e.Ref, didYouMean(e.Nearest))
}

// LookupGroup finds the permission group that a person means by ref: an id, an API name, an alias (the
// dashboard's and the public page's spellings, older names), or one of the latter two behind a scope and a
// colon, as in "zone:DNS Write". Comparison is exact, letter case included.
//
// A name that any spelling gives to groups of more than one scope is refused with an *AmbiguousGroupError
// unless the scope is given, even if it is the API name of one of them. A name that finds nothing is
// refused with an *UnknownGroupError.
func LookupGroup(ref string) (*Group, error) {
	c := loadGroups()
	if g, ok := c.byID[ref]; ok {
		return g, nil
	}

	if prefix, name, ok := strings.Cut(ref, ":"); ok {
		if scope, known := ParseScope(prefix); known {
			if candidates := c.bySpelling[scope][name]; len(candidates) > 0 {
				return oneOf(ref, candidates)
			}
		}
	}

	var candidates []*Group
	for _, scope := range Scopes() {
		candidates = append(candidates, c.bySpelling[scope][ref]...)
	}

	if len(candidates) > 0 {
		return oneOf(ref, candidates)
	}

	suggestions := c.suggestions(false)

	if prefix, _, ok := strings.Cut(strings.ToLower(ref), ":"); ok {
		if _, known := ParseScope(prefix); known {
			suggestions = append(suggestions, c.suggestions(true)...)
		}
	}

	return nil, &UnknownGroupError{Ref: ref, Nearest: nearest(ref, suggestions, nearestCount)}
}

// LookupGroupInScope finds a permission group by its API name or by an alias within one scope. An API name
// wins over an alias that another group of the scope has. The errors are those of LookupGroup; suggestions
// come without the scope.
func LookupGroupInScope(scope Scope, name string) (*Group, error) {
	if int(scope) >= scopeCount {
		return nil, &UnknownGroupError{Ref: name}
	}

	c := loadGroups()
	if candidates := c.bySpelling[scope][name]; len(candidates) > 0 {
		return oneOf(name, candidates)
	}

	return nil, &UnknownGroupError{Ref: name, Nearest: SuggestNames(name, c.spellingsIn(scope), nearestCount)}
}

// oneOf is the only candidate, or an error that lists them.
func oneOf(ref string, candidates []*Group) (*Group, error) {
	if len(candidates) == 1 {
		return candidates[0], nil
	}

	candidates = slices.Clone(candidates)
	slices.SortFunc(candidates, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Name, b.Name))
	})

	return nil, &AmbiguousGroupError{Ref: ref, Candidates: candidates}
}

// didYouMean is the tail of an error about an unknown name.
func didYouMean(nearest []string) string {
	if len(nearest) == 0 {
		return ""
	}

	quoted := make([]string, len(nearest))
	for i, name := range nearest {
		quoted[i] = fmt.Sprintf("%q", name)
	}

	return ": did you mean " + strings.Join(quoted, " or ") + "?"
}
