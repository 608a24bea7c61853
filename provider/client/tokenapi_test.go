// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tokenAPI keeps tokens the way the API does: it masks nothing away, sorts groups, and issues times in
// whole seconds.
type tokenAPI struct {
	*fakeAPI
	mu     sync.Mutex
	tokens []map[string]any
	next   int
	clock  *fakeTime

	// onCreate decides what becomes of the n-th create, counted from 1; nil carries it out and
	// answers.
	onCreate func(n int, create func() map[string]any, w http.ResponseWriter)
	onList   func(n int, w http.ResponseWriter) bool
	onDelete func(w http.ResponseWriter) bool
	creates  int
	lists    int
}

func newTokenAPI(t *testing.T, change ...func(*Options, *environment)) (*tokenAPI, *Client) {
	t.Helper()
	api := &tokenAPI{}
	api.fakeAPI = newFakeAPI(t, api.serve)
	c, clock := newTestClient(t, api.URL, change...)
	api.clock = clock
	return api, c
}

func (a *tokenAPI) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch r.Method {
	case http.MethodPost:
		a.creates++
		body := bodyOf(r)
		create := func() map[string]any { return a.add(body) }
		if a.onCreate != nil {
			a.onCreate(a.creates, create, w)
			return
		}
		success(w, create())
	case http.MethodDelete:
		if a.onDelete != nil && a.onDelete(w) {
			return
		}
		id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		a.tokens = slices.DeleteFunc(a.tokens, func(token map[string]any) bool { return token["id"] == id })
		success(w, map[string]any{"id": id})
	default:
		a.lists++
		if a.onList != nil && a.onList(a.lists, w) {
			return
		}
		visible := []any{}
		for _, token := range a.tokens {
			shown := map[string]any{}
			for name, value := range token {
				if name != "value" {
					shown[name] = value
				}
			}
			visible = append(visible, shown)
		}
		success(w, visible)
	}
}

// add stores the token that the body asks for.
func (a *tokenAPI) add(body string) map[string]any {
	token := map[string]any{}
	if err := json.Unmarshal([]byte(body), &token); err != nil {
		panic(http.ErrAbortHandler)
	}
	a.next++
	token["id"] = fmt.Sprintf("token-%d", a.next)
	token["value"] = fmt.Sprintf("%s-%d", secretValue, a.next)
	token["status"] = "active"
	token["issued_on"] = a.clock.Now().UTC().Truncate(time.Second).Format(time.RFC3339)
	a.tokens = append(a.tokens, token)
	return token
}

func (a *tokenAPI) ids() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var ids []string
	for _, token := range a.tokens {
		ids = append(ids, fmt.Sprint(token["id"]))
	}
	return ids
}
