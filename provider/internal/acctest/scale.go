// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"net/http"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// ScaleWorld is a world for thousands of tokens: the accounts "a" to "j" may be given 500 each, which is the
// published quota, and the user whom Terraform's token acts as any number, since the published 50 are lifted there.
const ScaleWorld = `
users:
  super: {email: super@example.com}
accounts:
  a: {name: A, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  b: {name: B, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  c: {name: C, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  d: {name: D, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  e: {name: E, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  f: {name: F, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  g: {name: G, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  h: {name: H, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  i: {name: I, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  j: {name: J, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
tokens:
  terraform:
    user: super
    policies:
      - permission_groups: [API Tokens Write, User Details Read]
        resources: {user: self}
      - permission_groups: ["account:Account API Tokens Write", "account:Account Settings Write"]
        resources: {accounts: [a, b, c, d, e, f, g, h, i, j]}
limits: {tokens_per_user: 6000, tokens_per_account: 500}
`

// Multiply puts copies of a token into the world behind the API, with the names, whatever the quotas, and returns
// their ids. Nobody holds their secrets.
func (e *Env) Multiply(id string, names []string) []string {
	e.t.Helper()
	ids := make([]string, 0, len(names))
	err := e.Server.World().Update(func(tx *state.Tx) error {
		var model *state.Token
		for _, token := range tx.Tokens() {
			if token.ID.String() == id {
				model = token
			}
		}
		if model == nil {
			return fmt.Errorf("there is no token %s", id)
		}
		for _, name := range names {
			next := *model
			next.ID, next.Definition.Name = tx.NewID("token"), name
			next.SecretHash = tx.HashSecret(tx.NewSecret(state.UserTokenPrefix))
			if err := tx.PutToken(&next); err != nil {
				return err
			}
			ids = append(ids, next.ID.String())
		}
		return nil
	})
	if err != nil {
		e.t.Fatalf("acctest: multiply %s: %v", id, err)
	}
	return ids
}

// CheckRefresh holds the requests since the journal's reset against what a refresh of so many tokens may cost, which
// is a request for fifty, one for each account, and six; none of them writes.
func (e *Env) CheckRefresh(tokens, accounts int) error {
	e.t.Helper()
	if writes := e.Server.Journal(mocktest.Writes); len(writes) > 0 {
		return fmt.Errorf("a plan wrote: %s %s", writes[0].Method, writes[0].Path)
	}
	return e.CheckRequests(tokens/50 + accounts + 6)
}

// CheckRequests expects at most so many requests since the journal's reset, all of them answered 200. Those that the
// rate limit refused come beside them: they were not acted on, and whether there are any may depend on how fast the
// machine is.
func (e *Env) CheckRequests(most int) error {
	e.t.Helper()
	answered, refused := 0, e.CountRefused()
	for _, entry := range e.Server.Journal() {
		switch entry.Status {
		case http.StatusOK:
			answered++
		case http.StatusTooManyRequests:
		default:
			return fmt.Errorf("%s %s was answered %d", entry.Method, entry.Path, entry.Status)
		}
	}
	e.t.Logf("%d requests, of %d at most; %d refused by the rate limit", answered, most, refused)
	if answered > most {
		return fmt.Errorf("%d requests, want %d at most", answered, most)
	}
	return nil
}

// CountRefused counts the requests since the journal's reset that the rate limit refused.
func (e *Env) CountRefused() int {
	return len(e.Server.Journal(func(entry *mocktest.JournalEntry) bool {
		return entry.Status == http.StatusTooManyRequests
	}))
}
