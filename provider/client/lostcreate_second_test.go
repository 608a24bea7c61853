// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"net/http"
	"slices"
	"testing"
)

// Where what a lost create left cannot be settled, what was made in its place is deleted again, so that state can
// stand for the lost one. Where not even that works, the second comes back with its secret, and the first is named.
func TestCreateToken_settlementOfSecondFails(t *testing.T) {
	t.Parallel()
	unreadable := func(n int, w http.ResponseWriter) bool {
		if n > 3 {
			refuse(w, 403, 9109, "no")
		}
		return n > 3
	}
	// The first request is carried out only when the second one arrives, which must not be told from it by its name.
	late := func(api *tokenAPI) {
		var first func() map[string]any
		api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
			if n == 1 {
				first = create
				dropReply(w)
			}
			first()
			success(w, create())
		}
	}
	refuseDeletes := func(times int) func(w http.ResponseWriter) bool {
		return func(w http.ResponseWriter) bool {
			times--
			if times >= 0 {
				refuse(w, 403, 9109, "no")
			}
			return times >= 0
		}
	}
	tests := []struct {
		name    string
		prepare func(api *tokenAPI)
		// returned and created are the ids of the token beside the error, and in it; later says whether the error
		// holds what a later run needs.
		returned, created string
		later             bool
		alive             []string
	}{
		{"lists fail", func(api *tokenAPI) { late(api); api.onList = unreadable }, "", "", true, []string{"token-1"}},
		{
			"lists and deletes fail",
			func(api *tokenAPI) {
				late(api)
				api.onList, api.onDelete = unreadable, refuseDeletes(9)
			},
			"token-2", "token-2", true,
			[]string{"token-1", "token-2"},
		},
		{"the first cannot be deleted", func(api *tokenAPI) { late(api); api.onDelete = refuseDeletes(1) }, "token-1", "", false, []string{"token-1"}},
		{"neither can be deleted", func(api *tokenAPI) { late(api); api.onDelete = refuseDeletes(9) }, "token-2", "token-2", false, []string{"token-1", "token-2"}},
		{
			"a stranger beside the first",
			func(api *tokenAPI) {
				late(api)
				inner := api.onCreate
				api.onCreate = func(n int, create func() map[string]any, w http.ResponseWriter) {
					if n == 2 {
						create()
					}
					inner(n, create, w)
				}
			},
			"token-3", "token-3", false,
			[]string{"token-1", "token-2", "token-3"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api, c := newTokenAPI(t)
			tt.prepare(api)
			token, err := c.CreateToken(t.Context(), Owner{}, createDefinition())
			lost, ok := errors.AsType[*LostCreateError](err)
			if !ok {
				t.Fatalf("error = %v, want a *LostCreateError", err)
			}
			returned := ""
			if token != nil {
				returned = token.ID
				if (token.Value != "") != (tt.created != "") {
					t.Errorf("secret of %s = %q", token.ID, token.Value)
				}
			}
			_, later := LostCreateOf(err)
			if returned != tt.returned || lost.CreatedID != tt.created || later != tt.later || !slices.Equal(api.ids(), tt.alive) {
				t.Errorf("token %q, created %q, for a later run %v, alive %v; want %q, %q, %v, %v",
					returned, lost.CreatedID, later, api.ids(), tt.returned, tt.created, tt.later, tt.alive)
			}
		})
	}
}
