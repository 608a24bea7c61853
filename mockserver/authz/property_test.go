// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// The properties of authorization model §10.3 on random worlds: what makes a
// configuration stricter never allows more.

// draft is a token in a form that is easily made stricter.
type draft struct {
	kind     CredentialKind
	owner    string
	policies []Policy
	in       []string
	notIn    []string
}

func (d draft) credential(tb testing.TB) *Credential {
	tb.Helper()
	ip, err := CompileIP(d.in, d.notIn)
	if err != nil {
		tb.Fatal(err)
	}
	c := &Credential{Kind: d.kind, IP: ip, Policies: compile(tb, d.policies...)}
	if d.kind == AccountToken {
		c.Account = named(d.owner)
	} else {
		c.User = named(d.owner)
	}
	return c
}

func (d draft) clone() draft {
	d.policies = slices.Clone(d.policies)
	d.in, d.notIn = slices.Clone(d.in), slices.Clone(d.notIn)
	return d
}

// scenario is a random world with a token and the requests to ask of it.
type scenario struct {
	rng     *rand.Rand
	world   *fakeWorld
	roles   map[[2]ID][]MemberGrant
	token   draft
	targets []Target
}

var (
	propertyGroups = []string{
		"DNS Read", "DNS Write", "Zone Read", "Zone Write", "Cache Purge", "zone:Zone Settings Read", "zone:Zone Settings Write",
		"account:Account Settings Read", "account:Account Settings Write", "User Details Read", "Workers R2 Storage Bucket Item Read",
	}
	propertyKeys = []string{
		"user:u", "account:ent", "account:std", "account:*", "zone:z1", "zone:z2", "zone:z3", "zone:*", "account:ent/zone:*",
		"account:ent/zone:z1", "account:std/zone:z3", "zone:z1/TXT.*", "zone:z1/*.a.*", "zone:z1/TXT.a.z1.example", "bucket:ent_default_bbb",
	}
	propertyRoles = []string{
		catalog.RoleSuperAdministrator, catalog.RoleAdministrator, "Administrator Read Only", "DNS", "Domain DNS", "Cache Purge",
		"Minimal Account Access", "Domain Administrator",
	}
	propertyOperations = []string{
		"GET /zones/{zone_id}", "PATCH /zones/{zone_id}", "POST /zones/{zone_id}/purge_cache", recordList, recordPost, "GET /zones/{zone_id}/settings",
		"PATCH /zones/{zone_id}/settings/{setting_id}", "POST /zones", "GET /accounts/{account_id}", "PUT /accounts/{account_id}",
		"POST /accounts/{account_id}/members", "GET /user", "GET /accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}",
	}
)

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

func (s *scenario) grant(tb testing.TB) MemberGrant {
	tb.Helper()
	g := MemberGrant{Effect: Allow, Roles: rolesOf(tb, pick(s.rng, propertyRoles))}
	if s.rng.IntN(4) == 0 {
		g.Effect = Deny
	}
	if s.rng.IntN(2) == 0 {
		g.Zones = []ID{named(pick(s.rng, []string{"z1", "z2"}))}
	}
	return g
}

func newScenario(tb testing.TB, seed uint64) *scenario {
	tb.Helper()
	s := &scenario{rng: rand.New(rand.NewPCG(seed, 7)), world: newWorld(tb), roles: map[[2]ID][]MemberGrant{}}
	for _, account := range []string{"ent", "std"} {
		at := [2]ID{named("u"), named(account)}
		for range 1 + s.rng.IntN(3) {
			s.roles[at] = append(s.roles[at], s.grant(tb))
		}
		s.world.members[at] = NewMembership(s.rng.IntN(8) > 0, Switch(s.rng.IntN(3)), nil, s.roles[at])
	}
	s.world.accounts[named("ent")].APIAccess = Switch(s.rng.IntN(3))
	s.token = draft{kind: UserToken, owner: "u"}
	if s.rng.IntN(4) == 0 {
		s.token = draft{kind: AccountToken, owner: "ent"}
	}
	for range 1 + s.rng.IntN(4) {
		s.token.policies = append(s.token.policies, s.policy(tb))
	}
	if s.rng.IntN(2) == 0 {
		s.token.in = []string{pick(s.rng, []string{"192.0.2.0/24", "0.0.0.0/0"}), "198.51.100.0/24"}
	}
	if s.rng.IntN(3) == 0 {
		s.token.notIn = []string{pick(s.rng, []string{"192.0.2.7", "203.0.113.0/24"})}
	}
	s.targets = []Target{
		UserTarget(), AccountTarget(named("ent")), AccountTarget(named("std")), ZoneTarget(named("z1")), ZoneTarget(named("z2")),
		ZoneTarget(named("z3")), RecordsTarget(named("z1")), RecordTarget(named("z1"), "TXT", "a.z1.example"),
		RecordTarget(named("z1"), "A", "b.z1.example"), AllZonesTarget(named("ent")), BucketTarget(named("ent"), "default", "bbb"),
	}
	return s
}

func (s *scenario) policy(tb testing.TB) Policy {
	tb.Helper()
	p := Policy{Effect: Allow}
	if s.rng.IntN(3) == 0 {
		p.Effect = Deny
	}
	for range 1 + s.rng.IntN(3) {
		p.Groups = append(p.Groups, groupNamed(tb, pick(s.rng, propertyGroups)).Index)
	}
	seen := map[string]bool{}
	for range 1 + s.rng.IntN(3) {
		r := key(tb, pick(s.rng, propertyKeys))
		if !seen[r.Key] {
			seen[r.Key] = true
			p.Resources = append(p.Resources, r)
		}
	}
	p.Canonicalize()
	return p
}

// allowed asks every operation on every target, and pairs of targets.
func (s *scenario) allowed(tb testing.TB, w *fakeWorld, c *Credential) map[string]bool {
	tb.Helper()
	set := map[string]bool{}
	for _, operation := range propertyOperations {
		for i, target := range s.targets {
			for _, targets := range [][]Target{{target}, {target, s.targets[(i+1)%len(s.targets)]}} {
				r := ask(tb, c, operation, targets...)
				if Decide(w, r).Allowed {
					set[fmt.Sprint(operation, targets)] = true
				}
				if operation == "PUT /accounts/{account_id}" {
					r.ChangesSwitch(Off)
					if Decide(w, r).Allowed {
						set["switch"+fmt.Sprint(targets)] = true
					}
				}
			}
		}
	}
	return set
}

// stricter lists ways to make the scenario stricter.
func (s *scenario) stricter(tb testing.TB) map[string]func() (*fakeWorld, draft) {
	tb.Helper()
	at := [2]ID{named("u"), named("ent")}
	withRoles := func(change func([]MemberGrant) []MemberGrant) *fakeWorld {
		w := *s.world
		w.members = maps.Clone(s.world.members)
		old := s.world.members[at]
		w.members[at] = NewMembership(old.Accepted, old.APIAccess, nil, change(slices.Clone(s.roles[at])))
		return &w
	}
	narrower := map[string][]string{
		accountPrefix + named("ent").String(): {"account:ent/zone:*", "zone:z2", "account:ent/zone:z1"},
		zonePrefix + "*":                      {"account:ent/zone:*", "zone:z3"},
		accountPrefix + "*":                   {"account:std"},
		zonePrefix + named("z1").String():     {"zone:z1/TXT.*"},
	}
	return map[string]func() (*fakeWorld, draft){
		"removing an allow": func() (*fakeWorld, draft) {
			d := s.token.clone()
			i := slices.IndexFunc(d.policies, func(p Policy) bool { return p.Effect == Allow })
			if i >= 0 {
				d.policies = slices.Delete(d.policies, i, i+1)
			}
			return s.world, d
		},
		"adding a deny": func() (*fakeWorld, draft) {
			d := s.token.clone()
			p := s.policy(tb)
			p.Effect = Deny
			d.policies = append(d.policies, p)
			return s.world, d
		},
		"narrowing an allow's resource": func() (*fakeWorld, draft) {
			d := s.token.clone()
			for i, p := range d.policies {
				for j, r := range p.Resources {
					// account.<id> serves zone groups and account.* does not, so that
					// the change is a narrowing only without zone groups.
					opens := r.Key == accountPrefix+"*" && slices.ContainsFunc(p.Groups, tables().zone.Has)
					if list := narrower[r.Key]; p.Effect == Allow && list != nil && r.Nested == nil && !opens {
						d.policies[i].Resources = slices.Clone(p.Resources)
						d.policies[i].Resources[j] = key(tb, pick(s.rng, list))
						return s.world, d
					}
				}
			}
			return s.world, d
		},
		"widening a deny": func() (*fakeWorld, draft) {
			d := s.token.clone()
			for i, p := range d.policies {
				if p.Effect == Deny {
					d.policies[i].Groups = append(slices.Clone(p.Groups), groupNamed(tb, pick(s.rng, propertyGroups)).Index)
					d.policies[i].Resources = append(slices.Clone(p.Resources), key(tb, pick(s.rng, propertyKeys)))
				}
			}
			return s.world, d
		},
		"narrowing an IP range": func() (*fakeWorld, draft) {
			d := s.token.clone()
			if len(d.in) > 1 {
				d.in = d.in[1:]
			} else {
				d.in = []string{"198.51.100.0/25"}
			}
			return s.world, d
		},
		"adding a refused IP range": func() (*fakeWorld, draft) {
			d := s.token.clone()
			d.notIn = append(d.notIn, "192.0.2.0/28")
			return s.world, d
		},
		"taking a role away": func() (*fakeWorld, draft) {
			return withRoles(func(list []MemberGrant) []MemberGrant {
				return slices.DeleteFunc(list, func(g MemberGrant) bool { return g.Effect == Allow })
			}), s.token
		},
		"narrowing a role to a zone": func() (*fakeWorld, draft) {
			return withRoles(func(list []MemberGrant) []MemberGrant {
				for i := range list {
					if list[i].Effect == Allow && len(list[i].Zones) == 0 {
						list[i].Zones = []ID{named("z1")}
					}
				}
				return list
			}), s.token
		},
		"denying a member more": func() (*fakeWorld, draft) {
			return withRoles(func(list []MemberGrant) []MemberGrant {
				g := s.grant(tb)
				g.Effect = Deny
				return append(list, g)
			}), s.token
		},
		"switching API access off": func() (*fakeWorld, draft) {
			w := *s.world
			w.accounts = map[ID]*Account{}
			for k, a := range s.world.accounts {
				copied := *a
				copied.APIAccess = Off
				w.accounts[k] = &copied
			}
			return &w, s.token
		},
	}
}

// TestProperty_stricterNeverAllowsMore is authorization model §10.3.
func TestProperty_stricterNeverAllowsMore(t *testing.T) {
	t.Parallel()
	lost := 0
	for seed := range uint64(150) {
		s := newScenario(t, seed)
		before := s.allowed(t, s.world, s.token.credential(t))
		for name, change := range s.stricter(t) {
			w, d := change()
			after := s.allowed(t, w, d.credential(t))
			for question := range after {
				if !before[question] {
					t.Fatalf("seed %d: %s allows %s", seed, name, question)
				}
			}
			lost += len(before) - len(after)
		}
	}
	if lost == 0 {
		t.Error("nothing ever became stricter: the property was not exercised")
	}
}

// TestProperty_order holds that the order of policies, groups and resources
// decides nothing.
func TestProperty_order(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		s := newScenario(t, seed)
		want := s.allowed(t, s.world, s.token.credential(t))
		d := s.token.clone()
		s.rng.Shuffle(len(d.policies), func(i, j int) { d.policies[i], d.policies[j] = d.policies[j], d.policies[i] })
		for i := range d.policies {
			d.policies[i].Groups = slices.Clone(d.policies[i].Groups)
			slices.Reverse(d.policies[i].Groups)
			d.policies[i].Resources = slices.Clone(d.policies[i].Resources)
			slices.Reverse(d.policies[i].Resources)
		}
		got := s.allowed(t, s.world, d.credential(t))
		if len(got) != len(want) {
			t.Fatalf("seed %d: %d allowed, %d after shuffling", seed, len(want), len(got))
		}
		for question := range got {
			if !want[question] {
				t.Fatalf("seed %d: shuffling allows %s", seed, question)
			}
		}
	}
}

// TestProperty_pure holds that deciding twice gives the same, and that the
// inputs are left as they were.
func TestProperty_pure(t *testing.T) {
	t.Parallel()
	s := newScenario(t, 3)
	c := s.token.credential(t)
	r := ask(t, c, "GET /zones/{zone_id}", ZoneTarget(named("z1")))
	copied := *r
	first := Decide(s.world, r)
	for range 10 {
		if Decide(s.world, r) != first {
			t.Fatal("the same question was answered differently")
		}
	}
	if copied.Accepts != r.Accepts || copied.Now != r.Now || copied.Credential != r.Credential {
		t.Error("the request was changed")
	}
}

// TestDecide_allocations holds that a decision without a trace does not
// allocate, allowed or refused, small or large.
//
//nolint:paralleltest // Other tests would allocate while this one counts.
func TestDecide_allocations(t *testing.T) {
	w := newWorld(t)
	large := make([]Policy, 0, 21)
	for i := range 20 {
		p := pol(t, Allow, "Zone Read;Cache Purge;zone:Zone Settings Read", "account:ent/zone:z2;zone:z2;zone:z1/TXT.*")
		p.Resources = append(p.Resources, key(t, "bucket:ent_default_bbb"))
		if i%5 == 0 {
			p.Effect = Deny
		}
		large = append(large, p)
	}
	large = append(large, pol(t, Allow, "DNS Write", "zone:*"))
	ip, err := CompileIP([]string{"198.51.100.0/24", "192.0.2.0/24"}, []string{"203.0.113.0/24"})
	if err != nil {
		t.Fatal(err)
	}
	c := userToken(t, "super", large...)
	c.IP, c.ExpiresOn = ip, instant.Add(time.Hour)
	for _, r := range []*Request{
		ask(t, c, recordPost, RecordTarget(named("z1"), "TXT", "a.z1.example")),
		ask(t, c, recordList, RecordsTarget(named("z1"))),
		ask(t, c, "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z2"))),
		ask(t, c, "POST /accounts/{account_id}/members", AccountTarget(named("ent"))),
		ask(t, globalKey("super"), "POST /accounts/{account_id}/members", AccountTarget(named("ent"))),
		{Address: netip.Addr{}},
	} {
		if n := testing.AllocsPerRun(100, func() { Decide(w, r) }); n != 0 {
			t.Errorf("%s: %v allocations", r.Targets, n)
		}
	}
	before, after := RecordTarget(named("z1"), "TXT", "a"), RecordTarget(named("z1"), "TXT", "b")
	r := ask(t, c, recordEdit)
	if n := testing.AllocsPerRun(100, func() { DecideRecord(w, r, RecordGroups(), &before, &after) }); n != 0 {
		t.Errorf("a record decision: %v allocations", n)
	}
}
