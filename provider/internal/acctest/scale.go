// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"net/http"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// ScaleWorld is a world for thousands of tokens: the accounts "a" and "b" hold 500 each, which is the published
// quota, and the user whom Terraform's token acts as any number, since the published 50 are lifted there.
const ScaleWorld = `
users:
  super: {email: super@example.com}
accounts:
  a: {name: A, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  b: {name: B, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
tokens:
  terraform:
    user: super
    policies:
      - permission_groups: [API Tokens Write, User Details Read]
        resources: {user: self}
      - permission_groups: ["account:Account API Tokens Write", "account:Account Settings Write"]
        resources: {accounts: [a, b]}
limits: {tokens_per_user: 6000, tokens_per_account: 500}
`

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
