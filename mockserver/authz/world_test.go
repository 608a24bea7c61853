// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"iter"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// fakeWorld is a world held in maps.
type fakeWorld struct {
	accounts map[ID]*Account
	zones    map[ID]*Zone
	members  map[[2]ID]*Membership
	tenants  map[ID]bool
}

func (w *fakeWorld) Account(id ID) *Account                  { return w.accounts[id] }
func (w *fakeWorld) Zone(id ID) *Zone                        { return w.zones[id] }
func (w *fakeWorld) Membership(user, account ID) *Membership { return w.members[[2]ID{user, account}] }
func (w *fakeWorld) IsTenantAdmin(user ID) bool              { return w.tenants[user] }
func (w *fakeWorld) Memberships(user ID) iter.Seq2[ID, *Membership] {
	return func(yield func(ID, *Membership) bool) {
		for key, m := range w.members {
			if key[0] == user && !yield(key[1], m) {
				return
			}
		}
	}
}

// named turns a short name into an identifier.
func named(name string) ID {
	var id ID
	copy(id[:], name)
	return id
}

// The test world: ent and ent2 are Enterprise accounts, std is a standard one,
// far is one where none of the users is a member. Zones: z1 and z2 in ent, z3
// in std, zf in far.
func newWorld(tb testing.TB) *fakeWorld {
	tb.Helper()
	w := &fakeWorld{
		accounts: map[ID]*Account{}, zones: map[ID]*Zone{}, members: map[[2]ID]*Membership{},
		tenants: map[ID]bool{named("super"): true},
	}
	for _, name := range []string{"ent", "ent2", "std", "far"} {
		w.accounts[named(name)] = &Account{ID: named(name), Enterprise: strings.HasPrefix(name, "ent")}
	}
	for zone, account := range map[string]string{"z1": "ent", "z2": "ent", "z3": "std", "zf": "far"} {
		w.zones[named(zone)] = &Zone{ID: named(zone), Account: named(account), Name: zone + ".example"}
	}
	w.member(tb, "super", "ent", catalog.RoleSuperAdministrator)
	w.member(tb, "super", "std", catalog.RoleSuperAdministrator)
	w.member(tb, "admin", "ent", catalog.RoleAdministrator)
	w.member(tb, "dns", "ent", "DNS")
	w.member(tb, "viewer", "ent", "Administrator Read Only")
	w.member(tb, "minimal", "ent", "Minimal Account Access")
	w.member(tb, "bare", "ent")
	w.member(tb, "pending", "ent", catalog.RoleSuperAdministrator)
	w.members[[2]ID{named("pending"), named("ent")}].Accepted = false
	return w
}

// member makes the user an accepted member with the roles.
func (w *fakeWorld) member(tb testing.TB, user, account string, roles ...string) {
	tb.Helper()
	w.members[[2]ID{named(user), named(account)}] = NewMembership(true, Unset, rolesOf(tb, roles...), nil)
}

// grants makes the user an accepted member with policies.
func (w *fakeWorld) grants(user, account string, grants ...MemberGrant) {
	w.members[[2]ID{named(user), named(account)}] = NewMembership(true, Unset, nil, grants)
}

func rolesOf(tb testing.TB, names ...string) []*catalog.Role {
	tb.Helper()
	var roles []*catalog.Role
	for _, name := range names {
		r, err := catalog.LookupRole(name)
		if err != nil {
			tb.Fatal(err)
		}
		roles = append(roles, r)
	}
	return roles
}

func groupNamed(tb testing.TB, ref string) *catalog.Group {
	tb.Helper()
	g, err := catalog.LookupGroup(ref)
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

// key reads the tests' short form of resource keys: "user:u", "account:a",
// "account:*", "zone:z", "zone:*", "account:a/zone:z", "account:a/zone:*",
// "zone:z/TXT.pattern", "bucket:a_default_name".
func key(tb testing.TB, short string) Resource {
	tb.Helper()
	outer, nested, isNested := strings.Cut(short, "/")
	kind, name, _ := strings.Cut(outer, ":")
	ident := func(name string) string {
		if name == "*" {
			return name
		}
		return named(name).String()
	}
	switch kind {
	case "user":
		return Resource{Key: userPrefix + ident(name)}
	case "bucket":
		account, rest, _ := strings.Cut(name, "_")
		return Resource{Key: bucketPrefix + ident(account) + "_" + rest}
	case "account":
		r := Resource{Key: accountPrefix + ident(name)}
		if isNested {
			r.Nested = []string{zonePrefix + ident(strings.TrimPrefix(nested, "zone:"))}
		}
		return r
	case "zone":
		r := Resource{Key: zonePrefix + ident(name)}
		if isNested {
			r.Nested = []string{recordPrefix + nested}
		}
		return r
	}
	tb.Fatalf("no such key %q", short)
	return Resource{}
}

// pol makes a policy: groups and keys are separated by semicolons.
func pol(tb testing.TB, effect Effect, groups, keys string) Policy {
	tb.Helper()
	p := Policy{Effect: effect}
	for ref := range strings.SplitSeq(groups, ";") {
		p.Groups = append(p.Groups, groupNamed(tb, ref).Index)
	}
	for short := range strings.SplitSeq(keys, ";") {
		p.Resources = append(p.Resources, key(tb, short))
	}
	p.Canonicalize()
	return p
}

func compile(tb testing.TB, policies ...Policy) *Policies {
	tb.Helper()
	compiled, err := Compile(policies)
	if err != nil {
		tb.Fatal(err)
	}
	return compiled
}

func userToken(tb testing.TB, owner string, policies ...Policy) *Credential {
	tb.Helper()
	return &Credential{Kind: UserToken, ID: named("token"), User: named(owner), Policies: compile(tb, policies...)}
}

func accountToken(tb testing.TB, owner string, policies ...Policy) *Credential {
	tb.Helper()
	return &Credential{Kind: AccountToken, ID: named("token"), Account: named(owner), Policies: compile(tb, policies...)}
}

func globalKey(owner string) *Credential { return &Credential{Kind: GlobalKey, User: named(owner)} }

var (
	instant = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	address = netip.MustParseAddr("192.0.2.7")
)

// ask makes a request of an operation of the catalogue, "GET /zones/{zone_id}".
func ask(tb testing.TB, c *Credential, operation string, targets ...Target) *Request {
	tb.Helper()
	method, route, _ := strings.Cut(operation, " ")
	op, ok := catalog.OperationByName(method, route)
	if !ok {
		tb.Fatalf("no operation %q", operation)
	}
	r := &Request{Presence: WellFormed, Credential: c, Targets: targets, Address: address, Now: instant}
	r.For(op)
	return r
}
