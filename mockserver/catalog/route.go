// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"slices"
	"strings"
)

const (
	// maxParams is the largest number of placeholders in one route.
	maxParams = 5
	// maxSegments is the largest number of segments in one route.
	maxSegments = 12
	// accountIDParam and zoneIDParam are the placeholders whose values must have the form of an id.
	accountIDParam = "account_id"
	zoneIDParam    = "zone_id"
)

// MatchStatus is the outcome of MatchRoute. The zero value is MatchFound.
type MatchStatus uint8

// The outcomes; the numbers are the reply that the API gives before it looks at a credential (authorization
// model §6, Sight).
const (
	// MatchFound means that the path is a known one with this method.
	MatchFound MatchStatus = iota
	// MatchNoRoute means that no route has this path: 400/7003.
	MatchNoRoute
	// MatchNoMethod means that routes have this path, but none has it with this method: 405/7001.
	MatchNoMethod
	// MatchMalformedID means that the id of an account or a zone in the path is not 32 lower-case
	// hexadecimal digits: 404/7003.
	MatchMalformedID
)

// Params are the values of a route's placeholders in one path. It is a small value without pointers into
// shared mutable state; the zero value holds nothing. The strings are parts of the path that was matched.
type Params struct {
	names  []string
	values [maxParams]string
}

// Get is the value of the placeholder with this name, without braces: the first one, should a route have it
// twice. It is empty if the route has no such placeholder.
func (p Params) Get(name string) string {
	for i, n := range p.names {
		if n == name {
			return p.values[i]
		}
	}

	return ""
}

// Len is the number of placeholders.
func (p Params) Len() int {
	return len(p.names)
}

// At is the name and value of the i-th placeholder from the left, counted from 0. It panics if there is none.
func (p Params) At(i int) (name, value string) {
	return p.names[i], p.values[i]
}

// MatchRoute finds the operation for a method and a path below the API's base path, without query. Pass the
// path as it came in the request line, still escaped: so an escaped slash never ends a segment, and values
// in Params are escaped likewise.
//
// Of the routes that match the path the most specific wins, compared segment by segment from the left, a
// literal before a placeholder; when it lacks the method, no less specific route is tried, since what a
// literal names is not what a placeholder stands for. HEAD counts as GET. One trailing slash is ignored. An empty
// segment matches nothing, save that it is a malformed id where an account or zone id stands; nor do
// "." and "..".
//
// Operation and Params are set for MatchFound and for MatchMalformedID. MatchRoute allocates nothing and may be
// called from several goroutines.
func MatchRoute(method, path string) (*Operation, Params, MatchStatus) {
	if method == "HEAD" {
		method = "GET"
	}

	m := matching{method: method}
	if !m.split(path) {
		return nil, Params{}, MatchNoRoute
	}

	tree := &loadOperations().routes

	o := tree.find(&m, &tree.root, 0)
	if o == nil {
		if m.pathKnown {
			return nil, Params{}, MatchNoMethod
		}

		return nil, Params{}, MatchNoRoute
	}

	p := Params{names: o.params, values: m.values}
	for i, name := range p.names {
		if isScopeParam(name) && !isID(p.values[i]) {
			return o, p, MatchMalformedID
		}
	}

	return o, p, MatchFound
}

// AllowedMethods lists the methods of the most specific route that matches the path, sorted, with HEAD wherever there is
// GET: what belongs into the Allow header of a 405. It is empty for a path that no route has. Malformed ids
// count as ids.
func AllowedMethods(path string) []string {
	m := matching{collect: true}
	if !m.split(path) {
		return nil
	}

	tree := &loadOperations().routes
	tree.find(&m, &tree.root, 0)

	if slices.Contains(m.allowed, "GET") {
		m.allowed = append(m.allowed, "HEAD")
	}

	slices.Sort(m.allowed)

	return slices.Compact(m.allowed)
}

func isScopeParam(name string) bool {
	return name == accountIDParam || name == zoneIDParam
}

// routeTree is a prefix tree over the segments of all routes.
type routeTree struct {
	root routeNode
}

// routeNode is one place in the tree. The routes that end there differ in their method only.
type routeNode struct {
	literal map[string]*routeNode
	// pair is where a segment of two placeholders leads that are joined by separator, as in "{a}.{b}".
	pair      *routeNode
	separator string
	// any is where a segment that is one placeholder leads.
	any *routeNode
	// emptyIsID says that each route through any has the id of an account or zone there, so that an empty
	// segment is a malformed id.
	emptyIsID bool
	ends      []*Operation
}

// add puts an operation into the tree.
func (t *routeTree) add(o *Operation) {
	if !strings.HasPrefix(o.Route, "/") {
		fault("route %q does not start with a slash", o.Route)
	}

	segments := strings.Split(o.Route[1:], "/")
	if len(segments) > maxSegments || len(o.params) > maxParams {
		fault("route %q is too long", o.Route)
	}

	node := &t.root
	for _, s := range segments {
		node = node.child(s, o)
	}

	for _, other := range node.ends {
		if other.Route != o.Route || other.Method == o.Method {
			fault("routes %q and %q match the same paths", o.Name(), other.Name())
		}
	}

	node.ends = append(node.ends, o)
}

// child is the node below n for a segment of a route; it is made if need be.
func (n *routeNode) child(segment string, o *Operation) *routeNode {
	names := placeholders(segment)

	switch {
	case len(names) == 0:
		if n.literal == nil {
			n.literal = make(map[string]*routeNode)
		}

		if n.literal[segment] == nil {
			n.literal[segment] = &routeNode{}
		}

		return n.literal[segment]
	case len(names) == 1 && segment == "{"+names[0]+"}":
		if n.any == nil {
			n.any, n.emptyIsID = &routeNode{}, true
		}

		n.emptyIsID = n.emptyIsID && isScopeParam(names[0])

		return n.any
	case len(names) == 2 && strings.HasPrefix(segment, "{"+names[0]+"}") && strings.HasSuffix(segment, "{"+names[1]+"}"):
		separator := segment[len(names[0])+2 : len(segment)-len(names[1])-2]
		if separator == "" || n.pair != nil && n.separator != separator {
			fault("route %q: segment %q", o.Route, segment)
		}

		if n.pair == nil {
			n.pair, n.separator = &routeNode{}, separator
		}

		return n.pair
	default:
		fault("route %q: segment %q mixes text and placeholders", o.Route, segment)

		return nil
	}
}

// matching is the state of one search.
type matching struct {
	method   string
	segments [maxSegments]string
	count    int
	values   [maxParams]string
	// valueCount is how many values are set on the way to the current node.
	valueCount int
	pathKnown  bool
	collect    bool
	allowed    []string
}

// split cuts the path into its segments. It reports false for a path that no route can have.
func (m *matching) split(path string) bool {
	if !strings.HasPrefix(path, "/") || path == "/" {
		return false
	}

	rest := strings.TrimSuffix(path[1:], "/")

	for {
		segment, after, more := strings.Cut(rest, "/")
		if m.count == maxSegments || segment == "." || segment == ".." {
			return false
		}

		m.segments[m.count] = segment
		m.count++

		if !more {
			return true
		}

		rest = after
	}
}

// find looks for the most specific route below node that matches the segments from i on, and for its
// operation with the method. If there is none, the search has noted whether a route has the path.
func (t *routeTree) find(m *matching, node *routeNode, i int) *Operation {
	if i == m.count {
		return m.end(node)
	}

	segment := m.segments[i]

	if next := node.literal[segment]; next != nil {
		if o := t.find(m, next, i+1); o != nil || m.pathKnown {
			return o
		}
	}

	mark := m.valueCount

	if node.pair != nil {
		if a, b, ok := strings.Cut(segment, node.separator); ok && a != "" && b != "" {
			m.values[mark], m.values[mark+1], m.valueCount = a, b, mark+2
			if o := t.find(m, node.pair, i+1); o != nil || m.pathKnown {
				return o
			}

			m.valueCount = mark
		}
	}

	if node.any != nil && (segment != "" || node.emptyIsID) {
		m.values[mark], m.valueCount = segment, mark+1
		if o := t.find(m, node.any, i+1); o != nil || m.pathKnown {
			return o
		}

		m.valueCount = mark
	}

	return nil
}

// end picks the operation with the method among the routes that end at node.
func (m *matching) end(node *routeNode) *Operation {
	for _, o := range node.ends {
		m.pathKnown = true

		if m.collect {
			m.allowed = append(m.allowed, o.Method)
		} else if o.Method == m.method {
			return o
		}
	}

	return nil
}
