// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// row says how one operation is carried out; T is what its body is read into.
type row[T any] struct {
	// read reads the body; nil when the operation looks at none.
	read func(*object) T
	// emptyBody lets a request without a body pass as one with {}.
	emptyBody bool
	// targets replaces the targets that the path alone names; it reports
	// false when the body lacks what names them.
	targets func(*exchange, T) ([]authz.Target, bool)
	// adjust adds what this request asks beyond the operation's row.
	adjust func(*exchange, T, *authz.Request)
	// handle carries the operation out after it was allowed.
	handle func(*exchange, T) (*reply, error)
}

// nothing is the input of operations without a body.
type nothing struct{}

// endpoint is a row whose input's type is hidden.
type endpoint struct {
	read      func(*bodyReader, value) any
	emptyBody bool
	// take, when not nil, reads the body instead of read, whatever it is.
	take    func(*exchange, []byte)
	targets func(*exchange) ([]authz.Target, bool)
	adjust  func(*exchange)
	handle  func(*exchange) (*reply, error)
	// work says what a request for several records does in all; nil for
	// requests whose targets are all that they act on.
	work workOf
}

func (w row[T]) endpoint() *endpoint {
	e := &endpoint{emptyBody: w.emptyBody}
	if w.read != nil {
		e.read = func(r *bodyReader, v value) any {
			o := r.object(v)
			in := w.read(o)
			o.end()
			return in
		}
	}
	if w.targets != nil {
		e.targets = func(x *exchange) ([]authz.Target, bool) { return w.targets(x, inputOf[T](x)) }
	}
	if w.adjust != nil {
		e.adjust = func(x *exchange) { w.adjust(x, inputOf[T](x), &x.request) }
	}
	if w.handle != nil {
		e.handle = func(x *exchange) (*reply, error) { return w.handle(x, inputOf[T](x)) }
	}
	return e
}

// inputOf returns what the row's reader made; rows without a reader have the
// zero value.
func inputOf[T any](x *exchange) T {
	in, _ := x.input.(T)
	return in
}

// get makes the endpoint of an operation that looks at no body.
func plain(handle func(*exchange) (*reply, error)) *endpoint {
	return row[nothing]{handle: func(x *exchange, _ nothing) (*reply, error) { return handle(x) }}.endpoint()
}
