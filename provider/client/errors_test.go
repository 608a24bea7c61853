// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestIsNotFound(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want bool
	}{
		{"envelope with 1003", &Error{Status: 404, Errors: []APIError{{Code: 1003}}}, true},
		{"wrapped", fmt.Errorf("read: %w", &Error{Status: 404, Errors: []APIError{{Code: 1003}}}), true},
		{"404 without envelope", &Error{Status: 404, Body: "404 page not found"}, false},
		{"404 of an unknown route", &Error{Status: 404, Errors: []APIError{{Code: 7003}}}, false},
		{"404 with another code first", &Error{Status: 404, Errors: []APIError{{Code: 7003}, {Code: 1003}}}, false},
		{"1003 with another status", &Error{Status: 400, Errors: []APIError{{Code: 1003}}}, false},
		{"401", &Error{Status: 401, Errors: []APIError{{Code: 1000}}}, false},
		{"403", &Error{Status: 403, Errors: []APIError{{Code: 10000}}}, false},
		{"410", &Error{Status: 410, Errors: []APIError{{Code: 1003}}}, false},
		{"no reply", &TransportError{Err: context.DeadlineExceeded}, false},
		{"none", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := IsNotFound(tt.err); got != tt.want {
				t.Errorf("IsNotFound = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestIsDenied(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{400: false, 401: true, 403: true, 404: false, 429: false, 500: false} {
		if got := IsDenied(fmt.Errorf("x: %w", &Error{Status: status})); got != want {
			t.Errorf("IsDenied(%d) = %v, want %v", status, got, want)
		}
	}
	if IsDenied(errors.New("x")) {
		t.Error("a foreign error counts as a refusal")
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"refusal without envelope", &Error{Method: "GET", Path: "/user", Status: 502, Body: "bad gateway"}, `GET /user: HTTP status 502: "bad gateway"`},
		{"refusal without anything", &Error{Method: "GET", Path: "/user", Status: 502}, "GET /user: HTTP status 502"},
		{
			"transport", &TransportError{Method: "GET", Path: "/user", Attempts: 3, Err: cause},
			"GET /user: no complete reply after 3 attempt(s): connection reset",
		},
		{
			"unexpected", &UnexpectedReplyError{Method: "GET", Path: "/user", Status: 200, RequestID: "r1", Reason: "the result is missing"},
			"GET /user: HTTP status 200: unexpected reply: the result is missing [request r1]",
		},
		{
			"lost create", &LostCreateError{Name: "ci", CandidateIDs: []string{"a", "b"}, Err: cause},
			`the answer to creating API token "ci" was lost; it may be one of: a, b: connection reset`,
		},
		{
			"lost create, nothing known", &LostCreateError{Name: "ci", Err: cause},
			`the answer to creating API token "ci" was lost; whether it was created could not be found out: connection reset`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
		})
	}
	for _, err := range []error{&TransportError{Err: cause}, &LostCreateError{Err: cause}} {
		if !errors.Is(err, cause) {
			t.Errorf("%T does not unwrap to its cause", err)
		}
	}
}
