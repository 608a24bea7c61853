// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
)

// call is one request of the API before it is sent.
type call struct {
	method string
	// segments is the path below the base URL, unescaped. An empty segment is refused: it would turn
	// a request for one object into one for the collection.
	segments []string
	query    url.Values
	// body is sent as JSON; nil sends none.
	body any
	// repeatable marks a PATCH that states the whole of what it changes, so that sending it twice is
	// the same as once.
	repeatable bool
	// secretReply marks endpoints whose replies may hold a secret: nothing of them is ever quoted.
	secretReply bool
}

// reply is a successful answer.
type reply struct {
	result    json.RawMessage
	info      resultInfo
	status    int
	requestID string
}

func (q call) path() (string, error) {
	var b strings.Builder
	for _, segment := range q.segments {
		if segment == "" || segment == "." || segment == ".." {
			return "", fmt.Errorf("%s: id %q cannot be part of a path", q.method, segment)
		}
		b.WriteByte('/')
		b.WriteString(url.PathEscape(segment))
	}
	return b.String(), nil
}

// do sends the call, repeats it as the retry policy says, and returns the envelope of a success.
// Every failure is an [Error], a [TransportError] or an [UnexpectedReplyError], except for a call
// that cannot be built.
func (c *Client) do(ctx context.Context, q call) (*reply, error) {
	return c.doWith(ctx, q, &callState{})
}

// doWith is do for a caller who wants to know what became of the attempts. The state is a fresh one.
func (c *Client) doWith(ctx context.Context, q call, state *callState) (*reply, error) {
	path, err := q.path()
	if err != nil {
		return nil, err
	}
	state.method, state.path, state.repeatable = q.method, path, q.repeatable
	if q.method != http.MethodGet {
		// Whatever becomes of a write, no read that begins after it may be answered from before it.
		c.reads.drop()
		defer c.reads.drop()
	}
	req, err := c.newRequest(withLog(withCallState(ctx, state)), q, path)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, &TransportError{Method: q.method, Path: path, Attempts: state.count(), Err: cause(state, err)}
	}
	defer resp.Body.Close()
	return c.parse(q, path, resp, state.count())
}

func (c *Client) newRequest(ctx context.Context, q call, path string) (*retryablehttp.Request, error) {
	target := c.baseURL + path
	if len(q.query) > 0 {
		target += "?" + q.query.Encode()
	}
	var body any
	if q.body != nil {
		raw, err := json.Marshal(q.body)
		if err != nil {
			return nil, fmt.Errorf("%s: encode request: %w", requestTarget(q.method, path), err)
		}
		body = raw
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, q.method, target, body)
	if err != nil {
		return nil, fmt.Errorf("%s: build request: %w", requestTarget(q.method, path), err)
	}
	c.authorize(req.Header)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	if q.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// cause strips the URL that net/http puts around an error: the path is already in ours, the query
// need not be. An ended context keeps the error of the last attempt, which says why time ran out.
func cause(state *callState, err error) error {
	err = withoutURL(err)
	if last := withoutURL(state.lastError()); last != nil && isContextError(err) && !isContextError(last) {
		return fmt.Errorf("%w (last attempt: %w)", err, last)
	}
	return err
}

func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// read sends a call and decodes its result into a T. A null result is not a T.
func read[T any](ctx context.Context, c *Client, q call) (T, error) {
	var out T
	r, err := c.do(ctx, q)
	if err != nil {
		return out, err
	}
	err = r.decode(q, &out)
	return out, err
}

func (r *reply) decode(q call, out any) error {
	if len(r.result) == 0 || string(r.result) == "null" {
		return r.unexpected(q, "the result is missing")
	}
	if err := json.Unmarshal(r.result, out); err != nil {
		return r.unexpected(q, "the result has another form: "+err.Error())
	}
	return nil
}

func (r *reply) unexpected(q call, reason string) error {
	path, err := q.path()
	if err != nil {
		return err
	}
	return &UnexpectedReplyError{Method: q.method, Path: path, Status: r.status, RequestID: r.requestID, Reason: reason}
}

func get(segments ...string) call { return call{method: http.MethodGet, segments: segments} }
