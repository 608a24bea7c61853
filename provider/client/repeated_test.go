// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pageOf is the number of the page that a request asks for.
func pageOf(r *http.Request) int {
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		return 0
	}
	return page
}

// asPage answers a request as if it had asked for that page.
func asPage(w http.ResponseWriter, r *http.Request, page int, with http.HandlerFunc) {
	query := r.URL.Query()
	query.Set("page", strconv.Itoa(page))
	r.URL.RawQuery = query.Encode()
	with(w, r)
}

// Pages that only repeat what came before are a fault of the endpoint, and no list is made of them: what they
// lack would look as if it did not exist.
func TestClient_lists_repeatedPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		with http.HandlerFunc
		page func(asked int) int
		says string
	}{
		{"the first page for every page", pager(132, true, 50), func(int) int { return 1 }, "page 2 of the list repeats"},
		{"the same, without paging information", pager(132, false, 50), func(int) int { return 1 }, "page 2 of the list repeats"},
		{"the same, in smaller pages", pager(51, true, 20), func(int) int { return 1 }, "page 2 of the list repeats"},
		{"a page of another request", pager(400, true, 50), func(asked int) int {
			if asked == 5 {
				return 3
			}
			return asked
		}, "page 5 of the list repeats"},
		{"the last full page for every page after it", pager(100, false, 50), func(asked int) int { return min(asked, 2) }, "page 3 of the list repeats"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Cf-Ray", "ray-of-page-"+strconv.Itoa(pageOf(r)))
				asPage(w, r, tt.page(pageOf(r)), tt.with)
			})
			c, _ := newTestClient(t, api.URL)
			lists := map[string]func() (int, error){
				"tokens":   func() (int, error) { got, err := c.ListTokens(t.Context(), Owner{}); return len(got), err },
				"accounts": func() (int, error) { got, err := c.Accounts(t.Context()); return len(got), err },
				"zones":    func() (int, error) { got, err := c.Zones(t.Context(), "", ""); return len(got), err },
				"members":  func() (int, error) { got, err := c.Members(t.Context(), hexID); return len(got), err },
			}
			for name, list := range lists {
				n, err := list()
				unexpected, is := errors.AsType[*UnexpectedReplyError](err)
				if n > 0 || !is || !strings.HasPrefix(unexpected.Reason, tt.says) {
					t.Errorf("%s: %d items, %v", name, n, err)
					continue
				}
				page := strings.Fields(tt.says)[1]
				if unexpected.Status != 200 || unexpected.RequestID != "ray-of-page-"+page || unexpected.Path == "" || unexpected.Method != http.MethodGet {
					t.Errorf("%s: the reply is not named: %+v", name, unexpected)
				}
			}
		})
	}
}

// Objects that others create while a list is read move those behind them to later pages. The list has each once.
func TestClient_ListTokens_shifted(t *testing.T) {
	t.Parallel()
	numbers := func(from, to int) []int {
		var out []int
		for i := from; i < to; i++ {
			out = append(out, i)
		}
		return out
	}
	tests := []struct {
		name   string
		pages  [][]int // what each page holds when it is read
		unsaid bool    // whether the API leaves out how many pages there are
	}{
		{"one more, new items behind it", [][]int{numbers(0, 50), numbers(49, 60)}, false},
		{"one more in the middle", [][]int{numbers(0, 50), numbers(50, 100), numbers(99, 130)}, false},
		{"many more", [][]int{numbers(0, 50), numbers(1, 51)}, false},
		{"one more, and nothing behind it", [][]int{numbers(0, 50), numbers(49, 50)}, false},
		{"one more, and nothing behind it, in pages of no number", [][]int{numbers(0, 50), numbers(50, 100), numbers(99, 100)}, true},
		{"a few more, and nothing behind them", [][]int{numbers(0, 50), numbers(50, 100), numbers(100, 150), numbers(145, 150)}, false},
		{"an empty page", [][]int{numbers(0, 50), {}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
				items := []any{}
				for _, n := range tt.pages[pageOf(r)-1] {
					items = append(items, map[string]any{"id": strconv.Itoa(n)})
				}
				body := map[string]any{"success": true, "result": items, "errors": []any{}}
				if !tt.unsaid {
					body["result_info"] = map[string]any{"page": pageOf(r), "per_page": 50, "total_pages": len(tt.pages)}
				}
				answer(w, 200, body)
			})
			c, _ := newTestClient(t, api.URL)
			got, err := c.ListTokens(t.Context(), Owner{})
			if err != nil {
				t.Fatal(err)
			}
			var ids, want []int
			for _, token := range got {
				id, err := strconv.Atoi(token.ID)
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, id)
			}
			for _, page := range tt.pages {
				want = append(want, page...)
			}
			slices.Sort(want)
			if want = slices.Compact(want); !slices.Equal(ids, want) {
				t.Errorf("%v, want %v", ids, want)
			}
		})
	}
}

// Reads that are answered from a list know every token that exists, also where the list repeats its first page:
// what it lacks is asked for by id, and for a while so is everything else.
func TestClient_GetToken_repeatedPages(t *testing.T) {
	t.Parallel()
	for _, atOnce := range []int{1, 10} {
		api := newShelf(t)
		c, clock := newTestClient(t, api.URL)
		ids := api.fill(Owner{}, 160)
		api.on(func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/user/tokens" && pageOf(r) > 1 {
				asPage(w, r, 1, func(w http.ResponseWriter, r *http.Request) { api.page(w, r) })
				return true
			}
			return false
		})
		readEach(t, c, Owner{}, ids, atOnce)
		if lists := api.count("", "/user/tokens"); lists == 0 || lists > 4 {
			t.Errorf("%d at a time: %d pages were read, want a try and no more", atOnce, lists)
		}
		// The endpoint is mended: lists answer again.
		api.on(nil)
		_ = clock.sleep(t.Context(), listPause)
		before := api.count("", "")
		readEach(t, c, Owner{}, ids, atOnce)
		if got := api.count("", "") - before; got > 60 {
			t.Errorf("%d at a time: %d requests once the list is whole", atOnce, got)
		}
	}
}

// Whether a create whose answer is lost has made a token is told by the list from before it. A list that is not
// whole would make tokens look new that were there, so nothing is created.
func TestClient_CreateToken_repeatedPages(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			success(w, map[string]any{"id": hexID, "value": secretValue})
			return
		}
		asPage(w, r, 1, pager(132, true, 50))
	})
	c, _ := newTestClient(t, api.URL)
	_, err := c.CreateToken(t.Context(), Owner{}, TokenDefinition{Name: "ci"})
	if !errors.As(err, new(*BeforeCreateError)) || !errors.As(err, new(*UnexpectedReplyError)) {
		t.Errorf("error = %v", err)
	}
	if n := api.count(http.MethodPost, ""); n > 0 {
		t.Errorf("%d creates were sent", n)
	}
}

// A page may begin with the end of the one before, which creations have moved there; it may repeat a few items
// anywhere. One that is mostly old in any other way is the page before once more, whatever else it brings.
func TestUniqueItems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		second string
		whole  bool
	}{
		{"all new", "efgh", true},
		{"moved by one", "defg", true},
		{"moved by three", "bcde", true},
		{"one from elsewhere", "efga", true},
		{"moved, at the end of the list", "cd", true},
		{"the same page with a new object before it", "xabc", false},
		{"the same page in another order", "dcba", false},
		{"moved, and one from elsewhere", "cdax", false},
		{"the same page", "abcd", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			u := uniqueItems[string]{known: map[string]bool{}, take: func(id, _ string) { got = append(got, id) }}
			page := func(ids string) listPage[string] {
				p := listPage[string]{fault: errors.New}
				for id := range strings.SplitSeq(ids, "") {
					p.items = append(p.items, listItem[string]{id: id, value: id})
				}
				return p
			}
			if err := u.add(1, page("abcd")); err != nil {
				t.Fatal(err)
			}
			if err := u.add(2, page(tt.second)); (err == nil) != tt.whole {
				t.Errorf("error = %v, want the list to be whole: %t", err, tt.whole)
			}
			slices.Sort(got)
			if len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Errorf("items %v come twice", got)
			}
		})
	}
}
