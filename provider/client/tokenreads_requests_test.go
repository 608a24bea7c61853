// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// A refresh of N tokens costs N/50 requests and four more, whether its reads come one after the other or
// ten at a time; a few tokens cost a request each.
func TestClient_GetToken_requests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		owners, each int
		most         int
	}{
		{1, 1, 1},
		{1, 4, 4},
		{4, 1, 4},
		{1, 5, 5},
		{1, 50, 5},
		{1, 51, 6},
		{1, 1000, 24},
		{2, 500, 24},
		{5, 1, 5},
		{10, 100, 24},
		{20, 50, 24},
	} {
		for _, atOnce := range []int{1, 10} {
			t.Run(fmt.Sprintf("%d owners of %d, %d at a time", tt.owners, tt.each, atOnce), func(t *testing.T) {
				t.Parallel()
				api := newShelf(t)
				c, _ := newTestClient(t, api.URL)
				for n := range tt.owners {
					readEach(t, c, accountOf(n), api.fill(accountOf(n), tt.each), atOnce)
				}
				if got := api.count("", ""); got > tt.most {
					t.Errorf("%d requests, want %d at most", got, tt.most)
				}
				for _, r := range api.all() {
					if strings.HasSuffix(r.Path, "/tokens") && (!strings.Contains(r.Query, "include_expired=true") || !strings.Contains(r.Query, "per_page=50")) {
						t.Errorf("list with query %q", r.Query)
					}
				}
			})
		}
	}
}

// A refresh of N tokens, of a user or spread over accounts and asked for in any order, costs at most
// N/50 requests, one for each account, and six.
func TestClient_GetToken_target(t *testing.T) {
	t.Parallel()
	for _, accounts := range []int{0, 1, 2, 10} {
		for _, n := range []int{50, 300, 1000, 5000} {
			for _, atOnce := range []int{1, 10} {
				t.Run(fmt.Sprintf("%d of %d accounts, %d at a time", n, accounts, atOnce), func(t *testing.T) {
					t.Parallel()
					api := newShelf(t)
					c, _ := newTestClient(t, api.URL)
					owners := []Owner{{}}
					if accounts > 0 {
						owners = owners[:0]
						for i := range accounts {
							owners = append(owners, accountOf(i))
						}
					}
					for _, owner := range owners {
						held := n / len(owners)
						if accounts == 0 {
							held++ // The token that Terraform runs with is the user's as well.
						}
						api.fill(owner, held)
					}
					order := rand.New(rand.NewPCG(uint64(n), uint64(accounts))).Perm(n)
					var group sync.WaitGroup
					slots := make(chan struct{}, atOnce)
					for _, i := range order {
						slots <- struct{}{}
						group.Go(func() {
							defer func() { <-slots }()
							id := tokenID(i / len(owners))
							if token, err := c.GetToken(t.Context(), owners[i%len(owners)], id); err != nil || token.ID != id {
								t.Errorf("token %d: %+v, %v", i, token, err)
							}
						})
					}
					group.Wait()
					if got, most := api.count("", ""), n/50+accounts+6; got > most {
						t.Errorf("%d requests, want %d at most", got, most)
					}
				})
			}
		}
	}
}

// An owner of thousands is not read for a few tokens, but is for many.
func TestClient_GetToken_longLists(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 5000)
	readEach(t, c, Owner{}, ids[:5], 1)
	if lists := api.count("", "/user/tokens"); lists > 1 {
		t.Errorf("%d pages for 5 tokens, want one look at the first", lists)
	}
	before := api.count("", "")
	for i := 100; i < 5000; i += 50 {
		if _, err := c.GetToken(t.Context(), Owner{}, ids[i]); err != nil {
			t.Fatal(err)
		}
	}
	if got := api.count("", "") - before; got > 100+10 {
		t.Errorf("%d requests for the rest", got)
	}
}

// A look at a list that is not worth reading yet is part of it later, unless something was written or too much
// time has passed since.
func TestClient_GetToken_firstPage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rest  int  // for how many rests, with a read after each, nothing else is asked
		write bool // whether something is written after the look
		late  bool // whether that is done while the look is under way
		looks int32
	}{
		"at once":               {looks: 1},
		"after a rest":          {rest: 1, looks: 1},
		"after two rests":       {rest: 2, looks: 2},
		"after a write":         {write: true, looks: 2},
		"a write during a look": {write: true, late: true, looks: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newShelf(t)
			c, clock := newTestClient(t, api.URL)
			ids := api.fill(Owner{}, 8000)
			const changed = "changed by somebody else"
			write := func() {
				api.mu.Lock()
				api.tokens["/user/tokens"][3]["name"] = changed
				api.mu.Unlock()
				if _, err := c.UpdateToken(t.Context(), Owner{}, ids[7], TokenDefinition{Name: "token 7"}); err != nil {
					t.Error(err)
				}
			}
			var looks atomic.Int32
			api.on(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Query().Get("page") != "1" || looks.Add(1) > 1 || !tt.late {
					return false
				}
				api.mu.Lock()
				var page []map[string]any
				for _, token := range api.tokens["/user/tokens"][:50] {
					page = append(page, maps.Clone(token))
				}
				api.mu.Unlock()
				write()
				answer(w, 200, map[string]any{"success": true, "errors": []any{}, "result": page, "result_info": map[string]any{
					"page": 1, "per_page": 50, "count": 50, "total_count": 8000, "total_pages": 160,
				}})
				return true
			})
			readEach(t, c, Owner{}, ids[:spareReads+1], 1)
			if tt.write && !tt.late {
				write()
			}
			for range tt.rest {
				if err := clock.sleep(t.Context(), listRest); err != nil {
					t.Fatal(err)
				}
				if tt.rest > 1 {
					readOne(t, c, ids[4000])
				}
			}
			for _, id := range ids[100:120] {
				readOne(t, c, id)
			}
			before := api.count("", "")
			want := "token 3"
			if tt.write {
				want = changed
			}
			if token := readOne(t, c, ids[3]); token.Name != want || looks.Load() != tt.looks || api.count("", "") != before {
				t.Errorf("%q after %d looks and %d requests more, want %q after %d and none", token.Name, looks.Load(), api.count("", "")-before, want, tt.looks)
			}
		})
	}
}

func readOne(t *testing.T, c *Client, id string) *Token {
	t.Helper()
	token, err := c.GetToken(t.Context(), Owner{}, id)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
