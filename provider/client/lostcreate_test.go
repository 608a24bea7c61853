// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func encoded(t *testing.T, def TokenDefinition) string {
	t.Helper()
	raw, err := json.Marshal(def.wire())
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func createDefinition() TokenDefinition {
	def := fullDefinition()
	def.Status = ""
	return def
}

func TestCreateToken(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	for _, name := range []string{"first", "second"} {
		def := createDefinition()
		def.Name = name
		token, err := c.CreateToken(t.Context(), Owner{}, def)
		if err != nil {
			t.Fatal(err)
		}
		if token.Name != name || !strings.HasPrefix(token.Value, secretValue) {
			t.Errorf("token = %v", token)
		}
	}
	// One list before the run's first create, none before the second.
	if api.lists != 1 || api.creates != 2 {
		t.Errorf("lists, creates = %d, %d; want 1, 2", api.lists, api.creates)
	}
	if first := api.all()[0]; first.Method != http.MethodGet {
		t.Errorf("the first request is %s %s, want the list", first.Method, first.Path)
	}
}

// The ways to lose an answer: in each of them a token may exist whose secret nobody holds.
func lostAnswers() map[string]func(create func() map[string]any, w http.ResponseWriter) {
	return map[string]func(func() map[string]any, http.ResponseWriter){
		"acted, connection closed":       func(create func() map[string]any, w http.ResponseWriter) { create(); dropReply(w) },
		"did not act, connection closed": func(_ func() map[string]any, w http.ResponseWriter) { dropReply(w) },
		"acted, answer cut short": func(create func() map[string]any, w http.ResponseWriter) {
			create()
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"success":true,"result":{"id":"`)
		},
		"acted, gateway says 502": func(create func() map[string]any, w http.ResponseWriter) {
			create()
			http.Error(w, "bad gateway", http.StatusBadGateway)
		},
		"did not act, 500 with envelope": func(_ func() map[string]any, w http.ResponseWriter) { refuse(w, 500, 1000, "failed") },
		"acted, answer without envelope": func(create func() map[string]any, w http.ResponseWriter) {
			create()
			fmt.Fprint(w, "ok")
		},
		"acted, answer without secret": func(create func() map[string]any, w http.ResponseWriter) {
			success(w, map[string]any{"id": create()["id"]})
		},
	}
}

func TestCreateToken_lostAnswerIsSettled(t *testing.T) {
	t.Parallel()
	for name, lose := range lostAnswers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, c := newTokenAPI(t)
			stranger := createDefinition()
			stranger.Name = "somebody else's"
			api.add(encoded(t, stranger)) // other name
			twin := encoded(t, createDefinition())
			api.add(twin) // same name and definition, but there before
			api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
				if n == 1 {
					lose(create, w)
					return
				}
				success(w, create())
			}
			token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
			if err != nil {
				t.Fatal(err)
			}
			if token.Value == "" {
				t.Error("the token has no secret")
			}
			if want := []string{"token-1", "token-2", token.ID}; !slices.Equal(api.ids(), want) {
				t.Errorf("tokens = %v, want %v: the strangers, and the one whose secret we hold", api.ids(), want)
			}
			if api.creates != 2 {
				t.Errorf("creates = %d, want 2", api.creates)
			}
			if acted := strings.HasPrefix(name, "acted"); acted != (len(token.Settled) == 1) {
				t.Errorf("settled: %v", token.Settled)
			}
		})
	}
}

func TestCreateToken_knownRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 409, 501} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			api, c := newTokenAPI(t)
			api.onCreate = func(_ int, _ func() map[string]any, w http.ResponseWriter) { refuse(w, status, 1001, "no") }
			_, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
			var refusal *Error
			if !errors.As(err, &refusal) || refusal.Status != status {
				t.Fatalf("error = %v, want the refusal", err)
			}
			wantCreates := 1
			if status == 501 {
				wantCreates = 2 // A server error: settled, then tried once more.
			}
			if api.creates != wantCreates {
				t.Errorf("creates = %d, want %d", api.creates, wantCreates)
			}
		})
	}
}

func TestCreateToken_429IsRepeatedWithoutSettlement(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
		if n < 3 {
			refuse(w, 429, 10100, "slow down")
			return
		}
		success(w, create())
	}
	if _, err := c.CreateToken(t.Context(), Owner{}, createDefinition()); err != nil {
		t.Fatal(err)
	}
	if api.creates != 3 || api.lists != 1 {
		t.Errorf("creates, lists = %d, %d; want 3, 1", api.creates, api.lists)
	}
}

func TestCreateToken_doubt(t *testing.T) {
	t.Parallel()
	actAndDrop := func(_ int, create func() map[string]any, w http.ResponseWriter) { create(); dropReply(w) }
	tests := []struct {
		name      string
		prepare   func(t *testing.T, api *tokenAPI)
		ids       []string // candidates
		wantToken string
		creates   int
	}{
		{
			"two tokens fit",
			func(_ *testing.T, api *tokenAPI) {
				api.onCreate = func(_ int, create func() map[string]any, w http.ResponseWriter) { create(); create(); dropReply(w) }
			},
			[]string{"token-1", "token-2"},
			"", 1,
		},
		{
			"the only one has been used",
			func(_ *testing.T, api *tokenAPI) {
				api.onCreate = func(_ int, create func() map[string]any, w http.ResponseWriter) {
					create()["last_used_on"] = "2026-01-01T00:00:00Z"
					dropReply(w)
				}
			},
			[]string{"token-1"},
			"", 1,
		},
		{
			"the only one was issued before",
			func(_ *testing.T, api *tokenAPI) {
				api.onCreate = func(_ int, create func() map[string]any, w http.ResponseWriter) {
					create()["issued_on"] = api.clock.Now().Add(-2 * time.Second).UTC().Format(time.RFC3339)
					dropReply(w)
				}
			},
			[]string{"token-1"},
			"", 1,
		},
		{
			"the only one was issued in the future",
			func(_ *testing.T, api *tokenAPI) {
				api.onCreate = func(_ int, create func() map[string]any, w http.ResponseWriter) {
					create()["issued_on"] = api.clock.Now().Add(time.Hour).UTC().Format(time.RFC3339)
					dropReply(w)
				}
			},
			[]string{"token-1"},
			"", 1,
		},
		{
			"what exists now cannot be read",
			func(_ *testing.T, api *tokenAPI) {
				api.onCreate = actAndDrop
				api.onList = func(n int, w http.ResponseWriter) bool {
					if n > 1 {
						refuse(w, 403, 9109, "no")
					}
					return n > 1
				}
			},
			nil, "", 1,
		},
		{
			"the one cannot be deleted",
			func(_ *testing.T, api *tokenAPI) {
				api.onCreate = actAndDrop
				api.onDelete = func(w http.ResponseWriter) bool { refuse(w, 403, 9109, "no"); return true }
			},
			[]string{"token-1"},
			"token-1", 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api, c := newTokenAPI(t)
			tt.prepare(t, api)
			token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
			var lost *LostCreateError
			if !errors.As(err, &lost) {
				t.Fatalf("error = %v, want *LostCreateError", err)
			}
			if lost.Name != "ci" || !slices.Equal(lost.CandidateIDs, tt.ids) {
				t.Errorf("name, candidates = %q, %v; want %v", lost.Name, lost.CandidateIDs, tt.ids)
			}
			got := ""
			if token != nil {
				got = token.ID
				if token.Value != "" {
					t.Error("a candidate came with a secret")
				}
			}
			if got != tt.wantToken {
				t.Errorf("token = %q, want %q", got, tt.wantToken)
			}
			if n := len(api.ids()); n == 0 {
				t.Error("a token was deleted in doubt")
			}
			if api.creates != tt.creates {
				t.Errorf("creates = %d, want %d", api.creates, tt.creates)
			}
		})
	}
}

func TestCreateToken_lostTwice(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	api.onCreate = func(_ int, create func() map[string]any, w http.ResponseWriter) { create(); dropReply(w) }
	token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
	var transport *TransportError
	if token != nil || !errors.As(err, &transport) {
		t.Errorf("result = %v, %v; want the transport's error", token, err)
	}
	if api.creates != 2 || len(api.ids()) != 0 {
		t.Errorf("creates = %d, left = %v; want 2 creates and nothing left", api.creates, api.ids())
	}
}

// A server that carries out the first request while the second is under way leaves no second token.
func TestCreateToken_lateFirstRequest(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	var late func() map[string]any
	api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
		if n == 1 {
			late = create
			dropReply(w)
		}
		token := create()
		late()
		success(w, token)
	}
	token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{token.ID}; !slices.Equal(api.ids(), want) {
		t.Errorf("tokens = %v, want %v alone", api.ids(), want)
	}
}

// A second create that is refused still settles the first, which may have been carried out meanwhile.
func TestCreateToken_lateFirstRequestSecondRefused(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	var late func() map[string]any
	api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
		if n == 1 {
			late = create
			dropReply(w)
		}
		late()
		refuse(w, 403, 9109, "no")
	}
	_, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
	if !IsDenied(err) {
		t.Errorf("error = %v, want the refusal", err)
	}
	if len(api.ids()) != 0 {
		t.Errorf("tokens = %v, want none left", api.ids())
	}
}

// Where the lost token is found and deleted already, an equal one that appears is somebody else's: it is named, and
// neither deleted nor taken into state.
func TestCreateToken_strangerAfterTheLostOne(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
		create() // by this run the first time, by another the second
		if n == 1 {
			dropReply(w)
		}
		refuse(w, 403, 9109, "no")
	}
	token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
	var lost *LostCreateError
	if !errors.As(err, &lost) || !slices.Equal(lost.CandidateIDs, []string{"token-2"}) || lost.KeptID != "" {
		t.Errorf("error = %v, want the stranger named", err)
	}
	if token != nil {
		t.Errorf("%s is taken for the lost one", token.ID)
	}
	if want := []string{"token-2"}; !slices.Equal(api.ids(), want) {
		t.Errorf("tokens = %v, want %v", api.ids(), want)
	}
}

// A server that is still at work when the answer is given up is asked again before the repeat.
func TestCreateToken_slowFirstRequest(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	var late func() map[string]any
	api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
		if n == 1 {
			late = create
			dropReply(w)
		}
		success(w, create())
	}
	api.clock.onSleep = func() {
		api.mu.Lock()
		defer api.mu.Unlock()
		if late != nil {
			late()
			late = nil
		}
	}
	token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{token.ID}; !slices.Equal(api.ids(), want) {
		t.Errorf("tokens = %v, want %v alone", api.ids(), want)
	}
}

// Stopping a run leaves no live token behind, and makes no new one.
func TestCreateToken_cancelled(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	ctx, cancel := context.WithCancel(t.Context())
	api.onCreate = func(_ int, create func() map[string]any, w http.ResponseWriter) {
		create()
		cancel()
		dropReply(w)
	}
	_, err := c.CreateToken(ctx, Owner{}, createDefinition())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want canceled", err)
	}
	if api.creates != 1 || len(api.ids()) != 0 {
		t.Errorf("creates = %d, left = %v; want 1 create and nothing left", api.creates, api.ids())
	}

	if _, err := c.CreateToken(ctx, Owner{AccountID: accountID}, createDefinition()); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: error = %v, want canceled", err)
	}
	if api.creates != 1 {
		t.Error("a create was sent with an ended context")
	}
}

// Equal creates of one run never take each other's token for their own lost one.
func TestCreateToken_equalCreatesInParallel(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
		token := create()
		if n%2 == 1 {
			dropReply(w)
		}
		success(w, token)
	}
	const parallel = 6
	values := make(chan string, parallel)
	var group sync.WaitGroup
	for range parallel {
		group.Go(func() {
			token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
			if err != nil {
				t.Error(err)
				return
			}
			values <- token.ID
		})
	}
	group.Wait()
	close(values)
	var got []string
	for id := range values {
		got = append(got, id)
	}
	slices.Sort(got)
	if want := api.ids(); !slices.Equal(got, slices.Sorted(slices.Values(want))) || len(got) != parallel {
		t.Errorf("handed out %v, alive %v; want %d tokens, the same", got, want, parallel)
	}
}

// A candidate that stayed in doubt is not taken for the product of a later create.
func TestCreateToken_candidatesStayClaimed(t *testing.T) {
	t.Parallel()
	api, c := newTokenAPI(t)
	denyDelete := true
	api.onDelete = func(w http.ResponseWriter) bool {
		if denyDelete {
			refuse(w, 403, 9109, "no")
		}
		return denyDelete
	}
	api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
		token := create()
		if n < 3 {
			dropReply(w)
		}
		success(w, token)
	}
	if _, err := c.CreateToken(t.Context(), Owner{}, createDefinition()); err == nil {
		t.Fatal("the first create was settled without a delete")
	}
	denyDelete = false
	token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"token-1", token.ID}; !slices.Equal(api.ids(), want) {
		t.Errorf("tokens = %v, want %v: the first stays, it may be in state", api.ids(), want)
	}
}

func TestIssuedBetween(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 1, 12, 0, 0, 7e8, time.UTC)
	to := from.Add(2 * time.Second)
	for issued, want := range map[time.Time]bool{
		from:                                  true,
		from.Truncate(time.Second):            true,
		from.Truncate(time.Second).Add(-1):    false,
		to:                                    true,
		to.Truncate(time.Second).Add(1e9):     true,
		to.Truncate(time.Second).Add(1e9 + 1): false,
		{}:                                    false,
	} {
		if got := issuedBetween(issued, from, to); got != want {
			t.Errorf("issuedBetween(%s) = %v, want %v", issued, got, want)
		}
	}
}
