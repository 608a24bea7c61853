// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// reply is what a handler answers.
type reply struct {
	result   any
	info     *resultInfo
	messages []message
	// text, when not empty, is answered as it is instead of an envelope.
	text string
	// contentType, when not empty, says that content is answered as it is.
	contentType string
	content     []byte
}

// result makes the reply that holds a single object or a plain value.
func result(value any) *reply { return &reply{result: value} }

// deleted is the result of deletions.
type deleted struct {
	ID string `json:"id"`
}

// successEnvelope has result first: clients that read replies as text take
// the first field that looks like an id for the object's own.
type successEnvelope struct {
	Result   any         `json:"result"`
	Success  bool        `json:"success"`
	Errors   []errorItem `json:"errors"`
	Messages []message   `json:"messages"`
	Info     *resultInfo `json:"result_info,omitempty"`
}

type errorEnvelope struct {
	Success  bool        `json:"success"`
	Errors   []errorItem `json:"errors"`
	Messages []message   `json:"messages"`
	Result   any         `json:"result"`
}

type message struct {
	Code    int     `json:"code"`
	Message string  `json:"message"`
	Type    *string `json:"type"`
}

type errorItem struct {
	Code    int          `json:"code"`
	Message string       `json:"message"`
	Source  *errorSource `json:"source,omitempty"`
	Chain   []chainItem  `json:"error_chain,omitempty"`
}

type errorSource struct {
	Pointer string `json:"pointer"`
}

type chainItem struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// instant is a time on the wire: UTC, whole seconds.
type instant time.Time

// MarshalJSON writes the instant as RFC 3339 with Z.
func (t instant) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format(`"2006-01-02T15:04:05Z"`)), nil
}

// optionalInstant is nil for the zero time.
func optionalInstant(t time.Time) *instant {
	if t.IsZero() {
		return nil
	}
	w := instant(t)
	return &w
}

// bound is an instant that decides: it is shown as exactly as it is compared,
// so that a client that sends it back sends the same one.
type bound time.Time

// MarshalJSON writes the instant as RFC 3339 with Z, and with as many digits
// of a second as it has.
func (t bound) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format(`"` + time.RFC3339Nano + `"`)), nil
}

// optionalBound is nil for the zero time.
func optionalBound(t time.Time) *bound {
	if t.IsZero() {
		return nil
	}
	w := bound(t)
	return &w
}

// writeReply writes a success.
func writeReply(w http.ResponseWriter, r *reply) {
	if r.contentType != "" {
		h := w.Header()
		h.Set("Content-Type", r.contentType)
		// It is a client's own, so that no browser may take it for a page of
		// this server.
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(r.content) // A client that has gone is no failure of the server.
		return
	}
	if r.text != "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, r.text) // A client that has gone is no failure of the server.
		return
	}
	messages := r.messages
	if messages == nil {
		messages = []message{}
	}
	writeJSON(w, http.StatusOK, successEnvelope{
		Result: r.result, Success: true, Errors: []errorItem{}, Messages: messages, Info: r.info,
	})
}

// writeRefusal writes an error reply. Replies about members carry an empty
// list where others carry null.
func writeRefusal(w http.ResponseWriter, r *refusal, emptyList bool) {
	if len(r.allow) > 0 {
		w.Header().Set("Allow", strings.Join(r.allow, ", "))
	}
	if r.status >= http.StatusInternalServerError {
		// Clients that honour it do not repeat what cannot succeed.
		w.Header().Set("X-Should-Retry", "false")
	}
	var result any
	if emptyList {
		result = []struct{}{}
	}
	writeJSON(w, r.status, errorEnvelope{Errors: r.items, Messages: []message{}, Result: result})
}

func writeJSON(w http.ResponseWriter, status int, envelope any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(envelope); err != nil {
		// Replies are made of this package's own types, which always encode;
		// a value that does not must still end as a well-formed reply.
		status = errInternal.Status
		body.Reset()
		body.WriteString(`{"success":false,"errors":[{"code":500,"message":"Internal server error"}],"messages":[],"result":null}` + "\n")
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // A client that has gone is no failure of the server.
}
