// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// outcome is what became of a request.
type outcome string

const (
	allow  outcome = "allow"
	refuse outcome = "refuse"
	// broken is neither: the server answered with something that no row expects.
	broken outcome = "error"
)

// request is one call of the API below its base path.
type request struct {
	method, path string
	body         any
	// from is the address that the request claims to come from; empty is the real one.
	from string
}

// String shows the request, with the address where it claims one.
func (r request) String() string {
	text := r.method + " " + r.path
	if r.from != "" {
		text += ", from " + r.from
	}
	return text
}

// answer is what the server said.
type answer struct {
	outcome outcome
	// reason is the name of the gate's reason where the server explains itself, else the error code
	// with its text.
	reason string
	result json.RawMessage
}

// envelope is the part of every reply that the demo reads.
type envelope struct {
	Success bool            `json:"success"`
	Result  json.RawMessage `json:"result"`
	Errors  []struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Chain   []struct {
			Message string `json:"message"`
		} `json:"error_chain"`
	} `json:"errors"`
}

// codeRecordAbsent is what the API says of a record that is not there or that the caller may not see.
const codeRecordAbsent = 81044

// maxReply bounds what is read of a reply; none of the demo's is near it.
const maxReply = 4 << 20

// api sends requests to the server.
type api struct {
	base   string
	client *http.Client
}

func newAPI(base string) *api {
	return &api{base: base, client: &http.Client{Timeout: 15 * time.Second}}
}

// send makes one request as the credential.
func (a *api) send(ctx context.Context, as credential, r request) (answer, error) {
	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return answer{}, err
		}
		body = bytes.NewReader(encoded)
	}
	call, err := http.NewRequestWithContext(ctx, r.method, a.base+r.path, body)
	if err != nil {
		return answer{}, err
	}
	if as.Kind == kindGlobalKey {
		call.Header.Set("X-Auth-Email", as.Email)
		call.Header.Set("X-Auth-Key", as.Value)
	} else {
		call.Header.Set("Authorization", "Bearer "+as.Value)
	}
	if body != nil {
		call.Header.Set("Content-Type", "application/json")
	}
	if r.from != "" {
		call.Header.Set("X-Forwarded-For", r.from)
	}
	reply, err := a.client.Do(call)
	if err != nil {
		return answer{}, err
	}
	defer reply.Body.Close()
	content, err := io.ReadAll(io.LimitReader(reply.Body, maxReply))
	if err != nil {
		return answer{}, err
	}
	return judge(reply.StatusCode, content)
}

// judge turns a reply into an answer. Only a refusal by the access rules counts as one: a request that
// fails for another reason proves nothing about access.
func judge(status int, content []byte) (answer, error) {
	var reply envelope
	if err := json.Unmarshal(content, &reply); err != nil {
		return answer{}, fmt.Errorf("status %d without the API's envelope: %w", status, err)
	}
	if status >= 200 && status < 300 && reply.Success {
		return answer{outcome: allow, result: reply.Result}, nil
	}
	if len(reply.Errors) == 0 {
		return answer{}, fmt.Errorf("status %d without an error", status)
	}
	first := reply.Errors[0]
	result := answer{outcome: broken, reason: fmt.Sprintf("%d %s", first.Code, first.Message)}
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		result.outcome = refuse
	case status == http.StatusNotFound && first.Code == codeRecordAbsent:
		result.outcome = refuse
	default:
		result.reason = fmt.Sprintf("status %d: %s", status, result.reason)
	}
	if len(first.Chain) > 0 {
		if name, _, found := strings.Cut(first.Chain[0].Message, ": "); found && result.outcome == refuse {
			result.reason = name
		}
	}
	return result, nil
}

// must is for what the demo itself needs: anything but allow is an error.
func (a *api) must(ctx context.Context, as credential, r request, into any) error {
	got, err := a.send(ctx, as, r)
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	if got.outcome != allow {
		return fmt.Errorf("%s %s: %s", r.method, r.path, got.reason)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(got.result, into); err != nil {
		return errors.Join(fmt.Errorf("%s %s: unexpected result", r.method, r.path), err)
	}
	return nil
}
