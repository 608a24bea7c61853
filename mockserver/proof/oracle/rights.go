// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// accepted is A from gate 7 on: the groups that the row accepts, or Account Settings Write alone when the body
// changes a switch (authorization model §6 "Gate 10").
func (j *judgement) accepted(r *row) []*group {
	if j.request.Switch != nil {
		return []*group{j.oracle.accountSettingsWrite}
	}
	return r.accepts
}

// granted is S: the groups of A that an allow policy holds with a key that reaches the target for that group
// (authorization model §6 "Gates 7–9").
func (j *judgement) granted(accepts []*group, t *target) []*group {
	var s []*group
	for _, g := range accepts {
		if j.policyReaches(true, g, t) {
			s = append(s, g)
		}
	}
	return s
}

// struck is X: for every d of A that a deny policy holds with a key that reaches the target for d, d itself and
// every group of A in d's family with a higher rank (authorization model §6 "Gates 7–9").
func (j *judgement) struck(accepts []*group, t *target) []*group {
	var x []*group
	for _, d := range accepts {
		if j.policyReaches(false, d, t) {
			x = strike(x, accepts, d)
		}
	}
	return x
}

// strike adds to a set what a deny of d strikes among the accepted groups.
func strike(set, accepts []*group, d *group) []*group {
	for _, g := range accepts {
		if g == d || sameFamily(g, d) && g.rank > d.rank {
			set = append(set, g)
		}
	}
	return set
}

// without is set∖other.
func without(set, other []*group) []*group {
	if len(other) == 0 {
		return set
	}
	var rest []*group
	for _, g := range set {
		if !slices.Contains(other, g) {
			rest = append(rest, g)
		}
	}
	return rest
}

// usable is S∖X. On a zone as the container of its records, where that is empty, the groups of A∖X that an
// allow policy holds with a record key on this zone stand in for it: "refused … if the zone fails gates 7–8
// and no allow policy holds a record key on this zone with a group of A∖X" (authorization model §5). They do
// so at gate 9 too, which would otherwise refuse whoever holds record keys alone.
func (j *judgement) usable(accepts []*group, t *target) []*group {
	x := j.struck(accepts, t)
	if rest := without(j.granted(accepts, t), x); len(rest) > 0 {
		return rest
	}
	return without(j.recordGrants(accepts, t), x)
}

// recordGrants are, on a zone as the container of its records, the groups of A that an allow policy holds with a
// record key on this zone; elsewhere none (authorization model §5 "First the zone"). The model leaves open which
// gate refuses who holds record keys alone and has them all struck. They are granted and denied: gate 8,
// whose explanation names the policy that denies.
func (j *judgement) recordGrants(accepts []*group, t *target) []*group {
	if t.Kind != scene.OnRecords {
		return nil
	}
	var held []*group
	for _, g := range accepts {
		if j.holdsRecordKey(g, t) {
			held = append(held, g)
		}
	}
	return held
}

func (j *judgement) holdsRecordKey(g *group, t *target) bool {
	for i := range j.policies {
		p := &j.policies[i]
		if !p.allow || !p.holds(g) {
			continue
		}
		for k := range p.keys {
			if p.keys[k].form == formRecord && p.keys[k].zone == t.Zone {
				return true
			}
		}
	}
	return false
}

// policyReaches says whether an allow policy, or a deny policy, holds a group with a key that reaches the
// target for that group: permission and resource must meet in one policy (authorization model §3).
func (j *judgement) policyReaches(allow bool, g *group, t *target) bool {
	for i := range j.policies {
		p := &j.policies[i]
		if p.allow != allow || !p.holds(g) {
			continue
		}
		for k := range p.keys {
			if j.reaches(&p.keys[k], g, t) {
				return true
			}
		}
	}
	return false
}

func (p *policy) holds(g *group) bool {
	return slices.Contains(p.groups, g)
}

// reaches is the table of reaches, one case for each row (authorization model §4). Nothing else reaches.
func (j *judgement) reaches(k *key, g *group, t *target) bool {
	switch g.scope {
	case "user":
		// The user: user.<id>, which is the owner's own (§3).
		return t.Kind == scene.OnUser && k.form == formUser && k.user == j.credential.User
	case "account":
		// The account; any zone, record or bucket in it; "all zones of it".
		return t.Kind != scene.OnUser && j.reachesAccount(k, t.account)
	case "zone":
		switch t.Kind {
		case scene.OnZone, scene.OnRecords:
			return j.reachesZone(k, t)
		case scene.OnAllZones:
			return j.reachesAllZones(k, t.account)
		case scene.OnRecord:
			return j.reachesZone(k, t) || j.reachesRecord(k, g, t)
		}
	case "r2":
		// The bucket: its key.
		return t.Kind == scene.OnBucket && k.form == formBucket && k.account == t.account && k.bucket == t.Bucket
	}
	return false
}

// reachesAccount: account.<id>: "*", account.*.
func (j *judgement) reachesAccount(k *key, account string) bool {
	switch k.form {
	case formAccount:
		return k.account == account
	case formAllAccounts:
		return j.isMember(account)
	}
	return false
}

// reachesZone: zone.<id>: "*", zone.*, account.<id>: "*", account.<id> with zone.<id> or zone.*.
func (j *judgement) reachesZone(k *key, t *target) bool {
	switch k.form {
	case formZone:
		return k.zone == t.Zone
	case formAllZones:
		return j.isMember(t.account)
	case formAccount, formAccountAllZones:
		return k.account == t.account
	case formAccountZone:
		// The zone must lie in the key's account (§3).
		return k.zone == t.Zone && k.account == t.account
	}
	return false
}

// reachesAllZones: account.<a>: "*", account.<a> with zone.*, zone.*.
func (j *judgement) reachesAllZones(k *key, account string) bool {
	switch k.form {
	case formAccount, formAccountAllZones:
		return k.account == account
	case formAllZones:
		return j.isMember(account)
	}
	return false
}

// reachesRecord: for DNS Read and DNS Write also a matching record key.
func (j *judgement) reachesRecord(k *key, g *group, t *target) bool {
	return (g == j.oracle.dnsRead || g == j.oracle.dnsWrite) &&
		k.form == formRecord && k.zone == t.Zone &&
		(k.recordType == "*" || k.recordType == t.RecordType) &&
		patternMatches(k.pattern, t.RecordName)
}

// isMember is the range of * in keys: the accounts where the owner is an accepted member at that instant
// (authorization model §4). An account is a member of nothing, so in an account-owned token, which may not
// hold such keys, * reaches nothing.
func (j *judgement) isMember(account string) bool {
	return j.memberOf(account) != nil
}

// shareFamily says whether some group of one set and some group of the other are of one family.
func shareFamily(a, b []*group) bool {
	for _, g := range a {
		for _, other := range b {
			if sameFamily(g, other) {
				return true
			}
		}
	}
	return false
}
