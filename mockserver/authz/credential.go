// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "time"

// CredentialKind tells the kinds of credential apart (authorization model §2).
type CredentialKind uint8

// The kinds of credential. The zero value is none of them.
const (
	// UserToken is a user-owned API token; it acts as its owner.
	UserToken CredentialKind = iota + 1
	// AccountToken is an account-owned API token; it acts as the account.
	AccountToken
	// GlobalKey is a user's Global API key.
	GlobalKey
	// OriginCAKey is a user's Origin CA key, good for /certificates only.
	OriginCAKey
	// VultrKey is a user's key of the Vultr dialect.
	VultrKey
	// ConsoleSession is a session of the web console: not an API credential,
	// so the API access switch does not apply to it.
	ConsoleSession
)

// String returns the kind's name as it stands in journals and seeds.
func (k CredentialKind) String() string {
	switch k {
	case UserToken:
		return "user_token"
	case AccountToken:
		return "account_token"
	case GlobalKey:
		return "global_key"
	case OriginCAKey:
		return "origin_ca_key"
	case VultrKey:
		return "vultr_key"
	case ConsoleSession:
		return "console_session"
	default:
		return "unknown"
	}
}

// HasPolicies reports whether credentials of this kind are limited by
// policies; gates 7 and 8 apply to those alone.
func (k CredentialKind) HasPolicies() bool { return k == UserToken || k == AccountToken }

// Credential is a known credential in the form that decisions read. A
// Credential is immutable once it is handed to [Decide].
type Credential struct {
	// Kind decides which gates apply.
	Kind CredentialKind
	// ID identifies a token; zero for keys and sessions.
	ID ID
	// User is the user that the credential acts as; zero for account-owned
	// tokens.
	User ID
	// Account is the owner of an account-owned token; zero for all else.
	Account ID
	// Disabled is the token's status as stored.
	Disabled bool
	// NotBefore and ExpiresOn bound the life of tokens (and ExpiresOn that
	// of sessions); the zero time is no bound.
	NotBefore, ExpiresOn time.Time
	// IP is the IP condition; nil is none.
	IP *IPCondition
	// Policies are the compiled policies of a token; nil for all else.
	Policies *Policies
}

// alive runs gate 3 (authorization model §6): not disabled, now < expires_on,
// not_before <= now, judged in this order.
func (c *Credential) alive(now time.Time) Reason {
	switch {
	case !c.hasLife():
		return ReasonNone
	case c.Disabled:
		return ReasonCredentialDisabled
	case !c.ExpiresOn.IsZero() && !now.Before(c.ExpiresOn):
		return ReasonCredentialExpired
	case !c.NotBefore.IsZero() && now.Before(c.NotBefore):
		return ReasonCredentialNotYetValid
	default:
		return ReasonNone
	}
}

// hasLife tells the kinds to which gate 3 applies (authorization model §2).
func (c *Credential) hasLife() bool { return c.Kind.HasPolicies() || c.Kind == ConsoleSession }

// VerifyStatus is the status that the verify routes answer: disabled, else
// expired, else active; a token that is not yet valid counts as disabled
// (authorization model §6 "Verify").
func (c *Credential) VerifyStatus(now time.Time) string {
	switch c.alive(now) {
	case ReasonNone:
		return "active"
	case ReasonCredentialExpired:
		return "expired"
	default:
		return "disabled"
	}
}
