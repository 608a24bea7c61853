// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"cmp"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// missing finds the smallest grant that would have allowed a request which
// gate 7 refused (authorization model §9): of the groups of A∖X that the owner
// holds, the lowest rank, then the target's own scope, then the name; on the
// narrowest key that reaches. It is nil when gates 8 to 10 would refuse too,
// and when no single grant on a zone, record, account or bucket that was named
// is enough: a grant on more than what was asked for is not suggested.
func (x *explainer) missing() *Grant {
	c := x.request.Credential
	if !c.Kind.HasPolicies() {
		return nil
	}
	refused, sites := x.refusedSites()
	if len(refused) == 0 {
		return nil
	}
	candidates := x.request.Accepts
	for i := range refused {
		candidates = candidates.Intersect(x.grantable(&refused[i]))
	}
	for _, g := range bySize(candidates, refused[0].place.kind) {
		for _, key := range keysFor(g, &refused[0].place) {
			if reachesAll(g, key, refused) && needsGate(x.world, x.request, sites).Allowed {
				return &Grant{Group: g, Key: key}
			}
		}
	}
	return nil
}

// refusedSites returns the targets that gate 7 refuses and all targets; none
// are refused when another fails at gate 8 or 9. Gate 5 has passed, so every
// target is there.
func (x *explainer) refusedSites() (refused, all []site) {
	for i := range x.targets {
		s, _ := locate(x.world, x.request.Credential, &x.targets[i])
		all = append(all, s)
		switch gate, _ := grantGates(x.request, &s); gate {
		case 0:
		case GateGrant:
			refused = append(refused, s)
		default:
			return nil, nil
		}
	}
	return refused, all
}

// grantable returns the groups that would pass gates 8 and 9 on the target if
// they were granted: A∖X that the owner holds.
func (x *explainer) grantable(s *site) catalog.GroupSet {
	r := x.request
	open := r.Accepts.Minus(r.Credential.Policies.struck(r.Accepts, &s.place))
	if r.Credential.Kind == AccountToken || s.place.kind == OnUser || r.AnyMember && s.member.NamesRole() {
		return open
	}
	return open.Intersect(s.member.holds(r.Accepts, &s.place))
}

// bySize orders groups: lowest rank, the target's own scope, name.
func bySize(set catalog.GroupSet, kind TargetKind) []*catalog.Group {
	own := ownScope(kind)
	groups := catalog.Groups()
	var list []*catalog.Group
	for g := range set.All() {
		list = append(list, &groups[g])
	}
	foreign := func(g *catalog.Group) int {
		if g.Scope == own {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b *catalog.Group) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(foreign(a), foreign(b)), cmp.Compare(a.Name, b.Name))
	})
	return list
}

func ownScope(kind TargetKind) catalog.Scope {
	switch kind {
	case OnUser:
		return catalog.ScopeUser
	case OnAccount:
		return catalog.ScopeAccount
	case OnBucket:
		return catalog.ScopeR2Bucket
	default:
		return catalog.ScopeZone
	}
}

// keysFor lists the keys by which the group could reach the target, the
// narrowest first.
func keysFor(g *catalog.Group, t *place) []Key {
	switch g.Scope {
	case catalog.ScopeUser:
		return []Key{{Form: KeyUser, User: t.user}}
	case catalog.ScopeAccount:
		return []Key{{Form: KeyAccount, Account: t.account}}
	case catalog.ScopeR2Bucket:
		return []Key{{Form: KeyBucket, Account: t.account, Bucket: t.bucket}}
	default:
		return zoneKeysFor(g, t)
	}
}

// zoneKeysFor is keysFor for a zone group.
func zoneKeysFor(g *catalog.Group, t *place) []Key {
	switch t.kind {
	case OnAllZones:
		return []Key{{Form: KeyAccountAllZones, Account: t.account}}
	case OnRecord:
		zone := Key{Form: KeyZone, Zone: t.zone}
		if isRecordGroup(g.Index) {
			return []Key{{Form: KeyRecord, Zone: t.zone, RecordType: t.recordType, Pattern: t.recordName}, zone}
		}
		return []Key{zone}
	default:
		return []Key{{Form: KeyZone, Zone: t.zone}}
	}
}

// reachesAll reports whether the key reaches every one of the targets for the group.
func reachesAll(g *catalog.Group, key Key, sites []site) bool {
	var p policy
	p.add(key)
	for i := range sites {
		if !p.reached(&sites[i].place).Has(g.Index) {
			return false
		}
	}
	return true
}
