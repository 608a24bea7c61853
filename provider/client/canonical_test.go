// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"testing"
	"time"
)

func TestCanonicalDefinition(t *testing.T) {
	t.Parallel()
	key := "com.cloudflare.api.account.zone." + zoneID
	policy := func(effect Effect, groups []string, resources map[string]ResourceValue) Policy {
		p := Policy{Effect: effect, Resources: resources}
		for _, id := range groups {
			p.Groups = append(p.Groups, PolicyGroup{ID: id})
		}
		return p
	}
	all := map[string]ResourceValue{key: {}}
	nested := map[string]ResourceValue{key: {Nested: []string{"b", "a"}}}
	at := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	type definition struct {
		policies             []Policy
		condition            *IPCondition
		notBefore, expiresOn *time.Time
	}
	base := func() definition {
		return definition{
			policies:  []Policy{policy(EffectAllow, []string{groupA, groupB}, nested), policy(EffectDeny, []string{groupA}, all)},
			condition: &IPCondition{In: []string{"192.0.2.0/24", "198.51.100.7"}},
			expiresOn: &at,
		}
	}
	text := func(d definition) string {
		return canonicalDefinition(d.policies, d.condition, d.notBefore, d.expiresOn)
	}
	tests := []struct {
		name   string
		change func(*definition)
		equal  bool
	}{
		{"as it is", func(*definition) {}, true},
		{"policies in another order", func(d *definition) { d.policies[0], d.policies[1] = d.policies[1], d.policies[0] }, true},
		{"groups in another order, named, repeated", func(d *definition) {
			d.policies[0].Groups = []PolicyGroup{{ID: groupB, Name: "x"}, {ID: groupA}, {ID: groupB}}
		}, true},
		{"nested keys in another order", func(d *definition) {
			d.policies[0].Resources = map[string]ResourceValue{key: {Nested: []string{"a", "b"}}}
		}, true},
		{"policies with ids", func(d *definition) { d.policies[0].ID = "p" }, true},
		{"ranges as the API writes them", func(d *definition) {
			d.condition = &IPCondition{In: []string{"198.51.100.7/32", "192.0.2.77/24"}}
		}, true},
		{"mapped address", func(d *definition) {
			d.condition = &IPCondition{In: []string{"192.0.2.0/24", "::ffff:198.51.100.7"}}
		}, true},
		{"same instant elsewhere", func(d *definition) { d.expiresOn = new(at.In(time.FixedZone("", 3600))) }, true},
		{"fractions of a second", func(d *definition) { d.expiresOn = new(at.Add(time.Millisecond)) }, true},

		{"another effect", func(d *definition) { d.policies[1].Effect = EffectAllow }, false},
		{"one group less", func(d *definition) { d.policies[0].Groups = d.policies[0].Groups[:1] }, false},
		{"one policy less", func(d *definition) { d.policies = d.policies[:1] }, false},
		{"one policy twice", func(d *definition) { d.policies = append(d.policies, d.policies[1]) }, false},
		{"all instead of nested", func(d *definition) { d.policies[0].Resources = all }, false},
		{"another key", func(d *definition) {
			d.policies[1].Resources = map[string]ResourceValue{"com.cloudflare.api.account.*": {}}
		}, false},
		{"no condition", func(d *definition) { d.condition = nil }, false},
		{"not_in instead of in", func(d *definition) { d.condition = &IPCondition{NotIn: d.condition.In} }, false},
		{"no expiry", func(d *definition) { d.expiresOn = nil }, false},
		{"not_before instead of expiry", func(d *definition) { d.notBefore, d.expiresOn = d.expiresOn, nil }, false},
		{"a second later", func(d *definition) { d.expiresOn = new(at.Add(time.Second)) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := base()
			tt.change(&changed)
			if got := text(changed) == text(base()); got != tt.equal {
				t.Errorf("equal = %v, want %v:\n%s\n\n%s", got, tt.equal, text(changed), text(base()))
			}
		})
	}
}
