// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"time"
)

// Owner says whose tokens are meant: the zero value is the calling user, else the account with the
// id.
type Owner struct {
	AccountID string
}

func (o Owner) segments(rest ...string) []string {
	base := []string{"user", "tokens"}
	if o.AccountID != "" {
		base = []string{"accounts", o.AccountID, "tokens"}
	}
	return append(base, rest...)
}

// Effect is what a policy does with the operations it names.
type Effect string

// The effects that the API knows. A deny beats every allow.
const (
	EffectAllow Effect = "allow"
	EffectDeny  Effect = "deny"
)

// Statuses of a token that the API knows. A leaked token has another one, which begins with
// "revoked".
const (
	StatusActive   = "active"
	StatusDisabled = "disabled"
	StatusExpired  = "expired"
)

// PolicyGroup is a permission group as a policy names it. Only ID is sent; Name is what the API
// calls it.
type PolicyGroup struct {
	ID, Name string
}

// ResourceValue is what a policy grants below a resource key: everything, or the nested keys.
type ResourceValue struct {
	// Nested are the nested keys, in any order; nil means "*", the resource and all below it.
	Nested []string
}

// Policy is one statement of a token: groups on resources, allowed or denied.
type Policy struct {
	// ID is the API's name of the policy in a reply. It is never sent: a create refuses it, and an
	// update replaces the whole list anyway.
	ID     string
	Effect Effect
	Groups []PolicyGroup
	// Resources maps wire keys to what is granted below them.
	Resources map[string]ResourceValue
}

// IPCondition limits from where a token works. Addresses and ranges are in CIDR notation, as
// written by whoever wrote them.
type IPCondition struct {
	In, NotIn []string
}

// TokenDefinition is what a caller decides about a token. An update replaces the whole of it, the
// secret excepted.
type TokenDefinition struct {
	Name     string
	Policies []Policy
	// Condition nil means none: left out of a create, and sent as {} in an update, which clears it.
	Condition *IPCondition
	// NotBefore and ExpiresOn are sent in UTC with whole seconds; nil means no limit, and clears one
	// in an update.
	NotBefore, ExpiresOn *time.Time
	// Status "" is not sent, which leaves the status as it is.
	Status string
}

// Token is a token as the API shows it.
type Token struct {
	ID           string
	Name, Status string
	// IssuedOn and ModifiedOn are zero where the API leaves them out.
	IssuedOn, ModifiedOn time.Time
	// LastUsedOn is nil until the first use.
	LastUsedOn           *time.Time
	NotBefore, ExpiresOn *time.Time
	Policies             []Policy
	// Condition is nil when the token works from anywhere.
	Condition *IPCondition
	// Value is the secret. The API shows it once, in the answer to a create.
	Value string
	// Settled are the tokens that were deleted before this one was created, because creates made them whose
	// answers were lost. Only [Client.CreateToken] fills it.
	Settled []string
}

// String names the token without its secret.
func (t Token) String() string { return "token " + t.ID }

// GoString is String, so that %#v prints no secret either.
func (t Token) GoString() string { return t.String() }

// Verification is what the API says of the credential that asks.
type Verification struct {
	ID, Status           string
	NotBefore, ExpiresOn *time.Time
}

// PermissionGroup is a permission group in the API's list.
type PermissionGroup struct {
	ID, Name string
	// Scopes are wire names, such as com.cloudflare.api.account.zone.
	Scopes []string
}
