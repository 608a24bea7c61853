// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

var (
	accountA = authz.ID{1}
	accountB = authz.ID{2}
	zoneA    = authz.ID{3}
	zoneB    = authz.ID{4}
)

// TestStanding reads members in every form that an endpoint may show: what is not understood is never a
// right that the member has for certain.
func TestStanding(t *testing.T) {
	t.Parallel()
	dns := client.Role{Name: "DNS"}
	over := func(access client.Effect, objects ...string) client.MemberPolicy {
		return client.MemberPolicy{Access: access, Roles: []client.Role{dns}, Scopes: []client.MemberScope{{Key: accountPrefix + accountA.String(), Objects: objects}}}
	}
	onA := zonePrefix + zoneA.String()
	tests := []struct {
		name     string
		status   string
		roles    []client.Role
		policies []client.MemberPolicy
		partial  bool
		a, b     bool // whether DNS Write is held for certain on the zones
	}{
		{"a role by name", statusAccepted, []client.Role{dns}, nil, false, true, true},
		{"a role by id", statusAccepted, []client.Role{{ID: catalog.RoleSuperAdministrator}}, nil, false, true, true},
		{"not accepted", "pending", []client.Role{dns}, nil, false, false, false},
		{"an unknown role beside one that is known", statusAccepted, []client.Role{dns, {Name: "Astronaut"}}, nil, true, true, true},
		{"an unknown role", statusAccepted, []client.Role{{ID: "00000000000000000000000000000001", Name: "Astronaut"}}, nil, true, false, false},
		{"neither roles nor policies", statusAccepted, nil, nil, true, false, false},
		{"a policy over the account", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow, "*")}, false, true, true},
		{"a policy over a zone", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow, onA)}, false, true, false},
		{"a policy over the account and a zone of it", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow, onA, "*")}, false, true, true},
		{"a deny over a zone", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow, "*"), over(client.EffectDeny, onA)}, false, false, true},
		{"a policy over something unknown", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow, onA), over(client.EffectAllow, "com.cloudflare.edge.worker.script.x")}, true, true, false},
		{"a deny over something unknown", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow, "*"), over(client.EffectDeny, "com.cloudflare.edge.worker.script.x")}, true, false, false},
		{"a policy over nothing", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow)}, true, false, false},
		{"a policy without scopes", statusAccepted, nil, []client.MemberPolicy{{Access: client.EffectAllow, Roles: []client.Role{dns}}}, true, false, false},
		{"a policy of another account", statusAccepted, nil, []client.MemberPolicy{{
			Access: client.EffectAllow, Roles: []client.Role{dns}, Scopes: []client.MemberScope{{Key: accountPrefix + accountB.String(), Objects: []string{"*"}}},
		}}, true, false, false},
		{"an effect of tomorrow", statusAccepted, nil, []client.MemberPolicy{over(client.EffectAllow, "*"), over("audit", onA)}, true, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := standing(accountA, test.status, new(true), test.roles, test.policies)
			if m.partial != test.partial || m.value.APIAccess != authz.On || m.value.Accepted != (test.status == statusAccepted) {
				t.Errorf("partial %v, access %v, accepted %v", m.partial, m.value.APIAccess, m.value.Accepted)
			}
			k := newKnowledge()
			k.members[accountA] = m
			k.accounts[accountA] = &authz.Account{ID: accountA}
			for zone, want := range map[authz.ID]bool{zoneA: test.a, zoneB: test.b} {
				k.zones[zone] = &authz.Zone{ID: zone, Account: accountA, Name: "example.com"}
				q := mustAsk(t, "DNS Write", inquiry.Target{Zone: zone})
				certain, err := q.judge(tokenWith(t, "DNS Write", policyset.Key{Outer: zonePrefix + "*"}), k)
				if err != nil || certain.allowed != want {
					t.Errorf("zone %s: allowed %v (%v), want %v", zone, certain.allowed, err, want)
				}
				if m.value.Accepted && certain.undecided != (test.partial && !want) {
					t.Errorf("zone %s: undecided %v", zone, certain.undecided)
				}
			}
		})
	}
}
