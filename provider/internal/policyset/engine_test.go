// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// TestForEngine holds that the engine is handed every key that it knows, in the form that compiles, and
// that what it does not know is told and not dropped in silence.
func TestForEngine(t *testing.T) {
	t.Parallel()
	user := authz.ID{1}
	p := newPolicy(client.EffectAllow, []string{dnsWrite, notEmbedded}, []Key{
		selfKey,
		{Outer: zonePrefix + zoneA},
		{Outer: zonePrefix + "*"},
		{Outer: accountPrefix + accountA, Inner: zonePrefix + zoneB},
		{Outer: accountPrefix + accountA, Inner: zonePrefix + zoneA},
		{Outer: accountPrefix + accountB, Inner: "com.cloudflare.edge.worker.script.abc"},
		{Outer: zonePrefix + zoneB, Inner: recordPrefix + "TXT.a.example.com"},
	})
	got := p.ForEngine(user)
	want := []authz.Resource{
		{Key: accountPrefix + accountA, Nested: []string{zonePrefix + zoneA, zonePrefix + zoneB}},
		{Key: zonePrefix + "*"},
		{Key: zonePrefix + zoneA},
		{Key: zonePrefix + zoneB, Nested: []string{recordPrefix + "TXT.a.example.com"}},
		{Key: userPrefix + user.String()},
	}
	if diff := cmp.Diff(want, got.Policy.Resources); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if got.Policy.Effect != authz.Allow || len(got.Policy.Groups) != 1 || !slices.Equal(got.Unlisted, []string{notEmbedded}) {
		t.Errorf("effect %s, groups %v, unlisted %v", got.Policy.Effect, got.Policy.Groups, got.Unlisted)
	}
	if diff := cmp.Diff([]Key{{Outer: accountPrefix + accountB, Inner: "com.cloudflare.edge.worker.script.abc"}}, got.Unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
	if _, err := authz.Compile([]authz.Policy{got.Policy}); err != nil {
		t.Errorf("it does not compile: %v", err)
	}
	for effect, want := range map[client.Effect]authz.Effect{client.EffectDeny: authz.Deny, "audit": authz.Deny, client.EffectAllow: authz.Allow} {
		p.Effect = effect
		if got := p.ForEngine(user).Policy.Effect; got != want {
			t.Errorf("effect %q became %q, want %q", effect, got, want)
		}
	}
}

// Entries of two kinds in one nested map are no form that the model knows: none of them is judged.
func TestForEngine_mixedEntries(t *testing.T) {
	t.Parallel()
	p := newPolicy(client.EffectDeny, []string{dnsWrite}, []Key{
		{Outer: accountPrefix + accountA, Inner: zonePrefix + zoneA}, {Outer: accountPrefix + accountA, Inner: zonePrefix + "*"},
	})
	got := p.ForEngine(authz.ID{1})
	if len(got.Policy.Resources) != 0 || len(got.Unread) != 2 {
		t.Errorf("resources %v, unread %v", got.Policy.Resources, got.Unread)
	}
}

// Named gives the keys that an import gives, whatever the order of the reply.
func TestNamed(t *testing.T) {
	t.Parallel()
	api := reply(t, userOwned, pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}}), pol([]string{"DNS Write"}, obj{"zones": []string{zoneB}}),
		obj{"effect": "deny", "permission_groups": []string{"Zone Read"}, "resources": obj{"zones": []string{zoneA}}})
	keys := func(list []Keyed) (out []string) {
		for _, p := range list {
			out = append(out, p.Key+" "+p.Policy.Keys[0].String())
		}
		return out
	}
	want := []string{"deny_zone_read " + zonePrefix + zoneA, "dns_write " + zonePrefix + zoneA, "dns_write_2 " + zonePrefix + zoneB}
	if diff := cmp.Diff(want, keys(Named(api))); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	slices.Reverse(api)
	if diff := cmp.Diff(want, keys(Named(append(api, api[0])))); diff != "" {
		t.Errorf("names in another order, one policy twice (-want +got):\n%s", diff)
	}
}
