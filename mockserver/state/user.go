// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"slices"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// User is a person who can log in, a member of any number of accounts.
type User struct {
	ID authz.ID `json:"id"`
	// Ref is the readable name that a seed gives; empty for users made
	// later. No two users share one.
	Ref string `json:"ref,omitempty"`
	// Email is unique, compared without regard to case.
	Email     string `json:"email"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	Telephone string `json:"telephone,omitempty"`
	Country   string `json:"country,omitempty"`
	Zipcode   string `json:"zipcode,omitempty"`
	// TwoFactor says that two-factor authentication is on.
	TwoFactor bool `json:"two_factor,omitempty"`
	// TenantAdmin lets the user create and delete accounts.
	TenantAdmin bool      `json:"tenant_admin,omitempty"`
	CreatedOn   time.Time `json:"created_on,omitzero"`
	ModifiedOn  time.Time `json:"modified_on,omitzero"`
	// GlobalKeyHash and OriginCAKeyHash are the hashes of the user's Global
	// API key and Origin CA key; zero when there is none.
	GlobalKeyHash   Hash `json:"global_key_hash,omitzero"`
	OriginCAKeyHash Hash `json:"origin_ca_key_hash,omitzero"`

	globalKey, originCAKey *authz.Credential
}

type userTable struct {
	table[User]
	byEmail     unique[string, User]
	byRef       unique[string, User]
	byOriginKey unique[Hash, User]
}

func (t *userTable) init() {
	t.table.init(KindUser, func(u *User) authz.ID { return u.ID })
	t.byEmail, t.byRef, t.byOriginKey = unique[string, User]{}, unique[string, User]{}, unique[Hash, User]{}
	t.seal = func(u *User) error {
		u.globalKey = &authz.Credential{Kind: authz.GlobalKey, User: u.ID}
		u.originCAKey = &authz.Credential{Kind: authz.OriginCAKey, User: u.ID}
		return nil
	}
	t.link = func(u *User) {
		t.byEmail[strings.ToLower(u.Email)] = u
		if u.Ref != "" {
			t.byRef[u.Ref] = u
		}
		if !u.OriginCAKeyHash.IsZero() {
			t.byOriginKey[u.OriginCAKeyHash] = u
		}
	}
	t.unlink = func(u *User) {
		t.byEmail.remove(strings.ToLower(u.Email), u)
		t.byRef.remove(u.Ref, u)
		t.byOriginKey.remove(u.OriginCAKeyHash, u)
	}
}

// User returns the user, or nil when there is none with that id.
func (tx *Tx) User(id authz.ID) *User { return tx.w.users.rows[id] }

// UserByEmail returns the user with the e-mail address, compared without
// regard to case, or nil.
func (tx *Tx) UserByEmail(email string) *User { return tx.w.users.byEmail[strings.ToLower(email)] }

// UserByRef returns the user with the ref, or nil.
func (tx *Tx) UserByRef(ref string) *User { return tx.w.users.byRef[ref] }

// Users lists every user by creation. The list is fresh.
func (tx *Tx) Users() []*User {
	list := make([]*User, 0, len(tx.w.users.rows))
	for _, u := range tx.w.users.rows {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b *User) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) })
	return list
}

// IsTenantAdmin reports whether the user may create and delete accounts.
func (tx *Tx) IsTenantAdmin(user authz.ID) bool {
	u := tx.w.users.rows[user]
	return u != nil && u.TenantAdmin
}

// PutUser creates or replaces a user. It refuses an e-mail address or ref
// that another user has ([RuleTaken]).
func (tx *Tx) PutUser(u *User) error {
	if !authz.IsEmailForm(u.Email) {
		return invalid("the e-mail address %q is malformed", u.Email)
	}
	users := &tx.w.users
	if other := tx.UserByEmail(u.Email); other != nil && other.ID != u.ID {
		return taken("a user with the e-mail address %q already exists", u.Email)
	}
	if other := users.byRef[u.Ref]; u.Ref != "" && other != nil && other.ID != u.ID {
		return taken("a user with the ref %q already exists", u.Ref)
	}
	if other := users.byOriginKey[u.OriginCAKeyHash]; !u.OriginCAKeyHash.IsZero() && other != nil && other.ID != u.ID {
		return taken("another user has the same Origin CA key")
	}
	return put(tx, &users.table, u)
}

// DeleteUser deletes the user with its memberships, tokens, keys, access rules
// and documents. It refuses to remove the last Super Administrator of an account.
// Deleting a user that does not exist does nothing.
func (tx *Tx) DeleteUser(id authz.ID) error {
	for _, m := range tx.MembershipsOf(id) {
		// All of them first: a refusal must leave nothing half done.
		if err := tx.keepSuperAdministrator(m); err != nil {
			return err
		}
	}
	for _, m := range tx.MembershipsOf(id) {
		if err := tx.DeleteMember(m.ID); err != nil {
			return err
		}
	}
	for _, t := range tx.UserTokens(id) {
		if err := tx.DeleteToken(t.ID); err != nil {
			return err
		}
	}
	for _, k := range tx.VultrKeys(id) {
		if err := tx.DeleteVultrKey(k.ID); err != nil {
			return err
		}
	}
	if err := tx.deleteAccessRules(ScopeUser, id); err != nil {
		return err
	}
	if err := tx.deleteDocuments(ScopeUser, id); err != nil {
		return err
	}
	return remove(tx, &tx.w.users.table, id)
}
