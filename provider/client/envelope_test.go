// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestClient_strictAboutTheEnvelope(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		status      int
		contentType string
		body        string
		want        string // part of the reason
	}{
		{"html", 200, "text/html", "<html>Welcome\nto the proxy</html>", `(text/html): "<html>Welcome to the proxy</html>"`},
		{"empty", 200, "", "", "no JSON envelope"},
		{"no content", 204, "", "", "no JSON envelope"},
		{"json without success", 200, "application/json", `{"result":{"id":"x"}}`, "no JSON envelope"},
		{"success of another type", 200, "application/json", `{"success":"yes","result":{}}`, "no JSON envelope"},
		{"array", 200, "application/json", `[]`, "no JSON envelope"},
		{"null result", 200, "application/json", `{"success":true,"result":null}`, "the result is missing"},
		{"no result", 200, "application/json", `{"success":true}`, "the result is missing"},
		{"result of another form", 200, "application/json", `{"success":true,"result":[1]}`, "another form"},
		{"trailing data", 200, "application/json", `{"success":true,"result":{"id":"x"}}{}`, "no JSON envelope"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				w.Header().Set("X-Request-Id", "req-7")
				w.WriteHeader(tt.status)
				fmt.Fprint(w, tt.body)
			})
			c, _ := newTestClient(t, api.URL)
			_, err := c.Zone(t.Context(), hexID)
			var unexpected *UnexpectedReplyError
			if !errors.As(err, &unexpected) {
				t.Fatalf("error = %v, want *UnexpectedReplyError", err)
			}
			if !strings.Contains(unexpected.Reason, tt.want) {
				t.Errorf("reason = %q, want %q in it", unexpected.Reason, tt.want)
			}
			if unexpected.RequestID != "req-7" || unexpected.Status != tt.status {
				t.Errorf("request id, status = %q, %d", unexpected.RequestID, unexpected.Status)
			}
			if api.count("", "") != 1 {
				t.Errorf("requests = %d, want 1", api.count("", ""))
			}
		})
	}
}

func TestClient_refusal(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cf-Ray", "8f00ba4")
		w.Header().Set("X-Request-Id", "other")
		w.Header().Set("Retry-After", "9")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"success":false,"messages":[],"result":null,"errors":[
			{"code":10000,"message":"Authentication error","error_chain":[
				{"code":10000,"message":"no_matching_grant: nothing","error_chain":[{"code":3,"message":"deep"}]}]},
			{"code":1001,"message":"second","source":{"pointer":"/policies/0"}}]}`)
	})
	c, _ := newTestClient(t, api.URL)
	_, err := c.Zone(t.Context(), hexID)
	var got *Error
	if !errors.As(err, &got) {
		t.Fatalf("error = %v, want *Error", err)
	}
	want := &Error{
		Method: http.MethodGet, Path: "/zones/" + hexID, Status: 403, RequestID: "8f00ba4", RetryAfter: 9 * time.Second, Attempts: 1,
		Errors: []APIError{
			{
				Code: 10000, Message: "Authentication error",
				Chain: []APIError{{Code: 10000, Message: "no_matching_grant: nothing", Chain: []APIError{{Code: 3, Message: "deep"}}}},
			},
			{Code: 1001, Message: "second", Pointer: "/policies/0"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if got.Code() != 10000 || !got.HasCode(1001) || !got.HasCode(3) || got.HasCode(4) {
		t.Errorf("codes: Code %d, HasCode(1001) %v, HasCode(3) %v, HasCode(4) %v", got.Code(), got.HasCode(1001), got.HasCode(3), got.HasCode(4))
	}
	if chain := got.Chain(); len(chain) != 2 || chain[1].Message != "deep" {
		t.Errorf("chain = %+v", chain)
	}
	const text = "GET /zones/" + hexID + ": HTTP status 403: Authentication error (code 10000); second (code 1001) [request 8f00ba4]"
	if got.Error() != text {
		t.Errorf("text = %q, want %q", got.Error(), text)
	}
	if !IsDenied(err) || IsNotFound(err) {
		t.Errorf("IsDenied %v, IsNotFound %v; want true, false", IsDenied(err), IsNotFound(err))
	}
}

func TestClient_failureWithoutEnvelope(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, strings.Repeat("é", 500), http.StatusForbidden)
	})
	c, _ := newTestClient(t, api.URL)
	_, err := c.Zone(t.Context(), hexID)
	var got *Error
	if !errors.As(err, &got) {
		t.Fatalf("error = %v, want *Error", err)
	}
	if want := strings.Repeat("é", maxQuote) + " …"; got.Body != want {
		t.Errorf("body = %q, want the first %d characters", got.Body, maxQuote)
	}
	if got.Code() != 0 || len(got.Errors) != 0 {
		t.Errorf("code %d, errors %v; want none", got.Code(), got.Errors)
	}

	_, err = c.GetToken(t.Context(), Owner{}, hexID)
	if !errors.As(err, &got) {
		t.Fatalf("error = %v, want *Error", err)
	}
	if got.Body != "" {
		t.Errorf("a reply of a token endpoint was quoted: %q", got.Body)
	}
}

func TestClient_successFalse(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusOK, 1001, "refused with 200") })
	c, _ := newTestClient(t, api.URL)
	_, err := c.Zone(t.Context(), hexID)
	var got *Error
	if !errors.As(err, &got) || got.Status != http.StatusOK || got.Code() != 1001 {
		t.Errorf("error = %v, want an *Error of status 200 and code 1001", err)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header http.Header
		want   string
	}{
		{http.Header{}, ""},
		{http.Header{"Cf-Ray": {"a"}}, "a"},
		{http.Header{"X-Request-Id": {"b"}}, "b"},
		{http.Header{"Cf-Ray": {"a"}, "X-Request-Id": {"b"}}, "a"},
		{http.Header{"Cf-Ray": {""}, "X-Request-Id": {"b"}}, "b"},
	}
	for _, tt := range tests {
		if got := requestID(tt.header); got != tt.want {
			t.Errorf("requestID(%v) = %q, want %q", tt.header, got, tt.want)
		}
	}
}
