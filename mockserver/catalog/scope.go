// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import "strconv"

// Scope says on what kind of resource a permission group acts (authorization model §3). The zero value is no
// scope.
type Scope uint8

// The scopes, in the order in which lists of candidates show them.
const (
	// ScopeUser is the scope of groups that act on the user who owns the credential.
	ScopeUser Scope = iota + 1
	// ScopeAccount is the scope of groups that act on an account and on what lies in it.
	ScopeAccount
	// ScopeZone is the scope of groups that act on a zone.
	ScopeZone
	// ScopeR2Bucket is the scope of groups that act on one bucket of the object store.
	ScopeR2Bucket
)

// scopeCount is the size of arrays indexed by scope; index 0 stays unused.
const scopeCount = int(ScopeR2Bucket) + 1

// Scopes lists every scope, in their own order.
func Scopes() []Scope {
	return []Scope{ScopeUser, ScopeAccount, ScopeZone, ScopeR2Bucket}
}

// String is the short name that prefixes a permission group's name where the name alone is ambiguous:
// "user", "account", "zone" or "r2".
func (s Scope) String() string {
	switch s {
	case ScopeUser:
		return "user"
	case ScopeAccount:
		return "account"
	case ScopeZone:
		return "zone"
	case ScopeR2Bucket:
		return "r2"
	default:
		return "Scope(" + strconv.Itoa(int(s)) + ")"
	}
}

// Wire is the scope as the API spells it in the list of permission groups. It is empty for a value that is
// no scope.
func (s Scope) Wire() string {
	switch s {
	case ScopeUser:
		return "com.cloudflare.api.user"
	case ScopeAccount:
		return "com.cloudflare.api.account"
	case ScopeZone:
		return "com.cloudflare.api.account.zone"
	case ScopeR2Bucket:
		return "com.cloudflare.edge.r2.bucket"
	default:
		return ""
	}
}

// ParseScope reads the short name of a scope, as String prints it. The comparison is exact: lower case only.
func ParseScope(name string) (Scope, bool) {
	for _, s := range Scopes() {
		if s.String() == name {
			return s, true
		}
	}

	return 0, false
}
