// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

func TestParseGrant(t *testing.T) {
	t.Parallel()
	const sentence = "no_matching_grant: no allow policy grants this operation; the smallest grant that would allow it: "
	tests := []struct {
		message string
		want    grant
		ok      bool
	}{
		{sentence + `"Zone Read" on com.cloudflare.api.account.zone.x`, grant{group: "Zone Read", outer: "com.cloudflare.api.account.zone.x"}, true},
		{
			sentence + `"Access: Apps Write" on com.cloudflare.api.account.a → com.cloudflare.api.account.zone.*`,
			grant{group: "Access: Apps Write", outer: "com.cloudflare.api.account.a", inner: "com.cloudflare.api.account.zone.*"},
			true,
		},
		{"no_matching_grant: no allow policy grants this operation", grant{}, false},
		{sentence + `Zone Read on x`, grant{}, false},
		{sentence + `"Zone Read" on x and more`, grant{}, false},
		{`denied_by_policy: : "Zone Read" on x`, grant{}, false},
		{"", grant{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.message, func(t *testing.T) {
			t.Parallel()
			got, ok := parseGrant(tt.message)
			if got != tt.want || ok != tt.ok {
				t.Errorf("parseGrant = %+v, %v; want %+v, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestGrant_hcl(t *testing.T) {
	t.Parallel()
	const zones = "com.cloudflare.api.account.zone."
	tests := []struct {
		name             string
		grant            grant
		groups, resource string
	}{
		{"user", grant{group: "User Details Read", outer: "com.cloudflare.api.user.u1"}, `"User Details Read"`, `user = true`},
		{"account", grant{group: "Account Settings Read", outer: "com.cloudflare.api.account.a1"}, `"Account Settings Read"`, `accounts = ["a1"]`},
		{"all accounts", grant{group: "Account Settings Read", outer: "com.cloudflare.api.account.*"}, `"Account Settings Read"`, `all_accounts = true`},
		{"zone", grant{group: "Zone Read", outer: zones + "z1"}, `"Zone Read"`, `zones = ["z1"]`},
		{"all zones", grant{group: "Zone Read", outer: zones + "*"}, `"Zone Read"`, `all_zones = true`},
		{
			"all zones of an account",
			grant{group: "Zone Write", outer: "com.cloudflare.api.account.a1", inner: zones + "*"},
			`"Zone Write"`, `all_zones_of_accounts = ["a1"]`,
		},
		{"zone in an account", grant{group: "Zone Read", outer: "com.cloudflare.api.account.a1", inner: zones + "z1"}, `"Zone Read"`, `zones = ["z1"]`},
		{
			"record",
			grant{group: "DNS Write", outer: zones + "z1", inner: zones + "dns_record.*.a.b.example.com"},
			`"DNS Write"`, `dns_records = [{ zone_id = "z1", type = "*", name = "a.b.example.com" }]`,
		},
		{
			"bucket",
			grant{group: "Workers R2 Storage Bucket Item Read", outer: "com.cloudflare.edge.r2.bucket.a1_default_logs"},
			`"Workers R2 Storage Bucket Item Read"`, `r2_buckets = ["a1_default_logs"]`,
		},
		{"another key", grant{group: "Zone Read", outer: "com.example.thing.t1"}, `"Zone Read"`, `other = [{ key = "com.example.thing.t1" }]`},
		{
			"another nested key",
			grant{group: "Zone Read", outer: "com.cloudflare.api.account.a1", inner: "com.example.thing.t1"},
			`"Zone Read"`, `other = [{ within = "com.cloudflare.api.account.a1", key = "com.example.thing.t1" }]`,
		},
		{"ambiguous name on an account", grant{group: "Logs Read", outer: "com.cloudflare.api.account.a1"}, `"account:Logs Read"`, `accounts = ["a1"]`},
		{"ambiguous name on a zone", grant{group: "Logs Read", outer: zones + "z1"}, `"zone:Logs Read"`, `zones = ["z1"]`},
		{
			"ambiguous name on a nested zone",
			grant{group: "Logs Read", outer: "com.cloudflare.api.account.a1", inner: zones + "z1"},
			`"zone:Logs Read"`, `zones = ["z1"]`,
		},
		{"a name that looks like a template", grant{group: "${file(x)}%{if}", outer: zones + "z1"}, `"$${file(x)}%%{if}"`, `zones = ["z1"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.grant.hcl()
			if !strings.Contains(got, "permission_groups = ["+tt.groups+"]\n") || !strings.Contains(got, "resources         = { "+tt.resource+" }\n") {
				t.Errorf("HCL:\n%s\nwant groups %s and resources %s", got, tt.groups, tt.resource)
			}
		})
	}
}

func TestGrantHCL(t *testing.T) {
	t.Parallel()
	group, err := catalog.LookupGroup("zone:Logs Read")
	if err != nil {
		t.Fatal(err)
	}
	account, zone := authz.ID{1}, authz.ID{2}
	for want, key := range map[string]authz.Key{
		`zones = ["02000000000000000000000000000000"]`:                                             {Form: authz.KeyZone, Zone: zone},
		`all_zones_of_accounts = ["01000000000000000000000000000000"]`:                             {Form: authz.KeyAccountAllZones, Account: account},
		`dns_records = [{ zone_id = "02000000000000000000000000000000", type = "A", name = "x" }]`: {Form: authz.KeyRecord, Zone: zone, RecordType: "A", Pattern: "x"},
	} {
		got := GrantHCL(authz.Grant{Group: group, Key: key})
		if got != "policies = {\n  \"missing grant\" = {\n    permission_groups = [\"zone:Logs Read\"]\n    resources         = { "+want+" }\n  }\n}" {
			t.Errorf("HCL:\n%s\nwant resources %s", got, want)
		}
	}
}
