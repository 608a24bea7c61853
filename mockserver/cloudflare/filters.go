// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import "strings"

// filter is a list's filter: tests of which all must hold, or any one.
type filter[T any] struct {
	any   bool
	tests []func(T) bool
}

// newFilter starts a filter in the way that the query's match says.
func newFilter[T any](x *exchange) (*filter[T], error) {
	match, err := x.choice("match", "all", "any")
	if err != nil {
		return nil, err
	}
	return &filter[T]{any: match == "any"}, nil
}

// where adds a test.
func (f *filter[T]) where(test func(T) bool) { f.tests = append(f.tests, test) }

// passes reports whether an item belongs into the list. Without tests all do.
func (f *filter[T]) passes(item T) bool {
	for _, test := range f.tests {
		if test(item) == f.any {
			return f.any
		}
	}
	return !f.any || len(f.tests) == 0
}

// apply returns the items that pass.
func (f *filter[T]) apply(items []T) []T {
	kept := make([]T, 0, len(items))
	for _, item := range items {
		if f.passes(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

// textOperators are the comparisons that a filter's value may start with, as
// in "contains:.org".
var textOperators = map[string]func(s, want string) bool{
	"equal":       func(s, want string) bool { return s == want },
	"not_equal":   func(s, want string) bool { return s != want },
	"starts_with": strings.HasPrefix,
	"ends_with":   strings.HasSuffix,
	"contains":    strings.Contains,
}

const caseSensitive = "_case_sensitive"

// textTest makes a test of a text from a filter's value: an operator, a colon
// and what to compare with, or just the latter for equality. Letter case
// counts only with the operators that say so.
func textTest(expression string) func(string) bool {
	compare, want, exact := textOperators["equal"], expression, false
	if operator, rest, ok := strings.Cut(expression, ":"); ok {
		name, suffixed := strings.CutSuffix(operator, caseSensitive)
		if c := textOperators[name]; c != nil {
			compare, want, exact = c, rest, suffixed
		}
	}
	if exact {
		return func(s string) bool { return compare(s, want) }
	}
	want = strings.ToLower(want)
	return func(s string) bool { return compare(strings.ToLower(s), want) }
}

// dottedTests makes the tests of the filters name, name.exact, name.contains,
// name.startswith and name.endswith that the query holds; letter case does
// not count. prepare brings what is compared and what it is compared with into
// one form; nil leaves both.
func dottedTests[T any](x *exchange, f *filter[T], name string, field func(T) string, prepare func(string) string) {
	if prepare == nil {
		prepare = func(s string) string { return s }
	}
	add := func(parameter string, compare func(s, want string) bool) {
		want := x.query.Get(parameter)
		if want == "" {
			return
		}
		want = strings.ToLower(prepare(want))
		f.where(func(item T) bool { return compare(strings.ToLower(prepare(field(item))), want) })
	}
	add(name, textOperators["equal"])
	add(name+".exact", textOperators["equal"])
	add(name+".contains", strings.Contains)
	add(name+".startswith", strings.HasPrefix)
	add(name+".endswith", strings.HasSuffix)
}
