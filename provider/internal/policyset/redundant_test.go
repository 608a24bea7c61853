// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func TestFindRedundant(t *testing.T) {
	t.Parallel()
	id := func(ref string) string {
		group, err := catalog.LookupGroup(ref)
		if err != nil {
			t.Fatal(err)
		}
		return group.ID
	}
	dns, read := id("DNS Write"), id("Zone Read")
	zone, allZones := Key{Outer: zonePrefix + zoneA}, Key{Outer: zonePrefix + wildcard}
	record := Key{Outer: zonePrefix + zoneA, Inner: recordPrefix + "TXT.a.example.com"}
	named := func(key string, effect client.Effect, groups []string, keys ...Key) Keyed {
		return Keyed{Key: key, Policy: newPolicy(effect, groups, keys)}
	}
	for _, tt := range []struct {
		name string
		list []Keyed
		want []Redundant
	}{
		{"a zone of all", []Keyed{
			named("all", client.EffectAllow, []string{dns}, allZones), named("but", client.EffectAllow, []string{dns}, zone),
		}, []Redundant{{"but", "all"}}},
		{"the exception as it should be", []Keyed{
			named("all", client.EffectAllow, []string{dns}, allZones), named("but", client.EffectDeny, []string{dns}, zone),
		}, nil},
		{"a group more", []Keyed{
			named("all", client.EffectAllow, []string{dns}, allZones), named("more", client.EffectAllow, []string{dns, read}, zone),
		}, nil},
		{"a key more", []Keyed{
			named("a", client.EffectAllow, []string{dns}, zone), named("b", client.EffectAllow, []string{dns}, zone, Key{Outer: zonePrefix + userID}),
		}, []Redundant{{"a", "b"}}},
		{"all zones of an account", []Keyed{
			named("a", client.EffectAllow, []string{dns}, allZonesOf(userID)), named("b", client.EffectAllow, []string{dns}, zone),
		}, nil},
		{"what a deny closes", []Keyed{
			named("a", client.EffectDeny, []string{dns}, allZones), named("b", client.EffectAllow, []string{dns}, zone),
		}, nil},
		{"a foreign key", []Keyed{
			named("a", client.EffectAllow, []string{dns}, allZones), named("b", client.EffectAllow, []string{dns}, Key{Outer: "com.cloudflare.edge.worker.script.x"}),
		}, nil},
		{"a record in its zone", []Keyed{
			named("a", client.EffectAllow, []string{dns}, record), named("b", client.EffectAllow, []string{dns, read}, zone),
		}, []Redundant{{"a", "b"}}},
	} {
		if diff := cmp.Diff(tt.want, FindRedundant(tt.list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Of a group that is not embedded nobody knows which keys serve it: a wider key may not.
func TestKey_Covers_unknownGroup(t *testing.T) {
	t.Parallel()
	account, accounts := Key{Outer: accountPrefix + userID}, Key{Outer: accountPrefix + wildcard}
	logs, err := catalog.LookupGroup("account:Logs Read")
	if err != nil {
		t.Fatal(err)
	}
	for group, want := range map[string]bool{logs.ID: true, "0123456789abcdef0123456789abcdef": false} {
		if got := accounts.Covers(account, group); got != want {
			t.Errorf("%s: all accounts cover one: %t, want %t", group, got, want)
		}
		if !account.Covers(account, group) {
			t.Errorf("%s: a key does not cover itself", group)
		}
	}
}
