// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// pager answers with total tokens in pages, the way the info says.
func pager(total int, withInfo bool, limit int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, errPage := strconv.Atoi(r.URL.Query().Get("page"))
		size, errSize := strconv.Atoi(r.URL.Query().Get("per_page"))
		if errPage != nil || errSize != nil {
			refuse(w, 400, 1001, "no page")
			return
		}
		size = min(size, limit)
		items := []any{}
		for i := (page - 1) * size; i < min(page*size, total); i++ {
			items = append(items, map[string]any{"id": strconv.Itoa(i)})
		}
		body := map[string]any{"success": true, "result": items, "errors": []any{}}
		if withInfo {
			body["result_info"] = map[string]any{"page": page, "per_page": size, "count": len(items), "total_count": total, "total_pages": (total + size - 1) / size}
		}
		answer(w, 200, body)
	}
}

func TestClient_ListTokens_pages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		total    int
		withInfo bool
		limit    int
		requests int
	}{
		{"none", 0, true, 50, 1},
		{"one page", 50, true, 50, 1},
		{"two pages", 51, true, 50, 2},
		{"smaller pages than asked for", 51, true, 20, 3},
		{"no paging information, full last page", 100, false, 50, 3},
		{"no paging information, short last page", 101, false, 50, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, pager(tt.total, tt.withInfo, tt.limit))
			c, _ := newTestClient(t, api.URL)
			got, err := c.ListTokens(t.Context(), Owner{})
			if err != nil {
				t.Fatal(err)
			}
			if got == nil || len(got) != tt.total {
				t.Errorf("tokens = %d, want %d", len(got), tt.total)
			}
			for i, token := range got {
				if token.ID != strconv.Itoa(i) {
					t.Fatalf("token %d has id %s", i, token.ID)
				}
			}
			if n := api.count("", ""); n != tt.requests {
				t.Errorf("requests = %d, want %d", n, tt.requests)
			}
			for _, request := range api.all() {
				if !strings.Contains(request.Query, "include_expired=true") {
					t.Errorf("query = %q, want expired tokens included", request.Query)
				}
			}
		})
	}
}

// The pages after the first are asked for at the same time, as many as the pool keeps connections for.
func TestClient_ListTokens_pagesAtOnce(t *testing.T) {
	t.Parallel()
	var arrived sync.WaitGroup
	arrived.Add(pagesAtOnce)
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if page, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && page > 1 && page <= 1+pagesAtOnce {
			arrived.Done()
			arrived.Wait() // for ever, if they come one after the other
		}
		pager(50*(pagesAtOnce+3), true, 50)(w, r)
	})
	c, _ := newTestClient(t, api.URL)
	got, err := c.ListTokens(t.Context(), Owner{})
	if err != nil || len(got) != 50*(pagesAtOnce+3) {
		t.Fatalf("%d tokens, %v", len(got), err)
	}
	for i, token := range got {
		if token.ID != strconv.Itoa(i) {
			t.Fatalf("token %d has id %s: the pages are not in order", i, token.ID)
		}
	}
	if transport := newTransport(); transport.MaxIdleConnsPerHost < pagesAtOnce || transport.MaxIdleConns < pagesAtOnce {
		t.Errorf("%d idle connections for %d pages", transport.MaxIdleConnsPerHost, pagesAtOnce)
	}
}

// An endpoint that promises pages without end is not followed.
func TestClient_ListTokens_endless(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, map[string]any{"success": true, "result": []any{map[string]any{"id": hexID}}, "result_info": map[string]any{
			"page": 1, "per_page": 1, "total_pages": maxPages + 1,
		}})
	})
	c, _ := newTestClient(t, api.URL)
	if got, err := c.ListTokens(t.Context(), Owner{}); got != nil || !errors.As(err, new(*UnexpectedReplyError)) {
		t.Errorf("%d tokens, %v", len(got), err)
	}
	if got := api.count("", ""); got != 1 {
		t.Errorf("%d requests", got)
	}
}

func TestClient_ListTokens_failsAsAWhole(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "2" {
			refuse(w, 403, 10000, "Authentication error")
			return
		}
		pager(120, true, 50)(w, r)
	})
	c, _ := newTestClient(t, api.URL)
	if got, err := c.ListTokens(t.Context(), Owner{}); err == nil || got != nil {
		t.Errorf("half a list was handed out: %d tokens, %v", len(got), err)
	}
}
