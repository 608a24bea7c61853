// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// The scopes of access rules and documents.
const (
	ScopeZone    = "zone"
	ScopeAccount = "account"
	ScopeUser    = "user"
)

// AccessRule is an IP access rule of a zone, an account or a user.
type AccessRule struct {
	ID authz.ID `json:"id"`
	// Scope is ScopeZone, ScopeAccount or ScopeUser, Owner the identifier of
	// that zone, account or user.
	Scope string   `json:"scope"`
	Owner authz.ID `json:"owner"`
	// Mode is what happens to a match: "block", "challenge", "whitelist",
	// "js_challenge" or "managed_challenge".
	Mode  string `json:"mode"`
	Notes string `json:"notes,omitempty"`
	// Target is "ip", "ip6", "ip_range", "asn" or "country", Value what it
	// is compared with.
	Target     string    `json:"target"`
	Value      string    `json:"value"`
	CreatedOn  time.Time `json:"created_on,omitzero"`
	ModifiedOn time.Time `json:"modified_on,omitzero"`
}

// ruleOwner names what access rules belong to.
type ruleOwner struct {
	scope string
	owner authz.ID
}

type accessRuleTable struct {
	table[AccessRule]
	byOwner index[ruleOwner, AccessRule]
}

func (t *accessRuleTable) init() {
	t.table.init(KindAccessRule, func(r *AccessRule) authz.ID { return r.ID })
	t.byOwner = newIndex[ruleOwner](func(a, b *AccessRule) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) })
	t.link = func(r *AccessRule) { t.byOwner.add(ruleOwner{r.Scope, r.Owner}, r) }
	t.unlink = func(r *AccessRule) { t.byOwner.remove(ruleOwner{r.Scope, r.Owner}, r) }
}

// AccessRules lists the access rules of a zone, account or user, by creation.
func (tx *Tx) AccessRules(scope string, owner authz.ID) []*AccessRule {
	return tx.w.rules.byOwner.lists[ruleOwner{scope, owner}]
}

// AccessRule returns the access rule of that zone, account or user with that
// id, or nil.
func (tx *Tx) AccessRule(scope string, owner, id authz.ID) *AccessRule {
	if r := tx.w.rules.rows[id]; r != nil && r.Scope == scope && r.Owner == owner {
		return r
	}
	return nil
}

// AccessRuleByID returns the access rule with that id, whatever it belongs to,
// or nil.
func (tx *Tx) AccessRuleByID(id authz.ID) *AccessRule { return tx.w.rules.rows[id] }

// PutAccessRule creates or replaces an access rule. It refuses an owner that
// does not exist or is not the rule's own.
func (tx *Tx) PutAccessRule(r *AccessRule) error {
	if !tx.ownerExists(r.Scope, r.Owner) {
		return unknown("an access rule names a zone, account or user that does not exist")
	}
	if old := tx.w.rules.rows[r.ID]; old != nil && (old.Scope != r.Scope || old.Owner != r.Owner) {
		return invalid("an access rule cannot be moved")
	}
	return put(tx, &tx.w.rules.table, r)
}

// ownerExists reports whether there is a zone, account or user with that id.
func (tx *Tx) ownerExists(scope string, id authz.ID) bool {
	switch scope {
	case ScopeZone:
		return tx.w.zones.has(id)
	case ScopeAccount:
		return tx.w.accounts.has(id)
	case ScopeUser:
		return tx.w.users.has(id)
	default:
		return false
	}
}

// DeleteAccessRule deletes an access rule. Deleting one that does not exist
// does nothing.
func (tx *Tx) DeleteAccessRule(id authz.ID) error { return remove(tx, &tx.w.rules.table, id) }

func (tx *Tx) deleteAccessRules(scope string, owner authz.ID) error {
	for _, r := range tx.AccessRules(scope, owner) {
		if err := tx.DeleteAccessRule(r.ID); err != nil {
			return err
		}
	}
	return nil
}
