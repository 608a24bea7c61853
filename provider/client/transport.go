// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// errBodyTooLarge is a reply larger than the client reads. Asking again would bring it again.
var errBodyTooLarge = errors.New("the reply is larger than the client accepts")

// newTransport returns the client's own pool. It keeps as many idle connections as Terraform may
// have operations in flight, so that parallel reads do not dial for every request.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 neverForPlainHTTP(http.ProxyFromEnvironment),
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          128,
		MaxIdleConnsPerHost:   128,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// neverForPlainHTTP keeps plain http from proxies, which would see the credential. Plain http goes to
// loopback alone, and not every spelling of that is one that the environment's rules spare.
func neverForPlainHTTP(choose func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(req *http.Request) (*url.URL, error) {
		if req.URL.Scheme == "http" {
			return nil, nil
		}
		return choose(req)
	}
}

// bodyReader reads a reply to its end within the attempt, up to a limit. A reply that breaks off is
// thereby a failed attempt, which the retry policy judges like any other, and never half an answer.
type bodyReader struct {
	next  http.RoundTripper
	limit int64
}

// RoundTrip returns a response whose body is in memory.
func (b *bodyReader) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, b.limit+1))
	closeErr := resp.Body.Close()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read reply: %w", err)
	case int64(len(data)) > b.limit:
		return nil, fmt.Errorf("%w: more than %d bytes", errBodyTooLarge, b.limit)
	case closeErr != nil:
		return nil, fmt.Errorf("close reply: %w", closeErr)
	}
	resp.Body = io.NopCloser(bytes.NewReader(data))
	return resp, nil
}

// attemptTimeout bounds one attempt. It sits inside the rate limit, so that waiting for one's turn
// does not count.
type attemptTimeout struct {
	next  http.RoundTripper
	limit time.Duration
}

// RoundTrip ends the attempt when its time is up. The reply is complete before the time limit is
// lifted, since the body reader is further inside.
func (a *attemptTimeout) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), a.limit, errAttemptTimeout(a.limit))
	defer cancel()
	resp, err := a.next.RoundTrip(req.WithContext(ctx))
	if err == nil || req.Context().Err() != nil || ctx.Err() == nil {
		return resp, err
	}
	cause := context.Cause(ctx)
	if errors.Is(err, cause) && !neverConnected(err) {
		// The transport hands on the cause as it is; there is nothing else to say.
		return nil, cause
	}
	return nil, fmt.Errorf("%w: %w", cause, err)
}

func errAttemptTimeout(limit time.Duration) error {
	return fmt.Errorf("no complete reply within %s (request_timeout)", limit)
}
