// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// groupsAPI answers lists of permission groups, and refuses one account.
func groupsAPI(t *testing.T, refused Owner, before func(path string)) *fakeAPI {
	t.Helper()
	return newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if before != nil {
			before(r.URL.Path)
		}
		if strings.Contains(r.URL.Path, refused.AccountID) {
			refuse(w, 403, 9109, "Unauthorized to access requested resource")
			return
		}
		success(w, []any{map[string]any{"id": hexID, "name": "DNS Write", "scopes": []string{"com.cloudflare.api.account.zone"}}})
	})
}

// A refusal is kept for its account, as the list is for all.
func TestClient_TokenPermissionGroups_refusalsAreKept(t *testing.T) {
	t.Parallel()
	refused, other := accountOf(1), accountOf(2)
	api := groupsAPI(t, refused, nil)
	c, _ := newTestClient(t, api.URL)
	for range 5 {
		if groups, err := c.TokenPermissionGroups(t.Context(), refused); !IsDenied(err) || groups != nil {
			t.Errorf("refused account: %v, %v", groups, err)
		}
	}
	if got := api.count("", ""); got != 1 {
		t.Errorf("%d requests, want the one that was refused", got)
	}
	for _, owner := range []Owner{other, accountOf(3), other} {
		if groups, err := c.TokenPermissionGroups(t.Context(), owner); err != nil || len(groups) != 1 {
			t.Errorf("another account: %v, %v", groups, err)
		}
	}
	if got := api.count("", ""); got != 2 {
		t.Errorf("%d requests, want one more for all other accounts", got)
	}
}

// Who waits for a read that another account is refused asks for itself.
func TestClient_TokenPermissionGroups_refusalOfAnother(t *testing.T) {
	t.Parallel()
	refused, other := accountOf(1), accountOf(2)
	entered, release := make(chan struct{}), make(chan struct{})
	api := groupsAPI(t, refused, func(path string) {
		if strings.Contains(path, refused.AccountID) {
			close(entered)
			<-release
		}
	})
	c, _ := newTestClient(t, api.URL)
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := c.TokenPermissionGroups(t.Context(), refused); !IsDenied(err) {
			t.Errorf("refused account: %v", err)
		}
	})
	<-entered
	for range 4 {
		group.Go(func() {
			if groups, err := c.TokenPermissionGroups(t.Context(), other); err != nil || len(groups) != 1 {
				t.Errorf("another account: %v, %v", groups, err)
			}
		})
	}
	close(release)
	group.Wait()
	if got := api.count("", ""); got != 2 {
		t.Errorf("%d requests, want one for each account", got)
	}
}
