// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

// Reason names why a request was refused. The names stand in explanations,
// logs, journals and tests (authorization model §6). The empty Reason means
// that nothing refused.
type Reason string

// The reasons, in the order of their gates.
const (
	ReasonNone Reason = ""

	ReasonCredentialMissing          Reason = "credential_missing"
	ReasonCredentialMalformed        Reason = "credential_malformed"
	ReasonCredentialUnknown          Reason = "credential_unknown"
	ReasonCredentialDisabled         Reason = "credential_disabled"
	ReasonCredentialExpired          Reason = "credential_expired"
	ReasonCredentialNotYetValid      Reason = "credential_not_yet_valid"
	ReasonIPNotAllowed               Reason = "ip_not_allowed"
	ReasonUserCredentialRequired     Reason = "user_credential_required"
	ReasonTargetNotFound             Reason = "target_not_found"
	ReasonAPIAccessDisabled          Reason = "api_access_disabled"
	ReasonNoMatchingGrant            Reason = "no_matching_grant"
	ReasonDeniedByPolicy             Reason = "denied_by_policy"
	ReasonOwnerLacksRight            Reason = "owner_lacks_right"
	ReasonSuperAdministratorRequired Reason = "super_administrator_required"
	ReasonAdministratorRequired      Reason = "administrator_required"
	ReasonEnterpriseRequired         Reason = "enterprise_required"
	ReasonTenantRequired             Reason = "tenant_required"
)

// Gate numbers the ten gates of authorization model §6; zero is no gate.
type Gate uint8

// The gates in their order.
const (
	GatePresent   Gate = iota + 1 // a credential is present and well formed
	GateKnown                     // it is known
	GateAlive                     // it is alive
	GateAddress                   // its IP condition holds
	GateTarget                    // the target exists for the owner
	GateAPIAccess                 // API access is on
	GateGrant                     // a grant exists
	GateDeny                      // not everything granted is denied
	GateOwner                     // the owner holds the right too
	GateNeeds                     // what the operation asks beyond a group
)

// Decision is the outcome of the gates. The zero value is a refusal without a
// reason, so that a forgotten decision never allows.
type Decision struct {
	// Allowed is true only when every gate passed.
	Allowed bool
	// Gate is the gate that refused; zero when Allowed.
	Gate Gate
	// Reason names the refusal; empty when Allowed.
	Reason Reason
	// Target is the index of the target that was refused, for gates 5 to
	// 10; zero otherwise.
	Target int
}

// allow is the only way in this package to make a Decision that allows.
func allow() Decision { return Decision{Allowed: true} }

// refuse makes a Decision that refuses at the gate for the target.
func refuse(gate Gate, reason Reason, target int) Decision {
	return Decision{Gate: gate, Reason: reason, Target: target}
}
