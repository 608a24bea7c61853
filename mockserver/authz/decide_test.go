// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestDecideCredential holds gates 1 to 4 in full: the gate, the reason, and
// that no target is meant.
func TestDecideCredential(t *testing.T) {
	t.Parallel()
	purge := pol(t, Allow, "Cache Purge", "zone:z1")
	change := func(change func(*Credential)) *Credential {
		c := userToken(t, "super", purge)
		change(c)
		return c
	}
	elsewhere, err := CompileIP([]string{"198.51.100.0/24"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name     string
		presence Presence
		c        *Credential
		want     Decision
	}{
		{"none", Missing, nil, Decision{Gate: GatePresent, Reason: ReasonCredentialMissing}},
		{"malformed", Malformed, nil, Decision{Gate: GatePresent, Reason: ReasonCredentialMalformed}},
		{"malformed, whatever it is", Malformed, change(func(*Credential) {}), Decision{Gate: GatePresent, Reason: ReasonCredentialMalformed}},
		{"unknown", WellFormed, nil, Decision{Gate: GateKnown, Reason: ReasonCredentialUnknown}},
		{"disabled", WellFormed, change(func(c *Credential) { c.Disabled = true }), Decision{Gate: GateAlive, Reason: ReasonCredentialDisabled}},
		{"expired", WellFormed, change(func(c *Credential) { c.ExpiresOn = instant }), Decision{Gate: GateAlive, Reason: ReasonCredentialExpired}},
		{"not yet valid", WellFormed, change(func(c *Credential) { c.NotBefore = instant.Add(1) }), Decision{Gate: GateAlive, Reason: ReasonCredentialNotYetValid}},
		{"address", WellFormed, change(func(c *Credential) { c.IP = elsewhere }), Decision{Gate: GateAddress, Reason: ReasonIPNotAllowed}},
		{"a key has no life and no condition", WellFormed, &Credential{Kind: GlobalKey, User: named("super"), Disabled: true, ExpiresOn: instant, IP: elsewhere}, allow()},
		{"a session has a life and no condition", WellFormed, &Credential{Kind: ConsoleSession, User: named("super"), IP: elsewhere}, allow()},
		{"an expired session", WellFormed, &Credential{Kind: ConsoleSession, User: named("super"), ExpiresOn: instant}, Decision{Gate: GateAlive, Reason: ReasonCredentialExpired}},
		{"before the first year", WellFormed, change(func(*Credential) {}), allow()},
		{"good", WellFormed, change(func(c *Credential) { c.NotBefore, c.ExpiresOn = instant, instant.Add(1) }), allow()},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := ask(t, row.c, "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1")))
			r.Presence = row.presence
			if row.name == "before the first year" {
				r.Now = time.Time{}.Add(-time.Hour)
			}
			if got := DecideCredential(r); got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
			if got := Decide(newWorld(t), r); !row.want.Allowed && got != row.want {
				t.Errorf("decided %+v, want %+v", got, row.want)
			}
		})
	}
}

// TestDecide_target holds which target a refusal names.
func TestDecide_target(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.zones[named("lost")] = &Zone{ID: named("lost"), Account: named("gone")}
	w.members[[2]ID{named("super"), named("gone")}] = NewMembership(true, Unset, rolesOf(t, catalog.RoleSuperAdministrator), nil)
	off := newWorld(t)
	off.accounts[named("ent")].APIAccess = Off
	const purge, members = "POST /zones/{zone_id}/purge_cache", "POST /accounts/{account_id}/members"
	z1, z2, z3 := ZoneTarget(named("z1")), ZoneTarget(named("z2")), ZoneTarget(named("z3"))
	grant := pol(t, Allow, "Cache Purge", "zone:z1;zone:z3")
	for _, row := range []struct {
		name    string
		w       *fakeWorld
		request *Request
		want    Decision
	}{
		{"without targets", w, ask(t, globalKey("super"), purge), Decision{Gate: GateTarget, Reason: ReasonTargetNotFound}},
		{"the third is not there", w, ask(t, globalKey("super"), purge, z1, z2, ZoneTarget(named("zf"))), Decision{Gate: GateTarget, Reason: ReasonTargetNotFound, Target: 2}},
		{"its account is gone", w, ask(t, globalKey("super"), purge, ZoneTarget(named("lost"))), Decision{Gate: GateTarget, Reason: ReasonTargetNotFound}},
		{"the account is gone for a token of it", w, ask(t, accountToken(t, "gone"), purge, ZoneTarget(named("lost"))), Decision{Gate: GateTarget, Reason: ReasonTargetNotFound}},
		{"a target of no kind", w, ask(t, globalKey("super"), purge, Target{}), Decision{Gate: GateTarget, Reason: ReasonTargetNotFound}},
		{"a target of another kind", w, ask(t, globalKey("super"), purge, Target{Kind: OnBucket + 1, Account: named("ent")}), Decision{Gate: GateTarget, Reason: ReasonTargetNotFound}},
		{"the second is switched off", off, ask(t, globalKey("super"), purge, z3, z1), Decision{Gate: GateAPIAccess, Reason: ReasonAPIAccessDisabled, Target: 1}},
		{"the second is not granted", w, ask(t, userToken(t, "super", grant), purge, z1, z2), Decision{Gate: GateGrant, Reason: ReasonNoMatchingGrant, Target: 1}},
		{"the first of two that are not", w, ask(t, userToken(t, "super"), purge, z1, z2), Decision{Gate: GateGrant, Reason: ReasonNoMatchingGrant}},
		{"the second is denied", w, ask(t, userToken(t, "super", grant, pol(t, Deny, "Cache Purge", "zone:z3")), purge, z1, z3), Decision{Gate: GateDeny, Reason: ReasonDeniedByPolicy, Target: 1}},
		{"the owner lacks the second", w, ask(t, globalKey("dns"), recordPost, z1, UserTarget(), ZoneTarget(named("z2"))), allow()},
		{"all pass", w, ask(t, userToken(t, "super", grant), purge, z1, z3), allow()},
		{"an Administrator where a Super Administrator is asked", w, ask(t, globalKey("super"), members, AccountTarget(named("std")), AccountTarget(named("ent"))), allow()},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got := Decide(row.w, row.request); got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}

// TestGate10_each holds each thing that a row can ask beyond a group, by
// itself and together with the others, in their order.
func TestGate10_each(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.member(t, "admin", "std", catalog.RoleAdministrator)
	w.member(t, "mixed", "ent", catalog.RoleSuperAdministrator)
	w.member(t, "mixed", "std", catalog.RoleAdministrator)
	w.member(t, "low", "ent", catalog.RoleAdministrator)
	w.member(t, "low", "std", "Minimal Account Access")
	const (
		user, super, admin = catalog.NeedsUserCredential, catalog.NeedsSuperAdministrator, catalog.NeedsAdministrator
		enterprise, tenant = catalog.NeedsEnterprise, catalog.NeedsTenantAdmin
	)
	ent, std := AccountTarget(named("ent")), AccountTarget(named("std"))
	ofAccount := accountToken(t, "ent", pol(t, Allow, "account:Account Settings Write", "account:ent"))
	refused := func(reason Reason, target int) Decision { return refuse(GateNeeds, reason, target) }
	for _, row := range []struct {
		name    string
		c       *Credential
		needs   catalog.Needs
		targets []Target
		want    Decision
	}{
		{"nothing", ofAccount, 0, []Target{ent}, allow()},
		{"a user", ofAccount, user, []Target{ent}, refused(ReasonUserCredentialRequired, 0)},
		{"a user, who asks", globalKey("super"), user, []Target{ent}, allow()},
		{"a Super Administrator is a user", ofAccount, super, []Target{ent}, refused(ReasonUserCredentialRequired, 0)},
		{"an Administrator is a user", ofAccount, admin, []Target{ent}, refused(ReasonUserCredentialRequired, 0)},
		{"an Enterprise account is none", ofAccount, enterprise, []Target{ent}, allow()},
		{"a tenant administrator is none in name", ofAccount, tenant, []Target{ent}, refused(ReasonTenantRequired, 0)},
		{"a Super Administrator", globalKey("super"), super, []Target{ent, std}, allow()},
		{"a Super Administrator of both", globalKey("mixed"), super, []Target{ent, std}, refused(ReasonSuperAdministratorRequired, 1)},
		{"a Super Administrator, not an Administrator", globalKey("admin"), super, []Target{ent}, refused(ReasonSuperAdministratorRequired, 0)},
		{"an Administrator", globalKey("admin"), admin, []Target{ent}, allow()},
		{"an Administrator, who may be more", globalKey("super"), admin, []Target{ent}, allow()},
		{"an Administrator of both", globalKey("low"), admin, []Target{ent, std}, refused(ReasonAdministratorRequired, 1)},
		{"an Administrator, not less", globalKey("low"), admin, []Target{std}, refused(ReasonAdministratorRequired, 0)},
		{"Enterprise", globalKey("super"), enterprise, []Target{ent}, allow()},
		{"Enterprise, both of them", globalKey("super"), enterprise, []Target{ent, std}, refused(ReasonEnterpriseRequired, 1)},
		{"Enterprise, and the user is none", globalKey("super"), enterprise, []Target{ent, UserTarget()}, refused(ReasonEnterpriseRequired, 1)},
		{"a tenant administrator", globalKey("super"), tenant, []Target{ent}, allow()},
		{"a tenant administrator, whatever the role", globalKey("mixed"), tenant, []Target{ent}, refused(ReasonTenantRequired, 0)},
		{"the user before the role", ofAccount, user | super, []Target{ent}, refused(ReasonUserCredentialRequired, 0)},
		{"the higher role before the lower", globalKey("low"), super | admin, []Target{std}, refused(ReasonSuperAdministratorRequired, 0)},
		{"the role before the account", globalKey("low"), admin | enterprise, []Target{std}, refused(ReasonAdministratorRequired, 0)},
		{"the account before the tenant", globalKey("mixed"), enterprise | tenant, []Target{std}, refused(ReasonEnterpriseRequired, 0)},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := &Request{Presence: WellFormed, Credential: row.c, Needs: row.needs, Targets: row.targets, Address: address, Now: instant}
			r.Accepts = SwitchChangeGroups()
			if row.c.Kind == GlobalKey {
				r.Accepts = catalog.GroupSet{} // open to keys, whatever they hold
			}
			if got := Decide(w, r); got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}

// TestChangesSwitch holds what a change of a switch adds to a row.
func TestChangesSwitch(t *testing.T) {
	t.Parallel()
	const role = catalog.NeedsUserCredential | catalog.NeedsSuperAdministrator
	for to, needs := range map[Switch]catalog.Needs{
		Unset: role | catalog.NeedsTenantAdmin,
		On:    role | catalog.NeedsEnterprise | catalog.NeedsTenantAdmin,
		Off:   role | catalog.NeedsEnterprise | catalog.NeedsTenantAdmin,
	} {
		r := &Request{Accepts: catalog.SetOf(groupNamed(t, "SCIM Provisioning").Index), Needs: catalog.NeedsTenantAdmin}
		r.ChangesSwitch(to)
		if r.Accepts != catalog.SetOf(groupNamed(t, "account:Account Settings Write").Index) || r.Needs != needs {
			t.Errorf("to %d: accepts %d groups, needs %b, want %b", to, r.Accepts.Len(), r.Needs, needs)
		}
	}
}
