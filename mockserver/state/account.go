// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// The types of account.
const (
	TypeStandard   = "standard"
	TypeEnterprise = "enterprise"
)

// maxAccountName is the longest name of an account, in characters.
const maxAccountName = 100

// Account holds members and zones.
type Account struct {
	ID authz.ID `json:"id"`
	// Ref is the readable name that a seed gives; empty for accounts made
	// later. No two accounts share one.
	Ref string `json:"ref,omitempty"`
	// Name is 1 to 100 characters.
	Name string `json:"name"`
	// Type is TypeStandard or TypeEnterprise and never changes.
	Type string `json:"type"`
	// APIAccess is the account's API access switch (authorization model §7);
	// Unset on every standard account.
	APIAccess authz.Switch `json:"-"`
	// EnforceTwofactor, AbuseContactEmail, AccessApprovalExpiry and
	// OAuthAppAccess are settings that the API shows and keeps; they decide
	// nothing here. The nil pointers are null on the wire.
	EnforceTwofactor     bool       `json:"enforce_twofactor,omitempty"`
	AbuseContactEmail    *string    `json:"abuse_contact_email,omitempty"`
	AccessApprovalExpiry *time.Time `json:"access_approval_expiry,omitempty"`
	OAuthAppAccess       bool       `json:"oauth_app_access,omitempty"`
	CreatedOn            time.Time  `json:"created_on,omitzero"`

	view authz.Account
}

// MarshalJSON writes the switch as true, false or absent, so that a log does
// not depend on how it is numbered.
func (a *Account) MarshalJSON() ([]byte, error) {
	type plain Account
	return json.Marshal(struct {
		*plain
		Access *bool `json:"api_access_enabled,omitempty"`
	}{(*plain)(a), a.APIAccess.Bool()})
}

// UnmarshalJSON reads what MarshalJSON wrote and refuses unknown fields.
func (a *Account) UnmarshalJSON(data []byte) error {
	type plain Account
	var in struct {
		*plain
		Access *bool `json:"api_access_enabled"`
	}
	in.plain = (*plain)(a)
	if err := decodeStrictly(data, &in); err != nil {
		return err
	}
	a.APIAccess = authz.SwitchOf(in.Access)
	return nil
}

// IsEnterprise reports whether the account is of type enterprise.
func (a *Account) IsEnterprise() bool { return a.Type == TypeEnterprise }

type accountTable struct {
	table[Account]
	byRef unique[string, Account]
}

func (t *accountTable) init() {
	t.table.init(KindAccount, func(a *Account) authz.ID { return a.ID })
	t.byRef = unique[string, Account]{}
	t.seal = func(a *Account) error {
		a.view = authz.Account{ID: a.ID, Enterprise: a.IsEnterprise(), APIAccess: a.APIAccess}
		return nil
	}
	t.link = func(a *Account) {
		if a.Ref != "" {
			t.byRef[a.Ref] = a
		}
	}
	t.unlink = func(a *Account) { t.byRef.remove(a.Ref, a) }
}

// Account returns what decisions need of the account, nil when there is none
// with that id. [Tx.AccountByID] returns all of it.
func (tx *Tx) Account(id authz.ID) *authz.Account {
	a := tx.w.accounts.rows[id]
	if a == nil {
		return nil
	}
	return &a.view
}

// AccountByID returns the account, or nil when there is none with that id.
func (tx *Tx) AccountByID(id authz.ID) *Account { return tx.w.accounts.rows[id] }

// AccountByRef returns the account with the ref, or nil.
func (tx *Tx) AccountByRef(ref string) *Account { return tx.w.accounts.byRef[ref] }

// Accounts lists every account by creation. The list is fresh.
func (tx *Tx) Accounts() []*Account {
	list := make([]*Account, 0, len(tx.w.accounts.rows))
	for _, a := range tx.w.accounts.rows {
		list = append(list, a)
	}
	slices.SortFunc(list, compareAccounts)
	return list
}

// AccountsOf lists the accounts where the user is an accepted member, by
// creation. The list is fresh.
func (tx *Tx) AccountsOf(user authz.ID) []*Account {
	var list []*Account
	for _, m := range tx.MembershipsOf(user) {
		if m.Status == StatusAccepted {
			list = append(list, tx.w.accounts.rows[m.Account])
		}
	}
	slices.SortFunc(list, compareAccounts)
	return list
}

func compareAccounts(a, b *Account) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) }

// PutAccount creates or replaces an account. It refuses a changed type
// ([RuleAccountType]), a switch on a standard account ([RuleEnterpriseOnly])
// and a ref that another account has ([RuleTaken]).
func (tx *Tx) PutAccount(a *Account) error {
	accounts := &tx.w.accounts
	if n := utf8.RuneCountInString(a.Name); n < 1 || n > maxAccountName || !utf8.ValidString(a.Name) {
		return invalid("the name of an account has 1 to %d characters", maxAccountName)
	}
	if a.Type != TypeStandard && a.Type != TypeEnterprise {
		return invalid("account type is not supported: it must be %s or %s", TypeStandard, TypeEnterprise)
	}
	if old := accounts.rows[a.ID]; old != nil && old.Type != a.Type {
		return broken(RuleAccountType, "account type is not supported: the type of an account cannot be changed")
	}
	if a.APIAccess != authz.Unset && !a.IsEnterprise() {
		return broken(RuleEnterpriseOnly, "api_access_enabled can be set on Enterprise accounts only")
	}
	if other := accounts.byRef[a.Ref]; a.Ref != "" && other != nil && other.ID != a.ID {
		return taken("an account with the ref %q already exists", a.Ref)
	}
	return put(tx, &accounts.table, a)
}

// DeleteAccount deletes the account with its zones, members, access rules,
// documents, resource groups and the tokens that it owns. User-owned tokens
// stay; what they name of the account grants nothing any more. Deleting an
// account that does not exist does nothing.
func (tx *Tx) DeleteAccount(id authz.ID) error {
	for _, z := range tx.ZonesIn(id) {
		if err := tx.DeleteZone(z.ID); err != nil {
			return err
		}
	}
	for _, m := range tx.Members(id) {
		// The account goes, so its last Super Administrator may go with it.
		if err := remove(tx, &tx.w.members.table, m.ID); err != nil {
			return err
		}
	}
	for _, t := range tx.AccountTokens(id) {
		if err := tx.DeleteToken(t.ID); err != nil {
			return err
		}
	}
	if err := tx.deleteAccessRules(ScopeAccount, id); err != nil {
		return err
	}
	if err := tx.deleteDocuments(ScopeAccount, id); err != nil {
		return err
	}
	for _, g := range tx.ResourceGroups(id) {
		if err := remove(tx, &tx.w.resourceGroups.table, g.ID); err != nil {
			return err
		}
	}
	if tx.VultrAccount() == id && !id.IsZero() {
		if err := tx.PutVultrAccount(authz.ID{}); err != nil {
			return err
		}
	}
	return remove(tx, &tx.w.accounts.table, id)
}
