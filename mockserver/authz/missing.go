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
// narrowest key that reaches. Every candidate is tried: it is given to the
// credential and the request is decided again. The result is nil when gates 8
// to 10 would refuse too, and when no single grant on a zone, record, account
// or bucket that was named is enough: a grant on more than what was asked for
// is not suggested.
func (x *explainer) missing() *Grant {
	refused := x.refusedSites()
	if len(refused) == 0 {
		return nil
	}
	candidates := x.request.Accepts
	for i := range refused {
		candidates = candidates.Intersect(x.grantable(&refused[i]))
	}
	for _, g := range bySize(candidates, refused[0].place.kind) {
		for _, key := range keysFor(g, refused) {
			if grant := (Grant{Group: g, Key: key}); x.passes(x.given(grant)) {
				return &grant
			}
		}
	}
	return nil
}

// given is the request as it would be if the credential held the grant too.
func (x *explainer) given(grant Grant) *Request {
	credential, request := *x.request.Credential, *x.request
	credential.Policies = credential.Policies.with(grant)
	request.Credential = &credential
	return &request
}

// with returns the policies and one more, which allows the grant.
func (ps *Policies) with(grant Grant) *Policies {
	more := &Policies{}
	if ps != nil {
		more.denies = ps.denies
		more.list = slices.Clone(ps.list)
	}
	p := policy{index: len(more.list), groups: catalog.SetOf(grant.Group.Index)}
	p.add(grant.Key)
	more.list = append(more.list, p)
	return more
}

// refusedSites returns those of the targets asked for that gate 7 refuses;
// none when another fails at gate 8 or 9. Gate 5 has passed, so every target
// is there.
func (x *explainer) refusedSites() []site {
	var refused []site
	for i := range x.asked {
		s, _ := locate(x.world, x.request.Credential, &x.asked[i])
		switch gate, _ := grantGates(x.request, &s); gate {
		case 0:
		case GateGrant:
			refused = append(refused, s)
		default:
			return nil
		}
	}
	return refused
}

// grantable returns the groups that could be granted on the target: A∖X that
// the owner holds, where the owner must hold any.
func (x *explainer) grantable(s *site) catalog.GroupSet {
	r := x.request
	open := r.Accepts.Minus(r.Credential.Policies.struck(r.Accepts, &s.place))
	if r.Credential.Kind == AccountToken || s.place.kind == OnUser || r.AnyMember {
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

// ownScope is the scope of the target's own groups, for targets that groups of
// other scopes reach too: zones with their records, and buckets.
func ownScope(kind TargetKind) catalog.Scope {
	if kind == OnBucket {
		return catalog.ScopeR2Bucket
	}
	return catalog.ScopeZone
}

// keysFor lists the keys by which the group could reach the targets, the
// narrowest first. They are made of the first target, since one key that
// reaches all must reach that one; whether it does is tried.
func keysFor(g *catalog.Group, refused []site) []Key {
	t := &refused[0].place
	switch g.Scope {
	case catalog.ScopeUser:
		return []Key{{Form: KeyUser, User: t.user}}
	case catalog.ScopeAccount:
		return []Key{{Form: KeyAccount, Account: t.account}}
	case catalog.ScopeR2Bucket:
		return []Key{{Form: KeyBucket, Account: t.account, Bucket: t.bucket}}
	default:
		return zoneKeysFor(refused)
	}
}

// zoneKeysFor is keysFor for a zone group.
func zoneKeysFor(refused []site) []Key {
	t := &refused[0].place
	if t.kind == OnAllZones {
		return []Key{{Form: KeyAccountAllZones, Account: t.account}}
	}
	zone := Key{Form: KeyZone, Zone: t.zone}
	if record, ok := recordKeyFor(refused); ok {
		return []Key{record, zone}
	}
	return []Key{zone}
}

// recordKeyFor is the one record key that could reach all records among the
// targets without naming more than they do: their name, and their type or, of
// several types and of one that the model does not know, "*". Of several names
// it is the one that reaches the others, as a wildcard record's does. There is
// none without a record, and for a name that a key cannot hold.
func recordKeyFor(refused []site) (Key, bool) {
	key := Key{Form: KeyRecord}
	for i := range refused {
		t := &refused[i].place
		if t.kind != OnRecord {
			continue
		}
		if key.Zone.IsZero() {
			key.Zone, key.RecordType, key.Pattern = t.zone, t.recordType, t.recordName
		}
		if t.recordType != key.RecordType || !IsRecordType(t.recordType) {
			key.RecordType = wildcard
		}
		// A name that reaches all the others also reaches the one that is
		// the widest so far, so one pass finds it.
		if matchPattern(t.recordName, key.Pattern) {
			key.Pattern = t.recordName
		}
	}
	return key, CheckRecordPattern(key.RecordType, key.Pattern) == nil
}
