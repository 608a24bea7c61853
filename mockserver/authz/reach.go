// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// place is a target whose account and zone have been read from the world, so
// that the gates need not look again.
type place struct {
	kind       TargetKind
	user       ID // the calling user; zero for account-owned tokens
	account    ID
	zone       ID
	recordType string
	recordName string
	bucket     string
}

// inZone reports whether the target is a zone or lies in one.
func (t *place) inZone() bool {
	return t.kind == OnZone || t.kind == OnRecords || t.kind == OnRecord
}

// reach is a set of ways in which keys reach a target: one bit for every scope
// of groups, and one for the groups that record keys serve.
type reach uint8

const (
	reachUser reach = 1 << iota
	reachAccount
	reachZone
	reachBucket
	reachRecord
	reachCount // the number of different values
)

// reached returns the groups for which the policy's keys reach the target, by
// the table of authorization model §4; nothing else reaches.
func (p *policy) reached(t *place) *catalog.GroupSet { return &tables().reached[p.reaches(t)] }

func (p *policy) reaches(t *place) reach {
	if t.kind == OnUser {
		if !p.user.IsZero() && p.user == t.user {
			return reachUser
		}
		return 0
	}
	var r reach
	wholeAccount := hasID(p.accounts, t.account)
	if wholeAccount || p.allAccounts {
		r = reachAccount
	}
	switch t.kind {
	case OnZone, OnRecords, OnRecord:
		if wholeAccount || p.allZones || hasID(p.zones, t.zone) || hasID(p.nestedAll, t.account) ||
			p.hasNested(t.account, t.zone) {
			r |= reachZone
		}
		if t.kind == OnRecord && p.hasRecord(t) {
			r |= reachRecord
		}
	case OnAllZones:
		if wholeAccount || p.allZones || hasID(p.nestedAll, t.account) {
			r |= reachZone
		}
	case OnBucket:
		if _, found := slices.BinarySearchFunc(p.buckets, bucketKey{t.account, t.bucket}, compareBucketKey); found {
			r |= reachBucket
		}
	case OnUser, OnAccount:
	}
	return r
}

func (p *policy) hasNested(account, zone ID) bool {
	if len(p.nested) == 0 {
		return false
	}
	_, found := slices.BinarySearchFunc(p.nested, accountZone{account, zone}, compareAccountZone)
	return found
}

// hasRecord reports whether a record key of the policy matches the record.
func (p *policy) hasRecord(t *place) bool {
	for i := p.firstRecordKey(t.zone); i < len(p.records) && p.records[i].zone == t.zone; i++ {
		k := &p.records[i]
		if (k.recordType == wildcard || k.recordType == t.recordType) && matchPattern(k.pattern, t.recordName) {
			return true
		}
	}
	return false
}

// hasRecordKeyOn reports whether the policy holds any record key on the zone.
func (p *policy) hasRecordKeyOn(zone ID) bool {
	i := p.firstRecordKey(zone)
	return i < len(p.records) && p.records[i].zone == zone
}

func (p *policy) firstRecordKey(zone ID) int {
	i, _ := slices.BinarySearchFunc(p.records, zone, func(k recordKey, id ID) int { return k.zone.Compare(id) })
	return i
}

// granted returns S: the groups of accepts that an allow policy holds with a
// key that reaches the target for that group (authorization model §6).
func (ps *Policies) granted(accepts catalog.GroupSet, t *place) catalog.GroupSet {
	return ps.collect(false, accepts, t)
}

// struck returns X: what the deny policies strike from accepts on the target.
func (ps *Policies) struck(accepts catalog.GroupSet, t *place) catalog.GroupSet {
	if ps == nil || !ps.denies {
		return catalog.GroupSet{}
	}
	return strike(accepts, ps.collect(true, accepts, t))
}

func (ps *Policies) collect(deny bool, accepts catalog.GroupSet, t *place) catalog.GroupSet {
	if ps == nil {
		return catalog.GroupSet{}
	}
	var set catalog.GroupSet
	for i := range ps.list {
		p := &ps.list[i]
		if p.deny != deny || !p.groups.Intersects(accepts) {
			continue
		}
		reached := p.reached(t)
		for w := range set {
			set[w] |= p.groups[w] & accepts[w] & reached[w]
		}
	}
	return set
}

// recordGrants returns the groups of accepts that an allow policy holds with a
// record key on the zone (authorization model §5 "First the zone").
func (ps *Policies) recordGrants(accepts catalog.GroupSet, zone ID) catalog.GroupSet {
	if ps == nil {
		return catalog.GroupSet{}
	}
	var set catalog.GroupSet
	accepts = accepts.Intersect(tables().recordGroups)
	for i := range ps.list {
		p := &ps.list[i]
		if !p.deny && p.hasRecordKeyOn(zone) {
			set = set.Union(p.groups.Intersect(accepts))
		}
	}
	return set
}

// canServe reports whether an allow policy holds one of the groups with a key
// that can serve its scope, wherever that key points (authorization model §6
// "Lists").
func (ps *Policies) canServe(accepts catalog.GroupSet) bool {
	if ps == nil {
		return false
	}
	for i := range ps.list {
		p := &ps.list[i]
		if !p.deny && !p.groups.Intersect(accepts).Intersect(p.served()).IsEmpty() {
			return true
		}
	}
	return false
}

// managesTokens reports whether an allow policy holds a group that manages
// tokens (authorization model §3).
func (ps *Policies) managesTokens() bool { return ps.canServe(tables().tokenManagement) }

// served returns the groups that the policy's keys can serve (authorization
// model §3, the table's last column).
func (p *policy) served() catalog.GroupSet {
	var set catalog.GroupSet
	d := tables()
	if !p.user.IsZero() {
		set = set.Union(d.user)
	}
	if len(p.accounts) > 0 || p.allAccounts {
		set = set.Union(d.account)
	}
	if len(p.accounts) > 0 || len(p.zones) > 0 || p.allZones || len(p.nestedAll) > 0 || len(p.nested) > 0 {
		set = set.Union(d.zone)
	}
	if len(p.records) > 0 {
		set = set.Union(d.recordGroups)
	}
	if len(p.buckets) > 0 {
		set = set.Union(d.bucket)
	}
	return set
}

// joinNames lists words in prose: "a", "a or b", "a, b or c".
func joinNames(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
	}
}
