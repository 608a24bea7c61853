// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestReach crosses every form of key with every kind of target for a group of
// every scope (the table of authorization model §4: nothing else reaches).
func TestReach(t *testing.T) {
	t.Parallel()
	targets := map[string]place{
		"user":       {kind: OnUser, user: named("super")},
		"other user": {kind: OnUser, user: named("admin")},
		"no user":    {kind: OnUser},
		// What does not count for the kind of target is ignored.
		"z2 as zone":    {kind: OnZone, account: named("ent"), zone: named("z2"), recordType: "TXT", recordName: "a.z1.example", bucket: "default_bbb"},
		"z2 as records": {kind: OnRecords, account: named("ent"), zone: named("z2"), recordType: "TXT", recordName: "a.z1.example"},
		"ent":           {kind: OnAccount, account: named("ent")},
		"std":           {kind: OnAccount, account: named("std")},
		"z1":            {kind: OnZone, account: named("ent"), zone: named("z1")},
		"z1 records":    {kind: OnRecords, account: named("ent"), zone: named("z1")},
		"z2":            {kind: OnZone, account: named("ent"), zone: named("z2")},
		"z3":            {kind: OnZone, account: named("std"), zone: named("z3")},
		"all of ent":    {kind: OnAllZones, account: named("ent")},
		"all of std":    {kind: OnAllZones, account: named("std")},
		"z1 TXT a":      {kind: OnRecord, account: named("ent"), zone: named("z1"), recordType: "TXT", recordName: "a.z1.example"},
		"z1 TXT b":      {kind: OnRecord, account: named("ent"), zone: named("z1"), recordType: "TXT", recordName: "b.z1.example"},
		"z1 A a":        {kind: OnRecord, account: named("ent"), zone: named("z1"), recordType: "A", recordName: "a.z1.example"},
		"z2 TXT a":      {kind: OnRecord, account: named("ent"), zone: named("z2"), recordType: "TXT", recordName: "a.z1.example"},
		"bucket b":      {kind: OnBucket, account: named("ent"), bucket: "default_bbb"},
		"bucket eu":     {kind: OnBucket, account: named("ent"), bucket: "eu_bbb"},
		"std bucket":    {kind: OnBucket, account: named("std"), bucket: "default_bbb"},
	}
	entZones := []string{"z1", "z1 records", "z2", "z2 as zone", "z2 as records", "z1 TXT a", "z1 TXT b", "z1 A a", "z2 TXT a"}
	z1 := []string{"z1", "z1 records", "z1 TXT a", "z1 TXT b", "z1 A a"}
	entAll := append([]string{"ent", "all of ent", "bucket b", "bucket eu"}, entZones...)
	everyAccount := append([]string{"std", "z3", "all of std", "std bucket"}, entAll...)
	everyZone := append([]string{"all of ent", "z3", "all of std"}, entZones...)
	cases := []struct {
		group, key string
		reached    []string
	}{
		{"User Details Read", "user:super", []string{"user"}},
		{"User Details Read", "account:ent", nil},
		{"account:Account Settings Read", "account:ent", entAll},
		{"account:Account Settings Read", "account:*", everyAccount},
		{"account:Account Settings Read", "zone:z1", nil},
		{"account:Account Settings Read", "zone:*", nil},
		{"account:Account Settings Read", "account:ent/zone:*", nil},
		{"account:Account Settings Read", "account:ent/zone:z1", nil},
		{"account:Account Settings Read", "zone:z1/TXT.a.z1.example", nil},
		{"account:Account Settings Read", "user:super", nil},
		{"account:Account Settings Read", "bucket:ent_default_bbb", nil},
		{"Zone Read", "account:ent", append([]string{"all of ent"}, entZones...)},
		{"Zone Read", "account:*", nil},
		{"Zone Read", "zone:z1", z1},
		{"Zone Read", "zone:*", everyZone},
		{"Zone Read", "account:ent/zone:*", append([]string{"all of ent"}, entZones...)},
		{"Zone Read", "account:ent/zone:z1", z1},
		{"Zone Read", "account:std/zone:z1", nil},
		{"Zone Read", "zone:z1/TXT.a.z1.example", nil},
		{"DNS Write", "zone:z1/TXT.a.z1.example", []string{"z1 TXT a"}},
		{"DNS Read", "zone:z1/*.a.z1.example", []string{"z1 TXT a", "z1 A a"}},
		{"DNS Write", "zone:z2/TXT.a.z1.example", []string{"z2 TXT a"}},
		{"DNS Write", "zone:z1/TXT.*", []string{"z1 TXT a", "z1 TXT b"}},
		{"DNS Write", "zone:z1", z1},
		{"Workers R2 Storage Bucket Item Read", "bucket:ent_default_bbb", []string{"bucket b"}},
		{"Workers R2 Storage Bucket Item Read", "account:ent", nil},
	}
	for _, c := range cases {
		t.Run(c.group+" on "+c.key, func(t *testing.T) {
			t.Parallel()
			g := groupNamed(t, c.group)
			policies := compile(t, pol(t, Allow, c.group, c.key))
			var all catalog.GroupSet
			all.Add(g.Index)
			for name, target := range targets {
				want := false
				for _, r := range c.reached {
					want = want || r == name
				}
				if got := policies.granted(all, &target).Has(g.Index); got != want {
					t.Errorf("%s: reached %t, want %t", name, got, want)
				}
			}
		})
	}
}

// TestGates789 holds S, X and O of authorization model §6.
func TestGates789(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grants("zoner", "ent", MemberGrant{Effect: Allow, Roles: rolesOf(t, "Domain DNS"), Zones: []ID{named("z1")}})
	w.grants("struck", "ent",
		MemberGrant{Effect: Allow, Roles: rolesOf(t, "Domain DNS")},
		MemberGrant{Effect: Deny, Roles: rolesOf(t, "Domain DNS"), Zones: []ID{named("z1")}})
	w.grants("reader", "ent",
		MemberGrant{Effect: Allow, Roles: rolesOf(t, catalog.RoleSuperAdministrator)},
		MemberGrant{Effect: Deny, Roles: rolesOf(t, "Administrator Read Only")})
	const (
		list   = "GET /zones/{zone_id}/settings"
		edit   = "PATCH /zones/{zone_id}/settings/{setting_id}"
		purge  = "POST /zones/{zone_id}/purge_cache"
		create = "POST /zones"
	)
	z1, z2 := ZoneTarget(named("z1")), ZoneTarget(named("z2"))
	read, write := "zone:Zone Settings Read", "zone:Zone Settings Write"
	for _, row := range []struct {
		name    string
		request *Request
		reason  Reason
	}{
		{"read opens the list", ask(t, userToken(t, "super", pol(t, Allow, read, "zone:z1")), list, z1), ReasonNone},
		{"write opens the list where the row lists it", ask(t, userToken(t, "super", pol(t, Allow, write, "zone:z1")), list, z1), ReasonNone},
		{"read does not open the edit", ask(t, userToken(t, "super", pol(t, Allow, read, "zone:z1")), edit, z1), ReasonNoMatchingGrant},
		{"another zone", ask(t, userToken(t, "super", pol(t, Allow, read, "zone:z2")), list, z1), ReasonNoMatchingGrant},
		{"group and resource must meet in one policy", ask(t, userToken(t, "super", pol(t, Allow, read, "zone:z2"), pol(t, Allow, "Cache Purge", "zone:z1")), list, z1), ReasonNoMatchingGrant},
		{"deny read strikes read and write", ask(t, userToken(t, "super", pol(t, Allow, read+";"+write, "zone:z1"), pol(t, Deny, read, "zone:z1")), list, z1), ReasonDeniedByPolicy},
		{"deny write leaves read", ask(t, userToken(t, "super", pol(t, Allow, read+";"+write, "zone:z1"), pol(t, Deny, write, "zone:z1")), list, z1), ReasonNone},
		{"deny write strikes write", ask(t, userToken(t, "super", pol(t, Allow, write, "zone:z1"), pol(t, Deny, write, "zone:z1")), edit, z1), ReasonDeniedByPolicy},
		{"deny read leaves the edit, which does not accept read", ask(t, userToken(t, "super", pol(t, Allow, write, "zone:z1"), pol(t, Deny, read, "zone:z1")), edit, z1), ReasonNone},
		{"deny of another zone", ask(t, userToken(t, "super", pol(t, Allow, write, "zone:z1"), pol(t, Deny, write, "zone:z2")), edit, z1), ReasonNone},
		{"deny of all zones", ask(t, userToken(t, "super", pol(t, Allow, write, "zone:z1"), pol(t, Deny, write, "zone:*")), edit, z1), ReasonDeniedByPolicy},
		{"deny through the account", ask(t, userToken(t, "super", pol(t, Allow, write, "zone:z1"), pol(t, Deny, write, "account:ent")), edit, z1), ReasonDeniedByPolicy},
		{"owner lacks the right", ask(t, userToken(t, "viewer", pol(t, Allow, write, "zone:z1")), edit, z1), ReasonOwnerLacksRight},
		{"owner's right of the same family passes", ask(t, userToken(t, "viewer", pol(t, Allow, write, "zone:z1")), list, z1), ReasonNone},
		{"owner without rights", ask(t, userToken(t, "minimal", pol(t, Allow, read, "zone:z1")), list, z1), ReasonOwnerLacksRight},
		{"owner of another family", ask(t, userToken(t, "dns", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1), ReasonOwnerLacksRight},
		{"right of another family that the row accepts too", ask(t, userToken(t, "dns", pol(t, Allow, "Cache Purge", "zone:z1")), "GET /zones/{zone_id}", z1), ReasonOwnerLacksRight},
		{"account token has no owner gate", ask(t, accountToken(t, "ent", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1), ReasonNone},
		{"key without the right", ask(t, globalKey("viewer"), purge, z1), ReasonOwnerLacksRight},
		{"key with the right", ask(t, globalKey("super"), purge, z1), ReasonNone},
		{"Origin CA key", ask(t, &Credential{Kind: OriginCAKey, User: named("super")}, purge, z1), ReasonNoMatchingGrant},
		{"Origin CA key on certificates", ask(t, &Credential{Kind: OriginCAKey, User: named("super")}, "POST /certificates", z1), ReasonNone},
		{"zone policy reaches its zone", ask(t, globalKey("zoner"), "POST /zones/{zone_id}/dns_records", RecordsTarget(named("z1"))), ReasonNone},
		{"zone policy ends at its zone", ask(t, globalKey("zoner"), "POST /zones/{zone_id}/dns_records", RecordsTarget(named("z2"))), ReasonOwnerLacksRight},
		{"zone policy reaches no account", ask(t, globalKey("zoner"), "POST /zones", AllZonesTarget(named("ent"))), ReasonOwnerLacksRight},
		{"member's deny strikes", ask(t, globalKey("struck"), "POST /zones/{zone_id}/dns_records", RecordsTarget(named("z1"))), ReasonOwnerLacksRight},
		{"member's deny ends at its zone", ask(t, globalKey("struck"), "POST /zones/{zone_id}/dns_records", RecordsTarget(named("z2"))), ReasonNone},
		{"deny of reads strikes their writes where both are accepted", ask(t, globalKey("reader"), list, z1), ReasonOwnerLacksRight},
		{"deny of reads leaves pure writes", ask(t, globalKey("reader"), edit, z1), ReasonNone},
		{"new zone needs all zones", ask(t, userToken(t, "super", pol(t, Allow, "Zone Write", "zone:z1")), create, AllZonesTarget(named("ent"))), ReasonNoMatchingGrant},
		{"new zone with nested all", ask(t, userToken(t, "super", pol(t, Allow, "Zone Write", "account:ent/zone:*")), create, AllZonesTarget(named("ent"))), ReasonNone},
		{"new zone does not take DNS Write", ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", "account:ent")), create, AllZonesTarget(named("ent"))), ReasonNoMatchingGrant},
		{"all targets must pass", ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1, z2), ReasonNoMatchingGrant},
		{"more than two targets", ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "account:ent")), purge, z1, z2, z1, z2, z1), ReasonNone},
		{"user group", ask(t, userToken(t, "bare", pol(t, Allow, "User Details Read", "user:bare")), "GET /user", UserTarget()), ReasonNone},
		{"without the user group", ask(t, userToken(t, "super", pol(t, Allow, "Zone Read", "zone:*")), "GET /user", UserTarget()), ReasonNoMatchingGrant},
		{"user key needs no right", ask(t, globalKey("bare"), "GET /user", UserTarget()), ReasonNone},
		{"row without groups: key", ask(t, globalKey("bare"), "GET /user/firewall/access_rules/rules", UserTarget()), ReasonNone},
		{"row without groups: token", ask(t, userToken(t, "super", pol(t, Allow, "User Details Write", "user:super")), "GET /user/firewall/access_rules/rules", UserTarget()), ReasonNoMatchingGrant},
		{"token without compiled policies", ask(t, &Credential{Kind: UserToken, User: named("super")}, purge, z1), ReasonNoMatchingGrant},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got := Decide(w, row.request); got.Reason != row.reason || got.Allowed != (row.reason == ReasonNone) {
				t.Errorf("got %+v, want %q", got, row.reason)
			}
		})
	}
	got := Decide(w, ask(t, userToken(t, "viewer", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z2, z1))
	if got.Gate != GateGrant || got.Target != 0 {
		t.Errorf("a later target's later gate must not win: %+v", got)
	}
	got = Decide(w, ask(t, userToken(t, "viewer", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1, z2))
	if got.Gate != GateGrant || got.Target != 1 {
		t.Errorf("the earliest gate over all targets wins: %+v", got)
	}
}

// TestAnyMember holds §8: every accepted member whose roles, or an allow
// policy, name a role may see the account.
func TestAnyMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grants("zoner", "ent", MemberGrant{Effect: Allow, Roles: rolesOf(t, "Domain DNS"), Zones: []ID{named("z1")}})
	w.grants("denied", "ent", MemberGrant{Effect: Deny, Roles: rolesOf(t, "Domain DNS")})
	w.member(t, "domain", "ent", "Domain DNS")
	for owner, want := range map[string]bool{"minimal": true, "dns": true, "zoner": true, "bare": false, "denied": false, "domain": false, "super": true} {
		r := ask(t, globalKey(owner), "GET /accounts/{account_id}", AccountTarget(named("ent")))
		if got := Decide(w, r); got.Allowed != want {
			t.Errorf("%s: %+v, want allowed %t", owner, got, want)
		}
		r = ask(t, userToken(t, owner, pol(t, Allow, "account:Account Settings Read", "account:ent")), "GET /accounts/{account_id}", AccountTarget(named("ent")))
		if got := Decide(w, r); got.Allowed != want {
			t.Errorf("%s by token: %+v, want allowed %t", owner, got, want)
		}
	}
}

// TestAdministrators holds §8: who is a Super Administrator and who is an
// Administrator.
func TestAdministrators(t *testing.T) {
	t.Parallel()
	super := rolesOf(t, catalog.RoleSuperAdministrator, catalog.RoleAdministrator)
	for _, row := range []struct {
		name string
		m    *Membership
		want bool
	}{
		{"nil", nil, false},
		{"zero", &Membership{}, false},
		{"by roles", NewMembership(true, Unset, super, nil), true},
		{"pending", NewMembership(false, Unset, super, nil), false},
		{"by policy", NewMembership(true, Unset, nil, []MemberGrant{{Effect: Allow, Roles: super}}), true},
		{"over a zone", NewMembership(true, Unset, nil, []MemberGrant{{Effect: Allow, Roles: super, Zones: []ID{named("z1")}}}), false},
		{"with a deny", NewMembership(true, Unset, nil, []MemberGrant{{Effect: Allow, Roles: super}, {Effect: Deny, Roles: rolesOf(t, "Turnstile")}}), false},
		{"with a deny over a zone", NewMembership(true, Unset, nil, []MemberGrant{{Effect: Deny, Roles: rolesOf(t, "Domain DNS"), Zones: []ID{named("z1")}}, {Effect: Allow, Roles: super}}), false},
	} {
		if row.m.IsSuperAdministrator() != row.want || row.m.IsAdministrator() != row.want {
			t.Errorf("%s: got %t and %t, want %t", row.name, row.m.IsSuperAdministrator(), row.m.IsAdministrator(), row.want)
		}
	}
}

// TestCompile_unsorted holds that the order in which a policy names its keys
// decides nothing: a deny that a look-up missed would allow.
func TestCompile_unsorted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reversed := func(effect Effect, groups, keys string) Policy {
		p := pol(t, effect, groups, keys)
		slices.Reverse(p.Resources)
		return p
	}
	many := func(kind string) string {
		keys := make([]string, 0, 9)
		for _, name := range []string{"a", "b", "c", "ent", "f", "std", "t", "u", "v"} {
			keys = append(keys, strings.ReplaceAll(kind, "?", name))
		}
		return strings.Join(keys, ";")
	}
	zones := "zone:a;zone:b;zone:c;zone:d;zone:e;zone:f;zone:z1;zone:z2;zone:zz"
	records := "zone:a/TXT.x;zone:z1/TXT.a.*;zone:z2/TXT.a.*;zone:zz/TXT.x"
	const bucket = "GET /accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}"
	for _, row := range []struct {
		group, keys, operation string
		target                 Target
	}{
		{"Cache Purge", zones, "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"Cache Purge", many("account:?"), "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"Cache Purge", many("account:?/zone:*"), "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"Cache Purge", many("account:?/zone:z1"), "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"DNS Write", records, recordPost, RecordTarget(named("z1"), "TXT", "a.example")},
		{"Workers R2 Storage Bucket Item Read", many("bucket:?_default_bbb"), bucket, BucketTarget(named("ent"), "default", "bbb")},
	} {
		if got := Decide(w, ask(t, userToken(t, "super", reversed(Allow, row.group, row.keys)), row.operation, row.target)); !got.Allowed {
			t.Errorf("allow on %s: %+v", row.keys, got)
		}
		everything := pol(t, Allow, row.group, row.keys)
		if got := Decide(w, ask(t, userToken(t, "super", everything, reversed(Deny, row.group, row.keys)), row.operation, row.target)); got.Reason != ReasonDeniedByPolicy {
			t.Errorf("deny on %s: %+v", row.keys, got)
		}
	}
}

// TestMembers_zonePolicy holds §8: over zones only a role's zone groups count.
func TestMembers_zonePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grants("local", "ent", MemberGrant{Effect: Allow, Roles: rolesOf(t, catalog.RoleAdministrator), Zones: []ID{named("z1")}})
	w.grants("barred", "ent",
		MemberGrant{Effect: Allow, Roles: rolesOf(t, catalog.RoleAdministrator)},
		MemberGrant{Effect: Deny, Roles: rolesOf(t, catalog.RoleAdministrator), Zones: []ID{named("z1")}})
	// The row accepts a group of the account on a zone path.
	r := ask(t, globalKey("local"), "GET /zones/{zone_id}/settings", ZoneTarget(named("z1")))
	if got := Decide(w, r); !got.Allowed {
		t.Errorf("a zone group over its zone: %+v", got)
	}
	r.Accepts = catalog.SetOf(groupNamed(t, "account:Account WAF Read").Index)
	if got := Decide(w, r); got.Reason != ReasonOwnerLacksRight {
		t.Errorf("an account group over a zone: %+v", got)
	}
	r = ask(t, globalKey("barred"), "GET /zones/{zone_id}/settings", ZoneTarget(named("z1")))
	r.Accepts = catalog.SetOf(groupNamed(t, "account:Account WAF Read").Index)
	if got := Decide(w, r); !got.Allowed {
		t.Errorf("a deny over a zone strikes zone groups alone: %+v", got)
	}
}
