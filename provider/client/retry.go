// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// callState follows one call through its attempts. The retry policy sees a response or an error and
// nothing of the request, so what it needs to know travels in the context.
type callState struct {
	method, path string
	repeatable   bool

	mu       sync.Mutex
	attempts int
	last     error
	// unsettled is set once an attempt may have been carried out without our hearing of it.
	unsettled bool
}

type callStateKey struct{}

func withCallState(ctx context.Context, s *callState) context.Context {
	return context.WithValue(ctx, callStateKey{}, s)
}

func callStateFrom(ctx context.Context) *callState {
	if s, ok := ctx.Value(callStateKey{}).(*callState); ok {
		return s
	}
	// A request that did not come through Client.do is repeated like a POST: almost never.
	return &callState{method: http.MethodPost}
}

// begin counts an attempt and returns its number, the first being 1.
func (s *callState) begin() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts++
	return s.attempts
}

func (s *callState) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}

func (s *callState) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = err
}

func (s *callState) lastError() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// judge notes whether the attempt that ended so may have been carried out: the server was reached and
// neither confirmed nor refused.
func (s *callState) judge(resp *http.Response, err error) {
	var open bool
	if err != nil {
		open = !neverConnected(err) && !isCertificateError(err) && !errors.Is(err, errNoTurn)
	} else {
		open = resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusRequestTimeout
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsettled = s.unsettled || open && s.attempts > 0
}

// mayHaveActed says whether some attempt may have been carried out although the call failed.
func (s *callState) mayHaveActed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unsettled
}

// checkRetry returns the policy: an attempt is repeated only where repeating cannot do harm and may
// help, and never when the wait that the API asks for ends after the context does.
func checkRetry(now func() time.Time) retryablehttp.CheckRetry {
	return func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		state := callStateFrom(ctx)
		state.judge(resp, err)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			state.failed(err)
			return retryableError(state, err), nil
		}
		if !retryableStatus(state, resp.StatusCode) {
			return false, nil
		}
		if deadline, ok := ctx.Deadline(); ok && now().Add(retryAfter(resp.Header, now())).After(deadline) {
			return false, nil
		}
		return true, nil
	}
}

// retryableStatus says whether a final status may be another one next time. A POST is repeated only
// after 429, with which the server says that it did not act.
func retryableStatus(state *callState, status int) bool {
	if status == http.StatusTooManyRequests {
		return true
	}
	if !state.idempotent() {
		return false
	}
	return status == http.StatusRequestTimeout || (status >= 500 && status != http.StatusNotImplemented)
}

// retryableError says whether an attempt without a reply is repeated. A POST is repeated only if no
// connection was made, so that the server cannot have seen it.
func retryableError(state *callState, err error) bool {
	if isCertificateError(err) || errors.Is(err, errBodyTooLarge) || errors.Is(err, errNoTurn) {
		return false
	}
	return state.idempotent() || neverConnected(err)
}

// idempotent says whether sending the call twice is the same as once. A PATCH is so where it states
// the whole of what it changes, which the caller marks.
func (s *callState) idempotent() bool {
	switch s.method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return true
	case http.MethodPatch:
		return s.repeatable
	default:
		return false
	}
}

// neverConnected says whether the attempt failed while the connection was being made.
func neverConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// isCertificateError says whether the peer failed to prove who it is, or does not even try because it
// speaks plain http. That never heals by trying again, and a second try would only offer the credential
// to the wrong peer once more. Nothing of the request was sent.
func isCertificateError(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		roots        x509.SystemRootsError
		record       tls.RecordHeaderError
	)
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) ||
		errors.As(err, &invalid) || errors.As(err, &roots) || errors.As(err, &record)
}
