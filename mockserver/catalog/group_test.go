// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

func TestGroups(t *testing.T) {
	t.Parallel()

	groups := catalog.Groups()
	if len(groups) != 313 {
		t.Errorf("%d permission groups, want 313", len(groups))
	}

	names := make(map[string]bool)

	for i := range groups {
		g := &groups[i]
		names[g.Name] = true

		if int(g.Index) != i || i > 0 && groups[i-1].ID >= g.ID {
			t.Errorf("%s stands at %d with index %d: not sorted by id", g.ID, i, g.Index)
		}

		if found, ok := catalog.GroupByID(g.ID); !ok || found != g {
			t.Errorf("GroupByID(%s) finds %v", g.ID, found)
		}
	}

	if len(names) != 306 {
		t.Errorf("%d distinct names, want 306", len(names))
	}

	for _, id := range []string{"", "x", strings.Repeat("0", 32), strings.ToUpper(groups[1].ID), groups[0].ID + " "} {
		if g, ok := catalog.GroupByID(id); ok {
			t.Errorf("GroupByID(%q) finds %s", id, g.Ref())
		}
	}
}

func TestGroupsOfEachScope(t *testing.T) {
	t.Parallel()

	want := map[catalog.Scope]int{
		catalog.ScopeUser: 6, catalog.ScopeAccount: 219, catalog.ScopeZone: 86, catalog.ScopeR2Bucket: 2,
	}

	for _, scope := range catalog.Scopes() {
		set := catalog.ScopeGroups(scope)
		if set.Len() != want[scope] {
			t.Errorf("scope %s holds %d groups, want %d", scope, set.Len(), want[scope])
		}

		for i := range set.All() {
			if g := catalog.Groups()[i]; g.Scope != scope {
				t.Errorf("scope %s holds %s", scope, g.Ref())
			}
		}
	}

	for _, scope := range []catalog.Scope{0, 5, 255} {
		if !catalog.ScopeGroups(scope).IsEmpty() {
			t.Errorf("%s holds groups", scope)
		}
	}
}

// These ids are what nearly every client of the API is configured with.
func TestWellKnownGroups(t *testing.T) {
	t.Parallel()

	tests := []struct {
		ref, id, family, level string
		rank                   int
	}{
		{"zone:DNS Write", "4755a26eedb94da69e1066d98aa820be", "DNS", "write", 2},
		{"zone:DNS Read", "82e64a83756745bbbb1c9c2701bf816b", "DNS", "read", 1},
		{"zone:Zone Read", "c8fed203ed3043cba015a93ad1616f1f", "Zone", "read", 1},
		{"zone:Zone Write", "e6d2666161e84845a636613608cee8d5", "Zone", "write", 2},
		{"zone:Cache Purge", "e17beae8b8cb423a99b1730f21238bed", "Cache Purge", "purge", 2},
		{"zone:Zone Settings Read", "517b21aee92c4d89936c976ba6e4be55", "Zone Settings", "read", 1},
		{"zone:Zone Settings Write", "3030687196b94b638145a3953da2b699", "Zone Settings", "write", 2},
		{"zone:Firewall Services Read", "4ec32dfcb35641c5bb32d5ef1ab963b4", "Firewall Services", "read", 1},
		{"zone:Firewall Services Write", "43137f8d07884d3198dc0ee77ca6e79b", "Firewall Services", "write", 2},
		{"account:Account Settings Read", "c1fde68c7bcc44588cbb6ddbc16d6480", "Account Settings", "read", 1},
		{"account:Account Settings Write", "1af1fa2adc104452b74a9a3364202f20", "Account Settings", "write", 2},
		{"account:Account API Tokens Read", "eb56a6953c034b9d97dd838155666f06", "Account API Tokens", "read", 1},
		{"account:Account API Tokens Write", "5bc3f8b21c554832afc660159ab75fa4", "Account API Tokens", "write", 2},
		{"user:API Tokens Read", "0cc3a61731504c89b99ec1be78b77aa0", "API Tokens", "read", 1},
		{"user:API Tokens Write", "686d18d5ac6c441c867cbf6771e58a0a", "API Tokens", "write", 2},
		{"account:SCIM Provisioning", "d5812c023a5048b4882175a28952362d", "SCIM Provisioning", "write", 2},
		{"zone:Zaraz Admin", "cdeb15b336e640a2965df8c65052f1e0", "Zaraz", "admin", 3},
		{"account:Magic Network Monitoring Admin", "8e6ed1ef6e864ad0ae477ceffa5aa5eb", "Magic Network Monitoring Config", "admin", 3},
	}
	for _, tt := range tests {
		t.Run(tt.ref, func(t *testing.T) {
			t.Parallel()

			g, err := catalog.LookupGroup(tt.ref)
			if err != nil {
				t.Fatal(err)
			}

			if g.ID != tt.id || g.Family != tt.family || g.Level != tt.level || g.Rank != tt.rank || g.Ref() != tt.ref {
				t.Errorf("got %s, family %s, level %s, rank %d; want %+v", g.ID, g.Family, g.Level, g.Rank, tt)
			}
		})
	}
}

// Every group's rank follows from its level, and its name is its family's with the level, but for the groups
// listed here.
func TestEveryGroupHasFamilyAndRank(t *testing.T) {
	t.Parallel()

	ranks := map[string]int{
		"read": 1, "write": 2, "run": 2, "revoke": 2, "bind": 2, "send": 2, "report": 2, "purge": 2, "admin": 3,
	}
	odd := map[string]string{
		"account:AI Search Index Engine":                           "AI Search Index Engine/run",
		"account:Access: SCIM logs read":                           "Access: SCIM logs/read",
		"account:Account API Gateway":                              "Account API Gateway/write",
		"account:Auto Rag Write Run Engine":                        "Auto Rag/run",
		"account:Cloud Email Security: Read":                       "Cloud Email Security/read",
		"account:Cloud Email Security: Write":                      "Cloud Email Security/write",
		"account:Cloudflare DEX":                                   "Cloudflare DEX/write",
		"account:IP Prefixes: Read":                                "IP Prefixes/read",
		"account:IP Prefixes: Write":                               "IP Prefixes/write",
		"account:Magic Firewall Packet Captures - Read PCAPs API":  "Magic Firewall Packet Captures/read",
		"account:Magic Firewall Packet Captures - Write PCAPs API": "Magic Firewall Packet Captures/write",
		"account:Magic Network Monitoring Admin":                   "Magic Network Monitoring Config/admin",
		"account:Page Shield":                                      "Page Shield/write",
		"account:Realtime":                                         "Realtime/write",
		"account:SCIM Provisioning":                                "SCIM Provisioning/write",
		"zone:Cache Purge":                                         "Cache Purge/purge",
		"zone:Domain API Gateway":                                  "Domain API Gateway/write",
		"zone:Domain Page Shield":                                  "Domain Page Shield/write",
		"zone:Page Shield Write":                                   "Domain Page Shield/write",
		"zone:Zaraz Edit":                                          "Zaraz/write",
	}

	for _, g := range catalog.Groups() {
		if g.Rank != ranks[g.Level] {
			t.Errorf("%s has level %q and rank %d", g.Ref(), g.Level, g.Rank)
		}

		if want, ok := odd[g.Ref()]; ok {
			if got := g.Family + "/" + g.Level; got != want {
				t.Errorf("%s lies in %s, want %s", g.Ref(), got, want)
			}
		} else if !strings.EqualFold(g.Name, g.Family+" "+g.Level) || !strings.HasPrefix(g.Name, g.Family) {
			t.Errorf("%s lies in %s/%s, which is not its name", g.Ref(), g.Family, g.Level)
		}
	}
}

func TestFamilies(t *testing.T) {
	t.Parallel()

	var all catalog.GroupSet

	for n := range catalog.FamilyCount() {
		family := catalog.FamilyGroups(uint16(n))
		if family.IsEmpty() || family.Intersects(all) {
			t.Errorf("family %d is empty or shares groups with one before", n)
		}

		all = all.Union(family)

		var first *catalog.Group

		for i := range family.All() {
			g := &catalog.Groups()[i]
			if first == nil {
				first = g
			}

			if int(g.FamilyIndex) != n || g.Family != first.Family || g.Scope != first.Scope {
				t.Errorf("family %d holds %s of %q and %s of %q", n, first.Ref(), first.Family, g.Ref(), g.Family)
			}
		}
	}

	if all.Len() != len(catalog.Groups()) {
		t.Errorf("the families hold %d groups of %d", all.Len(), len(catalog.Groups()))
	}

	if !catalog.FamilyGroups(uint16(catalog.FamilyCount())).IsEmpty() {
		t.Error("a family beyond the last holds groups")
	}
}

// Two groups of one name in two scopes are of two families: scope is part of a family.
func TestScopeIsPartOfAFamily(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"Logs Read", "Disable ESC Write", "Access: Apps and Policies Read"} {
		account, zone := mustLookup(t, "account:"+name), mustLookup(t, "zone:"+name)
		if account.Family != zone.Family || account.FamilyIndex == zone.FamilyIndex {
			t.Errorf("%s: families %q/%d and %q/%d", name, account.Family, account.FamilyIndex, zone.Family, zone.FamilyIndex)
		}
	}
}

func TestStrikes(t *testing.T) {
	t.Parallel()

	tests := map[string][]string{
		"zone:DNS Read":   {"zone:DNS Read", "zone:DNS Write"},
		"zone:DNS Write":  {"zone:DNS Write"},
		"zone:Zaraz Read": {"zone:Zaraz Admin", "zone:Zaraz Edit", "zone:Zaraz Read"},
		"zone:Zaraz Edit": {"zone:Zaraz Admin", "zone:Zaraz Edit"},
		"zone:Logs Read":  {"zone:Logs Read", "zone:Logs Write"},
		// Groups of equal rank imply nothing of each other.
		"account:Access: Apps and Policies Revoke": {"account:Access: Apps and Policies Revoke"},
		"zone:Page Shield Write":                   {"zone:Page Shield Write"},
		"account:Pipelines Send":                   {"account:Pipelines Send"},
	}
	for ref, want := range tests {
		t.Run(ref, func(t *testing.T) {
			t.Parallel()

			if got := refs(catalog.Strikes(mustLookup(t, ref).Index)); !slices.Equal(got, want) {
				t.Errorf("a deny strikes %q, want %q", got, want)
			}
		})
	}

	if !catalog.Strikes(catalog.GroupIndex(len(catalog.Groups()))).IsEmpty() {
		t.Error("a deny of no group strikes something")
	}
}

func TestScopeNames(t *testing.T) {
	t.Parallel()

	tests := map[catalog.Scope][2]string{
		catalog.ScopeUser:     {"user", "com.cloudflare.api.user"},
		catalog.ScopeAccount:  {"account", "com.cloudflare.api.account"},
		catalog.ScopeZone:     {"zone", "com.cloudflare.api.account.zone"},
		catalog.ScopeR2Bucket: {"r2", "com.cloudflare.edge.r2.bucket"},
		0:                     {"Scope(0)", ""},
		9:                     {"Scope(9)", ""},
	}
	for scope, want := range tests {
		if got := [2]string{scope.String(), scope.Wire()}; got != want {
			t.Errorf("scope %d is %q, want %q", uint8(scope), got, want)
		}

		parsed, ok := catalog.ParseScope(want[0])
		if known := want[1] != ""; ok != known || known && parsed != scope {
			t.Errorf("ParseScope(%q) = %v, %v", want[0], parsed, ok)
		}
	}

	if _, ok := catalog.ParseScope("Zone"); ok {
		t.Error("a scope is read without regard to letter case")
	}
}

// mustLookup finds a group that the test needs.
func mustLookup(t *testing.T, ref string) *catalog.Group {
	t.Helper()

	g, err := catalog.LookupGroup(ref)
	if err != nil {
		t.Fatal(err)
	}

	return g
}

// refs lists a set's groups by name with their scopes, sorted.
func refs(set catalog.GroupSet) []string {
	var out []string
	for i := range set.All() {
		out = append(out, catalog.Groups()[i].Ref())
	}

	slices.Sort(out)

	return out
}
