// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// lose has a create lose its answer with nothing being found out afterwards, and returns what it leaves.
func (a *tokenAPI) lose(t *testing.T, c *Client, acts bool) LostCreate {
	t.Helper()
	a.onCreate = func(_ int, create func() map[string]any, w http.ResponseWriter) {
		if acts {
			create()
		}
		dropReply(w)
	}
	a.onList = func(n int, w http.ResponseWriter) bool {
		if n > 1 {
			refuse(w, 403, 9109, "no")
		}
		return n > 1
	}
	token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
	lost, ok := LostCreateOf(err)
	if token != nil || !ok {
		t.Fatalf("result = %v, %v; want nothing, and what a later run needs", token, err)
	}
	a.onCreate, a.onList = nil, nil
	return lost
}

// later is a client of a later run.
func (a *tokenAPI) later(t *testing.T) *Client {
	t.Helper()
	c, clock := newTestClient(t, a.URL)
	clock.now = a.clock.Now()
	a.clock = clock
	return c
}

// A later run deletes what a lost create made, and nothing else.
func TestSettleLostCreate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		acts    bool
		between func(t *testing.T, api *tokenAPI)
		want    []string
		doubt   []string
	}{
		{"it was carried out", true, func(*testing.T, *tokenAPI) {}, []string{"token-1"}, nil},
		{"it was not", false, func(*testing.T, *tokenAPI) {}, []string{"token-1"}, nil},
		{
			"somebody makes an equal one later", true,
			func(t *testing.T, api *tokenAPI) {
				t.Helper()
				api.clock.now = api.clock.Now().Add(time.Hour)
				api.add(encoded(t, createDefinition()))
			},
			[]string{"token-1", "token-3"},
			nil,
		},
		{
			"it was not, and somebody makes an equal one later", false,
			func(t *testing.T, api *tokenAPI) {
				t.Helper()
				api.clock.now = api.clock.Now().Add(time.Hour)
				api.add(encoded(t, createDefinition()))
			},
			[]string{"token-1", "token-2"},
			[]string{"token-2"},
		},
		{
			"it was used", true,
			func(_ *testing.T, api *tokenAPI) { api.tokens[1]["last_used_on"] = "2026-01-01T00:00:00Z" },
			[]string{"token-1", "token-2"},
			[]string{"token-2"},
		},
		{
			"somebody makes an equal one at the same time", true,
			func(t *testing.T, api *tokenAPI) { t.Helper(); api.add(encoded(t, createDefinition())) },
			[]string{"token-1", "token-2", "token-3"},
			[]string{"token-2", "token-3"},
		},
		{
			"another definition", true,
			func(t *testing.T, api *tokenAPI) {
				t.Helper()
				other := createDefinition()
				other.Condition = nil
				api.add(encoded(t, other))
			},
			[]string{"token-1", "token-3"},
			nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api, c := newTokenAPI(t)
			api.add(encoded(t, createDefinition())) // there before
			lost := api.lose(t, c, tt.acts)
			text, err := json.Marshal(lost)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), secretValue) {
				t.Error("a secret is kept")
			}
			var kept LostCreate
			if err := json.Unmarshal(text, &kept); err != nil {
				t.Fatal(err)
			}
			tt.between(t, api)
			err = api.later(t).SettleLostCreate(t.Context(), Owner{}, kept)
			var ids []string
			if doubt, ok := errors.AsType[*LostCreateError](err); ok {
				ids = doubt.CandidateIDs
			} else if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(ids, tt.doubt) || !slices.Equal(api.ids(), tt.want) {
				t.Errorf("candidates %v, left %v; want %v, %v", ids, api.ids(), tt.doubt, tt.want)
			}
		})
	}
}

// That there is none is believed only when the API must have caught up.
func TestSettleLostCreate_waits(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	lost := api.lose(t, c, true)
	later := api.later(t)
	hidden := api.tokens
	api.tokens = nil
	api.onList = func(n int, _ http.ResponseWriter) bool {
		if n == 5 {
			api.tokens = hidden
		}
		return false
	}
	api.lists = 0
	if err := later.SettleLostCreate(t.Context(), Owner{}, lost); err != nil {
		t.Fatal(err)
	}
	if len(api.ids()) != 0 || api.lists != 5 {
		t.Errorf("left %v after %d lists; want nothing, found by the fifth", api.ids(), api.lists)
	}
}

// An equal create after one that is unsettled is not sent: what it made could be taken for the lost one.
func TestCreateToken_equalToUnsettled(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	api.lose(t, c, true)
	if _, err := c.CreateToken(t.Context(), Owner{}, createDefinition()); !errors.Is(err, ErrEqualUnsettled) {
		t.Errorf("error = %v, want %v", err, ErrEqualUnsettled)
	}
	other := createDefinition()
	other.Name = "another"
	if _, err := c.CreateToken(t.Context(), Owner{}, other); err != nil {
		t.Errorf("another create: %v", err)
	}
}

// Where it cannot be read what there is, nothing is created: a lost answer could not be settled.
func TestCreateToken_needsTheList(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	api.onList = func(n int, w http.ResponseWriter) bool {
		if n == 1 {
			refuse(w, 403, 9109, "no")
		}
		return n == 1
	}
	if _, err := c.CreateToken(t.Context(), Owner{}, createDefinition()); !IsDenied(err) || api.creates != 0 {
		t.Errorf("error = %v after %d creates, want the refusal of the list and none", err, api.creates)
	}
	if _, err := c.CreateToken(t.Context(), Owner{}, createDefinition()); err != nil {
		t.Errorf("once the list can be read: %v", err)
	}
}

// A list that lags behind hides the lost token until it shows the one that was made in its place.
func TestCreateToken_staleLists(t *testing.T) {
	t.Parallel()
	for name, staleLists := range map[string]int{"for a moment": 6, "all the time": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, c := newTokenAPI(t)
			api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
				token := create()
				if n == 1 {
					dropReply(w)
				}
				success(w, token)
			}
			api.onList = func(n int, w http.ResponseWriter) bool {
				if n <= staleLists {
					success(w, []any{})
				}
				return n <= staleLists
			}
			token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
			if staleLists < 10 {
				if err != nil || token == nil || token.Value == "" || !slices.Equal(api.ids(), []string{token.ID}) {
					t.Errorf("result = %v, %v, left %v; want the second token alone", token, err, api.ids())
				}
				return
			}
			lost, ok := LostCreateOf(err)
			if !ok || token != nil || !slices.Equal(api.ids(), []string{"token-1"}) {
				t.Fatalf("result = %v, %v, left %v; want an error that leaves the first to a later run", token, err, api.ids())
			}
			api.onList = nil
			if err := api.later(t).SettleLostCreate(t.Context(), Owner{}, lost); err != nil || len(api.ids()) != 0 {
				t.Errorf("later: error %v, left %v; want none", err, api.ids())
			}
		})
	}
}

// A read of a token that was just created is repeated while the API does not know it; one of an older token,
// and one that waits for no propagation, are not.
func TestGetToken_justCreated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		age    time.Duration
		change func(*Options, *environment)
		reads  int
		found  bool
	}{
		{"just now", 0, nil, 4, true},
		{"some seconds ago", 3 * time.Second, nil, 4, true},
		{"long ago", time.Minute, nil, 1, false},
		{"in the future", -time.Minute, nil, 1, false},
		{"no propagation", 0, func(o *Options, _ *environment) { o.PropagationTimeout = -1 }, 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			reads := 0
			api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
				reads++
				if reads < 4 {
					refuse(w, 404, CodeNotFound, "API Token not found")
					return
				}
				success(w, map[string]any{"id": hexID, "name": "ci", "status": "active"})
			})
			change := tt.change
			if change == nil {
				change = func(*Options, *environment) {}
			}
			c, clock := newTestClient(t, api.URL, change)
			c.ExpectToken(Owner{}, hexID, clock.Now().Add(-tt.age))
			_, err := c.GetToken(t.Context(), Owner{}, hexID)
			if (err == nil) != tt.found || reads != tt.reads || err != nil && !IsNotFound(err) {
				t.Errorf("error = %v after %d reads; want found %t after %d", err, reads, tt.found, tt.reads)
			}
		})
	}
}

// A token that stays unknown is gone in the end.
func TestGetToken_justCreatedAndGone(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, CodeNotFound, "API Token not found") })
	c, clock := newTestClient(t, api.URL)
	start := clock.Now()
	c.ExpectToken(Owner{}, hexID, start)
	if _, err := c.GetToken(t.Context(), Owner{}, hexID); !IsNotFound(err) {
		t.Errorf("error = %v, want that it does not exist", err)
	}
	if took := clock.Now().Sub(start); took < youngLimit || took > youngLimit+time.Second {
		t.Errorf("it took %s, want %s", took, youngLimit)
	}
}

// An API whose clock stands still, as that of a server may which is under test, does not keep a token young for ever.
func TestGetToken_justCreatedAndGoneOnAClockThatStands(t *testing.T) {
	t.Parallel()
	began := time.Now().UTC()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", began.Format(http.TimeFormat))
		refuse(w, 404, CodeNotFound, "API Token not found")
	})
	c, clock := newTestClient(t, api.URL)
	start := clock.Now()
	c.ExpectToken(Owner{}, hexID, began)
	if _, err := c.GetToken(t.Context(), Owner{}, hexID); !IsNotFound(err) {
		t.Errorf("error = %v, want that it does not exist", err)
	}
	if took := clock.Now().Sub(start); took > 2*youngLimit {
		t.Errorf("it took %s, want about %s", took, youngLimit)
	}
}

// A search that is cut short proves nothing.
func TestGetToken_justCreatedInterrupted(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, CodeNotFound, "API Token not found") })
	c, clock := newTestClient(t, api.URL)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.env.sleep = func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}
	c.ExpectToken(Owner{}, hexID, clock.Now())
	if _, err := c.GetToken(ctx, Owner{}, hexID); IsNotFound(err) || !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want that it was interrupted", err)
	}
}

// An answer that took long was given while the API may have lagged behind, so it is no proof either.
func TestClient_GetToken_slowAnswersAboutANewToken(t *testing.T) {
	t.Parallel()
	for name, stale := range map[string]int{"it lagged behind": 1, "it is gone": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var clock *fakeTime
			var api *fakeAPI
			api = newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
				if err := clock.sleep(r.Context(), 2*youngLimit); err != nil {
					t.Error(err)
				}
				if len(api.all()) <= stale {
					refuse(w, 404, CodeNotFound, "token not found")
					return
				}
				success(w, map[string]any{"id": hexID})
			})
			c, fake := newTestClient(t, api.URL)
			clock = fake
			c.ExpectToken(Owner{}, hexID, clock.Now())
			if _, err := c.GetToken(t.Context(), Owner{}, hexID); IsNotFound(err) != (stale > 1) || (err != nil) != (stale > 1) {
				t.Errorf("error = %v", err)
			}
			if got := api.count("", ""); got != 2 {
				t.Errorf("%d reads, want one more than was sent in time", got)
			}
		})
	}
}

// How new a token is goes by the API's clock, which the first reply tells: this machine's may be far from it.
func TestClient_GetToken_newByTheClockOfTheAPI(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-time.Hour, time.Hour} {
		var clock *fakeTime
		var api *fakeAPI
		api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", clock.Now().Add(ahead).UTC().Format(http.TimeFormat))
			if len(api.all()) == 1 {
				refuse(w, 404, CodeNotFound, "token not found")
				return
			}
			success(w, map[string]any{"id": hexID})
		})
		c, fake := newTestClient(t, api.URL)
		clock = fake
		c.ExpectToken(Owner{}, hexID, clock.Now().Add(ahead))
		if _, err := c.GetToken(t.Context(), Owner{}, hexID); err != nil {
			t.Errorf("%s ahead: %v", ahead, err)
		}
	}
}
