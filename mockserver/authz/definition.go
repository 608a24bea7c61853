// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"fmt"
	"strings"
	"time"
)

// Definition is what a token's owner decides about it (authorization model §3).
type Definition struct {
	// Name is 1 to 120 characters.
	Name string
	// Policies are the policies in canonical form.
	Policies []Policy
	// In and NotIn are the ranges of the IP condition as they were written;
	// both empty is no condition.
	In, NotIn []string
	// NotBefore and ExpiresOn bound the token's life; the zero time is no
	// bound.
	NotBefore, ExpiresOn time.Time
}

// Owner is who owns a token: exactly one of the two is set.
type Owner struct{ User, Account ID }

// PolicyInput is a policy as a request or a seed holds it, its groups still
// identifiers that may be unknown.
type PolicyInput struct {
	Effect    Effect
	Groups    []string
	Resources []Resource
}

// Problem is one reason why a definition is refused. It is an error, so that
// a single problem can travel as one.
type Problem struct { //nolint:errname // It is a finding in a list first, and an error only when it travels alone.
	// Policy is the index of the policy at fault, -1 when it is not about a
	// policy.
	Policy int
	// Group is the permission group at fault: its name, or what was given
	// when no group has that id; empty if none is at fault.
	Group string
	// Key is the resource key at fault, a nested one behind its outer key
	// and an arrow; empty if none is.
	Key string
	// Field is the field at fault when it is not a group or a key, for
	// example "expires_on".
	Field string
	// Message says what is wrong and what would be right.
	Message string
}

// Error names the place and what is wrong with it.
func (p *Problem) Error() string {
	var where []string
	if p.Policy >= 0 {
		where = append(where, fmt.Sprintf("policies[%d]", p.Policy))
	}
	if p.Field != "" {
		where = append(where, p.Field)
	}
	if p.Group != "" {
		where = append(where, fmt.Sprintf("permission group %q", p.Group))
	}
	if p.Key != "" {
		where = append(where, fmt.Sprintf("resource %q", p.Key))
	}
	if len(where) == 0 {
		return p.Message
	}
	return strings.Join(where, ", ") + ": " + p.Message
}

// Mode says how strictly a definition is judged.
type Mode uint8

// The modes of [CheckDefinition].
const (
	// ModeWrite judges a definition that a caller writes now.
	ModeWrite Mode = iota
	// ModeSeed judges a definition that describes a state which time and
	// later changes may have produced: times, the owner's rights, accounts
	// that the owner has left and token management are not judged.
	ModeSeed
)

// Check is what a definition is judged against.
type Check struct {
	// Owner is who will own the token.
	Owner Owner
	// Caller is the user who writes the definition; zero in ModeSeed.
	Caller ID
	// CallerIsToken is true when the caller's credential is an API token.
	CallerIsToken bool
	// Now is the instant of the request.
	Now time.Time
	// Stored is the definition that an update replaces; nil for a create.
	// What it already holds is not judged again.
	Stored *Definition
	// Mode is how strictly to judge.
	Mode Mode
}
