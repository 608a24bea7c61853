// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// seed is the world of every story, up to the policies of the token that the story's program presents.
const seed = `
users:
  owner: {email: owner@example.com, api_key: "0123456789abcdef0123456789abcdef00001"}
  neighbour: {email: neighbour@example.com, api_key: "0123456789abcdef0123456789abcdef00002"}
accounts:
  shop:
    name: Shop
    type: standard
    members: {owner: {roles: [Super Administrator - All Privileges]}}
zones:
  example.com:
    account: shop
    records:
      - {type: A, name: www, content: 192.0.2.1}
      - {type: A, name: home, content: 192.0.2.2}
      - {type: TXT, name: "@", content: '"v=spf1 -all"'}
  example.org:
    account: shop
    records: [{type: A, name: home, content: 192.0.2.3}]
tokens:
  operator: # what a person would look around with
    user: owner
    policies:
      - {permission_groups: [Zone Read, DNS Read, Firewall Services Read], resources: {all_zones_of_accounts: [shop]}}
  program:
    user: owner
    policies:
`

// Grants that programs need, as policies of the seed: the fewest that let them do their job.
const (
	readsZone       = `{permission_groups: [Zone Read], resources: {zones: [example.com]}}`
	readsRecords    = `{permission_groups: [DNS Read], resources: {zones: [example.com]}}`
	writesChallenge = `{permission_groups: [DNS Write], resources: {dns_records: [{zone: example.com, type: TXT, name: "_acme-challenge.*"}]}}`
	writesHome      = `{permission_groups: [DNS Write], resources: {dns_records: [{zone: example.com, type: A, name: home.example.com}]}}`
	writesFirewall  = `{permission_groups: [Firewall Services Write], resources: {zones: [example.com]}}`
)

// program is the ref of the token that the story's program presents, operator of the one that looks on.
const (
	program  = "program"
	operator = "operator"
)

// start starts a server in whose world the token of the program holds these policies.
func start(t *testing.T, policies ...string) *mocktest.Server {
	t.Helper()
	var text strings.Builder
	text.WriteString(seed)
	for _, p := range policies {
		text.WriteString("      - " + p + "\n")
	}
	return mocktest.New(t, mocktest.WithSeed(text.String()))
}

// record is what the stories look at in a DNS record.
type record struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Content string `json:"content"`
}

// list reads the result of a GET as the operator.
func list[T any](t *testing.T, s *mocktest.Server, path string) []T {
	t.Helper()
	status, reply := s.Do(operator, "GET", path, nil)
	if status != 200 {
		t.Fatalf("GET %s as the operator: %d %v", path, status, reply.Errors)
	}
	var items []T
	if err := reply.Decode(&items); err != nil {
		t.Fatal(err)
	}
	return items
}

// nothingRefused fails the test if the server refused anything: a program that holds what it needs, and no
// more, does its job without trial and error.
func nothingRefused(t *testing.T, s *mocktest.Server) {
	t.Helper()
	for _, e := range s.Journal(mocktest.Refused) {
		t.Errorf("refused: %s %s?%s of %s: %d %s: %s", e.Method, e.Path, e.Query, e.Credential, e.Status, e.Reason, e.Sentence)
	}
}

// refusalNames fails the test unless the server refused the program for want of a grant, and its explanation of
// the first refusal, which the reply carries, names that grant. A program may go on after it, and then lacks
// the grants of what comes next as well.
func refusalNames(t *testing.T, s *mocktest.Server, grant string) {
	t.Helper()
	refused := s.Journal(mocktest.Refused, mocktest.By(program))
	if len(refused) == 0 {
		t.Fatalf("the server refused nothing; the program's token lacks %s", grant)
	}
	for i, e := range refused {
		if e.Reason != "no_matching_grant" || i == 0 && !strings.Contains(e.Sentence, grant) {
			t.Errorf("%s %s was refused with %s: %s, want a missing grant %s", e.Method, e.Path, e.Reason, e.Sentence, grant)
		}
	}
}

// says fails the test unless what the program printed contains every text.
func says(t *testing.T, printed string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(printed, text) {
			t.Errorf("the program does not say %q; it says:\n%s", text, printed)
		}
	}
}
