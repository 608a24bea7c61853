// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// The world of the tests: a standard account and an Enterprise account of which alice is Super Administrator, and an
// account of others.
var (
	standard   = strings.Repeat("a0", 16)
	enterprise = strings.Repeat("a1", 16)
	foreign    = strings.Repeat("a2", 16)

	shop      = strings.Repeat("b0", 16) // in standard
	blog      = strings.Repeat("b1", 16) // in standard
	bank      = strings.Repeat("b2", 16) // in enterprise
	elsewhere = strings.Repeat("b3", 16) // in foreign

	alice = strings.Repeat("c0", 16)
	bob   = strings.Repeat("c1", 16) // a member of nothing, until a test makes him one

	now = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
)

const (
	superAdministratorRole = "Super Administrator - All Privileges"
	getZone                = "GET /zones/{zone_id}"
	getRecords             = "GET /zones/{zone_id}/dns_records"
	postRecord             = "POST /zones/{zone_id}/dns_records"
	getRecord              = "GET /zones/{zone_id}/dns_records/{dns_record_id}"
	patchRecord            = "PATCH /zones/{zone_id}/dns_records/{dns_record_id}"
	deleteRecord           = "DELETE /zones/{zone_id}/dns_records/{dns_record_id}"
	getAccount             = "GET /accounts/{account_id}"
	putAccount             = "PUT /accounts/{account_id}"
	putMember              = "PUT /accounts/{account_id}/members/{member_id}"
	listAccountTokens      = "GET /accounts/{account_id}/tokens"
	getObject              = "GET /accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}"
)

var shared = sync.OnceValues(New)

func theOracle(tb testing.TB) *Oracle {
	tb.Helper()
	o, err := shared()
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// groupIDs are the ids of groups given as "scope:name".
func groupIDs(names ...string) []string {
	o, err := shared()
	if err != nil {
		panic(err)
	}
	ids := make([]string, 0, len(names))
	for _, name := range names {
		scope, bare, _ := strings.Cut(name, ":")
		found := ""
		for id, g := range o.groups {
			if g.scope == scope && g.name == bare {
				found = id
			}
		}
		if found == "" {
			panic("no group " + name)
		}
		ids = append(ids, found)
	}
	return ids
}

func roleIDs(names ...string) []string {
	o, err := shared()
	if err != nil {
		panic(err)
	}
	ids := make([]string, 0, len(names))
	for _, name := range names {
		found := ""
		for id, r := range o.roles {
			if r.name == name {
				found = id
			}
		}
		if found == "" {
			panic("no role " + name)
		}
		ids = append(ids, found)
	}
	return ids
}

func allow(resources map[string]any, groups ...string) scene.Policy {
	return scene.Policy{Effect: "allow", Groups: groupIDs(groups...), Resources: resources}
}

func deny(resources map[string]any, groups ...string) scene.Policy {
	return scene.Policy{Effect: "deny", Groups: groupIDs(groups...), Resources: resources}
}

func onUserKey(id string) map[string]any    { return map[string]any{prefixUser + id: "*"} }
func onAccountKey(id string) map[string]any { return map[string]any{prefixAccount + id: "*"} }
func onZoneKey(id string) map[string]any    { return map[string]any{prefixZone + id: "*"} }

func onZonesOf(account, zone string) map[string]any {
	return map[string]any{prefixAccount + account: map[string]any{prefixZone + zone: "*"}}
}

func onRecordKey(zone, typeAndPattern string) map[string]any {
	return map[string]any{prefixZone + zone: map[string]any{prefixRecord + typeAndPattern: "*"}}
}

func zoneTarget(id string) scene.Target    { return scene.Target{Kind: scene.OnZone, Zone: id} }
func recordsTarget(id string) scene.Target { return scene.Target{Kind: scene.OnRecords, Zone: id} }
func accountTarget(id string) scene.Target { return scene.Target{Kind: scene.OnAccount, Account: id} }

func allZonesTarget(id string) scene.Target {
	return scene.Target{Kind: scene.OnAllZones, Account: id}
}

func recordTarget(zone, recordType, name string) scene.Target {
	return scene.Target{Kind: scene.OnRecord, Zone: zone, RecordType: recordType, RecordName: name}
}

// base is a question that is allowed: a token of alice reads a zone of the standard account.
func base() *scene.Scene {
	return &scene.Scene{
		World: scene.World{
			Accounts: []scene.Account{{ID: standard}, {ID: enterprise, Enterprise: true}, {ID: foreign}},
			Zones: []scene.Zone{
				{ID: shop, Account: standard, Name: "shop.example"},
				{ID: blog, Account: standard, Name: "blog.example"},
				{ID: bank, Account: enterprise, Name: "bank.example"},
				{ID: elsewhere, Account: foreign, Name: "elsewhere.example"},
			},
			Members: []scene.Member{
				{User: alice, Account: standard, Status: "accepted", Roles: roleIDs(superAdministratorRole)},
				{User: alice, Account: enterprise, Status: "accepted", Roles: roleIDs(superAdministratorRole)},
			},
		},
		Credential: &scene.Credential{
			Kind: scene.UserToken, User: alice,
			Policies: []scene.Policy{allow(onZoneKey(shop), "zone:Zone Read")},
		},
		Request: scene.Request{
			Mode: scene.ModeTargets, Presented: scene.PresentedWell, Operation: getZone,
			Targets: []scene.Target{zoneTarget(shop)}, Address: "192.0.2.7", Now: now,
		},
	}
}

// edit changes a scene for a test.
type edit func(*scene.Scene)

func ask(operation string, targets ...scene.Target) edit {
	return func(s *scene.Scene) { s.Request.Operation, s.Request.Targets = operation, targets }
}

func policies(p ...scene.Policy) edit {
	return func(s *scene.Scene) { s.Credential.Policies = p }
}

func credential(c scene.Credential) edit {
	return func(s *scene.Scene) { s.Credential = &c }
}

// kind makes the credential one without policies that acts as alice.
func kind(k string) edit { return credential(scene.Credential{Kind: k, User: alice}) }

func accountToken(account string, p ...scene.Policy) edit {
	return credential(scene.Credential{Kind: scene.AccountToken, Account: account, Policies: p})
}

// owner replaces alice's memberships by one, with roles of level account.
func owner(account string, roles ...string) edit {
	return func(s *scene.Scene) {
		s.World.Members = []scene.Member{{
			User: alice, Account: account, Status: "accepted", Roles: roleIDs(roles...),
		}}
	}
}

// ownerPolicies replaces alice's memberships by one with policies.
func ownerPolicies(account string, p ...scene.MemberPolicy) edit {
	return func(s *scene.Scene) {
		s.World.Members = []scene.Member{{User: alice, Account: account, Status: "accepted", Policies: p}}
	}
}

func memberPolicy(access string, zones []string, roles ...string) scene.MemberPolicy {
	return scene.MemberPolicy{Access: access, Roles: roleIDs(roles...), Zones: zones}
}

// change is a body that sets a switch to another value than the stored one.
func change(to *bool) edit {
	return func(s *scene.Scene) { s.Request.Switch = &scene.SwitchChange{To: to} }
}

// judged is one row of the tables: the base with edits, and the verdict that the sentence of the model asks.
type judged struct {
	name  string // begins with the section
	edits []edit
	want  scene.Verdict
}

func runJudged(t *testing.T, cases []judged) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := base()
			for _, e := range c.edits {
				e(s)
			}
			got, err := theOracle(t).Judge(s)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func edits(e ...edit) []edit { return slices.Clip(e) }
