// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

func TestLookupGroup(t *testing.T) {
	t.Parallel()

	tests := []struct{ ref, want string }{
		{"4755a26eedb94da69e1066d98aa820be", "zone:DNS Write"},
		{"DNS Write", "zone:DNS Write"},
		{"DNS Edit", "zone:DNS Write"},
		{"zone:DNS Edit", "zone:DNS Write"},
		{"Zone DNS Edit", "zone:DNS Write"},
		{"Zone Zone Read", "zone:Zone Read"},
		{"Zone Zone Edit", "zone:Zone Write"},
		{"Zaraz Edit", "zone:Zaraz Edit"},
		{"Zaraz Write", "zone:Zaraz Edit"},
		{"IP Prefixes: Edit", "account:IP Prefixes: Write"},
		{"account:IP Prefixes: Edit", "account:IP Prefixes: Write"},
		{"Account: SSL and Certificates Edit", "account:Account: SSL and Certificates Write"},
		{"account:Account: SSL and Certificates Read", "account:Account: SSL and Certificates Read"},
		{"Magic Firewall Packet Captures - Edit PCAPs API", "account:Magic Firewall Packet Captures - Write PCAPs API"},
		{"Account Filter Lists Edit", "account:Account Rule Lists Write"},
		{"Account Filter Lists Write", "account:Account Rule Lists Write"},
		{"Workers R2 Storage Bucket Item Edit", "r2:Workers R2 Storage Bucket Item Write"},
		{"r2:Workers R2 Storage Bucket Item Read", "r2:Workers R2 Storage Bucket Item Read"},
		{"user:API Tokens Edit", "user:API Tokens Write"},
		// Older and newer names of one group.
		{"Argo Tunnel Read", "account:Cloudflare Tunnel Read"},
		{"Argo Tunnel Edit", "account:Cloudflare Tunnel Write"},
		{"Teams Write", "account:Zero Trust Write"},
		{"Teams Report", "account:Zero Trust Report"},
		{"AI Crawl Control Edit", "zone:AI Audit Write"},
		{"Magic Transit Prefix Write", "account:Magic Transit Write"},
		{"Browser Run Edit", "account:Browser Rendering Write"},
		{"Access: Certificates Write", "account:Access: Mutual TLS Certificates Write"},
		{"Access: Custom Page Read", "account:Access: Custom Pages Read"},
		{"Access: SSH Auditing CA Edit", "account:Access: SSH Auditing Write"},
		// Ambiguous names with their scopes.
		{"account:Logs Read", "account:Logs Read"},
		{"zone:Logs Read", "zone:Logs Read"},
		{"account:API Gateway Edit", "account:Account API Gateway"},
		{"zone:API Gateway Write", "zone:Domain API Gateway"},
		{"account:Page Shield Write", "account:Page Shield"},
		{"zone:Page Shield Write", "zone:Page Shield Write"},
		{"zone:Page Shield Edit", "zone:Page Shield Write"},
		{"account:Transform Rules Read", "account:Transform Rules Read"},
		{"zone:Transform Rules Read", "zone:Zone Transform Rules Read"},
	}
	for _, tt := range tests {
		t.Run(tt.ref, func(t *testing.T) {
			t.Parallel()

			g, err := catalog.LookupGroup(tt.ref)
			if err != nil {
				t.Fatal(err)
			}

			if g.Ref() != tt.want {
				t.Errorf("found %s, want %s", g.Ref(), tt.want)
			}
		})
	}
}

// An API name does not win over an alias of another scope: only the scope tells which group is meant.
func TestLookupGroupRefusesAmbiguousNames(t *testing.T) {
	t.Parallel()

	tests := map[string][]string{
		"Logs Read":                        {"account:Logs Read", "zone:Logs Read"},
		"Logs Write":                       {"account:Logs Write", "zone:Logs Write"},
		"Logs Edit":                        {"account:Logs Write", "zone:Logs Write"},
		"Disable ESC Read":                 {"account:Disable ESC Read", "zone:Disable ESC Read"},
		"Disable ESC Write":                {"account:Disable ESC Write", "zone:Disable ESC Write"},
		"Disable ESC Edit":                 {"account:Disable ESC Write", "zone:Disable ESC Write"},
		"Access: Apps and Policies Read":   {"account:Access: Apps and Policies Read", "zone:Access: Apps and Policies Read"},
		"Access: Apps and Policies Write":  {"account:Access: Apps and Policies Write", "zone:Access: Apps and Policies Write"},
		"Access: Apps and Policies Edit":   {"account:Access: Apps and Policies Write", "zone:Access: Apps and Policies Write"},
		"Access: Apps and Policies Revoke": {"account:Access: Apps and Policies Revoke", "zone:Access: Apps and Policies Revoke"},
		"API Gateway Read":                 {"account:Account API Gateway Read", "zone:Domain API Gateway Read"},
		"API Gateway Write":                {"account:Account API Gateway", "zone:Domain API Gateway"},
		"API Gateway Edit":                 {"account:Account API Gateway", "zone:Domain API Gateway"},
		"Page Shield Read":                 {"account:Page Shield Read", "zone:Domain Page Shield Read"},
		"Page Shield Write":                {"account:Page Shield", "zone:Page Shield Write"},
		"Page Shield Edit":                 {"account:Page Shield", "zone:Page Shield Write"},
		"Transform Rules Read":             {"account:Transform Rules Read", "zone:Zone Transform Rules Read"},
		"Transform Rules Write":            {"account:Transform Rules Write", "zone:Zone Transform Rules Write"},
		"Transform Rules Edit":             {"account:Transform Rules Write", "zone:Zone Transform Rules Write"},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := catalog.LookupGroup(name)

			ambiguous, ok := errors.AsType[*catalog.AmbiguousGroupError](err)
			if !ok {
				t.Fatalf("got error %v, want ambiguous", err)
			}

			var got []string
			for _, g := range ambiguous.Candidates {
				got = append(got, g.Ref())
			}

			if !slices.Equal(got, want) || ambiguous.Ref != name {
				t.Errorf("candidates %q for %q, want %q", got, ambiguous.Ref, want)
			}

			for _, ref := range want {
				if !strings.Contains(err.Error(), `"`+ref+`"`) {
					t.Errorf("error %q does not name %q", err, ref)
				}
			}
		})
	}

	// There are no others.
	for _, g := range catalog.Groups() {
		for _, name := range append([]string{g.Name}, g.Aliases...) {
			_, err := catalog.LookupGroup(name)
			if _, listed := tests[name]; err != nil && !listed {
				t.Errorf("%s: %v", g.Ref(), err)
			}
		}
	}
}

func TestLookupGroupRefusesUnknownNames(t *testing.T) {
	t.Parallel()

	tests := []struct {
		ref     string
		nearest []string
	}{
		{"dns write", []string{"DNS Write"}},
		{"DNS Wirte", []string{"DNS Write"}},
		{" DNS Write", []string{"DNS Write"}},
		{"logs read", []string{"account:Logs Read", "zone:Logs Read"}},
		{"zone: DNS Write", []string{"zone:DNS Write"}},
		{"Zone:DNS Write", []string{"zone:DNS Write"}},
		{"user:DNS Write", []string{"zone:DNS Write"}},
		{"account:Logs Raed", []string{"account:Logs Read"}},
		{"Zone Settings", []string{"Zone Settings Read"}},
		{"0cc3a61731504c89b99ec1be78b77aa1", nil},
		{"zone:4755a26eedb94da69e1066d98aa820be", nil},
		{"", nil},
		{"zone:", nil},
		{"nothing like any group", nil},
		{strings.Repeat("DNS Write ", 100_000), nil},
	}
	for _, tt := range tests {
		t.Run(tt.ref[:min(30, len(tt.ref))], func(t *testing.T) {
			t.Parallel()

			_, err := catalog.LookupGroup(tt.ref)

			unknown, ok := errors.AsType[*catalog.UnknownGroupError](err)
			if !ok || unknown.Ref != tt.ref {
				t.Fatalf("got error %v, want unknown", err)
			}

			if len(unknown.Nearest) > 3 || !cmp.Equal(unknown.Nearest[:min(len(tt.nearest), len(unknown.Nearest))], tt.nearest) && tt.nearest != nil {
				t.Errorf("nearest names are %q, want first %q", unknown.Nearest, tt.nearest)
			}

			if tt.nearest == nil && unknown.Nearest != nil {
				t.Errorf("nearest names are %q, want none", unknown.Nearest)
			}

			for _, ref := range unknown.Nearest {
				if _, err := catalog.LookupGroup(ref); err != nil {
					t.Errorf("suggestion %q: %v", ref, err)
				}

				if !strings.Contains(err.Error(), `"`+ref+`"`) {
					t.Errorf("error %q does not name %q", err, ref)
				}
			}
		})
	}
}

func TestLookupGroupInScope(t *testing.T) {
	t.Parallel()

	// Every group is found under its name and under each of its aliases, and with the scope in front.
	for i := range catalog.Groups() {
		g := &catalog.Groups()[i]

		if slices.Contains(g.Aliases, g.Name) || !slices.IsSorted(g.Aliases) {
			t.Errorf("%s: aliases %q hold the name or are not sorted", g.Ref(), g.Aliases)
		}

		for _, name := range append([]string{g.Name}, g.Aliases...) {
			if found, err := catalog.LookupGroupInScope(g.Scope, name); err != nil || found != g {
				t.Errorf("%s: %q finds %v, %v", g.Ref(), name, found, err)
			}

			if found, err := catalog.LookupGroup(g.Scope.String() + ":" + name); err != nil || found != g {
				t.Errorf("%s: %q finds %v, %v", g.Ref(), g.Scope.String()+":"+name, found, err)
			}
		}

		// The dashboard's spelling.
		if stem, ok := strings.CutSuffix(g.Name, " Write"); ok {
			if found, err := catalog.LookupGroupInScope(g.Scope, stem+" Edit"); err != nil || found != g {
				t.Errorf("%s: %q finds %v, %v", g.Ref(), stem+" Edit", found, err)
			}
		}
	}

	tests := []struct {
		scope   catalog.Scope
		name    string
		nearest []string
	}{
		{catalog.ScopeZone, "dns read", []string{"DNS Read"}},
		{catalog.ScopeZone, "zone:DNS Read", nil},
		{catalog.ScopeAccount, "DNS Write", nil},
		{0, "DNS Write", nil},
		{200, "DNS Write", nil},
	}
	for _, tt := range tests {
		_, err := catalog.LookupGroupInScope(tt.scope, tt.name)

		unknown, ok := errors.AsType[*catalog.UnknownGroupError](err)
		if !ok || tt.nearest != nil && !slices.Equal(unknown.Nearest, tt.nearest) {
			t.Errorf("%s, %q: got error %v, want unknown with %q", tt.scope, tt.name, err, tt.nearest)
		}
	}
}

// publicFamily is a family of the public permissions page, as the data file has it.
type publicFamily struct {
	Family, Scope string
	Levels        []struct {
		Level, Name string
		Current     []string
	}
}

// Every name of the public permissions page finds, in both spellings, the group of its scope and level that
// is named there now.
func TestEveryNameOfThePublicPage(t *testing.T) {
	t.Parallel()

	data, err := os.ReadFile("data/families.json")
	if err != nil {
		t.Fatal(err)
	}

	var families []publicFamily
	if err := json.Unmarshal(data, &families); err != nil {
		t.Fatal(err)
	}

	names := 0

	for _, family := range families {
		scope, ok := catalog.ParseScope(family.Scope)
		if !ok {
			t.Fatalf("unknown scope %q", family.Scope)
		}

		for _, level := range family.Levels {
			names++

			g, err := catalog.LookupGroupInScope(scope, level.Name)
			if err != nil {
				t.Errorf("%s: %v", family.Scope, err)

				continue
			}

			if g.Level != level.Level || !slices.Contains(append(level.Current, g.Aliases...), g.Name) {
				t.Errorf("%s:%s finds %s (%s); current names are %q", scope, level.Name, g.Ref(), g.Level, level.Current)
			}

			dashboard := level.Name
			if level.Level == "write" {
				i := strings.LastIndex(dashboard, "Write")
				dashboard = dashboard[:i] + "Edit" + dashboard[i+len("Write"):]
			}

			if other, err := catalog.LookupGroupInScope(scope, dashboard); err != nil || other != g {
				t.Errorf("%s:%s finds %v, %v, want %s", scope, dashboard, other, err, g.Ref())
			}

			for _, current := range level.Current {
				other, err := catalog.LookupGroupInScope(scope, current)
				if err != nil || other.FamilyIndex != g.FamilyIndex || other.Rank < g.Rank {
					t.Errorf("%s:%s finds %v, %v, want %s or above", scope, current, other, err, g.Ref())
				}
			}
		}
	}

	if names != 184 {
		t.Errorf("%d names on the page, want 184", names)
	}
}
