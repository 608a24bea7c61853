// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// scaleWorld is a user and two accounts that may own more tokens than the published quotas allow.
const scaleWorld = `
users:
  super: {email: super@example.com, api_key: "0123456789abcdef0123456789abcdef00001"}
accounts:
  a: {name: A, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  b: {name: B, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
limits: {tokens_per_user: 6000, tokens_per_account: 500}
`

// sharedTime is the clock of a server and of the client that talks to it: it moves only when the client
// waits. Goroutines that wait at the same time move it further than time would pass.
type sharedTime struct {
	mu     sync.Mutex
	server *mocktest.Server
	waited time.Duration
}

func (s *sharedTime) sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waited += d
	s.server.Advance(d)
	return nil
}

// A thousand tokens are made, read and deleted within the published limits, by ten goroutines, without
// one refusal: who respects what the API announces is never told to wait.
func TestClient_publishedRateLimit(t *testing.T) {
	t.Parallel()
	for name, accounts := range map[string][]string{"tokens of two accounts": {"a", "b"}, "tokens of a user": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			thousandTokens(t, accounts)
		})
	}
}

func thousandTokens(t *testing.T, accounts []string) {
	t.Helper()
	server := mocktest.New(t, mocktest.WithSeed(scaleWorld), mocktest.WithRateLimit("1200/5m"),
		mocktest.WithClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)))
	clock := &sharedTime{server: server}
	credential := server.Credential("super")
	c, _ := newTestClient(t, server.BaseURL, func(o *Options, e *environment) {
		o.Credential = Credential{Email: credential.Email, APIKey: credential.Value}
		e.now, e.sleep = server.Now, clock.sleep
	})
	var owners []Owner
	for _, ref := range accounts {
		owners = append(owners, Owner{AccountID: server.ID("account:" + ref)})
	}
	if owners == nil {
		owners = []Owner{{}}
	}
	account := func(owner Owner) string { return cmp.Or(owner.AccountID, server.ID("account:a")) }
	ids := make([]string, 1000)
	atOnce := func(do func(i int)) {
		var group sync.WaitGroup
		slots := make(chan struct{}, 10)
		for i := range ids {
			slots <- struct{}{}
			group.Go(func() {
				defer func() { <-slots }()
				do(i)
			})
		}
		group.Wait()
	}
	atOnce(func(i int) {
		owner := owners[i%len(owners)]
		token, err := c.CreateToken(t.Context(), owner, TokenDefinition{
			Name: fmt.Sprintf("token %d", i),
			Policies: []Policy{{
				Effect: EffectAllow, Groups: []PolicyGroup{{ID: "c1fde68c7bcc44588cbb6ddbc16d6480"}},
				Resources: map[string]ResourceValue{"com.cloudflare.api.account." + account(owner): {}},
			}},
		})
		if err != nil {
			t.Errorf("create %d: %v", i, err)
			return
		}
		ids[i] = token.ID
	})
	// The first read after a write is one by id; the run after has nothing of that to remember.
	c.fresh = freshWrites{until: map[string]time.Time{}}
	server.ResetJournal()
	atOnce(func(i int) {
		if _, err := c.GetToken(t.Context(), owners[i%len(owners)], ids[i]); err != nil {
			t.Errorf("read %d: %v", i, err)
		}
	})
	if got, most := len(server.Journal()), len(ids)/pageSize+len(owners)+spareReads; got > most {
		t.Errorf("%d requests for %d reads, want %d at most", got, len(ids), most)
	}
	atOnce(func(i int) {
		if err := c.DeleteToken(t.Context(), owners[i%len(owners)], ids[i]); err != nil {
			t.Errorf("delete %d: %v", i, err)
		}
	})
	if got := len(server.Journal(func(e *mocktest.JournalEntry) bool { return e.Status == 429 })); got != 0 {
		t.Errorf("%d requests were refused as too many", got)
	}
	if clock.waited == 0 {
		t.Error("nobody waited: the limit was never reached")
	}
}
