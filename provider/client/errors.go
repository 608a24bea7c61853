// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Codes of the API that the provider acts upon. They are part of the wire contract.
const (
	// CodeInvalid is a request that the API refuses for its content.
	CodeInvalid = 1001
	// CodeNotFound is an object that does not exist.
	CodeNotFound = 1003
	// CodeNoRoute is a path that names nothing: an unknown route or an id of the wrong form.
	CodeNoRoute = 7003
)

// APIError is one entry of the envelope's error list.
type APIError struct {
	// Code is the API's number for the failure; 0 occurs.
	Code int
	// Message is the API's own text, freed of the credential should it echo it.
	Message string
	// Chain explains the error further; explained refusals put "<reason>: <sentence>" here.
	Chain []APIError
	// Pointer is a JSON pointer into the request body, empty where the API gives none.
	Pointer string
}

// Error is an answer of the API that is not success. It is what [errors.As] finds for every refusal.
type Error struct {
	Method, Path string
	// Status is the HTTP status of the final attempt.
	Status int
	// Errors is the envelope's list; empty when the reply was no envelope.
	Errors []APIError
	// Body is the start of a reply that was no envelope, at most 200 characters, and empty for token
	// endpoints, whose replies may hold a secret.
	Body string
	// RequestID is the API's name for the exchange, empty where it gives none.
	RequestID string
	// RetryAfter is how long the API asks to wait; zero when it does not say.
	RetryAfter time.Duration
	// Attempts counts the requests that were sent, at least 1.
	Attempts int
}

// BeforeCreateError is a create that was not sent, since the owner's tokens could not be listed before it: without
// that list an answer that gets lost could not be settled.
type BeforeCreateError struct {
	// Err is why the list could not be read.
	Err error
}

// Error says what failed.
func (e *BeforeCreateError) Error() string {
	return "list API tokens before the first create: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *BeforeCreateError) Unwrap() error { return e.Err }

// Error says what was asked and what came back, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: HTTP status %d", requestTarget(e.Method, e.Path), e.Status)
	for i, item := range e.Errors {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		fmt.Fprintf(&b, "%s%s (code %d)", sep, item.Message, item.Code)
	}
	if len(e.Errors) == 0 && e.Body != "" {
		fmt.Fprintf(&b, ": %q", e.Body)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " [request %s]", e.RequestID)
	}
	return b.String()
}

// Code is the code of the first entry, or 0 when the reply was no envelope.
func (e *Error) Code() int {
	if len(e.Errors) == 0 {
		return 0
	}
	return e.Errors[0].Code
}

// HasCode says whether an entry, or an entry of its chain, has the code.
func (e *Error) HasCode(code int) bool {
	for _, item := range e.Errors {
		if item.Code == code {
			return true
		}
	}
	for _, item := range e.Chain() {
		if item.Code == code {
			return true
		}
	}
	return false
}

// Chain lists the chain entries of all errors in order, nested ones after their parent.
func (e *Error) Chain() []APIError {
	var all []APIError
	var walk func([]APIError)
	walk = func(items []APIError) {
		for _, item := range items {
			all = append(all, item)
			walk(item.Chain)
		}
	}
	for _, item := range e.Errors {
		walk(item.Chain)
	}
	return all
}

// TransportError is a call that ended without a complete reply: the API was never reached, the
// connection broke, or time ran out. Whether the API acted on a write is not known.
type TransportError struct {
	Method, Path string
	// Attempts counts the requests that were sent or tried.
	Attempts int
	// Err is the cause of the last attempt.
	Err error
}

// Error says what was asked and why no reply came.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s: no complete reply after %d attempt(s): %v", requestTarget(e.Method, e.Path), e.Attempts, e.Err)
}

// Unwrap returns the cause of the last attempt.
func (e *TransportError) Unwrap() error { return e.Err }

// UnexpectedReplyError is a reply that does not keep the wire contract: success without an envelope,
// a redirect, a result of another form, a list whose pages repeat each other, or a change that was
// acknowledged and not made.
type UnexpectedReplyError struct {
	Method, Path string
	Status       int
	RequestID    string
	// Reason says what is wrong with the reply.
	Reason string
}

// Error says what was asked and what is wrong with the reply.
func (e *UnexpectedReplyError) Error() string {
	text := fmt.Sprintf("%s: HTTP status %d: unexpected reply: %s", requestTarget(e.Method, e.Path), e.Status, e.Reason)
	if e.RequestID != "" {
		text += fmt.Sprintf(" [request %s]", e.RequestID)
	}
	return text
}

// LostCreateError is a create whose answer was lost and that could not be settled: tokens exist
// which may or may not be the one that was asked for. None of them was deleted.
type LostCreateError struct {
	// Name is the name of the token that was to be created.
	Name string
	// CandidateIDs are the tokens that may be the created one, sorted. It is empty when even that
	// could not be found out.
	CandidateIDs []string
	// CreatedID is the token that was made in place of the lost one before the settlement failed; its
	// secret is known. It is empty where there is none.
	CreatedID string
	// Err is why the answer was lost, or why the settlement failed.
	Err error
	// KeptID is the candidate that is returned beside the error, for the caller to keep track of. Empty is none.
	KeptID string
}

// Error names the candidates and the cause.
func (e *LostCreateError) Error() string {
	found := "whether it was created could not be found out"
	if len(e.CandidateIDs) > 0 {
		found = "it may be one of: " + strings.Join(e.CandidateIDs, ", ")
	}
	return fmt.Sprintf("the answer to creating API token %q was lost; %s: %v", e.Name, found, e.Err)
}

// Unwrap returns the cause.
func (e *LostCreateError) Unwrap() error { return e.Err }

// LostRollError is a roll that may have been carried out although it failed: the old secret may be
// dead, and nobody holds the one in its place.
type LostRollError struct {
	// Err is why no answer came, or why the last attempt failed.
	Err error
}

// Error says so, and gives the cause.
func (e *LostRollError) Error() string {
	return "the answer to replacing the secret of an API token was lost: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *LostRollError) Unwrap() error { return e.Err }

// IsNotFound says whether err proves that an object is gone: a request for it by id was answered 404
// with the envelope and the not-found code. Nothing else is proof: not 401, 403, an unknown route, a
// 404 of some proxy, or absence from a list.
func IsNotFound(err error) bool {
	var api *Error
	if !errors.As(err, &api) || api.Status != http.StatusNotFound {
		return false
	}
	return api.Code() == CodeNotFound
}

// IsDenied says whether err is a refusal of the credential or of its rights: status 401 or 403.
func IsDenied(err error) bool {
	var api *Error
	if !errors.As(err, &api) {
		return false
	}
	return api.Status == http.StatusUnauthorized || api.Status == http.StatusForbidden
}
