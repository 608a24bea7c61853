// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

var (
	shop, shopZone, ann = material.ID("account shop"), material.ID("zone shop"), material.ID("user ann")
	dnsWrite            = material.GroupNamed(material.ScopeZone, "DNS Write").ID
)

func record(name string) *scene.Target {
	return &scene.Target{Kind: scene.OnRecord, Zone: shopZone, RecordType: "TXT", RecordName: name}
}

// question is a token that may write one name's records.
func question() *scene.Scene {
	return &scene.Scene{
		World: scene.World{
			Accounts: []scene.Account{{ID: shop, Enterprise: true}},
			Zones:    []scene.Zone{{ID: shopZone, Account: shop, Name: "shop.example"}},
			Members: []scene.Member{{
				User: ann, Account: shop, Status: "accepted", Policies: []scene.MemberPolicy{
					{Access: "allow", Roles: []string{material.Role("Domain Administrator")}, Zones: []string{shopZone}},
				},
			}},
			TenantAdmins: []string{ann},
		},
		Credential: &scene.Credential{Kind: scene.UserToken, User: ann, Policies: []scene.Policy{{
			Effect: "allow", Groups: []string{dnsWrite},
			Resources: scene.Nested(scene.ZonePrefix+shopZone, scene.RecordKey("TXT", "a.*")),
		}}},
		Request: scene.Request{
			Mode: scene.ModeRecord, Presented: scene.PresentedWell, Operation: "PATCH /zones/{zone_id}/dns_records/{dns_record_id}",
			Before: record("a.shop.example"), After: record("a.b.shop.example"), Address: "192.0.2.7", Now: time.Unix(1_900_000_000, 0),
		},
	}
}

func theEvaluator(t *testing.T) *Evaluator {
	t.Helper()
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestJudge(t *testing.T) {
	t.Parallel()
	zones := scene.Policy{
		Effect: "allow", Groups: []string{material.GroupNamed(material.ScopeZone, "Zone Read").ID}, Resources: scene.Flat(scene.ZonePrefix + shopZone),
	}
	for name, c := range map[string]struct {
		change func(*scene.Scene)
		want   scene.Verdict
	}{
		"record": {func(*scene.Scene) {}, scene.Verdict{Allowed: true}},
		"hidden": {
			func(s *scene.Scene) { s.Request.Before = record("b.shop.example") },
			scene.Verdict{Gate: 7, Reason: "no_matching_grant", Hidden: true},
		},
		"after": {
			func(s *scene.Scene) { s.Request.After = record("b.shop.example") },
			scene.Verdict{Gate: 7, Reason: "no_matching_grant"},
		},
		"list": {
			func(s *scene.Scene) {
				s.Credential.Policies = []scene.Policy{zones}
				s.Request.Mode, s.Request.Operation = scene.ModeList, "GET /zones"
				s.Request.Targets = []scene.Target{{Kind: scene.OnZone, Zone: material.ID("no zone")}, {Kind: scene.OnZone, Zone: shopZone}}
			},
			scene.Verdict{Allowed: true, Items: []bool{false, true}},
		},
		"switch": {
			func(s *scene.Scene) {
				s.Credential = &scene.Credential{Kind: scene.GlobalKey, User: ann}
				s.World.Members[0].Policies[0] = scene.MemberPolicy{Access: "allow", Roles: []string{material.Role("Administrator")}}
				s.Request.Mode, s.Request.Operation = scene.ModeTargets, "PUT /accounts/{account_id}"
				s.Request.Targets = []scene.Target{{Kind: scene.OnAccount, Account: shop}}
				s.Request.Switch = &scene.SwitchChange{}
			},
			scene.Verdict{Gate: 10, Reason: "super_administrator_required"},
		},
		"user only": {
			func(s *scene.Scene) {
				s.Credential.Kind, s.Credential.User, s.Credential.Account = scene.AccountToken, "", shop
				s.Request.Mode, s.Request.Operation = scene.ModeList, "GET /accounts"
			},
			scene.Verdict{Gate: 5, Reason: "user_credential_required"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := question()
			c.change(s)
			got, err := panel.Judge(theEvaluator(t), s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if problems, err := Problems(s); len(problems) > 0 || err != nil {
				t.Errorf("the server would not store it: %v, %v", problems, err)
			}
			explanations, err := theEvaluator(t).Explain(s)
			if err != nil || len(explanations) == 0 && len(s.Request.Targets) > 0 {
				t.Errorf("%d explanations, %v", len(explanations), err)
			}
		})
	}
}

// TestJudge_faults holds that a scene which cannot be read is an error and never a verdict.
func TestJudge_faults(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*scene.Scene){
		"operation":     func(s *scene.Scene) { s.Request.Operation = "GET /nowhere" },
		"mode":          func(s *scene.Scene) { s.Request.Mode = "none" },
		"presence":      func(s *scene.Scene) { s.Request.Presented = "none" },
		"address":       func(s *scene.Scene) { s.Request.Address = "here" },
		"target":        func(s *scene.Scene) { s.Request.Targets = []scene.Target{{Kind: "none"}} },
		"target's zone": func(s *scene.Scene) { s.Request.Before.Zone = "z" },
		"kind":          func(s *scene.Scene) { s.Credential.Kind = "none" },
		"owner":         func(s *scene.Scene) { s.Credential.User = "ann" },
		"range":         func(s *scene.Scene) { s.Credential.In = []string{"here"} },
		"group":         func(s *scene.Scene) { s.Credential.Policies[0].Groups = []string{"none"} },
		"key":           func(s *scene.Scene) { s.Credential.Policies[0].Resources = scene.Flat("com.example") },
		"value":         func(s *scene.Scene) { s.Credential.Policies[0].Resources[scene.ZonePrefix+shopZone] = 1 },
		"other value":   func(s *scene.Scene) { s.Credential.Policies[0].Resources[scene.ZonePrefix+shopZone] = "all" },
		"nested value": func(s *scene.Scene) {
			s.Credential.Policies[0].Resources[scene.ZonePrefix+shopZone] = map[string]any{"x": 1}
		},
		"account":        func(s *scene.Scene) { s.World.Accounts[0].ID = "shop" },
		"zone":           func(s *scene.Scene) { s.World.Zones[0].Account = "shop" },
		"member":         func(s *scene.Scene) { s.World.Members[0].User = "ann" },
		"member's role":  func(s *scene.Scene) { s.World.Members[0].Policies[0].Roles = []string{"none"} },
		"member's zone":  func(s *scene.Scene) { s.World.Members[0].Policies[0].Zones = []string{"none"} },
		"member of both": func(s *scene.Scene) { s.World.Members[0].Roles = []string{material.Role("DNS")} },
		"roles":          func(s *scene.Scene) { s.World.Members[0].Policies, s.World.Members[0].Roles = nil, []string{"none"} },
		"tenant":         func(s *scene.Scene) { s.World.TenantAdmins = []string{"ann"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := question()
			change(s)
			if v, err := panel.Judge(theEvaluator(t), s); err == nil {
				t.Errorf("it was judged: %+v", v)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	s := question()
	s.Credential.Policies[0].Groups = []string{material.GroupNamed(material.ScopeAccount, "Account Settings Read").ID}
	problems, err := Problems(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 1 || !strings.Contains(problems[0], "Account Settings Read") {
		t.Errorf("got %v, want one problem about the group", problems)
	}
}
