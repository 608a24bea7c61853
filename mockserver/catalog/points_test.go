// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// The tests of this file hold what the public sources say and what a simpler table would lose.

func accepted(t *testing.T, method, route string) []string {
	t.Helper()

	return refs(mustOperation(t, method, route).Accepts)
}

func wantAccepted(t *testing.T, method, route string, want ...string) {
	t.Helper()

	if got := accepted(t, method, route); !slices.Equal(got, want) {
		t.Errorf("%s %s accepts %q, want %q", method, route, got, want)
	}
}

// families lists the families of the groups that a row accepts.
func families(o *catalog.Operation) map[string]bool {
	out := make(map[string]bool)
	for i := range o.Accepts.All() {
		g := catalog.Groups()[i]
		out[g.Scope.String()+":"+g.Family] = true
	}

	return out
}

func TestReadsThatAskForWrite(t *testing.T) {
	t.Parallel()

	for _, route := range []string{
		"/accounts/{account_id}/logpush/jobs", "/accounts/{account_id}/logpush/jobs/{job_id}",
		"/accounts/{account_id}/logpush/datasets/{dataset_id}/jobs",
	} {
		wantAccepted(t, "GET", route, "account:Logs Write")
		wantAccepted(t, "GET", strings.Replace(route, "/accounts/{account_id}", "/zones/{zone_id}", 1), "zone:Logs Write")
	}

	for _, kind := range []string{"cfd_tunnel", "warp_connector"} {
		wantAccepted(t, "GET", "/accounts/{account_id}/"+kind+"/{tunnel_id}/token",
			"account:Cloudflare One Connector: cloudflared Write", "account:Cloudflare One Connectors Write",
			"account:Cloudflare Tunnel Write")
	}
}

func TestWritesThatReadOpens(t *testing.T) {
	t.Parallel()

	wantAccepted(t, "POST", "/accounts/{account_id}/request-tracer/trace", "account:Allow Request Tracer Read")
	wantAccepted(t, "POST", "/accounts/{account_id}/analytics_engine/sql", "account:Account Analytics Read")
	wantAccepted(t, "DELETE", "/accounts/{account_id}/workers/scripts/{script_name}/tails/{id}",
		"account:Workers Scripts Write", "account:Workers Tail Read")
	wantAccepted(t, "POST", "/accounts/{account_id}/urlscanner/v2/bulk", "account:URL Scanner Read", "account:URL Scanner Write")
	wantAccepted(t, "POST", "/zones/{zone_id}/bot_management/feedback",
		"zone:Bot Management Feedback Report Read", "zone:Bot Management Feedback Report Write",
		"zone:Bot Management Read", "zone:Bot Management Write")

	// There are no others.
	for _, o := range catalog.Operations() {
		if o.Method == http.MethodGet {
			continue
		}

		for i := range o.Accepts.All() {
			g := catalog.Groups()[i]
			noted := strings.Contains(o.Note, "read-level group")

			if g.Rank == 1 && !noted {
				t.Errorf("%s is opened by %s", o.Name(), g.Ref())
			}
		}
	}
}

// Every operation on rulesets accepts one and the same long list, whatever the phase.
func TestRulesetsAcceptManyFamilies(t *testing.T) {
	t.Parallel()

	zone := []string{
		"account:Account Rulesets", "account:Account WAF", "account:L4 DDoS Managed Ruleset", "account:Magic Firewall",
		"account:Mass URL Redirects", "account:Select Configuration", "account:Transform Rules",
		"zone:Bot Management", "zone:Cache Settings", "zone:Config Settings", "zone:Custom Errors", "zone:Dynamic URL Redirects",
		"zone:HTTP DDoS Managed Ruleset", "zone:Logs", "zone:Managed headers", "zone:Origin", "zone:Response Compression",
		"zone:Sanitize", "zone:Zone Transform Rules", "zone:Zone WAF",
	}
	account := []string{
		"account:Account Rulesets", "account:Account WAF", "account:L4 DDoS Managed Ruleset", "account:Logs",
		"account:Magic Firewall", "account:Mass URL Redirects", "account:Select Configuration", "account:Transform Rules",
	}
	count := 0

	for _, o := range catalog.Operations() {
		var want []string

		switch {
		case strings.HasPrefix(o.Route, "/zones/{zone_id}/rulesets"), o.Route == "/zones/{zone_id}/managed_headers",
			o.Route == "/zones/{zone_id}/url_normalization":
			want = zone
		case strings.HasPrefix(o.Route, "/accounts/{account_id}/rulesets"):
			want = account
		default:
			continue
		}

		count++

		got := families(o)
		for _, family := range want {
			if !got[family] {
				t.Errorf("%s accepts nothing of %s", o.Name(), family)
			}
		}

		if len(got) != len(want) {
			t.Errorf("%s accepts %d families, want %d", o.Name(), len(got), len(want))
		}

		groups := len(want)
		if o.Method == http.MethodGet {
			groups *= 2
		}

		if o.Accepts.Len() != groups {
			t.Errorf("%s accepts %d groups, want %d", o.Name(), o.Accepts.Len(), groups)
		}
	}

	if count < 50 {
		t.Errorf("only %d operations on rulesets", count)
	}
}

func TestReadsThatNearlyEveryGroupOpens(t *testing.T) {
	t.Parallel()

	for _, route := range []string{
		"/zones/{zone_id}", "/zones/{zone_id}/hold", "/zones/{zone_id}/pagerules/{pagerule_id}",
		"/zones/{zone_id}/keyless_certificates/{keyless_certificate_id}",
	} {
		if n := len(accepted(t, "GET", route)); n != 36 {
			t.Errorf("GET %s accepts %d groups, want 36", route, n)
		}
	}

	for _, route := range []string{"/accounts", "/accounts/{account_id}", "/accounts/{account_id}/iam/permission_groups"} {
		if n := len(accepted(t, "GET", route)); n != 29 {
			t.Errorf("GET %s accepts %d groups, want 29", route, n)
		}
	}

	if got := accepted(t, "GET", "/zones/{zone_id}"); !slices.Contains(got, "zone:Apps Write") {
		t.Errorf("GET /zones/{zone_id} accepts %q without Apps Write, which opens little else", got)
	}
}

func TestAccountGroupsOnZones(t *testing.T) {
	t.Parallel()

	tests := []struct{ method, route, ref string }{
		{"GET", "/zones/{zone_id}/api_gateway/operations", "account:Account API Gateway Read"},
		{"PUT", "/zones/{zone_id}/api_gateway/configuration", "account:Account API Gateway"},
		{"GET", "/zones/{zone_id}/page_shield/policies", "account:Page Shield Read"},
		{"GET", "/zones/{zone_id}/page_shield/policies", "zone:Domain Page Shield Read"},
		{"POST", "/zones/{zone_id}/page_shield/policies", "account:Page Shield"},
		{"PUT", "/zones/{zone_id}/content-upload-scan/settings", "account:Account WAF Write"},
		{"POST", "/zones/{zone_id}/custom_certificates", "account:Access: Mutual TLS Certificates Write"},
	}
	for _, tt := range tests {
		if got := accepted(t, tt.method, tt.route); !slices.Contains(got, tt.ref) {
			t.Errorf("%s %s accepts %q without %s", tt.method, tt.route, got, tt.ref)
		}
	}
}

func TestRowsOfSeveralFamilies(t *testing.T) {
	t.Parallel()

	wantAccepted(t, "PUT", "/zones/{zone_id}/custom_pages/{identifier}", "zone:Custom Pages Write", "zone:Zone Settings Write")
	wantAccepted(t, "PUT", "/accounts/{account_id}/custom_pages/{identifier}",
		"account:Account Custom Pages Write", "account:Account Settings Write")
	wantAccepted(t, "PUT", "/zones/{zone_id}/pagerules/{pagerule_id}", "zone:Page Rules Write", "zone:Zone Write")
	wantAccepted(t, "GET", "/accounts/{account_id}/magic/sites",
		"account:Magic Transit Read", "account:Magic Transit Write", "account:Magic WAN Read", "account:Magic WAN Write")
	wantAccepted(t, "POST", "/accounts/{account_id}/addressing/prefixes",
		"account:IP Prefixes: BGP On Demand Write", "account:IP Prefixes: Write", "account:Magic Transit Write")
	wantAccepted(t, "GET", "/accounts/{account_id}/queues",
		"account:Queues Read", "account:Queues Write", "account:Workers Scripts Read", "account:Workers Scripts Write")
	wantAccepted(t, "POST", "/accounts/{account_id}/alerting/v3/policies",
		"account:Account Settings Write", "account:Notifications Write")
	wantAccepted(t, "POST", "/accounts/{account_id}/challenges/widgets",
		"account:Account Settings Write", "account:Turnstile Sites Write")
	wantAccepted(t, "GET", "/accounts/{account_id}/dex/devices/dex_tests",
		"account:Cloudflare DEX Read", "account:Cloudflare DEX Write", "account:Zero Trust Read", "account:Zero Trust Report")
}

// No group implies another: where the sources name the read group alone, the write group does not open the read.
func TestReadsThatWriteDoesNotOpen(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"/accounts/{account_id}/rules/lists/{list_id}":                "account:Account Rule Lists Read",
		"/accounts/{account_id}/rum/site_info/{site_id}":              "account:Account Settings Read",
		"/accounts/{account_id}/rum/site_info/list":                   "account:Account Settings Read",
		"/accounts/{account_id}/sso_connectors":                       "account:SSO Connector Read",
		"/accounts/{account_id}/sso_connectors/{sso_connector_id}":    "account:SSO Connector Read",
		"/accounts/{account_id}/logpush/datasets/{dataset_id}/fields": "account:Logs Read",
		"/zones/{zone_id}/logpush/datasets/{dataset_id}/fields":       "zone:Logs Read",
		"/zones/{zone_id}/dns_analytics/report":                       "zone:Analytics Read",
		"/accounts/{account_id}/access/users":                         "account:Access: Audit Logs Read",
	}
	for route, want := range tests {
		wantAccepted(t, "GET", route, want)
	}
}

func TestNoGroupOpensVerify(t *testing.T) {
	t.Parallel()

	wantAccepted(t, "GET", "/user/tokens/verify")
	wantAccepted(t, "GET", "/accounts/{account_id}/tokens/verify")
}

func TestEvidenceIsKept(t *testing.T) {
	t.Parallel()

	for _, route := range []string{"/accounts/{account_id}/devices/policy", "/accounts/{account_id}/r2/buckets/{bucket_name}"} {
		o := mustOperation(t, "GET", route)
		if o.Evidence != catalog.EvidenceInferred || !strings.Contains(o.Source, "read counterpart added") {
			t.Errorf("%s: %s, %q", o.Name(), o.Evidence, o.Source)
		}
	}

	status := mustOperation(t, "PATCH", "/accounts/{account_id}/addressing/prefixes/{prefix_id}/bgp/status")
	if !strings.Contains(status.Source, "deprecated") {
		t.Errorf("%s: source %q does not say deprecated", status.Name(), status.Source)
	}

	if o := mustOperation(t, "GET", "/accounts/{account_id}/iot/devices"); o.Evidence != catalog.EvidenceProposed {
		t.Errorf("%s: %s", o.Name(), o.Evidence)
	}

	count := make(map[string]int)
	for _, o := range catalog.Operations() {
		count[o.Evidence]++
	}

	if count[catalog.EvidenceDocumented] < 874 || count[catalog.EvidenceInferred] < 352 || count[catalog.EvidenceProposed] == 0 {
		t.Errorf("operations by evidence: %v", count)
	}
}
