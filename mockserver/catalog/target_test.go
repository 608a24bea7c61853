// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

func TestTargets(t *testing.T) {
	t.Parallel()

	tests := []struct {
		method, route string
		want          catalog.TargetKind
	}{
		{"GET", "/user", catalog.TargetUser},
		{"POST", "/user/tokens", catalog.TargetUser},
		{"GET", "/user/tokens/permission_groups", catalog.TargetUser},
		{"GET", "/memberships/{membership_id}", catalog.TargetUser},
		{"GET", "/organizations/{organization_id}/accounts", catalog.TargetUser},
		{"POST", "/accounts", catalog.TargetUser},
		{"GET", "/accounts", catalog.TargetAccountList},
		{"GET", "/accounts/{account_id}", catalog.TargetAccount},
		{"DELETE", "/accounts/{account_id}", catalog.TargetAccount},
		{"POST", "/accounts/{account_id}/tokens", catalog.TargetAccount},
		{"PUT", "/accounts/{account_id}/addressing/address_maps/{address_map_id}/zones/{zone_id}", catalog.TargetAccount},
		{"GET", "/accounts/{account_id}/r2/buckets/{bucket_name}", catalog.TargetAccount},
		{"GET", "/accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}", catalog.TargetBucket},
		{"PUT", "/accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}", catalog.TargetBucket},
		{"GET", "/zones", catalog.TargetZoneList},
		{"POST", "/zones", catalog.TargetAllZones},
		{"GET", "/zones/{zone_id}", catalog.TargetZone},
		{"GET", "/zones/{zone_id}/settings/{setting_id}", catalog.TargetZone},
		{"GET", "/zones/{zone_id}/dns_records", catalog.TargetRecords},
		{"POST", "/zones/{zone_id}/dns_records", catalog.TargetRecords},
		{"GET", "/zones/{zone_id}/dns_records/export", catalog.TargetRecords},
		{"POST", "/zones/{zone_id}/dns_records/import", catalog.TargetRecords},
		{"POST", "/zones/{zone_id}/dns_records/batch", catalog.TargetRecords},
		{"GET", "/zones/{zone_id}/dns_records/{dns_record_id}", catalog.TargetRecords},
		{"PATCH", "/zones/{zone_id}/dns_records/{dns_record_id}", catalog.TargetRecords},
		{"DELETE", "/zones/{zone_id}/dns_records/{dns_record_id}", catalog.TargetRecords},
		{"GET", "/zones/{zone_id}/dns_records/usage", catalog.TargetZone},
		{"POST", "/zones/{zone_id}/dns_records/scan", catalog.TargetZone},
		{"POST", "/zones/{zone_id}/dns_records/scan/trigger", catalog.TargetZone},
		{"GET", "/certificates", catalog.TargetCertificate},
		{"DELETE", "/certificates/{certificate_id}", catalog.TargetCertificate},
		{"GET", "/user/tokens/verify", catalog.TargetCredential},
		{"GET", "/accounts/{account_id}/tokens/verify", catalog.TargetCredential},
	}
	for _, tt := range tests {
		if got := mustOperation(t, tt.method, tt.route).Target; got != tt.want {
			t.Errorf("%s %s acts on kind %d, want %d", tt.method, tt.route, got, tt.want)
		}
	}

	count := make(map[catalog.TargetKind]int)
	for _, o := range catalog.Operations() {
		count[o.Target]++
	}

	for kind, want := range map[catalog.TargetKind]int{
		catalog.TargetRecords: 9, catalog.TargetCredential: 2, catalog.TargetBucket: 2, catalog.TargetCertificate: 4,
		catalog.TargetAllZones: 1, catalog.TargetAccountList: 1, catalog.TargetZoneList: 1,
	} {
		if count[kind] != want {
			t.Errorf("%d operations act on kind %d, want %d", count[kind], kind, want)
		}
	}
}

func TestCanReach(t *testing.T) {
	t.Parallel()

	const (
		user, account, zone, bucket = catalog.ScopeUser, catalog.ScopeAccount, catalog.ScopeZone, catalog.ScopeR2Bucket
	)

	want := map[catalog.TargetKind][]catalog.Scope{
		0:                          {},
		catalog.TargetUser:         {user},
		catalog.TargetAccount:      {account},
		catalog.TargetZone:         {account, zone},
		catalog.TargetRecords:      {account, zone},
		catalog.TargetAllZones:     {account, zone},
		catalog.TargetBucket:       {account, bucket},
		catalog.TargetCertificate:  {account, zone},
		catalog.TargetCredential:   {},
		catalog.TargetAccountList:  {account},
		catalog.TargetZoneList:     {account, zone},
		catalog.TargetZoneList + 1: {},
	}
	for target, scopes := range want {
		reaching := make(map[catalog.Scope]bool)
		for _, s := range scopes {
			reaching[s] = true
		}

		for s := range catalog.Scope(7) {
			if got := catalog.CanReach(s, target); got != reaching[s] {
				t.Errorf("%s reaches kind %d: %v", s, target, got)
			}
		}
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()

	const (
		super  = catalog.NeedsUserCredential | catalog.NeedsSuperAdministrator
		admin  = catalog.NeedsUserCredential | catalog.NeedsAdministrator
		tenant = catalog.NeedsTenantAdmin
	)

	tests := []struct {
		method, route string
		want          catalog.Needs
	}{
		{"GET", "/accounts/{account_id}/members", 0},
		{"POST", "/accounts/{account_id}/members", super},
		{"PUT", "/accounts/{account_id}/members/{member_id}", super},
		{"PATCH", "/accounts/{account_id}/members/{member_id}", super},
		{"DELETE", "/accounts/{account_id}/members/{member_id}", super},
		{"GET", "/accounts/{account_id}/iam/user_groups", 0},
		{"POST", "/accounts/{account_id}/iam/user_groups/{user_group_id}/members", super},
		{"PUT", "/accounts/{account_id}/iam/resource_groups/{resource_group_id}", super},
		{"GET", "/accounts/{account_id}/tokens", admin},
		{"POST", "/accounts/{account_id}/tokens", admin},
		{"GET", "/accounts/{account_id}/tokens/{token_id}", admin},
		{"PUT", "/accounts/{account_id}/tokens/{token_id}/value", admin},
		{"GET", "/accounts/{account_id}/tokens/verify", 0},
		{"GET", "/accounts/{account_id}/tokens/permission_groups", 0},
		{"POST", "/accounts", tenant},
		{"DELETE", "/accounts/{account_id}", tenant},
		{"GET", "/accounts", 0},
		{"PUT", "/accounts/{account_id}", 0},
		{"POST", "/user/tokens", 0},
		{"POST", "/zones", 0},
		{"POST", "/organizations/{organization_id}/members", 0},
	}
	for _, tt := range tests {
		if got := mustOperation(t, tt.method, tt.route).Needs; got != tt.want {
			t.Errorf("%s %s needs %b, want %b", tt.method, tt.route, got, tt.want)
		}
	}

	for _, o := range catalog.Operations() {
		below := func(prefix string) bool {
			return o.Route == prefix || strings.HasPrefix(o.Route, prefix+"/")
		}

		writes := o.Method != http.MethodGet
		if want := writes && (below("/accounts/{account_id}/members") || below("/accounts/{account_id}/iam")); o.Needs.Has(super) != want {
			t.Errorf("%s needs a Super Administrator: %v", o.Name(), !want)
		}

		role := o.Needs & (catalog.NeedsSuperAdministrator | catalog.NeedsAdministrator)
		if role != 0 && !o.Needs.Has(catalog.NeedsUserCredential) || o.Needs.Has(catalog.NeedsEnterprise) {
			t.Errorf("%s needs %b", o.Name(), o.Needs)
		}

		if want := o.Name() == "GET /accounts" || o.Name() == "GET /accounts/{account_id}"; o.AnyMember != want {
			t.Errorf("%s: AnyMember is %v", o.Name(), o.AnyMember)
		}
	}
}
