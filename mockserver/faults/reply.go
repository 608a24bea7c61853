// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faults

import (
	"maps"
	"net/http"
	"strconv"
)

// reply is an http.ResponseWriter that keeps what is written.
type reply struct {
	header  http.Header
	status  int
	body    []byte
	written http.Header // the header as it was when the status was written
}

// record lets next answer the request and keeps the reply.
func record(next http.Handler, r *http.Request) *reply {
	kept := &reply{header: make(http.Header)}
	next.ServeHTTP(kept, r)
	kept.WriteHeader(http.StatusOK)
	return kept
}

// Header is the reply's header.
func (p *reply) Header() http.Header { return p.header }

// WriteHeader keeps the first final status.
func (p *reply) WriteHeader(status int) {
	if p.status != 0 || status < http.StatusOK {
		return
	}
	p.status, p.written = status, p.header.Clone()
}

// Write keeps the bytes.
func (p *reply) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	p.body = append(p.body, b...)
	return len(b), nil
}

// Flush does nothing: the reply is kept as a whole.
func (p *reply) Flush() {}

// truncate passes on the head of the kept reply, announces the whole body, writes half of it, and ends the
// connection.
func (p *reply) truncate(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.written)
	w.Header().Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body[:len(p.body)/2])
	_ = http.NewResponseController(w).Flush() // without support for it the client gets less
	panic(http.ErrAbortHandler)
}
