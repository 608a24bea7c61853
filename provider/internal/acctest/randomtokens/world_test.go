// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// seedOfWorld is a world whose user holds every right there is, in two accounts, so that every token can be made. Its
// quotas are lifted.
const seedOfWorld = `
users:
  super: {email: super@example.com}
accounts:
  a: {name: A, type: enterprise, members: {super: {roles: [Super Administrator - All Privileges]}}}
  b: {name: B, type: standard, members: {super: {roles: [Super Administrator - All Privileges]}}}
zones:
  one.example: {account: a}
  two.example: {account: a}
  three.example: {account: a}
  four.example: {account: b}
  five.example: {account: b}
tokens:
  terraform:
    user: super
    policies:
      - permission_groups: [API Tokens Write, User Details Read]
        resources: {user: self}
      - permission_groups: ["account:Account API Tokens Write", "account:Account Settings Write"]
        resources: {accounts: [a, b]}
limits: {tokens_per_user: 6000, tokens_per_account: 6000}
`

// places are the ids of what tokens can name.
type places struct {
	user     string
	accounts []account
}

type account struct {
	id    string
	zones []string
}

// newWorld starts a server that answers in another order each time.
func newWorld(t *testing.T, shuffle uint64) (*acctest.Env, places) {
	t.Helper()
	env := acctest.New(t, mocktest.WithSeed(seedOfWorld), mocktest.WithShuffledReplies(shuffle))
	p := places{user: env.ID("user:super")}
	for _, a := range []struct {
		ref   string
		zones []string
	}{{"a", []string{"one.example", "two.example", "three.example"}}, {"b", []string{"four.example", "five.example"}}} {
		place := account{id: env.ID("account:" + a.ref)}
		for _, zone := range a.zones {
			place.zones = append(place.zones, env.ID("zone:"+zone))
		}
		p.accounts = append(p.accounts, place)
	}
	return env, p
}

// meaning is what a token grants, however it was written: every list is sorted, every address range masked and every
// time in UTC.
type meaning struct {
	Name string
	// Account is the id of the account that owns the token, empty for the user.
	Account              string
	Policies             []string
	In, NotIn            []string
	NotBefore, ExpiresOn string
	Disabled             bool
}

// policyMeaning writes one policy as [meaning] holds it.
func policyMeaning(effect string, groups, keys []string) string {
	sorted := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
	return fmt.Sprintf("%s %q on %q", effect, sorted(groups), sorted(keys))
}

// keyMeaning writes a resource key as [policyMeaning] takes it.
func keyMeaning(outer, inner string) string {
	if inner == "" {
		return outer
	}
	return outer + " > " + inner
}

// timeMeaning writes an instant; the zero time is none.
func timeMeaning(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// tokensOf reads what the tokens of the world grant, by id; the one that Terraform runs with is left out.
func tokensOf(t *testing.T, env *acctest.Env) map[string]meaning {
	t.Helper()
	all := map[string]meaning{}
	err := env.Server.World().View(func(tx *state.Tx) error {
		for _, token := range tx.Tokens() {
			if token.Ref == acctest.Terraform {
				continue
			}
			m, err := meaningOf(token)
			if err != nil {
				return err
			}
			all[token.ID.String()] = m
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func meaningOf(token *state.Token) (meaning, error) {
	d := &token.Definition
	m := meaning{
		Name: d.Name, Disabled: token.Disabled, NotBefore: timeMeaning(d.NotBefore), ExpiresOn: timeMeaning(d.ExpiresOn),
	}
	if !token.Owner.Account.IsZero() {
		m.Account = token.Owner.Account.String()
	}
	groups := catalog.Groups()
	for _, p := range d.Policies {
		var ids, keys []string
		for _, g := range p.Groups {
			ids = append(ids, groups[g].ID)
		}
		for _, r := range p.Resources {
			if r.Nested == nil {
				keys = append(keys, keyMeaning(r.Key, ""))
			}
			for _, inner := range r.Nested {
				keys = append(keys, keyMeaning(r.Key, inner))
			}
		}
		m.Policies = append(m.Policies, policyMeaning(string(p.Effect), ids, keys))
	}
	slices.Sort(m.Policies)
	for _, list := range []struct {
		from []string
		to   *[]string
	}{{d.In, &m.In}, {d.NotIn, &m.NotIn}} {
		var prefixes []netip.Prefix
		for _, text := range list.from {
			prefix, err := authz.ParsePrefix(text)
			if err != nil {
				return m, err
			}
			prefixes = append(prefixes, prefix)
		}
		*list.to = rangesMeaning(prefixes)
	}
	return m, nil
}

// rangesMeaning writes address ranges; none is nil.
func rangesMeaning(prefixes []netip.Prefix) []string {
	var texts []string
	for _, p := range prefixes {
		texts = append(texts, p.Masked().String())
	}
	slices.Sort(texts)
	return texts
}
