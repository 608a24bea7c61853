// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// decideOperation finds the targets and runs the gates. A body that cannot be
// decoded, or that does not say what it acts on, is decided on its container:
// the targets that the path names, and where it names none, gates 1 to 4
// alone, after which the caller answers what is wrong with it (authorization
// model §4). A body with problems that still names its target is decided on
// that, which is never less.
func (x *exchange) decideOperation() error {
	switch x.operation.Target {
	case catalog.TargetAccountList, catalog.TargetZoneList:
		return x.decideList()
	case catalog.TargetCertificate:
		return x.decideCertificates()
	default:
	}
	targets := pathTargets(x)
	if x.input != nil && x.endpoint.targets != nil {
		if named, ok := x.endpoint.targets(x); ok {
			targets = named
		}
	}
	if x.input != nil && x.endpoint.adjust != nil {
		x.endpoint.adjust(x)
	}
	if x.input != nil {
		x.work = x.endpoint.work
	}
	if x.operation.Target == catalog.TargetAllZones && len(targets) == 0 {
		return x.decideCredentialAlone()
	}
	return x.decide(targets)
}

// decide runs all gates on the targets.
func (x *exchange) decide(targets []authz.Target) error {
	x.request.Targets = targets
	d := authz.Decide(x.tx, &x.request)
	x.note(d, func() authz.Explanation { return x.explained(d, targets) })
	if !d.Allowed {
		return x.refuseDecision(d)
	}
	return nil
}

// decideCredentialAlone runs gates 1 to 4, and answers that the request lacks
// what names its target.
func (x *exchange) decideCredentialAlone() error {
	d := authz.DecideCredential(&x.request)
	x.note(d, func() authz.Explanation { return authz.Explain(x.tx, &x.request) })
	if !d.Allowed {
		return x.refuseDecision(d)
	}
	if len(x.problems) > 0 {
		return refuseProblems(x.problems)
	}
	return invalid("", "the request names no target")
}

// decideList decides one of the two lists that span accounts; what they hold
// is filtered with visible.
func (x *exchange) decideList() error {
	d := authz.DecideList(&x.request, x.operation.Target == catalog.TargetAccountList)
	x.note(d, func() authz.Explanation { return authz.ExplainList(&x.request, d) })
	if !d.Allowed {
		return x.refuseDecision(d)
	}
	return nil
}

// visible runs gates 5 to 10 for one item of a list.
func (x *exchange) visible(item authz.Target) bool {
	return authz.Visible(x.tx, &x.request, item)
}

// decideRecord judges an operation on one record whose zone has passed as
// container (authorization model §5 "Past that"). A record that is absent, or
// that the caller may not read, gives the same reply.
func (x *exchange) decideRecord(before, after *authz.Target) error {
	d, seen := authz.DecideRecord(x.tx, &x.request, recordReaders(), before, after)
	targets := make([]authz.Target, 0, 2)
	for _, t := range []*authz.Target{before, after} {
		if t != nil {
			targets = append(targets, *t)
		}
	}
	x.note(d, func() authz.Explanation { return x.explained(d, targets) })
	switch {
	case !seen:
		return errRecordMissing.refuse()
	case !d.Allowed:
		return x.refuseDecision(d)
	default:
		return nil
	}
}

// recordReaders is A of the operation that reads one record.
func recordReaders() catalog.GroupSet {
	operation, ok := catalog.OperationByName("GET", recordRoute)
	if !ok {
		return catalog.GroupSet{}
	}
	return operation.Accepts
}

// refuseDecision turns a refusal of the gates into its reply: the table of
// authorization model §6 with the explanation of §9.
func (x *exchange) refuseDecision(d authz.Decision) *refusal {
	r := x.decisionCase(d)
	if d.Gate < authz.GateTarget || x.dialect.options.TerseErrors {
		return r
	}
	explanation := x.made.Explain()
	return r.chained(explanation.Chain())
}

func (x *exchange) decisionCase(d authz.Decision) *refusal {
	switch d.Reason {
	case authz.ReasonCredentialMissing:
		return errMissing.refuse()
	case authz.ReasonCredentialMalformed:
		if x.presented.Defect == authz.DefectKeyMissing {
			return errMissingKey.refuse()
		}
		return errMalformed.refuse()
	case authz.ReasonCredentialUnknown, authz.ReasonCredentialDisabled,
		authz.ReasonCredentialExpired, authz.ReasonCredentialNotYetValid:
		if x.presented.Kind == authz.PresentedKey {
			return errUnknownKey.refuse()
		}
		return errUnknown.refuse()
	case authz.ReasonIPNotAllowed:
		if !x.address.IsValid() {
			return errLocation.refuse("unknown")
		}
		return errLocation.refuse(x.address.String())
	case authz.ReasonUserCredentialRequired:
		if x.operation.Target == catalog.TargetAccountList {
			return errListAccounts.refuse()
		}
		return errUserRequired.refuse()
	case authz.ReasonAPIAccessDisabled:
		return errAuthentication.refuse()
	case authz.ReasonEnterpriseRequired:
		return errEnterprise.refuse()
	case authz.ReasonTenantRequired:
		return errTenant.refuse()
	case authz.ReasonNoMatchingGrant, authz.ReasonDeniedByPolicy, authz.ReasonOwnerLacksRight:
		return x.familyCase()
	default:
		return errRefused.refuse()
	}
}

// familyCase is the reply of gates 7 to 9 by the operation's family.
func (x *exchange) familyCase() *refusal {
	switch x.operation.Target {
	case catalog.TargetZoneList:
		return errZoneList.refuse(x.actor())
	case catalog.TargetAllZones:
		return errZoneCreate.refuse()
	default:
	}
	route := x.operation.Route
	const account, zone = "/accounts/{account_id}", "/zones/{zone_id}"
	for _, prefix := range []string{
		"/user", "/memberships", "/organizations",
		account + "/tokens", account + "/members", account + "/roles", account + "/iam", account + "/profile",
		zone + "/settings",
	} {
		if below(route, prefix) {
			return errRefused.refuse()
		}
	}
	if route == "/accounts" || route == account || route == zone {
		return errRefused.refuse()
	}
	return errAuthentication.refuse()
}

// actor names the credential as the zone list's refusal does.
func (x *exchange) actor() string {
	c := x.request.Credential
	switch {
	case c.Kind.HasPolicies():
		return "com.cloudflare.api.token." + c.ID.String()
	default:
		return "com.cloudflare.api.user." + c.User.String()
	}
}
