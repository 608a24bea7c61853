// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Problem is one thing that is wrong with a request.
type Problem struct {
	// Path is a JSON pointer into the request's body, "" for all of it.
	Path string `json:"path"`
	// Message says what is wrong and what would be right.
	Message string `json:"message"`
	// Nearest are names that exist and may have been meant; often none.
	Nearest []string `json:"nearest,omitempty"`
}

// RequestError is why a request was not answered.
type RequestError struct {
	// Status is the HTTP status.
	Status int `json:"-"`
	// Message says in one sentence what was wrong.
	Message string `json:"message"`
	// Problems list what is wrong with the body, all at once; empty when it
	// is not about the body.
	Problems []Problem `json:"problems,omitempty"`
}

// Error is the message with the problems.
func (f *RequestError) Error() string {
	texts := []string{f.Message}
	for _, p := range f.Problems {
		texts = append(texts, p.Path+": "+p.Message)
	}
	return strings.Join(texts, "; ")
}

func fail(status int, format string, args ...any) *RequestError {
	return &RequestError{Status: status, Message: fmt.Sprintf(format, args...)}
}

// failure is the problems as one failure, nil when there are none.
func (p *problems) failure() error {
	if len(p.list) == 0 {
		return nil
	}
	message := "the request has a problem"
	if n := len(p.list); n > 1 {
		message = fmt.Sprintf("the request has %d problems", n)
	}
	return &RequestError{Status: http.StatusBadRequest, Message: message, Problems: p.list}
}

// write answers JSON.
func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // replies hold strings, numbers and times of four-digit years alone
		status, text = http.StatusInternalServerError, []byte(`{"error":{"message":"the reply cannot be encoded"}}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a client that went away needs no reply
}

// writeFailure answers a failure.
func writeFailure(w http.ResponseWriter, f *RequestError) {
	write(w, f.Status, struct {
		Error *RequestError `json:"error"`
	}{f})
}
