// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// The scopes of places where a credential may be able to do something.
const (
	scopeUser    = "user"
	scopeAccount = "account"
	scopeZone    = "zone"
	scopeBucket  = "bucket"
)

// scopes are in the order in which a reply goes through the places of one
// account.
var scopes = []string{scopeUser, scopeAccount, scopeZone, scopeBucket}

// place is one place where a credential may be able to do something: the user
// (and the lists that span accounts), an account, a zone, a bucket.
type place struct {
	scope   string
	account authz.ID
	zone    authz.ID
	// name orders the places of a scope in an account: a zone's name, a
	// bucket's key.
	name string
}

// target is the place as a question's target; an operation that acts on the
// whole account, or on nothing, takes less.
func (p place) target() inquiry.Target {
	switch p.scope {
	case scopeAccount:
		return inquiry.Target{Account: p.account}
	case scopeZone:
		return inquiry.Target{Zone: p.zone}
	case scopeBucket:
		jurisdiction, name, _ := strings.Cut(p.name, "_")
		return inquiry.Target{Account: p.account, Jurisdiction: jurisdiction, Bucket: name}
	default:
		return inquiry.Target{}
	}
}

// step is the place of one row in the order of a what-can; it compares by
// values that a cursor can hold.
type step struct {
	Account   authz.ID `json:"a,omitzero"` // zero for the user, which comes first
	Scope     int      `json:"s"`
	Name      string   `json:"n"`
	Operation int      `json:"o"` // by the operations table, from 1
}

func (s step) compare(other step) int {
	return cmp.Or(s.comparePlace(other), cmp.Compare(s.Operation, other.Operation))
}

func (s step) comparePlace(other step) int {
	return cmp.Or(s.Account.Compare(other.Account), cmp.Compare(s.Scope, other.Scope), strings.Compare(s.Name, other.Name))
}

// step is where a place begins.
func (p place) step() step {
	return step{Account: p.account, Scope: slices.Index(scopes, p.scope), Name: p.name}
}

// places lists where the credential could be able to do anything: the user and
// the lists, and every account where it counts with all its zones, and the
// buckets that its keys name (buckets are not objects of the world). They are
// sorted by step.
func (q *question) places(s *subject) []place {
	list := []place{{scope: scopeUser}}
	for _, account := range q.accountsWhere(s) {
		list = append(list, place{scope: scopeAccount, account: account})
		for _, z := range q.tx.ZonesIn(account) {
			list = append(list, place{scope: scopeZone, account: account, zone: z.ID, name: z.Name})
		}
		for _, bucket := range bucketsOf(s.policies, account) {
			list = append(list, place{scope: scopeBucket, account: account, name: bucket})
		}
	}
	slices.SortFunc(list, func(a, b place) int { return a.step().comparePlace(b.step()) })
	return list
}

// accountsWhere are the accounts where the credential counts: its own, or those
// where its user is an accepted member.
func (q *question) accountsWhere(s *subject) []authz.ID {
	c := s.credential
	if c.Kind == authz.AccountToken {
		return []authz.ID{c.Account}
	}
	var list []authz.ID
	for _, a := range q.tx.AccountsOf(c.User) {
		if s.member.IsZero() || s.member == a.ID {
			list = append(list, a.ID)
		}
	}
	return list
}

// bucketsOf are the buckets of an account that allow policies name, sorted.
func bucketsOf(policies []authz.Policy, account authz.ID) []string {
	var list []string
	for key := range keysOf(policies, authz.Allow) {
		if key.Form == authz.KeyBucket && key.Account == account {
			list = append(list, key.Bucket)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// keysOf yields the keys of the policies with an effect.
func keysOf(policies []authz.Policy, effect authz.Effect) iter.Seq[authz.Key] {
	return func(yield func(authz.Key) bool) {
		for _, p := range policies {
			if p.Effect != effect {
				continue
			}
			for _, r := range p.Resources {
				keys, err := authz.ParseResource(r)
				if err != nil {
					continue // none that a stored token holds
				}
				for _, k := range keys {
					if !yield(k) {
						return
					}
				}
			}
		}
	}
}

// operationsIn lists the operations of a scope in the order of the table.
func operationsIn(scope string) []*catalog.Operation { return loadScopes()[scope] }

var loadScopes = sync.OnceValue(func() map[string][]*catalog.Operation {
	lists := make(map[string][]*catalog.Operation)
	for _, row := range catalog.Operations() {
		scope := scopeOf(row)
		lists[scope] = append(lists[scope], row)
	}
	return lists
})

// scopeOf says in which places an operation is asked about.
func scopeOf(row *catalog.Operation) string {
	has := func(name string) bool { return strings.Contains(row.Route, "{"+name+"}") }
	switch row.Target {
	case catalog.TargetAccount, catalog.TargetAllZones, catalog.TargetCredential:
		switch {
		case has("zone_id"):
			return scopeZone
		case row.Target == catalog.TargetCredential && !has("account_id"):
			return scopeUser
		default:
			return scopeAccount
		}
	case catalog.TargetZone, catalog.TargetRecords, catalog.TargetCertificate:
		return scopeZone
	case catalog.TargetBucket:
		return scopeBucket
	default:
		return scopeUser
	}
}
