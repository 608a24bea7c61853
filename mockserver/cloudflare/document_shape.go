// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// documentForm says what a route stands for.
type documentForm string

// The forms. An item is one of the documents of a collection; a single one is
// alone at its path and always there, with nothing in it until it is written.
const (
	formCollection documentForm = "collection"
	formItem       documentForm = "item"
	formSingle     documentForm = "single"
)

// documentVerb says what an operation does with what its route stands for.
type documentVerb string

// The verbs. On a collection, write replaces what it holds, merge changes all
// of it or what the body names, and remove empties it or takes out what the
// request names.
const (
	verbList   documentVerb = "list"
	verbCreate documentVerb = "create"
	verbRead   documentVerb = "read"
	verbWrite  documentVerb = "write"
	verbMerge  documentVerb = "merge"
	verbRemove documentVerb = "remove"
)

// documentShape is what one row of the operations table means to the document
// handler. It is worked out from the table alone.
type documentShape struct {
	operation *catalog.Operation
	form      documentForm
	verb      documentVerb
	// place is how many of the route's segments make up the path that the
	// documents lie under. An item's name is the segment after them.
	place int
	// parents are the positions of segments that name documents which must be
	// there: those that the table has some way to make.
	parents []int
	// upsert lets a write make the item: the table has no other way.
	upsert bool
	// natural are the fields of a body of which the first present one is the
	// name that a new item gets; without any it gets an identifier.
	natural []string
}

// segments splits a route.
func segments(route string) []string { return strings.Split(route[1:], "/") }

func isPlaceholder(segment string) bool { return strings.HasPrefix(segment, "{") }

// normal writes a route's first n segments with all placeholders alike: rows
// do not agree on their names.
func normal(parts []string, n int) string {
	var b strings.Builder
	for _, part := range parts[:n] {
		if isPlaceholder(part) {
			part = "{}"
		}
		b.WriteString("/" + part)
	}
	return b.String()
}

// documentShapes works out the shapes of the rows that documents serve, by
// name: all but those with an endpoint of their own and those whose target is
// not in the path alone.
func documentShapes(operations []*catalog.Operation, own map[string]*endpoint) map[string]*documentShape {
	t := newShapeTable(operations)
	shapes := make(map[string]*documentShape, len(operations))
	for _, operation := range operations {
		if scopeSegments(operation) < 0 || own[operation.Name()] != nil {
			continue
		}
		s := t.shape(operation)
		shapes[operation.Name()] = s
		if s.form == formCollection && (s.verb == verbCreate || s.verb == verbWrite) {
			t.creates[normal(segments(operation.Route), s.place)] = true
		}
	}
	for _, s := range shapes {
		parts := segments(s.operation.Route)
		if s.form == formItem && s.verb == verbWrite && !t.creates[normal(parts, s.place)] {
			s.upsert = true
			t.upserts[normal(parts, s.place+1)] = true
		}
	}
	for _, s := range shapes {
		parts := segments(s.operation.Route)
		for i := scopeSegments(s.operation); i < s.place; i++ {
			if isPlaceholder(parts[i]) && (t.creates[normal(parts, i)] || t.upserts[normal(parts, i+1)]) {
				s.parents = append(s.parents, i)
			}
		}
	}
	return shapes
}

// scopeSegments is how many segments of the route name whose documents they
// are; -1 for rows that documents do not serve.
func scopeSegments(operation *catalog.Operation) int {
	switch operation.Target {
	case catalog.TargetUser:
		return 0
	case catalog.TargetAccount, catalog.TargetZone, catalog.TargetBucket:
		return 2
	default:
		return -1
	}
}

// shapeTable is what shapes are worked out from.
type shapeTable struct {
	methods map[string][]string // by route
	// below holds for every path that some route continues with a placeholder
	// the names of those placeholders.
	below map[string][]string
	// creates and upserts hold the normal forms of collections that an
	// operation creates in, and of items that a write makes.
	creates, upserts map[string]bool
}

func newShapeTable(operations []*catalog.Operation) *shapeTable {
	t := &shapeTable{
		methods: make(map[string][]string), below: make(map[string][]string),
		creates: make(map[string]bool), upserts: make(map[string]bool),
	}
	for _, operation := range operations {
		t.methods[operation.Route] = append(t.methods[operation.Route], operation.Method)
		parts := segments(operation.Route)
		for i, part := range parts {
			if i > 0 && isPlaceholder(part) {
				above := normal(parts, i)
				t.below[above] = append(t.below[above], strings.Trim(part, "{}"))
			}
		}
	}
	return t
}

// shape works out one row's form, verb and place.
func (t *shapeTable) shape(operation *catalog.Operation) *documentShape {
	route, method := operation.Route, operation.Method
	parts := segments(route)
	last := len(parts) - 1
	s := &documentShape{operation: operation, place: len(parts)}
	switch {
	case settledForms[operation.Name()] != "":
		s.form = settledForms[operation.Name()]
	case settledForms[route] != "":
		s.form = settledForms[route]
	case actsAbove[operation.Name()] || parts[last] == "new" && method == "POST":
		s.form, s.place = formCollection, last
	case isPlaceholder(parts[last]) && (method != "GET" || t.below[normal(parts, len(parts))] == nil):
		s.form, s.place = formItem, last
	case t.below[normal(parts, len(parts))] != nil, t.listed(operation):
		s.form = formCollection
	default:
		s.form = formSingle
	}
	s.verb = verbOf(s.form, method)
	if s.form == formCollection {
		if t.methods[route+"/new"] != nil {
			s.verb = verbList // What would create is the search then.
		}
		s.natural = naturalNames(normal(parts, s.place), t.below[normal(parts, s.place)])
	}
	return s
}

// listed reports whether a route below which no item stands is a collection
// all the same: its last word is a plural and its methods are those of one, or
// it was made up for a group that no known operation has.
func (t *shapeTable) listed(operation *catalog.Operation) bool {
	methods := t.methods[operation.Route]
	for _, m := range methods {
		if m != "GET" && m != "POST" && m != "DELETE" {
			return false
		}
	}
	if operation.Evidence == catalog.EvidenceProposed && slices.Contains(methods, "POST") && slices.Contains(methods, "GET") {
		return true
	}
	if !slices.Contains(methods, "GET") && !slices.Contains(methods, "DELETE") {
		return false
	}
	parts := segments(operation.Route)
	word := parts[len(parts)-1]
	return strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "status") &&
		!slices.Contains([]string{"stats", "constants", "fields", "settings"}, word)
}

func verbOf(form documentForm, method string) documentVerb {
	switch method {
	case "GET":
		if form == formCollection {
			return verbList
		}
		return verbRead
	case "POST":
		if form == formCollection {
			return verbCreate
		}
		return verbWrite
	case "PUT":
		return verbWrite
	case "PATCH":
		return verbMerge
	default:
		return verbRemove
	}
}

// actsAbove are the operations that act on the collection above their own last
// word. Those that create and whose last word is "new" are further ones.
var actsAbove = map[string]bool{
	"POST /zones/{zone_id}/ssl/certificate_packs/order":  true,
	"POST /zones/{zone_id}/api_gateway/operations/item":  true,
	"POST /zones/{zone_id}/token_validation/rules/bulk":  true,
	"PATCH /zones/{zone_id}/token_validation/rules/bulk": true,
	"GET /accounts/{account_id}/rum/site_info/list":      true,
	"POST /accounts/{account_id}/stream/clip":            true,
	"POST /accounts/{account_id}/stream/copy":            true,
	"POST /accounts/{account_id}/stream/direct_upload":   true,
}

// settledForms are the forms that do not show in the table, by route or by
// operation.
var settledForms = map[string]documentForm{
	// One is the default policy, the other makes further ones.
	"GET /accounts/{account_id}/devices/policy":   formSingle,
	"PATCH /accounts/{account_id}/devices/policy": formSingle,
	// A POST sets these.
	"/zones/{zone_id}/acm/total_tls":                                                                                 formSingle,
	"/zones/{zone_id}/leaked-credential-checks":                                                                      formSingle,
	"/accounts/{account_id}/stream/{identifier}/downloads":                                                           formSingle,
	"/accounts/{account_id}/r2-catalog/{bucket_name}/maintenance-configs":                                            formSingle,
	"/accounts/{account_id}/r2-catalog/{bucket_name}/namespaces/{namespace}/tables/{table_name}/maintenance-configs": formSingle,
	// Several, in spite of the last word.
	"/accounts/{account_id}/access/apps/ca":        formCollection,
	"/zones/{zone_id}/access/apps/ca":              formCollection,
	"/zones/{zone_id}/bot_management/feedback":     formCollection,
	"/accounts/{account_id}/constellation/project": formCollection,
}

// givenIDs are the collections whose items get the id that the client gives.
var givenIDs = map[string]bool{
	"/accounts/{}/access/ai-controls/mcp/portals": true,
	"/accounts/{}/access/ai-controls/mcp/servers": true,
	"/accounts/{}/ai-gateway/gateways":            true,
	"/accounts/{}/images/v1/variants":             true,
}

// naturalNames are the fields that name the items of a collection, judged by
// the placeholders that stand for them.
func naturalNames(collection string, placeholders []string) []string {
	if givenIDs[collection] {
		return []string{"id"}
	}
	for _, name := range placeholders {
		switch {
		case name == "dispatch_namespace" || strings.HasSuffix(name, "_name"):
			return []string{name, "name"}
		case name == "hostname" || name == "domain" || name == "tag" || name == "language":
			return []string{name}
		}
	}
	return nil
}
