// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"fmt"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Operation is what is asked for: an operation of the API's table, perhaps with
// the values of its path, or a permission group by itself. Exactly one of Row
// and Permission is set; the zero value is no operation and is refused.
type Operation struct {
	// Row is the row of the operations table; nil when Permission is set.
	Row *catalog.Operation
	// Params are the values of the path's placeholders; zero when the row
	// was named by its route alone. A value in braces names nothing.
	Params catalog.Params
	// Permission is the group that is asked for by itself, as if an
	// operation accepted it alone; nil when Row is set.
	Permission *catalog.Group
}

// String names the operation: "GET /zones/{zone_id}" or "zone:DNS Write". It
// is empty for the zero value. [ParseOperation] reads it back, without Params.
func (o Operation) String() string {
	switch {
	case o.Row != nil:
		return o.Row.Name()
	case o.Permission != nil:
		return o.Permission.Ref()
	default:
		return ""
	}
}

// param is a placeholder's value, the first of that name; "" when the path
// was not given, does not have it, or has a placeholder in its place.
func (o Operation) param(name string) string {
	if value := o.Params.Get(name); !isPlaceholder(value) {
		return value
	}
	return ""
}

// has reports whether the row's route holds the placeholder.
func (o Operation) has(name string) bool {
	return o.Row != nil && strings.Contains(o.Row.Route, "{"+name+"}")
}

// basePath is what a path copied from a request has before the routes begin.
const basePath = "/client/v4"

// ParseOperation reads what a person writes for an operation:
//
//   - a permission group by a reference of the catalogue: "DNS Read",
//     "zone:DNS Write", an id;
//   - a method and a route: "GET /zones/{zone_id}/dns_records";
//   - a method and a path with its values, the base path in front and a query
//     behind it or not: "POST /client/v4/zones/023e…/dns_records?page=2".
//
// HEAD counts as GET. What names no operation is an *[UnknownOperationError],
// what names no group an *[UnknownPermissionError], both with the nearest
// names; a group's name that exists in several scopes is a
// *[catalog.AmbiguousGroupError].
func ParseOperation(text string) (Operation, error) {
	text = strings.TrimSpace(text)
	method, path, spaced := strings.Cut(text, " ")
	path = strings.TrimSpace(path)
	switch {
	case strings.HasPrefix(text, "/"):
		return Operation{}, withoutMethod(text)
	case spaced && strings.HasPrefix(path, "/"):
		return parsePath(text, strings.ToUpper(method), path)
	default:
		return parsePermission(text)
	}
}

func parsePermission(text string) (Operation, error) {
	g, err := catalog.LookupGroup(text)
	if err == nil {
		return Operation{Permission: g}, nil
	}
	return Operation{}, permissionError(text, err)
}

func parsePath(text, method, path string) (Operation, error) {
	path = plainPath(path)
	if method == methodHead {
		method = methodGet
	}
	if row, ok := catalog.OperationByName(method, path); ok {
		return Operation{Row: row}, nil
	}
	row, params, status := catalog.MatchRoute(method, path)
	switch status {
	case catalog.MatchFound:
		return Operation{Row: row, Params: params}, nil
	case catalog.MatchMalformedID:
		if name := malformedID(params); name != "" {
			return Operation{}, &UnknownOperationError{
				Text:    text,
				Detail:  fmt.Sprintf("its {%s} is not 32 lower-case hexadecimal digits", name),
				Nearest: []string{row.Name()},
			}
		}
		return Operation{Row: row, Params: params}, nil
	case catalog.MatchNoMethod:
		return Operation{}, &UnknownOperationError{
			Text: text, Detail: "the path has no such method", Nearest: methodsOf(path),
		}
	default:
		return Operation{}, &UnknownOperationError{Text: text, Nearest: nearestOperations(method, path)}
	}
}

// plainPath drops the query and the base path.
func plainPath(path string) string {
	path, _, _ = strings.Cut(path, "?")
	if rest, ok := strings.CutPrefix(path, basePath); ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return path
}

// malformedID names the account's or zone's placeholder whose value is neither
// an id nor itself a placeholder, as in "GET /zones/{id}".
func malformedID(params catalog.Params) string {
	for i := range params.Len() {
		name, value := params.At(i)
		if (name == accountParam || name == zoneParam) && !isPlaceholder(value) && !isID(value) {
			return name
		}
	}
	return ""
}

// The methods that mean something here. Package net/http, which has names for
// them, is a way to the outside that the engine's room does not have.
const (
	methodHead   = "HEAD"
	methodGet    = "GET"
	methodPost   = "POST"
	methodDelete = "DELETE"
)

// The placeholders whose values are ids of accounts and zones, and the one of
// buckets.
const (
	accountParam = "account_id"
	zoneParam    = "zone_id"
	bucketParam  = "bucket_name"
)

// isPlaceholder reports whether a segment stands for a value instead of being one.
func isPlaceholder(value string) bool {
	return len(value) > 2 && value[0] == '{' && value[len(value)-1] == '}'
}
