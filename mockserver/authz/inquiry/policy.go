// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"sync"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// WorthAll is what authorization model §3 wants said of every token that can
// make tokens (see [ManagesTokens]).
const WorthAll = "The token can make other tokens and so is worth all its owner's rights, without its own IP range and expiry."

// ManagesTokens reports whether the credential is a user's token that holds a
// group which manages tokens, and so is worth all its owner's rights
// (authorization model §3). An account-owned token manages no tokens; nil is
// none.
func ManagesTokens(c *authz.Credential) bool {
	if c == nil || c.Kind != authz.UserToken {
		return false
	}
	return authz.DecideList(&authz.Request{
		Presence: authz.WellFormed, Credential: unlimited(c), Accepts: authz.TokenManagementGroups(),
	}, false).Allowed
}

// unlimited is the credential without bounds in time and place: what its
// policies say, and no more.
func unlimited(c *authz.Credential) *authz.Credential {
	free := *c
	free.Disabled, free.NotBefore, free.ExpiresOn, free.IP = false, time.Time{}, time.Time{}, nil
	return &free
}

// policyAllows runs gates 7 and 8, and gate 5 since no key reaches what is not
// there for the owner.
func (p *Prepared) policyAllows(w authz.World, a Asker) bool {
	if a.Credential == nil {
		return false
	}
	a.Credential = unlimited(a.Credential)
	r := p.with(a)
	r.Needs = 0
	d, _ := p.decide(policyWorld{w}, &r)
	return d.Allowed
}

// policyWorld is a world in which API access is on and every accepted member
// holds every right, so that gates 6 and 9 always pass.
type policyWorld struct{ authz.World }

// Account returns the account as one that has no switch; nil stays nil.
func (w policyWorld) Account(id authz.ID) *authz.Account {
	account := w.World.Account(id)
	if account == nil {
		return nil
	}
	plain := *account
	plain.Enterprise = false
	return &plain
}

// Membership returns a membership that holds everything; one that does not
// count, or none, stays what it is.
func (w policyWorld) Membership(user, account authz.ID) *authz.Membership {
	m := w.World.Membership(user, account)
	if m == nil || !m.Accepted {
		return m
	}
	return allRights()
}

var allRights = sync.OnceValue(func() *authz.Membership {
	role := &catalog.Role{ID: catalog.RoleSuperAdministrator, Level: catalog.RoleLevelAccount}
	for _, scope := range catalog.Scopes() {
		role.Groups = role.Groups.Union(catalog.ScopeGroups(scope))
	}
	return authz.NewMembership(true, authz.Unset, []*catalog.Role{role}, nil)
})
