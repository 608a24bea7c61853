// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"cmp"
	"iter"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The parts of the population, in their order.
const (
	partUsers = iota + 1
	partAccounts
	partMembers
)

// The kinds of what belongs to an owner, in their order.
const (
	itemToken = iota + 1
	itemGlobalKey
	itemOriginCAKey
	itemMember
)

// position is the place of one credential or member in the order of the
// population: by owner, oldest first, then by what belongs to the owner. It
// compares by values that never change, so that a cursor holds its place even
// when what it points to has been deleted.
type position struct {
	Part    int       `json:"p"`
	OwnerOn time.Time `json:"o"`
	Owner   authz.ID  `json:"i,omitzero"`
	Item    int       `json:"k"`
	ItemOn  time.Time `json:"t"`
	ItemID  authz.ID  `json:"j,omitzero"`
}

func (p position) compare(other position) int {
	return cmp.Or(
		p.compareOwner(other), cmp.Compare(p.Item, other.Item),
		p.ItemOn.Compare(other.ItemOn), p.ItemID.Compare(other.ItemID),
	)
}

func (p position) compareOwner(other position) int {
	return cmp.Or(cmp.Compare(p.Part, other.Part), p.OwnerOn.Compare(other.OwnerOn), p.Owner.Compare(other.Owner))
}

// someone is one of the population: the credential, and what a reply shows of
// it, made only for those that it shows.
type someone struct {
	credential *authz.Credential
	subject    func() *subject
}

// population yields every credential of the world, and the members of the
// accounts (sorted by id), behind a position.
func (q *question) population(after position, accounts []authz.ID) iter.Seq2[position, someone] {
	return func(yield func(position, someone) bool) {
		give := func(at position, who someone) bool {
			return at.compare(after) <= 0 || yield(at, who)
		}
		for _, u := range q.tx.Users() {
			at := position{Part: partUsers, OwnerOn: u.CreatedOn, Owner: u.ID}
			if at.compareOwner(after) >= 0 && !q.ofUser(at, u, give) {
				return
			}
		}
		for _, a := range q.tx.Accounts() {
			at := position{Part: partAccounts, OwnerOn: a.CreatedOn, Owner: a.ID}
			if at.compareOwner(after) < 0 {
				continue
			}
			if !q.tokens(at, q.tx.AccountTokens(a.ID), give) {
				return
			}
		}
		for _, id := range accounts {
			for _, m := range q.tx.Members(id) {
				at := position{Part: partMembers, Owner: id, Item: itemMember, ItemOn: m.CreatedOn, ItemID: m.ID}
				if !give(at, someone{&authz.Credential{Kind: authz.ConsoleSession, User: m.User}, func() *subject { return q.memberSubject(m) }}) {
					return
				}
			}
		}
	}
}

// ofUser yields a user's tokens and keys.
func (q *question) ofUser(at position, u *state.User, give func(position, someone) bool) bool {
	if !q.tokens(at, q.tx.UserTokens(u.ID), give) {
		return false
	}
	at.Item, at.ItemOn, at.ItemID = itemGlobalKey, time.Time{}, authz.ID{}
	if !u.GlobalKeyHash.IsZero() && !give(at, q.key(kindGlobalKey, u)) {
		return false
	}
	at.Item = itemOriginCAKey
	return u.OriginCAKeyHash.IsZero() || give(at, q.key(kindOriginCAKey, u))
}

func (q *question) key(kind string, u *state.User) someone {
	c := &authz.Credential{Kind: authz.GlobalKey, User: u.ID}
	if kind == kindOriginCAKey {
		c.Kind = authz.OriginCAKey
	}
	return someone{c, func() *subject {
		s, _ := q.keySubject(kind, u)
		return s
	}}
}

func (q *question) tokens(at position, list []*state.Token, give func(position, someone) bool) bool {
	for _, t := range list {
		at.Item, at.ItemOn, at.ItemID = itemToken, t.IssuedOn, t.ID
		if !give(at, someone{t.Credential(), func() *subject { return q.tokenSubject(t) }}) {
			return false
		}
	}
	return true
}
