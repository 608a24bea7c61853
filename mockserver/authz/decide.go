// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"net/netip"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Presence says what became of gate 1: whether a request carried a credential
// of proper form. The zero value is Missing.
type Presence uint8

// The outcomes of looking for a credential in a request.
const (
	Missing Presence = iota
	Malformed
	WellFormed
)

// Request is one question to the engine. It is read, never changed or kept.
type Request struct {
	// Presence is the outcome of [ParseHeaders] (gate 1).
	Presence Presence
	// Credential is what the presented secret was found to be; nil when it
	// is unknown (gate 2).
	Credential *Credential
	// Accepts is A, the groups any one of which opens the operation. Groups
	// that cannot reach the targets must have been dropped, as the
	// catalogue's table does. Empty: open only to credentials without
	// policies.
	Accepts catalog.GroupSet
	// Needs is what the operation asks beyond a group (gate 10).
	Needs catalog.Needs
	// AnyMember lets every accepted member with a role pass gate 9.
	AnyMember bool
	// OriginCA marks the operations that Origin CA keys are good for.
	OriginCA bool
	// Targets are what the operation acts on; all must pass. Without any
	// target the request is refused.
	Targets []Target
	// Address is the client's address.
	Address netip.Addr
	// Now is the instant of the request's arrival.
	Now time.Time
}

// For fills in what the operation's row asks: its groups, needs and marks.
// The part that depends on the request itself is added with [Request.ChangesSwitch].
func (r *Request) For(op *catalog.Operation) {
	r.Accepts = op.Accepts
	r.Needs = op.Needs
	r.AnyMember = op.AnyMember
	r.OriginCA = op.Target == catalog.TargetCertificate
}

// ChangesSwitch adds what a change of an API access switch asks: a Super
// Administrator, Account Settings Write alone, and an Enterprise account
// unless the new value is null (authorization model §6 "Gate 10").
func (r *Request) ChangesSwitch(to Switch) {
	r.Accepts = SwitchChangeGroups()
	r.Needs |= catalog.NeedsUserCredential | catalog.NeedsSuperAdministrator
	if to != Unset {
		r.Needs |= catalog.NeedsEnterprise
	}
}

// Decide runs the ten gates of authorization model §6 in order; the first
// that refuses decides. With several targets every gate looks at all of them
// before the next gate runs. It is a pure function and does not allocate for
// up to two targets.
func Decide(w World, r *Request) Decision {
	if d := DecideCredential(r); !d.Allowed {
		return d
	}
	return decideTargets(w, r, r.Targets)
}

// DecideCredential runs gates 1 to 4 alone. Servers use it before they read a
// request's body; an allowance here is not yet a permission to do anything.
func DecideCredential(r *Request) Decision {
	switch {
	case r.Presence == Missing:
		return refuse(GatePresent, ReasonCredentialMissing, 0)
	case r.Presence != WellFormed:
		return refuse(GatePresent, ReasonCredentialMalformed, 0)
	case r.Credential == nil:
		return refuse(GateKnown, ReasonCredentialUnknown, 0)
	}
	if reason := r.Credential.alive(r.Now); reason != ReasonNone {
		return refuse(GateAlive, reason, 0)
	}
	if r.Credential.Kind.HasPolicies() && !r.Credential.IP.allows(r.Address) {
		return refuse(GateAddress, ReasonIPNotAllowed, 0)
	}
	return allow()
}

// decideTargets runs gates 5 to 10 over the targets.
func decideTargets(w World, r *Request, targets []Target) Decision {
	if len(targets) == 0 {
		return refuse(GateTarget, ReasonTargetNotFound, 0)
	}
	var few [2]site // a record before and after is the most that is usual
	sites := few[:0]
	for i := range targets {
		s, reason := locate(w, r.Credential, &targets[i])
		if reason != ReasonNone {
			return refuse(GateTarget, reason, i)
		}
		sites = append(sites, s)
	}
	if r.Credential.Kind != ConsoleSession {
		for i := range sites {
			if s := &sites[i]; s.account != nil && !EffectiveAPIAccess(s.account, s.member) {
				return refuse(GateAPIAccess, ReasonAPIAccessDisabled, i)
			}
		}
	}
	first := Decision{Allowed: true}
	for i := range sites {
		gate, reason := grantGates(r, &sites[i])
		if gate != 0 && (first.Allowed || gate < first.Gate) {
			first = refuse(gate, reason, i)
		}
	}
	if !first.Allowed {
		return first
	}
	return needsGate(w, r, sites)
}

// site is a target with what the world knows of it.
type site struct {
	place   place
	account *Account    // nil for the user
	member  *Membership // the owner's; nil for account-owned tokens and for the user
}

// locate runs gate 5 for one target: an operation on a user has a credential
// with a user; the account or zone exists and the owner is an accepted member
// of its account (or it is the account itself).
func locate(w World, c *Credential, t *Target) (site, Reason) {
	s := site{place: place{
		kind: t.Kind, user: c.User, account: t.Account,
		recordType: t.RecordType, recordName: t.RecordName, bucket: t.Bucket,
	}}
	switch t.Kind {
	case OnUser:
		if c.User.IsZero() {
			return site{}, ReasonUserCredentialRequired
		}
		return s, ReasonNone
	case OnZone, OnRecords, OnRecord:
		zone := w.Zone(t.Zone)
		if zone == nil {
			return site{}, ReasonTargetNotFound
		}
		s.place.zone, s.place.account = zone.ID, zone.Account
	case OnAccount:
		// A zone named below an account must lie in that account.
		if !t.Zone.IsZero() {
			if zone := w.Zone(t.Zone); zone == nil || zone.Account != t.Account {
				return site{}, ReasonTargetNotFound
			}
		}
	case OnAllZones, OnBucket:
	default:
		return site{}, ReasonTargetNotFound
	}
	if s.account = w.Account(s.place.account); s.account == nil {
		return site{}, ReasonTargetNotFound
	}
	if c.Kind == AccountToken {
		if c.Account != s.account.ID {
			return site{}, ReasonTargetNotFound
		}
		return s, ReasonNone
	}
	if s.member = w.Membership(c.User, s.account.ID); s.member == nil || !s.member.Accepted {
		return site{}, ReasonTargetNotFound
	}
	return s, ReasonNone
}

// grantGates runs gates 7 to 9 for one target and returns the gate that
// refuses, zero when all pass.
func grantGates(r *Request, s *site) (Gate, Reason) {
	c := r.Credential
	if c.Kind == OriginCAKey && !r.OriginCA {
		return GateGrant, ReasonNoMatchingGrant
	}
	var open catalog.GroupSet // S∖X
	if c.Kind.HasPolicies() {
		granted := grantedOn(c.Policies, r.Accepts, &s.place)
		if granted.IsEmpty() {
			return GateGrant, ReasonNoMatchingGrant
		}
		open = granted.Minus(c.Policies.struck(r.Accepts, &s.place))
		if open.IsEmpty() {
			return GateDeny, ReasonDeniedByPolicy
		}
	}
	if !ownerPasses(r, s, open) {
		return GateOwner, ReasonOwnerLacksRight
	}
	return 0, ReasonNone
}

// grantedOn returns S; on the container of a zone's records, record grants on
// the zone count too.
func grantedOn(ps *Policies, accepts catalog.GroupSet, t *place) catalog.GroupSet {
	granted := ps.granted(accepts, t)
	if t.kind == OnRecords {
		granted = granted.Union(ps.recordGrants(accepts, t.zone))
	}
	return granted
}

// ownerPasses is gate 9; open is S∖X for credentials with policies.
func ownerPasses(r *Request, s *site, open catalog.GroupSet) bool {
	c := r.Credential
	if c.Kind == AccountToken || s.place.kind == OnUser || r.Accepts.IsEmpty() {
		return true
	}
	if r.AnyMember && s.member.NamesRole() {
		return true
	}
	owned := s.member.holds(r.Accepts, &s.place)
	if c.Kind.HasPolicies() {
		return shareFamily(open, owned)
	}
	return !owned.IsEmpty()
}

// needsGate is gate 10: what the operation asks beyond a group, in order.
func needsGate(w World, r *Request, sites []site) Decision {
	needs := r.Needs
	role := needs & (catalog.NeedsSuperAdministrator | catalog.NeedsAdministrator)
	if (needs&catalog.NeedsUserCredential != 0 || role != 0) && r.Credential.User.IsZero() {
		return refuse(GateNeeds, ReasonUserCredentialRequired, 0)
	}
	if needs&catalog.NeedsSuperAdministrator != 0 {
		for i := range sites {
			if !sites[i].member.IsSuperAdministrator() {
				return refuse(GateNeeds, ReasonSuperAdministratorRequired, i)
			}
		}
	}
	if needs&catalog.NeedsAdministrator != 0 {
		for i := range sites {
			if m := sites[i].member; !m.IsSuperAdministrator() && !m.IsAdministrator() {
				return refuse(GateNeeds, ReasonAdministratorRequired, i)
			}
		}
	}
	if needs&catalog.NeedsEnterprise != 0 {
		for i := range sites {
			if sites[i].account == nil || !sites[i].account.Enterprise {
				return refuse(GateNeeds, ReasonEnterpriseRequired, i)
			}
		}
	}
	if needs&catalog.NeedsTenantAdmin != 0 && !w.IsTenantAdmin(r.Credential.User) {
		return refuse(GateNeeds, ReasonTenantRequired, 0)
	}
	return allow()
}
