// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// What one attempt of a roll comes to.
func rolled(w http.ResponseWriter)        { success(w, secretValue) }
func rolledNothing(w http.ResponseWriter) { success(w, nil) }
func tooMany(w http.ResponseWriter) {
	refuse(w, http.StatusTooManyRequests, 10429, "slow down")
}
func unavailable(w http.ResponseWriter) { refuse(w, http.StatusServiceUnavailable, 1, "later") }
func forbidden(w http.ResponseWriter)   { refuse(w, http.StatusForbidden, 9109, "no") }
func dropped(w http.ResponseWriter)     { dropReply(w) }

// TestClient_RollToken_outcomes holds what is known of the old secret after each series of attempts; the
// last of a series repeats for ever.
func TestClient_RollToken_outcomes(t *testing.T) {
	t.Parallel()
	type attempts []func(http.ResponseWriter)
	for name, test := range map[string]struct {
		retries  int
		attempts attempts
		want     string
		lost     bool
		requests int
	}{
		"first attempt":                        {3, attempts{rolled}, secretValue, false, 1},
		"refused":                              {3, attempts{forbidden}, "", false, 1},
		"refused for its number":               {3, attempts{tooMany}, "", false, 4},
		"lost, then rolled":                    {3, attempts{dropped, rolled}, secretValue, false, 2},
		"lost for ever":                        {3, attempts{dropped}, "", true, 4},
		"lost, then refused":                   {3, attempts{dropped, forbidden}, "", true, 2},
		"lost, then refused for its number":    {3, attempts{dropped, tooMany}, "", true, 4},
		"unavailable for ever":                 {3, attempts{unavailable}, "", true, 4},
		"lost, no repetition, then rolled":     {0, attempts{dropped, rolled}, secretValue, false, 2},
		"lost, no repetition, then refused":    {0, attempts{dropped, forbidden}, "", true, 2},
		"lost for ever, no repetition":         {0, attempts{dropped}, "", true, 2},
		"answer without a secret, then rolled": {3, attempts{rolledNothing, rolled}, secretValue, false, 2},
		"answer without a secret for ever":     {3, attempts{rolledNothing}, "", true, 2},
		"lost, then answer without a secret":   {3, attempts{dropped, rolledNothing, rolled}, secretValue, false, 3},
		"refused for its number, then refused": {3, attempts{tooMany, forbidden}, "", false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var api *fakeAPI
			api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
				test.attempts[min(len(api.all()), len(test.attempts))-1](w)
			})
			c, _ := newTestClient(t, api.URL, func(o *Options, _ *environment) { o.MaxRetries = test.retries })
			got, err := c.RollToken(t.Context(), Owner{}, hexID)
			_, lost := errors.AsType[*LostRollError](err)
			if got != test.want || (err == nil) != (test.want != "") || lost != test.lost {
				t.Errorf("got a secret: %t, lost: %t, error %v", got != "", lost, err)
			}
			if n := len(api.all()); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
		})
	}
}

// A roll that never reached anybody leaves the old secret alone.
func TestClient_RollToken_neverReached(t *testing.T) {
	t.Parallel()
	c, _ := newTestClient(t, nowhere)
	_, err := c.RollToken(t.Context(), Owner{}, hexID)
	if _, lost := errors.AsType[*LostRollError](err); err == nil || lost {
		t.Errorf("error %v, want one that is not a lost roll", err)
	}
}

// A run that is stopped while a roll is under way is not held up by another one.
func TestClient_RollToken_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		rolled(w)
	})
	c, _ := newTestClient(t, api.URL)
	_, err := c.RollToken(ctx, Owner{}, hexID)
	if _, lost := errors.AsType[*LostRollError](err); !lost || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want a lost roll that was cancelled", err)
	}
	if n := len(api.all()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestLostRollError_saysTheCause(t *testing.T) {
	t.Parallel()
	err := &LostRollError{Err: &TransportError{Method: http.MethodPut, Path: "/user/tokens/" + hexID + "/value", Attempts: 2, Err: context.DeadlineExceeded}}
	if text := err.Error(); !strings.Contains(text, "was lost") || !strings.Contains(text, "2 attempt(s)") {
		t.Errorf("text %q", text)
	}
}
