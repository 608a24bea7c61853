// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"slices"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

func mustAsk(t *testing.T, operation string, on inquiry.Target) *question {
	t.Helper()
	parsed, err := inquiry.ParseOperation(operation)
	if err != nil {
		t.Fatal(err)
	}
	return &question{operation: parsed, target: on, zone: on.Zone, now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), accounts: []authz.ID{elsewhere}}
}

func tokenWith(t *testing.T, group string, keys ...policyset.Key) *subject {
	t.Helper()
	g, err := catalog.LookupGroup(group)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSubject([]policyset.Keyed{{Key: "p", Policy: policyset.Policy{Effect: client.EffectAllow, Groups: []string{g.ID}, Keys: keys}}}, policyset.Owner{Known: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestJudge_whatIsNotKnown holds that every kind of ignorance keeps a question open that it could decide.
func TestJudge_whatIsNotKnown(t *testing.T) {
	t.Parallel()
	key := policyset.Key{Outer: zonePrefix + zoneA.String()}
	member := membership{value: everything(true, authz.On)}
	owned := func(s *subject) {
		s.credential.Kind, s.credential.User, s.credential.Account = authz.AccountToken, authz.ID{}, accountA
	}
	tests := []struct {
		name      string
		operation string
		target    inquiry.Target
		group     string
		key       policyset.Key
		change    func(*subject, *knowledge, *question)
		allowed   bool
		gate      authz.Gate // the one that is not known, if any
	}{
		{"all is known", "DNS Write", inquiry.Target{Zone: zoneA}, "DNS Write", key, func(*subject, *knowledge, *question) {}, true, 0},
		{
			// The account was named beside the zone, and the zone could not be read.
			"where the zone lies", "DNS Write",
			inquiry.Target{Zone: zoneA, Account: accountA},
			"DNS Write", key,
			func(s *subject, k *knowledge, q *question) {
				owned(s)
				delete(k.zones, zoneA)
				q.accounts = []authz.ID{accountA}
			}, false, authz.GateTarget,
		},
		{
			"the type of the account", "PUT /accounts/{account_id}",
			inquiry.Target{Account: accountA},
			"Account Settings Write",
			policyset.Key{Outer: accountPrefix + accountA.String()},
			func(_ *subject, k *knowledge, q *question) {
				delete(k.accounts, accountA)
				q.change = &inquiry.SwitchChange{To: authz.Off}
			}, false, authz.GateNeeds,
		},
		{
			"the address", "DNS Write",
			inquiry.Target{Zone: zoneA},
			"DNS Write", key,
			func(s *subject, _ *knowledge, _ *question) {
				s.credential.IP, _ = authz.CompileIP([]string{"10.0.0.0/8"}, nil)
			}, false, authz.GateAddress,
		},
		{
			"a deny that nobody can read", "DNS Write",
			inquiry.Target{Zone: zoneA},
			"DNS Write", key,
			func(s *subject, _ *knowledge, _ *question) { s.doubts = []doubt{{deny: true, text: "a part"}} }, false, authz.GateDeny,
		},
		{
			"an allow that nobody can read", "DNS Write",
			inquiry.Target{Zone: zoneA},
			"Zone Read", key,
			func(s *subject, _ *knowledge, _ *question) { s.doubts = []doubt{{text: "a part"}} }, false, authz.GateGrant,
		},
		{
			"an allow that nobody can read, of no matter", "DNS Write",
			inquiry.Target{Zone: zoneA},
			"DNS Write", key,
			func(s *subject, _ *knowledge, _ *question) { s.doubts = []doubt{{text: "a part"}} }, true, 0,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			k := newKnowledge()
			k.zones[zoneA] = &authz.Zone{ID: zoneA, Account: accountA, Name: "example.com"}
			k.accounts[accountA] = &authz.Account{ID: accountA, Enterprise: true}
			k.members[accountA] = member
			s, q := tokenWith(t, test.group, test.key), mustAsk(t, test.operation, test.target)
			test.change(s, k, q)
			v, err := q.judge(s, k)
			if err != nil || v.allowed != test.allowed || v.undecided == test.allowed {
				t.Fatalf("allowed %v, undecided %v, %v: %s", v.allowed, v.undecided, err, v.explanation(s))
			}
			for _, step := range v.steps {
				if step.Gate == test.gate && step.Outcome != outcomeUnknown {
					t.Errorf("gate %d: %s, want unknown", step.Gate, step.Outcome)
				}
				if step.Gate < test.gate && step.Outcome == outcomeUnknown {
					t.Errorf("gate %d is unknown; only %d should be", step.Gate, test.gate)
				}
			}
		})
	}
}

// TestJudge_partlyKnownOwner asks about a record in a batch for an owner who may write records for certain, and may be
// able to read them by a role that nobody knows: making one is allowed, the rest is open, and so is the batch.
func TestJudge_partlyKnownOwner(t *testing.T) {
	t.Parallel()
	policy := func(access client.Effect, role string) client.MemberPolicy {
		return client.MemberPolicy{Access: access, Roles: []client.Role{{Name: role}}, Scopes: []client.MemberScope{{Key: accountPrefix + accountA.String(), Objects: []string{wildcard}}}}
	}
	k := newKnowledge()
	k.zones[zoneA] = &authz.Zone{ID: zoneA, Account: accountA, Name: "example.com"}
	k.accounts[accountA] = &authz.Account{ID: accountA, Enterprise: true}
	k.members[accountA] = standing(accountA, statusAccepted, nil, nil, []client.MemberPolicy{
		policy(client.EffectAllow, "DNS"), policy(client.EffectDeny, "Administrator Read Only"), policy(client.EffectAllow, "Astronaut"),
	})
	s := tokenWith(t, "DNS Write", policyset.Key{Outer: zonePrefix + zoneA.String()})
	for operation, open := range map[string]bool{"POST " + recordsRoute: false, "POST " + batchRoute: true, "PATCH " + recordsRoute + "/{dns_record_id}": true} {
		v, err := mustAsk(t, operation, inquiry.Target{Zone: zoneA, RecordType: "TXT", RecordName: "www.example.com"}).judge(s, k)
		if err != nil {
			t.Fatal(err)
		}
		marked := slices.ContainsFunc(v.steps, func(s authz.Step) bool { return s.Outcome == outcomeUnknown })
		if v.undecided != open || v.allowed == open || marked != open || open && len(v.unknown) == 0 {
			t.Errorf("%s: allowed %v, undecided %v, unknown %v, steps %v", operation, v.allowed, v.undecided, v.unknown, v.steps)
		}
	}
}
