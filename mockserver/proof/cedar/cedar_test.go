// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"strings"
	"testing"
	"time"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/ast"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// matches is the rule of authorization model §5 written out: "*" takes one or more characters, all else is
// literal.
func matches(pattern, name string) bool {
	if pattern == "" || name == "" {
		return pattern == name
	}
	if pattern[0] != '*' {
		return pattern[0] == name[0] && matches(pattern[1:], name[1:])
	}
	for taken := 1; taken <= len(name); taken++ {
		if matches(pattern[1:], name[taken:]) {
			return true
		}
	}
	return false
}

// words are all words over the letters up to a length.
func words(letters string, longest int) []string {
	list, last := []string{}, []string{""}
	for range longest {
		var next []string
		for _, w := range last {
			for _, c := range letters {
				next = append(next, w+string(c))
			}
		}
		list, last = append(list, next...), next
	}
	return list
}

// TestPattern compares patterns as Cedar evaluates them with the rule, over all short patterns and names: with
// stars that are literal in a name, and with Cedar's own escape sign.
func TestPattern(t *testing.T) {
	t.Parallel()
	for _, letters := range []string{"a.*", `a\*`} {
		names := words(letters, 4)
		for _, pattern := range words(letters, 4) {
			policy := policyList{cedargo.NewPolicyFromAST(ast.Permit().When(ast.Context().Access("name").Like(spelledPattern(pattern))))}
			for _, name := range names {
				got, err := policy.allows(nil, cedargo.Request{
					Context: cedargo.NewRecord(cedargo.RecordMap{"name": spelled(name)}),
				})
				if err != nil {
					t.Fatal(err)
				}
				if want := matches(pattern, name); got != want {
					t.Errorf("%q like %q: %v, want %v", name, pattern, got, want)
				}
			}
		}
	}
}

// TestGates holds that every reason of authorization model §6 has a policy, with its gate.
func TestGates(t *testing.T) {
	t.Parallel()
	e := theEvaluator(t)
	withRanges, err := e.credential.withRanges([]string{"192.0.2.0/24"}, []string{"2001:db8::1"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[int]bool{}
	for _, g := range []*gates{withRanges, e.place, e.grant, e.list} {
		permits := 0
		for _, r := range g.refusals {
			if r.gate == 0 {
				permits++
				continue
			}
			if got[r.reason] == nil {
				got[r.reason] = map[int]bool{}
			}
			got[r.reason][r.gate] = true
		}
		if permits != 1 {
			t.Errorf("%d policies permit where one is to", permits)
		}
	}
	for reason, gates := range map[string][]int{
		"credential_missing": {1}, "credential_malformed": {1}, "credential_unknown": {2},
		"credential_disabled": {3}, "credential_expired": {3}, "credential_not_yet_valid": {3}, "ip_not_allowed": {4},
		"user_credential_required": {5, 10}, "target_not_found": {5}, "api_access_disabled": {6},
		"no_matching_grant": {7}, "denied_by_policy": {8}, "owner_lacks_right": {9},
		"super_administrator_required": {10}, "administrator_required": {10}, "enterprise_required": {10}, "tenant_required": {10},
	} {
		for _, gate := range gates {
			if !got[reason][gate] {
				t.Errorf("no policy refuses at gate %d with %s", gate, reason)
			}
		}
		if len(got[reason]) != len(gates) {
			t.Errorf("%s is at gates %v, want %v", reason, got[reason], gates)
		}
		delete(got, reason)
	}
	if len(got) > 0 {
		t.Errorf("reasons that the model does not have: %v", got)
	}
}

func TestLoadGates_faults(t *testing.T) {
	t.Parallel()
	if _, err := loadGates("none.cedar"); err == nil {
		t.Error("a file that is not there was loaded")
	}
	for name, text := range map[string]string{
		"no gate":   `@reason("x") forbid (principal, action, resource);`,
		"no reason": `@gate("3") forbid (principal, action, resource);`,
		"order":     `@gate("3") @order("first") @reason("x") forbid (principal, action, resource);`,
	} {
		var p cedargo.Policy
		if err := p.UnmarshalCedar([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := (&gates{}).add(&p); err == nil {
			t.Errorf("%s: the policy was taken", name)
		}
	}
}

func TestRefusal_before(t *testing.T) {
	t.Parallel()
	none, five, tenFirst, tenSecond := refusal{}, refusal{gate: 5}, refusal{gate: 10, order: 1}, refusal{gate: 10, order: 2}
	for _, c := range []struct {
		a, b refusal
		want bool
	}{
		{five, none, true},
		{none, five, false},
		{none, none, false},
		{five, tenFirst, true},
		{tenFirst, five, false},
		{tenFirst, tenSecond, true},
		{tenSecond, tenFirst, false},
	} {
		if got := c.a.before(c.b); got != c.want {
			t.Errorf("%+v before %+v: %v", c.a, c.b, got)
		}
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

var (
	shop, blog = material.ID("account shop"), material.ID("account blog")
	shopZone   = material.ID("zone shop")
	ann        = material.ID("user ann")
)

// question is a member who is a Super Administrator, asking for DNS records with a token that may read them.
func question() *scene.Scene {
	return &scene.Scene{
		World: scene.World{
			Accounts: []scene.Account{{ID: shop, Enterprise: true}, {ID: blog}},
			Zones:    []scene.Zone{{ID: shopZone, Account: shop, Name: "shop.example"}},
			Members: []scene.Member{{
				User: ann, Account: shop, Status: "accepted", Roles: []string{material.Role("Super Administrator - All Privileges")},
			}},
		},
		Credential: &scene.Credential{Kind: scene.UserToken, User: ann, Policies: []scene.Policy{{
			Effect: "allow", Groups: []string{material.GroupNamed(material.ScopeZone, "DNS Read").ID}, Resources: scene.Flat(scene.ZonePrefix + shopZone),
		}}},
		Request: scene.Request{
			Mode: scene.ModeTargets, Presented: scene.PresentedWell, Operation: "GET /zones/{zone_id}/dns_records",
			Targets: []scene.Target{{Kind: scene.OnRecords, Zone: shopZone}}, Address: "192.0.2.7", Now: time.Unix(1_900_000_000, 5),
		},
	}
}

// TestJudge holds one question for every gate; that all others are judged right is what comparing with the
// engine and the oracle shows.
func TestJudge(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_900_000_000, 5)
	off := false
	write := material.GroupNamed(material.ScopeZone, "DNS Write").ID
	for name, c := range map[string]struct {
		change func(*scene.Scene)
		want   scene.Verdict
	}{
		"allowed": {func(*scene.Scene) {}, scene.Verdict{Allowed: true}},
		"gate 1":  {func(s *scene.Scene) { s.Request.Presented = scene.PresentedNothing }, scene.Verdict{Gate: 1, Reason: "credential_missing"}},
		"gate 2":  {func(s *scene.Scene) { s.Credential = nil }, scene.Verdict{Gate: 2, Reason: "credential_unknown"}},
		"gate 3":  {func(s *scene.Scene) { s.Credential.ExpiresOn = &at }, scene.Verdict{Gate: 3, Reason: "credential_expired"}},
		"gate 4":  {func(s *scene.Scene) { s.Credential.In = []string{"192.0.2.8/29"} }, scene.Verdict{Gate: 4, Reason: "ip_not_allowed"}},
		"gate 4, mapped": {
			func(s *scene.Scene) {
				s.Credential.In, s.Request.Address = []string{"::ffff:192.0.2.0/120"}, "::ffff:192.0.2.7"
			},
			scene.Verdict{Allowed: true},
		},
		"gate 5": {func(s *scene.Scene) { s.World.Members[0].Status = "pending" }, scene.Verdict{Gate: 5, Reason: "target_not_found"}},
		"gate 6": {func(s *scene.Scene) { s.World.Members[0].APIAccess = &off }, scene.Verdict{Gate: 6, Reason: "api_access_disabled"}},
		"gate 7": {func(s *scene.Scene) { s.Request.Operation = "POST /zones/{zone_id}/dns_records/batch" }, scene.Verdict{Gate: 7, Reason: "no_matching_grant"}},
		"gate 8": {
			func(s *scene.Scene) {
				denied := s.Credential.Policies[0]
				denied.Effect = "deny"
				s.Credential.Policies = append(s.Credential.Policies, denied)
			},
			scene.Verdict{Gate: 8, Reason: "denied_by_policy"},
		},
		"a deny of writing leaves reading": {
			func(s *scene.Scene) {
				denied := s.Credential.Policies[0]
				denied.Effect, denied.Groups = "deny", []string{write}
				s.Credential.Policies = append(s.Credential.Policies, denied)
			},
			scene.Verdict{Allowed: true},
		},
		"gate 9": {func(s *scene.Scene) { s.World.Members[0].Roles = nil }, scene.Verdict{Gate: 9, Reason: "owner_lacks_right"}},
		"gate 10": {
			func(s *scene.Scene) {
				s.Credential = &scene.Credential{Kind: scene.GlobalKey, User: ann}
				s.Request.Operation, s.Request.Targets = "DELETE /accounts/{account_id}", []scene.Target{{Kind: scene.OnAccount, Account: shop}}
			},
			scene.Verdict{Gate: 10, Reason: "tenant_required"},
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
			if !panel.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestJudge_faults holds that a scene which cannot be read is an error and never a verdict.
func TestJudge_faults(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*scene.Scene){
		"operation":      func(s *scene.Scene) { s.Request.Operation = "GET /nowhere" },
		"mode":           func(s *scene.Scene) { s.Request.Mode = "none" },
		"kind of target": func(s *scene.Scene) { s.Request.Targets[0].Kind = "none" },
		"address":        func(s *scene.Scene) { s.Request.Address = "here" },
		"range":          func(s *scene.Scene) { s.Credential.In = []string{"300.0.0.0/8"} },
		"refused range":  func(s *scene.Scene) { s.Credential.NotIn = []string{"nowhere"} },
		"group":          func(s *scene.Scene) { s.Credential.Policies[0].Groups = []string{"none"} },
		"key":            func(s *scene.Scene) { s.Credential.Policies[0].Resources = scene.Flat("com.example") },
		"value": func(s *scene.Scene) {
			s.Credential.Policies[0].Resources = map[string]any{scene.ZonePrefix + shopZone: 1}
		},
		"nested": func(s *scene.Scene) {
			s.Credential.Policies[0].Resources = scene.Nested(scene.ZonePrefix+shopZone, "com.example")
		},
		"role": func(s *scene.Scene) { s.World.Members[0].Roles = []string{"none"} },
		"role of a policy": func(s *scene.Scene) {
			s.World.Members[0].Roles, s.World.Members[0].Policies = nil, []scene.MemberPolicy{{Access: "allow", Roles: []string{"none"}}}
		},
		"roles and policies": func(s *scene.Scene) {
			s.World.Members[0].Policies = []scene.MemberPolicy{{Access: "allow", Roles: s.World.Members[0].Roles}}
		},
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

// TestText holds that what a scene becomes can be read as Cedar.
func TestText(t *testing.T) {
	t.Parallel()
	s := question()
	s.Credential.Policies = append(s.Credential.Policies, scene.Policy{
		Effect: "deny", Groups: []string{material.GroupNamed(material.ScopeZone, "DNS Write").ID},
		Resources: scene.Nested(scene.ZonePrefix+shopZone, scene.RecordKey("TXT", `_acme\*`)),
	})
	text, err := theEvaluator(t).Text(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cedargo.NewPolicyListFromBytes("text", []byte(text)); err != nil {
		t.Fatalf("it does not parse: %v\n%s", err, text)
	}
	for _, want := range []string{"permit", "forbid", `Zone::"` + shopZone + `"`, `resource.type == "TXT"`, " like ", `Role::"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
}
