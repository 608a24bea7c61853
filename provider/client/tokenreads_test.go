// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// shelf is an API that keeps tokens by owner and answers reads of one, of a page, and updates.
type shelf struct {
	*fakeAPI
	mu     sync.Mutex
	tokens map[string][]map[string]any // by the path of the list, in the order of the list

	// before, when not nil, is asked before a request is answered; true means that it has answered.
	before func(w http.ResponseWriter, r *http.Request) bool
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{tokens: map[string][]map[string]any{}}
	s.fakeAPI = newFakeAPI(t, s.serve)
	return s
}

func tokenID(n int) string { return fmt.Sprintf("%032x", n) }

func accountOf(n int) Owner { return Owner{AccountID: fmt.Sprintf("%032x", 0xacc0000+n)} }

func listPath(owner Owner) string {
	return "/" + strings.Join(owner.segments(), "/")
}

// fill puts n tokens on the shelf and returns their ids.
func (s *shelf) fill(owner Owner, n int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = tokenID(i)
		s.tokens[listPath(owner)] = append(s.tokens[listPath(owner)], map[string]any{
			"id": ids[i], "name": "token " + strconv.Itoa(i), "status": "active",
			"policies": []any{map[string]any{
				"effect": "allow", "permission_groups": []any{map[string]any{"id": hexID}},
				"resources": map[string]any{"com.cloudflare.api.account.zone." + hexID: "*"},
			}},
		})
	}
	return ids
}

func (s *shelf) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	before := s.before
	s.mu.Unlock()
	if before != nil && before(w, r) {
		return
	}
	if s.page(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list, id := r.URL.Path[:strings.LastIndex(r.URL.Path, "/")], r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	i := slices.IndexFunc(s.tokens[list], func(t map[string]any) bool { return t["id"] == id })
	if i < 0 {
		refuse(w, 404, CodeNotFound, "token not found")
		return
	}
	if r.Method == http.MethodPut {
		changed := maps.Clone(s.tokens[list][i])
		_, name, _ := strings.Cut(bodyOf(r), `"name":"`)
		changed["name"], _, _ = strings.Cut(name, `"`)
		s.tokens[list][i] = changed
	}
	success(w, s.tokens[list][i])
}

// page answers a request for a page of a list, and says whether it is one.
func (s *shelf) page(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	tokens, ok := s.tokens[r.URL.Path]
	if !ok {
		return false
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	items := tokens[min((page-1)*size, len(tokens)):min(page*size, len(tokens))]
	answer(w, 200, map[string]any{"success": true, "errors": []any{}, "result": items, "result_info": map[string]any{
		"page": page, "per_page": size, "count": len(items), "total_count": len(tokens), "total_pages": (len(tokens) + size - 1) / size,
	}})
	return true
}

// on sets what is asked before each answer.
func (s *shelf) on(before func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

// readEach reads the tokens, so many at a time, and fails the test for each that does not come as it is.
func readEach(t *testing.T, c *Client, owner Owner, ids []string, atOnce int) {
	t.Helper()
	var group sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i, id := range ids {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			token, err := c.GetToken(t.Context(), owner, id)
			if err != nil || token.ID != id || token.Name != "token "+strconv.Itoa(i) || len(token.Policies) != 1 {
				t.Errorf("token %d: %+v, %v", i, token, err)
			}
		})
	}
	group.Wait()
}

// many lets a client come to the point at which the next read is answered from a list.
func many(t *testing.T, c *Client, owner Owner, ids []string) {
	t.Helper()
	readEach(t, c, owner, ids[:spareReads], 1)
}

// What a list does not hold, or not in a form that is understood, is read by id: that answer counts,
// for that token alone.
func TestClient_GetToken_absentFromTheList(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 60)
	many(t, c, Owner{}, ids)
	api.mu.Lock()
	tokens := api.tokens["/user/tokens"]
	delete(tokens[10], "policies")
	tokens[11]["policies"] = []any{map[string]any{"effect": "allow", "resources": map[string]any{"k": 7}}}
	tokens[12]["id"] = 7
	api.tokens["/user/tokens"] = tokens[:59]
	api.mu.Unlock()

	if _, err := c.GetToken(t.Context(), Owner{}, ids[59]); !IsNotFound(err) {
		t.Errorf("a token that is gone: error = %v, want not found", err)
	}
	if token, err := c.GetToken(t.Context(), Owner{}, ids[10]); err != nil || len(token.Policies) != 0 {
		t.Errorf("a token without policies: %+v, %v", token, err)
	}
	if token, err := c.GetToken(t.Context(), Owner{}, ids[11]); token != nil || !errors.As(err, new(*UnexpectedReplyError)) {
		t.Errorf("a token of another form: %+v, %v", token, err)
	}
	for _, i := range []int{10, 11, 59} {
		if n := api.count("", "/user/tokens/"+ids[i]); n != 1 {
			t.Errorf("token %d was read by id %d times, want once", i, n)
		}
	}
	before := api.count("", "")
	readEach(t, c, Owner{}, ids[:10], 10)
	if got := api.count("", "") - before; got != 0 {
		t.Errorf("%d requests for tokens on the list", got)
	}
}

// Tokens that come and go while pages are read change their places; none is taken for gone.
func TestClient_GetToken_itemsMoveBetweenPages(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 400)
	var once sync.Once
	api.on(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("page") == "4" {
			once.Do(func() {
				api.mu.Lock()
				defer api.mu.Unlock()
				// The first 30 move to the end, so that others move to pages that have been read.
				api.tokens["/user/tokens"] = slices.Concat(api.tokens["/user/tokens"][30:], api.tokens["/user/tokens"][:30])
			})
		}
		return false
	})
	readEach(t, c, Owner{}, ids, 10)
}

// A list that may not be read, or fails, is no reason for a read to fail; it is not tried again at once.
func TestClient_GetToken_listRefused(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(http.ResponseWriter){
		"403": func(w http.ResponseWriter) { refuse(w, 403, 9109, "Unauthorized to access requested resource") },
		"404": func(w http.ResponseWriter) { refuse(w, 404, CodeNoRoute, "Could not route") },
		"another form": func(w http.ResponseWriter) {
			success(w, map[string]any{"tokens": []any{}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newShelf(t)
			c, clock := newTestClient(t, api.URL)
			ids := api.fill(Owner{}, 100)
			api.on(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/user/tokens" && r.URL.Query().Get("page") == "2" {
					fail(w)
					return true
				}
				return false
			})
			readEach(t, c, Owner{}, ids, 10)
			if got := api.count("", "/user/tokens"); got != 2 {
				t.Errorf("%d requests for pages, want the two that failed as one list", got)
			}
			api.on(nil)
			if err := clock.sleep(t.Context(), listPause); err != nil {
				t.Fatal(err)
			}
			before := api.count("", "")
			readEach(t, c, Owner{}, ids, 10)
			if got := api.count("", "") - before; got != 2 {
				t.Errorf("%d requests once the list can be read, want its two pages", got)
			}
		})
	}
}

// A failure of one token is that token's.
func TestClient_GetToken_errorsStayWithTheirToken(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 20)
	api.on(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/user/tokens" || r.URL.Path == "/user/tokens/"+ids[7] {
			refuse(w, 403, 9109, "Unauthorized to access requested resource")
			return true
		}
		return false
	})
	for i, id := range ids {
		if _, err := c.GetToken(t.Context(), Owner{}, id); IsDenied(err) != (i == 7) || (err != nil) != (i == 7) {
			t.Errorf("token %d: error = %v", i, err)
		}
	}
}

// A list answers as long as reads keep coming, up to a limit; after a rest everything begins anew.
func TestClient_GetToken_oldListsAreReadAgain(t *testing.T) {
	t.Parallel()
	const changed = "changed by somebody else"
	for _, tt := range []struct {
		name    string
		between time.Duration // how long no read comes
		times   int
		want    string
		lists   int
		byID    int
	}{
		{"reads keep coming", listRest, int(listLife / listRest), "token 20", 1, 0},
		{"too long for one list", listRest, int(listLife/listRest) + 1, changed, 2, 0},
		{"after a rest", listRest + time.Second, 1, changed, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := newShelf(t)
			c, clock := newTestClient(t, api.URL)
			ids := api.fill(Owner{}, 50)
			readEach(t, c, Owner{}, ids, 1)
			api.mu.Lock()
			api.tokens["/user/tokens"][20]["name"] = changed
			api.mu.Unlock()
			var token *Token
			for range tt.times {
				if err := clock.sleep(t.Context(), tt.between); err != nil {
					t.Fatal(err)
				}
				var err error
				if token, err = c.GetToken(t.Context(), Owner{}, ids[20]); err != nil {
					t.Fatal(err)
				}
			}
			if lists, byID := api.count("", "/user/tokens"), api.count("", "/user/tokens/"+ids[20]); token.Name != tt.want || lists != tt.lists || byID != tt.byID {
				t.Errorf("%q after %d lists and %d reads by id; want %q after %d and %d", token.Name, lists, byID, tt.want, tt.lists, tt.byID)
			}
		})
	}
}

// A list for which the API let everyone wait is no older than one that came at once.
func TestClient_GetToken_listAfterAWait(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, clock := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 120)
	api.on(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("page") == "3" {
			if err := clock.sleep(t.Context(), 4*time.Minute); err != nil {
				t.Error(err)
			}
		}
		return false
	})
	readEach(t, c, Owner{}, ids, 1)
	if got, want := api.count("", ""), spareReads+3; got != want {
		t.Errorf("%d requests, want %d", got, want)
	}
}

// A write of any kind, successful or not, drops the lists: what is read afterwards is as new as the write.
func TestClient_GetToken_writesDropLists(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 50)
	for name, write := range map[string]func() error{
		"update": func() error {
			_, err := c.UpdateToken(t.Context(), Owner{}, ids[0], TokenDefinition{Name: "token 0"})
			return err
		},
		"delete of another": func() error { return c.DeleteToken(t.Context(), Owner{}, tokenID(999)) },
		"of something else": func() error { _, err := c.SetAccountAPIAccess(t.Context(), hexID, nil); return err },
	} {
		readEach(t, c, Owner{}, ids, 10)
		before := api.count("", "")
		readEach(t, c, Owner{}, ids, 10)
		if api.count("", "") != before {
			t.Fatalf("%s: the tokens were not on a list before", name)
		}
		api.on(func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.URL.Path, "/accounts/") {
				success(w, map[string]any{"id": hexID, "settings": map[string]any{"api_access_enabled": nil}})
				return true
			}
			return false
		})
		if err := write(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		api.on(nil)
		if token, err := c.GetToken(t.Context(), Owner{}, ids[1]); err != nil || token.Name != "token 1" {
			t.Errorf("%s: %+v, %v", name, token, err)
		}
		if n := api.count("GET", "/user/tokens/"+ids[1]); n == 0 {
			t.Errorf("%s: the read after it was answered from a list before it", name)
		}
	}
}

// A list that is under way while something is written serves those who wait for it, and nobody after.
func TestClient_GetToken_writeDuringAList(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 50)
	many(t, c, Owner{}, ids)
	entered, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	api.on(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/user/tokens" {
			return false
		}
		old := false
		once.Do(func() { old = true })
		if !old {
			return false
		}
		api.mu.Lock()
		result := slices.Clone(api.tokens["/user/tokens"])
		api.mu.Unlock()
		close(entered)
		<-release
		success(w, result)
		return true
	})
	var group sync.WaitGroup
	group.Go(func() {
		if token, err := c.GetToken(t.Context(), Owner{}, ids[30]); err != nil || token.Name != "token 30" {
			t.Errorf("the one who waited: %+v, %v", token, err)
		}
	})
	<-entered
	if _, err := c.UpdateToken(t.Context(), Owner{}, ids[31], TokenDefinition{Name: "new"}); err != nil {
		t.Fatal(err)
	}
	if token, err := c.GetToken(t.Context(), Owner{}, ids[31]); err != nil || token.Name != "new" {
		t.Errorf("the read after the write: %+v, %v", token, err)
	}
	close(release)
	group.Wait()
	for range 3 * spareReads {
		if token, err := c.GetToken(t.Context(), Owner{}, ids[31]); err != nil || token.Name != "new" {
			t.Errorf("a later read: %+v, %v", token, err)
		}
	}
}

// One caller's end is nobody else's; the end of all ends the list.
func TestClient_GetToken_cancelled(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 50)
	entered, again, release, gone := make(chan struct{}), make(chan struct{}), make(chan struct{}), make(chan struct{})
	var lists sync.Map
	api.on(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/user/tokens" {
			return false
		}
		if _, second := lists.LoadOrStore("first", true); !second {
			close(entered)
			<-release
			return false
		}
		close(again)
		<-r.Context().Done()
		close(gone)
		return true
	})
	many(t, c, Owner{}, ids)
	first, cancel := context.WithCancel(t.Context())
	var group, ended sync.WaitGroup
	ended.Go(func() {
		if _, err := c.GetToken(first, Owner{}, ids[10]); !errors.Is(err, context.Canceled) {
			t.Errorf("the one that was cancelled: %v", err)
		}
	})
	<-entered
	waits := make(chan struct{})
	group.Go(func() {
		list := c.reads.join(t.Context(), Owner{})
		close(waits)
		<-list.done
		if token := list.token(ids[11]); token == nil || token.Name != "token 11" {
			t.Errorf("the one that went on: %+v", token)
		}
		c.reads.quit(Owner{}, list)
	})
	<-waits
	cancel()
	ended.Wait()
	close(release)
	group.Wait()

	c.reads.drop()
	many(t, c, Owner{}, ids)
	ctx, cancel := context.WithCancel(t.Context())
	group.Go(func() {
		if _, err := c.GetToken(ctx, Owner{}, ids[10]); !errors.Is(err, context.Canceled) {
			t.Errorf("the only one: %v", err)
		}
	})
	<-again
	cancel()
	group.Wait()
	<-gone
	api.on(nil)
	readEach(t, c, Owner{}, ids, 10)
}

// Whatever writes and reads do at the same time, no read shows less than what its own client had
// written when it began.
func TestClient_GetToken_neverOlderThanOurWrites(t *testing.T) {
	t.Parallel()
	api := newShelf(t)
	c, _ := newTestClient(t, api.URL)
	ids := api.fill(Owner{}, 120)
	written := make([]int, len(ids))
	var mu sync.Mutex
	var group sync.WaitGroup
	for worker := range 6 {
		group.Go(func() {
			for i := range 150 {
				n := (worker*31 + i*7) % len(ids)
				if i%25 == worker && n%6 == worker {
					if _, err := c.UpdateToken(t.Context(), Owner{}, ids[n], TokenDefinition{Name: "token " + strconv.Itoa(1000+i)}); err != nil {
						t.Error(err)
					}
					mu.Lock()
					written[n] = 1000 + i
					mu.Unlock()
					continue
				}
				mu.Lock()
				least := written[n]
				mu.Unlock()
				token, err := c.GetToken(t.Context(), Owner{}, ids[n])
				if err != nil {
					t.Error(err)
					continue
				}
				if got, err := strconv.Atoi(strings.TrimPrefix(token.Name, "token ")); err != nil || got < least {
					t.Errorf("token %d is %q, written before was %d", n, token.Name, least)
				}
			}
		})
	}
	group.Wait()
}
