// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"net/http"
	"testing"
	"time"
)

// spreading answers reads with 403 until the clock has reached the instant.
func spreading(clock **fakeTime, after time.Duration) http.HandlerFunc {
	var start time.Time
	return func(w http.ResponseWriter, r *http.Request) {
		if start.IsZero() {
			start = (*clock).Now()
		}
		switch {
		case r.Method == http.MethodGet && r.URL.Path == "/user/tokens":
			success(w, []any{})
		case r.Method == http.MethodGet && (*clock).Now().Before(start.Add(after)):
			refuse(w, 403, 9109, "Unauthorized to access requested resource")
		case r.URL.Path == "/user/tokens/"+hexID+"/value":
			success(w, secretValue)
		default:
			success(w, map[string]any{"id": hexID, "value": secretValue})
		}
	}
}

func TestClient_readAfterWriteIsPatient(t *testing.T) {
	t.Parallel()
	writes := map[string]func(context.Context, *Client) error{
		"create": func(ctx context.Context, c *Client) error {
			_, err := c.CreateToken(ctx, Owner{}, TokenDefinition{})
			return err
		},
		"update": func(ctx context.Context, c *Client) error {
			_, err := c.UpdateToken(ctx, Owner{}, hexID, TokenDefinition{})
			return err
		},
		"roll": func(ctx context.Context, c *Client) error { _, err := c.RollToken(ctx, Owner{}, hexID); return err },
		"none": func(context.Context, *Client) error { return nil },
	}
	tests := []struct {
		name, write string
		timeout     time.Duration
		spreadsIn   time.Duration
		ok          bool
	}{
		{"create spreads in time", "create", 0, 40 * time.Second, true},
		{"update spreads in time", "update", 0, 40 * time.Second, true},
		{"roll spreads in time", "roll", 0, 40 * time.Second, true},
		{"at the last moment", "update", 0, time.Minute, true},
		{"too late", "update", 0, 61 * time.Second, false},
		{"longer patience", "update", 3 * time.Minute, 2 * time.Minute, true},
		{"no patience", "update", -1, time.Second, false},
		{"a token that was not written", "none", 0, time.Second, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var clock *fakeTime
			api := newFakeAPI(t, spreading(&clock, tt.spreadsIn))
			c, fake := newTestClient(t, api.URL, func(o *Options, _ *environment) { o.PropagationTimeout = tt.timeout })
			clock = fake
			if err := writes[tt.write](t.Context(), c); err != nil {
				t.Fatal(err)
			}
			before := api.count(http.MethodGet, "/user/tokens/"+hexID)
			_, err := c.GetToken(t.Context(), Owner{}, hexID)
			if (err == nil) != tt.ok {
				t.Fatalf("error = %v, want success: %v", err, tt.ok)
			}
			if !tt.ok && !IsDenied(err) {
				t.Errorf("error = %v, want the API's own refusal", err)
			}
			reads := api.count(http.MethodGet, "/user/tokens/"+hexID) - before
			if tt.write == "none" || tt.timeout < 0 {
				if reads != 1 {
					t.Errorf("reads = %d, want 1", reads)
				}
			}
		})
	}
}

func TestClient_patienceEndsWithTheFirstRead(t *testing.T) {
	t.Parallel()
	refused := false
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		if refused {
			refuse(w, 401, 1000, "Invalid API Token")
			return
		}
		success(w, map[string]any{"id": hexID})
	})
	c, clock := newTestClient(t, api.URL)
	if _, err := c.UpdateToken(t.Context(), Owner{}, hexID, TokenDefinition{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetToken(t.Context(), Owner{}, hexID); err != nil {
		t.Fatal(err)
	}
	refused = true
	if _, err := c.GetToken(t.Context(), Owner{}, hexID); !IsDenied(err) {
		t.Errorf("error = %v, want the refusal", err)
	}
	if waits := clock.waits(); len(waits) != 0 {
		t.Errorf("waited %v after the token had been read", waits)
	}
}

func TestClient_patienceIsForThatTokenAndOwner(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			refuse(w, 403, 9109, "no")
			return
		}
		success(w, map[string]any{"id": hexID})
	})
	c, clock := newTestClient(t, api.URL)
	if _, err := c.UpdateToken(t.Context(), Owner{}, hexID, TokenDefinition{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetToken(t.Context(), Owner{AccountID: accountID}, hexID); !IsDenied(err) {
		t.Errorf("error = %v, want the refusal", err)
	}
	if _, err := c.GetToken(t.Context(), Owner{}, zoneID); !IsDenied(err) {
		t.Errorf("error = %v, want the refusal", err)
	}
	if waits := clock.waits(); len(waits) != 0 {
		t.Errorf("waited %v for tokens that were not written", waits)
	}
}
