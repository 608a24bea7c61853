// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "iter"

// World is the state that decisions read. Implementations MUST answer from
// one consistent state for as long as a decision runs (a transaction), MUST
// NOT allocate in the look-ups by identifier, and MUST return shared values
// that nobody changes afterwards.
type World interface {
	// Account returns the account, or nil when there is none with that id.
	Account(id ID) *Account
	// Zone returns the zone, or nil when there is none with that id.
	Zone(id ID) *Zone
	// Membership returns the user's membership of the account, whatever its
	// status, or nil when there is none.
	Membership(user, account ID) *Membership
	// Memberships yields every membership of the user with its account, in
	// any order.
	Memberships(user ID) iter.Seq2[ID, *Membership]
	// IsTenantAdmin reports whether the user may create and delete accounts.
	IsTenantAdmin(user ID) bool
}

// Account is what decisions need of an account.
type Account struct {
	// ID is the account's identifier.
	ID ID
	// Enterprise is true for accounts of type enterprise, the only ones that
	// have an API access switch (authorization model §7).
	Enterprise bool
	// APIAccess is the account's own setting; Unset counts as on.
	APIAccess Switch
}

// Zone is what decisions need of a zone.
type Zone struct {
	// ID is the zone's identifier.
	ID ID
	// Account is the identifier of the account that the zone lies in.
	Account ID
	// Name is the zone's domain name as stored: lower case, punycode, no
	// trailing dot.
	Name string
}

// Switch is a three-valued setting of the API access switch (authorization
// model §7). The zero value is Unset: null on the wire, "Account Default" on
// a member, "on" on an account.
type Switch uint8

// The values of a [Switch].
const (
	Unset Switch = iota
	On
	Off
)

// SwitchOf converts the wire's null, true or false.
func SwitchOf(value *bool) Switch {
	switch {
	case value == nil:
		return Unset
	case *value:
		return On
	default:
		return Off
	}
}

// Bool returns the wire's form: nil for Unset. The result is a fresh pointer.
func (s Switch) Bool() *bool {
	if s == Unset {
		return nil
	}
	on := s == On
	return &on
}

// EffectiveAPIAccess reports whether API access is on for a member (nil for
// an account-owned token, which has none) of the account: the member's value
// when it is set, else the account's; always on outside Enterprise accounts
// (authorization model §7).
func EffectiveAPIAccess(account *Account, member *Membership) bool {
	if !account.Enterprise {
		return true
	}
	if member != nil && member.APIAccess != Unset {
		return member.APIAccess == On
	}
	return account.APIAccess != Off
}
