// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuote bounds, in characters, what is quoted of a reply that is no envelope.
const maxQuote = 200

type envelope struct {
	Success *bool           `json:"success"`
	Errors  []wireError     `json:"errors"`
	Result  json.RawMessage `json:"result"`
	Info    resultInfo      `json:"result_info"`
}

type wireError struct {
	Code    int         `json:"code"`
	Message string      `json:"message"`
	Chain   []wireError `json:"error_chain"`
	Source  struct {
		Pointer string `json:"pointer"`
	} `json:"source"`
}

type resultInfo struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	TotalPages int `json:"total_pages"`
}

// parse turns a final response into a reply or an error. It is strict: success is a 2xx status with
// an envelope that says so, and nothing else.
func (c *Client) parse(q call, path string, resp *http.Response, attempts int) (*reply, error) {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, &TransportError{Method: q.method, Path: path, Attempts: attempts, Err: err}
	}
	id := c.quote(requestID(resp.Header))
	unexpected := func(reason string) error {
		return &UnexpectedReplyError{Method: q.method, Path: path, Status: resp.StatusCode, RequestID: id, Reason: reason}
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return nil, unexpected(redirectReason(resp))
	}
	var env envelope
	isEnvelope := json.Unmarshal(body, &env) == nil && env.Success != nil
	ok := resp.StatusCode >= 200 && resp.StatusCode < 300
	switch {
	case ok && isEnvelope && *env.Success:
		return &reply{result: env.Result, info: env.Info, status: resp.StatusCode, requestID: id}, nil
	case ok && !isEnvelope:
		return nil, unexpected(c.describe(q, resp, body))
	}
	failure := &Error{
		Method: q.method, Path: path, Status: resp.StatusCode, RequestID: id, Attempts: attempts,
		RetryAfter: retryAfter(resp.Header, c.env.now()),
	}
	if isEnvelope {
		failure.Errors = c.apiErrors(env.Errors)
	} else if !q.secretReply {
		failure.Body = c.quote(string(body))
	}
	return nil, failure
}

func (c *Client) apiErrors(items []wireError) []APIError {
	if len(items) == 0 {
		return nil
	}
	out := make([]APIError, 0, len(items))
	for _, item := range items {
		out = append(out, APIError{
			Code:    item.Code,
			Message: c.redact(item.Message),
			Chain:   c.apiErrors(item.Chain),
			Pointer: c.redact(item.Source.Pointer),
		})
	}
	return out
}

// describe names a body that should have been an envelope. Of endpoints that answer with secrets it
// quotes nothing.
func (c *Client) describe(q call, resp *http.Response, body []byte) string {
	kind := resp.Header.Get("Content-Type")
	if kind == "" {
		kind = "no content type"
	}
	text := fmt.Sprintf("no JSON envelope with \"success\" came back but %d bytes (%s)", len(body), c.quote(kind))
	if q.secretReply || len(body) == 0 {
		return text
	}
	return fmt.Sprintf("%s: %q", text, c.quote(string(body)))
}

// quote cuts a foreign text down to what can be shown: at most 200 printable characters. The
// credential is removed before the cut, which might otherwise leave half of it.
func (c *Client) quote(text string) string {
	rest := c.redact(text)
	var b strings.Builder
	for range maxQuote {
		if rest == "" {
			break
		}
		r, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	short := strings.Join(strings.Fields(b.String()), " ")
	if rest != "" {
		short += " …"
	}
	return short
}

// redirectReason names where a redirect points by scheme and host alone: path and query of a
// Location may hold a secret.
func redirectReason(resp *http.Response) string {
	target := "nowhere"
	if location, err := url.Parse(resp.Header.Get("Location")); err == nil && location.Host != "" {
		target = location.Scheme + "://" + location.Host
	} else if err == nil && location.Path != "" {
		target = "another path of the same host"
	}
	return "it redirects to " + target + ", which is not followed because the request carries a credential"
}

// refuseRedirect hands the redirect itself to the caller.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// requestID is the API's name for an exchange, from whichever header carries it.
func requestID(h http.Header) string {
	for _, name := range []string{"Cf-Ray", "X-Request-Id"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}
