// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// documents is a request on its way through the document handler.
type documents struct {
	*exchange
	shape *documentShape
	// names are the path's segments, unescaped, from the API's base on.
	names []string
	// place is where the documents lie.
	place state.DocumentPlace
}

// documents finds the place that the path names, and refuses what lies in an
// object that does not exist.
func (x *exchange) documents(shape *documentShape) (*documents, error) {
	d := &documents{exchange: x, shape: shape}
	parts := segments(shape.operation.Route)
	value := 0
	for _, part := range parts {
		name := part
		if n := strings.Count(part, "{"); n > 0 {
			var ok bool
			if name, ok = pathName(x.params, part, value); !ok {
				return nil, errNotFound.refuse(noun(part))
			}
			value += n
		}
		d.names = append(d.names, name)
	}
	if !d.isOwnPath() {
		return nil, errNotFound.refuse("object")
	}
	d.place = d.placeOf(shape.place)
	for _, i := range shape.parents {
		if x.tx.Document(d.placeOf(i), d.names[i]) == nil {
			return nil, errNotFound.refuse(noun(parts[i]))
		}
	}
	return d, nil
}

// isOwnPath reports whether the names, written plainly, lead to the operation
// that was decided on. A letter that the path escaped without need keeps a word
// of another operation's route from being seen as one, while what lies there is
// the other operation's.
func (d *documents) isOwnPath() bool {
	var path strings.Builder
	for _, name := range d.names {
		path.WriteString("/" + url.PathEscape(name))
	}
	operation, _, status := catalog.MatchRoute(d.operation.Method, path.String())
	return status == catalog.MatchFound && operation == d.operation
}

// pathName reads a segment of placeholders from the path. It reports false
// for what can be no name: an invalid escape, or bytes that are no text.
func pathName(params catalog.Params, part string, at int) (string, bool) {
	_, value := params.At(at)
	if _, after, _ := strings.Cut(part, "}"); after != "" {
		// Two placeholders with a text between them.
		separator, _, _ := strings.Cut(after, "{")
		_, second := params.At(at + 1)
		value += separator + second
	}
	name, err := url.PathUnescape(value)
	return name, err == nil && isName(name)
}

// isName reports whether a text can name a document.
func isName(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// placeOf is the place that the path's first n segments make up. Below
// buckets it holds the jurisdiction: buckets of two jurisdictions share their
// names, and no right on one is a right on the other.
func (d *documents) placeOf(n int) state.DocumentPlace {
	place := state.DocumentPlace{Scope: state.ScopeUser, Owner: d.user()}
	switch d.operation.Target {
	case catalog.TargetZone:
		place.Scope, place.Owner = state.ScopeZone, d.zone()
	case catalog.TargetAccount, catalog.TargetBucket:
		place.Scope, place.Owner = state.ScopeAccount, d.account()
	default:
	}
	var path strings.Builder
	if hasJurisdiction(d.operation.Route) {
		jurisdiction := d.http.Header.Get("Cf-R2-Jurisdiction")
		if jurisdiction == "" {
			jurisdiction = defaultJurisdiction
		}
		// No route starts with this character.
		path.WriteString("/@" + url.PathEscape(jurisdiction))
	}
	for _, name := range d.names[scopeSegments(d.operation):n] {
		path.WriteString("/" + url.PathEscape(name))
	}
	place.Path = path.String()
	return place
}

// defaultJurisdiction is that of a request which names none.
const defaultJurisdiction = "default"

// hasJurisdiction reports whether a route is about buckets.
func hasJurisdiction(route string) bool {
	return below(route, "/accounts/{account_id}/r2/buckets") || below(route, "/accounts/{account_id}/event_notifications/r2")
}

// belowDocument is the place of everything that lies below a document.
func belowDocument(place state.DocumentPlace, name string) state.DocumentPlace {
	place.Path += "/" + url.PathEscape(name)
	return place
}

// routed reports whether the path of an item with this name leads to it: a
// name may be that of a route of its own.
func (d *documents) routed(name string) bool {
	if !isName(name) {
		return false
	}
	var path strings.Builder
	for _, segment := range d.names[:d.shape.place] {
		path.WriteString("/" + url.PathEscape(segment))
	}
	path.WriteString("/" + url.PathEscape(name))
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		operation, _, status := catalog.MatchRoute(method, path.String())
		if status == catalog.MatchFound && isPlaceholder(segments(operation.Route)[d.shape.place]) {
			return true
		}
	}
	return false
}

// noun is what a placeholder stands for, in a message.
func noun(placeholder string) string {
	name := strings.Trim(placeholder, "{}")
	for _, suffix := range []string{"_identifier", "_id", "_name"} {
		name = strings.TrimSuffix(name, suffix)
	}
	if name == "id" || name == "identifier" || strings.Contains(name, "}") {
		return "object"
	}
	return strings.ReplaceAll(name, "_", " ")
}
