// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import "fmt"

// The rules that a write may break. They stand in [RuleError.Rule].
const (
	// RuleLastSuperAdministrator protects the last Super Administrator of
	// an account (authorization model §8).
	RuleLastSuperAdministrator = "last_super_administrator"
	// RuleRolesOrPolicies: a member has roles or policies, never both.
	RuleRolesOrPolicies = "roles_or_policies"
	// RuleUnknownRole: a role that the catalogue does not have.
	RuleUnknownRole = "unknown_role"
	// RuleDomainRole: a role of level domain counts only in a policy.
	RuleDomainRole = "domain_role"
	// RuleScopeOutsideAccount: a member's policy names a zone that is not
	// one of the account.
	RuleScopeOutsideAccount = "scope_outside_account"
	// RuleEnterpriseOnly: the switch exists on Enterprise accounts alone
	// (authorization model §7).
	RuleEnterpriseOnly = "enterprise_only"
	// RuleAccountType: the type of an account never changes.
	RuleAccountType = "account_type"
	// RuleTokenQuota: the owner has as many tokens as it may have.
	RuleTokenQuota = "token_quota"
	// RuleTaken: an e-mail address, ref, zone name, membership or secret
	// that exists once only is taken.
	RuleTaken = "taken"
	// RuleUnknownReference: an object names another that does not exist.
	RuleUnknownReference = "unknown_reference"
	// RuleInUse: an object that others name cannot be deleted.
	RuleInUse = "in_use"
	// RuleDocumentQuota: documents take as much room as they may.
	RuleDocumentQuota = "document_quota"
	// RuleInvalidValue: a value that the object cannot have.
	RuleInvalidValue = "invalid_value"
)

// RuleError says that a write would break a rule of the world. Nothing was
// written by the call that returned it; earlier writes of the transaction are
// undone if its function returns the error.
type RuleError struct {
	// Rule is one of the Rule constants.
	Rule string
	// Message is a sentence for the caller, fit for a reply.
	Message string
}

// Error returns the message.
func (e *RuleError) Error() string { return e.Message }

func broken(rule, format string, args ...any) error {
	return &RuleError{Rule: rule, Message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error { return broken(RuleInvalidValue, format, args...) }

func taken(format string, args ...any) error { return broken(RuleTaken, format, args...) }

func unknown(message string) error { return &RuleError{Rule: RuleUnknownReference, Message: message} }
