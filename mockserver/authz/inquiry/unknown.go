// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"errors"
	"fmt"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// nearestCount is how many suggestions an error carries at most, unless they
// are the methods of one path.
const nearestCount = 3

// UnknownOperationError says that a method and path name no operation of the
// table.
type UnknownOperationError struct {
	// Text is the operation as it was given.
	Text string
	// Detail says what is wrong with it, when more is known than that there
	// is no such path; it may be empty.
	Detail string
	// Nearest are operations that exist and are like it, the most similar
	// first, as [ParseOperation] reads them. It may be empty.
	Nearest []string
}

// Error names the operation, what is wrong with it, and the nearest ones.
func (e *UnknownOperationError) Error() string {
	text := fmt.Sprintf("unknown operation %q", e.Text)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text + didYouMean(e.Nearest)
}

// UnknownPermissionError says that a text names neither a permission group nor
// an operation.
type UnknownPermissionError struct {
	// Text is the reference as it was given.
	Text string
	// Nearest are references that find a group and are like it, the most
	// similar first. It may be empty.
	Nearest []string
}

// Error names the reference and the nearest groups; without any it says what
// forms there are.
func (e *UnknownPermissionError) Error() string {
	text := fmt.Sprintf("unknown permission %q", e.Text)
	if len(e.Nearest) == 0 {
		return text + `: write the name of a permission group, or a method and a path such as "GET /zones/{zone_id}"`
	}
	return text + didYouMean(e.Nearest)
}

// permissionError turns the catalogue's error into this package's; that a name
// is ambiguous stays as it is.
func permissionError(text string, err error) error {
	if unknown, ok := errors.AsType[*catalog.UnknownGroupError](err); ok {
		return &UnknownPermissionError{Text: text, Nearest: unknown.Nearest}
	}
	return err
}

// withoutMethod is the error for a path without a method.
func withoutMethod(text string) error {
	path := plainPath(text)
	near := methodsOf(path)
	if len(near) == 0 {
		near = nearestOperations(methodGet, path)
	}
	return &UnknownOperationError{Text: text, Detail: "a method must stand before the path", Nearest: near}
}

// methodsOf lists the operations of a path that some route has.
func methodsOf(path string) []string {
	var names []string
	for _, method := range catalog.AllowedMethods(path) {
		if method == methodHead {
			continue
		}
		if row, _, _ := catalog.MatchRoute(method, path); row != nil {
			names = append(names, row.Name())
		}
	}
	return names
}

// nearestOperations finds the operations whose names are like a method and a
// path; ids in the path are compared as placeholders.
func nearestOperations(method, path string) []string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if i == 0 || !isID(s) && !isPlaceholder(s) {
			continue
		}
		switch segments[i-1] {
		case "accounts", "account":
			segments[i] = "{" + accountParam + "}"
		case "zones", "zone":
			segments[i] = "{" + zoneParam + "}"
		}
	}
	operations := catalog.Operations()
	names := make([]string, len(operations))
	for i, row := range operations {
		names[i] = row.Name()
	}
	return catalog.SuggestNames(method+" "+strings.Join(segments, "/"), names, nearestCount)
}

// isID reports whether s has the form of an identifier.
func isID(s string) bool {
	_, ok := authz.ParseID(s)
	return ok
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
