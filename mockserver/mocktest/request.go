// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mocktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Envelope is a reply of the API.
type Envelope struct {
	Success  bool            `json:"success"`
	Errors   []Error         `json:"errors"`
	Messages []Error         `json:"messages"`
	Result   json.RawMessage `json:"result"`
	Info     *Info           `json:"result_info"`
}

// Error is one error of a reply, or one of its messages.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Source  struct {
		Pointer string `json:"pointer"`
	} `json:"source"`
	// Chain explains a refusal: "<reason>: <sentence>" (authorization model §9).
	Chain []Error `json:"error_chain"`
}

// Info is what a list says of its pages.
type Info struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
	TotalPages int `json:"total_pages"`
}

// Code is the code of the first error, zero when there is none.
func (e Envelope) Code() int {
	if len(e.Errors) == 0 {
		return 0
	}
	return e.Errors[0].Code
}

// Decode reads the result into v.
func (e Envelope) Decode(v any) error {
	if err := json.Unmarshal(e.Result, v); err != nil {
		return fmt.Errorf("result of the reply: %w", err)
	}
	return nil
}

// Request returns a request below the API's base path that presents the credential with that ref, none for
// "". A body that is a string, a []byte or a json.RawMessage is sent as it is, any other as JSON; nil is no
// body. An unknown ref fails the test.
func (s *Server) Request(ref, method, path string, body any) *http.Request {
	s.tb.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = bytes.NewReader([]byte(b))
	case []byte:
		reader = bytes.NewReader(b)
	case json.RawMessage:
		reader = bytes.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			s.tb.Fatalf("mocktest: body of %s %s: %v", method, path, err)
		}
		reader = bytes.NewReader(encoded)
	}
	r, err := http.NewRequestWithContext(s.tb.Context(), method, s.BaseURL+path, reader)
	if err != nil {
		s.tb.Fatalf("mocktest: %v", err)
	}
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if ref != "" {
		s.Credential(ref).Authorize(r.Header)
	}
	return r
}

// Do sends a request as [Server.Request] makes it and returns the status and the reply. A request without a
// whole reply in the API's envelope fails the test; to see lost replies, send the Request with a client.
func (s *Server) Do(ref, method, path string, body any) (int, Envelope) {
	s.tb.Helper()
	resp, err := s.client.Do(s.Request(ref, method, path, body))
	if err != nil {
		s.tb.Fatalf("mocktest: %v", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.tb.Fatalf("mocktest: reply to %s %s: %v", method, path, err)
	}
	var envelope Envelope
	if method != http.MethodHead {
		if err := json.Unmarshal(text, &envelope); err != nil {
			s.tb.Fatalf("mocktest: reply to %s %s with status %d: %v", method, path, resp.StatusCode, err)
		}
	}
	return resp.StatusCode, envelope
}
