// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry_test

import (
	"iter"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// world is a world held in maps: account ent (Enterprise) with zone z1
// (z1.example) and z2, account std with z3, account far with zf where nobody is
// a member. super, admin, dns and viewer are members of ent, super of std too.
type world struct {
	accounts map[authz.ID]*authz.Account
	zones    map[authz.ID]*authz.Zone
	members  map[[2]authz.ID]*authz.Membership
}

func (w *world) Account(id authz.ID) *authz.Account { return w.accounts[id] }
func (w *world) Zone(id authz.ID) *authz.Zone       { return w.zones[id] }
func (w *world) Membership(user, account authz.ID) *authz.Membership {
	return w.members[[2]authz.ID{user, account}]
}
func (w *world) IsTenantAdmin(authz.ID) bool { return false }
func (w *world) Memberships(user authz.ID) iter.Seq2[authz.ID, *authz.Membership] {
	return func(yield func(authz.ID, *authz.Membership) bool) {
		for key, m := range w.members {
			if key[0] == user && !yield(key[1], m) {
				return
			}
		}
	}
}

// id turns a short name into an identifier.
func id(name string) authz.ID {
	var id authz.ID
	copy(id[:], name)
	return id
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{
		accounts: map[authz.ID]*authz.Account{}, zones: map[authz.ID]*authz.Zone{},
		members: map[[2]authz.ID]*authz.Membership{},
	}
	for _, name := range []string{"ent", "std", "far"} {
		w.accounts[id(name)] = &authz.Account{ID: id(name), Enterprise: name == "ent"}
	}
	for zone, account := range map[string]string{"z1": "ent", "z2": "ent", "z3": "std", "zf": "far"} {
		w.zones[id(zone)] = &authz.Zone{ID: id(zone), Account: id(account), Name: zone + ".example"}
	}
	join := func(user, account, role string) {
		r, err := catalog.LookupRole(role)
		if err != nil {
			tb.Fatal(err)
		}
		w.members[[2]authz.ID{id(user), id(account)}] = authz.NewMembership(true, authz.Unset, []*catalog.Role{r}, nil)
	}
	join("super", "ent", catalog.RoleSuperAdministrator)
	join("super", "std", catalog.RoleSuperAdministrator)
	join("admin", "ent", catalog.RoleAdministrator)
	join("dns", "ent", "DNS")
	join("viewer", "ent", "Administrator Read Only")
	return w
}

// The keys of the tests.
func zoneKey(zone string) authz.Key { return authz.Key{Form: authz.KeyZone, Zone: id(zone)} }

func recordKey(zone, recordType, pattern string) authz.Key {
	return authz.Key{Form: authz.KeyRecord, Zone: id(zone), RecordType: recordType, Pattern: pattern}
}

func accountKey(account string) authz.Key {
	return authz.Key{Form: authz.KeyAccount, Account: id(account)}
}
func userKey(user string) authz.Key { return authz.Key{Form: authz.KeyUser, User: id(user)} }

// pol is a policy; groups are separated by semicolons.
func pol(tb testing.TB, effect authz.Effect, groups string, keys ...authz.Key) authz.Policy {
	tb.Helper()
	p := authz.Policy{Effect: effect}
	for ref := range strings.SplitSeq(groups, ";") {
		g, err := catalog.LookupGroup(ref)
		if err != nil {
			tb.Fatal(err)
		}
		p.Groups = append(p.Groups, g.Index)
	}
	for _, k := range keys {
		p.Resources = append(p.Resources, k.Resource())
	}
	p.Canonicalize()
	return p
}

func token(tb testing.TB, owner string, policies ...authz.Policy) *authz.Credential {
	tb.Helper()
	compiled, err := authz.Compile(policies)
	if err != nil {
		tb.Fatal(err)
	}
	return &authz.Credential{Kind: authz.UserToken, ID: id("token"), User: id(owner), Policies: compiled}
}

func accountToken(tb testing.TB, owner string, policies ...authz.Policy) *authz.Credential {
	tb.Helper()
	c := token(tb, "", policies...)
	c.Kind, c.User, c.Account = authz.AccountToken, authz.ID{}, id(owner)
	return c
}

var (
	now  = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	addr = netip.MustParseAddr("192.0.2.7")
)

// ask asks; the operation must be one.
func ask(tb testing.TB, w authz.World, c *authz.Credential, operation string, target inquiry.Target) inquiry.Answer {
	tb.Helper()
	op, err := inquiry.ParseOperation(operation)
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := inquiry.Ask(w, inquiry.Question{Credential: c, Operation: op, Target: target, Address: addr, Now: now})
	if err != nil {
		tb.Fatal(err)
	}
	if n := len(answer.Explanation.Steps); n != int(authz.GateNeeds) {
		tb.Errorf("a trace of %d steps", n)
	}
	return answer
}
