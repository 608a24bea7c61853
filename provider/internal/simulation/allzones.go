// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"slices"
	"strconv"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// A permission on all zones of an account is one on each of them. The engine decides it on no zone in particular,
// which is what making a zone acts on; what policies say of a zone that they name, or of its records, is asked for
// beside that, zone by zone. A zone that no key names is decided like all of them.

// exceptions are the zones that may lie in an account, and of which policies do not say what they say of all.
type exceptions struct {
	zones []authz.ID
	// policies name those that name the zones, sorted; none where it is the owner who lacks the right there.
	policies []string
	// gate is the one that decides otherwise there.
	gate authz.Gate
}

// aboutAllZones reports whether the question is whether a permission is held on all zones of an account.
func (q *question) aboutAllZones() bool {
	return q.operation.Permission != nil && q.target.AllZones && q.zone.IsZero()
}

// exceptions are those to the answer for all zones of the account; nil for none. The question must be about all
// zones.
func (q *question) exceptions(s *subject, k *knowledge, account authz.ID, allows bool) (*exceptions, error) {
	out := &exceptions{gate: authz.GateGrant}
	if allows {
		out.gate = authz.GateDeny
	}
	asked := map[authz.ID]bool{}
	for _, key := range s.held {
		id := key.Zone
		if id.IsZero() || asked[id] || !key.mayReachIn(account) || !key.groups.Intersects(q.accepts()) || !k.mayLieIn(id, account) {
			continue
		}
		asked[id] = true
		differs, err := q.differsOn(s, k, account, id, allows)
		if err != nil {
			return nil, err
		}
		if differs {
			out.zones = append(out.zones, id)
		}
	}
	if len(out.zones) == 0 {
		return nil, nil
	}
	for _, key := range s.held {
		if slices.Contains(out.zones, key.Zone) && key.mayReachIn(account) && key.groups.Intersects(q.accepts()) {
			out.policies = append(out.policies, "policies["+strconv.Quote(key.policy)+"]")
		}
	}
	slices.Sort(out.policies)
	out.policies = slices.Compact(out.policies)
	return out, nil
}

// differsOn reports whether policies say something else of the zone, or of some of its records, if it lies in the
// account.
func (q *question) differsOn(s *subject, k *knowledge, account, id authz.ID, allows bool) (bool, error) {
	said, err := q.onZone(account, id).policiesSay(s, k)
	return err == nil && (said.allows == nil || *said.allows != allows), err
}

// onZone is the question about one of the account's zones.
func (q *question) onZone(account, id authz.ID) *question {
	one := *q
	one.target.AllZones, one.target.Account, one.target.Zone = false, account, id
	one.zone, one.accounts = id, []authz.ID{account}
	return &one
}

// ownerDiffers opens what is decided for all zones of an account alike where a policy of the token's owner makes it
// otherwise on one that the policy names: denied on a zone, or held there and nowhere else (authorization model §8).
func (q *question) ownerDiffers(s *subject, k *knowledge, v *verdict) error {
	byOwner := !v.undecided && v.answer.Explanation.Decision.Gate == authz.GateOwner
	if !v.allowed && !byOwner || !q.aboutAllZones() || s.credential.Kind != authz.UserToken {
		return nil
	}
	apart := &exceptions{gate: authz.GateOwner}
	for _, account := range q.accounts {
		certain := best.in(account)
		certain.rights = false // but those that are known
		for _, id := range k.members[account].named {
			answer, _, err := q.onZone(account, id).under(s, k, certain)
			if err != nil {
				return err
			}
			if k.mayLieIn(id, account) && answer.Allowed() != v.allowed {
				apart.zones = append(apart.zones, id)
			}
		}
	}
	if len(apart.zones) > 0 {
		v.byZone = apart
		v.takeBack([]string{apart.dependsOn()}, apart.gate)
	}
	return nil
}

// mayReachIn reports whether the key may reach a zone of the account, as far as it says in which one.
func (k *heldKey) mayReachIn(account authz.ID) bool {
	return k.Account.IsZero() || k.Account == account
}

// mayLieIn reports whether nothing is known against the zone's lying in the account.
func (k *knowledge) mayLieIn(id, account authz.ID) bool {
	zone, known := k.zones[id]
	return !known || zone != nil && zone.Account == account
}

// dependsOn says what about zones the answer depends on.
func (e *exceptions) dependsOn() string {
	if len(e.policies) == 0 {
		return "the zone, which a policy of the token's owner names and the target does not"
	}
	return "the zone, which " + enumerated(e.policies) + agreeing(e.policies, " names", " name") + " and the target does not"
}
