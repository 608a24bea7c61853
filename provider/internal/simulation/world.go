// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"iter"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// fact is something of the world that a decision may depend on.
type fact struct {
	kind factKind
	// id is the zone's, or the account's.
	id authz.ID
}

type factKind uint8

const (
	factZone    factKind = iota + 1 // a zone, with its account and name
	factAccount                     // an account, with its type and switch
	factMember                      // the owner's membership of an account
)

// knowledge is what is known of the world. A key that is not there is not known; a nil value is
// something that is known not to exist.
type knowledge struct {
	zones    map[authz.ID]*authz.Zone
	accounts map[authz.ID]*authz.Account
	members  map[authz.ID]membership // of the token's owner, by account
	// unread holds what could not be read, with the reason.
	unread map[fact]string
	// names are the names of zones as far as configuration gives them, without more of the zone.
	names map[authz.ID]string
}

// membership is the owner's standing in an account.
type membership struct {
	// value is nil for none. Where partial is set it holds no more rights than the owner has for certain.
	value   *authz.Membership
	partial bool
	// named are the zones that policies of the owner name, to allow or to deny roles on them.
	named []authz.ID
}

func newKnowledge() *knowledge {
	return &knowledge{
		zones: map[authz.ID]*authz.Zone{}, accounts: map[authz.ID]*authz.Account{},
		members: map[authz.ID]membership{}, unread: map[fact]string{}, names: map[authz.ID]string{},
	}
}

// has reports whether nothing is left to find out about a fact.
func (k *knowledge) has(f fact) bool {
	if _, tried := k.unread[f]; tried {
		return true
	}
	var known bool
	switch f.kind {
	case factZone:
		_, known = k.zones[f.id]
	case factAccount:
		_, known = k.accounts[f.id]
	case factMember:
		_, known = k.members[f.id]
	}
	return known
}

// accountExists reports whether the account is known to be there, though perhaps nothing else of it.
func (k *knowledge) accountExists(id authz.ID) bool {
	m, ok := k.members[id]
	return ok && m.value != nil && m.value.Accepted
}

// elsewhere is the account of a zone of which nothing says in which account it lies: one that no policy
// names.
var elsewhere = authz.ID{0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee}

// accountGuess is what an account of which too little is known may be.
type accountGuess uint8

const (
	enterpriseOn accountGuess = iota
	enterpriseOff
	standard
)

// guess is one way in which everything that is not known may be.
type guess struct {
	exists      bool // zones, accounts and memberships are there
	zoneAccount authz.ID
	account     accountGuess
	member      authz.Switch
	rights      bool // the owner holds every right, or none but those that are known
	address     bool // the token's IP condition holds
}

// best is the guess under which most is allowed, and the engine asks for most.
var best = guess{exists: true, zoneAccount: elsewhere, account: enterpriseOn, member: authz.Unset, rights: true, address: true}

// in is the guess with zones of which nothing is known in that account.
func (g guess) in(account authz.ID) guess {
	g.zoneAccount = account
	return g
}

// world is what is known, completed by a guess. It remembers what the engine asked for in vain.
type world struct {
	*knowledge
	guess
	missed []fact
}

var _ authz.World = (*world)(nil)

// miss reports whether the fact is not known, and notes that it was asked for.
func (w *world) miss(f fact) bool {
	_, unread := w.unread[f]
	if !unread && w.has(f) {
		return false
	}
	w.missed = append(w.missed, f)
	return true
}

// Zone returns the zone, as it is known or guessed.
func (w *world) Zone(id authz.ID) *authz.Zone {
	if !w.miss(fact{factZone, id}) {
		return w.zones[id]
	}
	if !w.exists {
		return nil
	}
	return &authz.Zone{ID: id, Account: w.zoneAccount, Name: w.names[id]}
}

// Account returns the account, as it is known or guessed.
func (w *world) Account(id authz.ID) *authz.Account {
	if !w.miss(fact{factAccount, id}) {
		return w.accounts[id]
	}
	if !w.exists && !w.accountExists(id) {
		return nil
	}
	account := &authz.Account{ID: id, Enterprise: w.account != standard}
	if w.account == enterpriseOff {
		account.APIAccess = authz.Off
	}
	return account
}

// Membership returns the owner's membership, as it is known or guessed.
func (w *world) Membership(_, account authz.ID) *authz.Membership {
	if !w.miss(fact{factMember, account}) {
		m := w.members[account]
		if m.partial && w.rights {
			return everything(m.value.Accepted, m.value.APIAccess)
		}
		return m.value
	}
	if !w.exists {
		return nil
	}
	if w.rights {
		return everything(true, w.member)
	}
	return authz.NewMembership(true, w.member, nil, nil)
}

// Memberships yields those that are known. No decision about one target reads them.
func (w *world) Memberships(authz.ID) iter.Seq2[authz.ID, *authz.Membership] {
	return func(yield func(authz.ID, *authz.Membership) bool) {
		for account, m := range w.members {
			if m.value != nil && !yield(account, m.value) {
				return
			}
		}
	}
}

// IsTenantAdmin says no: no API tells. A token never gets so far that it is asked, since what is for tenant
// administrators is opened by no permission group.
func (w *world) IsTenantAdmin(authz.ID) bool { return false }

// everything is a membership that holds every right.
func everything(accepted bool, apiAccess authz.Switch) *authz.Membership {
	return authz.NewMembership(accepted, apiAccess, []*catalog.Role{everyRight()}, nil)
}

var everyRight = sync.OnceValue(func() *catalog.Role {
	role := &catalog.Role{ID: catalog.RoleSuperAdministrator, Level: catalog.RoleLevelAccount}
	for _, scope := range catalog.Scopes() {
		role.Groups = role.Groups.Union(catalog.ScopeGroups(scope))
	}
	return role
})
