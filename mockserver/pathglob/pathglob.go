// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package pathglob selects requests by method and path: what a fault strikes, what a test counts. It knows
// nothing of what the paths mean; authorization is decided by the operations table, never by a pattern.
package pathglob

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Pattern is a compiled pattern of paths below the API's base path. The zero value and a nil pointer match
// every path. A Pattern is immutable and safe for concurrent use.
type Pattern struct {
	text string
	expr *regexp.Regexp
}

// marker stands, inside this package only, in front of a segment that a route's placeholder took. No path
// holds it: a NUL cannot stand in a request line.
const marker = "\x00"

// Compile reads a pattern. In it
//
//   - * stands for any characters of one segment, none included,
//   - ** stands for any characters, slashes included,
//   - {name} stands for the value of a placeholder: "/user/tokens/{token_id}" is matched by the path of one
//     token, and not by /user/tokens/verify, which has a route of its own,
//
// and everything else for itself. The empty pattern matches every path. A pattern that does not start with a
// slash or an asterisk, has unbalanced braces, holds a query, or is not UTF-8 is an error.
func Compile(text string) (*Pattern, error) {
	if text == "" {
		return &Pattern{}, nil
	}
	if text[0] != '/' && text[0] != '*' {
		return nil, fmt.Errorf("path pattern %q does not start with a slash", text)
	}
	if strings.ContainsAny(text, "?\x00") {
		return nil, fmt.Errorf("path pattern %q: a path has no query", text)
	}
	var expr strings.Builder
	expr.WriteString(`^`)
	for i, segment := range strings.Split(strings.TrimSuffix(text, "/"), "/") {
		if i > 0 {
			expr.WriteString(`/`)
		}
		if err := writeSegment(&expr, segment); err != nil {
			return nil, fmt.Errorf("path pattern %q: %w", text, err)
		}
	}
	expr.WriteString(`$`)
	compiled, err := regexp.Compile(`(?s)` + expr.String())
	if err != nil {
		return nil, fmt.Errorf("path pattern %q: %w", text, err)
	}
	return &Pattern{text: text, expr: compiled}, nil
}

var errBraces = errors.New("braces do not form {name}")

// writeSegment appends the expression of one segment, its marker included.
func writeSegment(expr *strings.Builder, segment string) error {
	if strings.Contains(segment, "{") {
		expr.WriteString(marker)
	} else {
		expr.WriteString(marker + `?`)
	}
	for segment != "" {
		switch {
		case strings.HasPrefix(segment, "**"):
			expr.WriteString(`.*`)
			segment = strings.TrimLeft(segment, "*")
		case segment[0] == '*':
			expr.WriteString(`[^/]*`)
			segment = segment[1:]
		case segment[0] == '{':
			end := strings.IndexAny(segment[1:], "{}")
			if end < 1 || segment[1+end] != '}' {
				return errBraces
			}
			expr.WriteString(`[^/]+`)
			segment = segment[end+2:]
		case segment[0] == '}':
			return errBraces
		default:
			end := strings.IndexAny(segment, "*{}")
			if end < 0 {
				end = len(segment)
			}
			expr.WriteString(regexp.QuoteMeta(segment[:end]))
			segment = segment[end:]
		}
	}
	return nil
}

// String is the pattern as it was given.
func (p *Pattern) String() string {
	if p == nil {
		return ""
	}
	return p.text
}

// Match reports whether a path below the base path matches. The route is the path's row in the operations
// table, with placeholders in braces; without one ("") every segment counts as a placeholder's value. One
// trailing slash of the path is ignored.
func (p *Pattern) Match(path, route string) bool {
	if p == nil || p.expr == nil {
		return true
	}
	return p.expr.MatchString(mark(strings.TrimSuffix(path, "/"), route))
}

// mark puts the marker before every segment that a placeholder of the route took.
func mark(path, route string) string {
	segments, rows := strings.Split(path, "/"), strings.Split(route, "/")
	for i := range segments {
		if len(rows) != len(segments) || strings.Contains(rows[i], "{") {
			segments[i] = marker + segments[i]
		}
	}
	return strings.Join(segments, "/")
}

// MatchMethod reports whether a request's method is the wanted one: in any case, "" wants every method.
func MatchMethod(want, method string) bool {
	return want == "" || strings.EqualFold(want, method)
}
