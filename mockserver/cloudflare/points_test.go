// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// The tests of this file hold over HTTP what a simpler server would lose: for
// each operation all 313 groups are tried, each by a token that holds it alone.

// newGroupServer serves a world with a token for every group, under its name.
func newGroupServer(t *testing.T) *server {
	t.Helper()
	s := newServer(t, func(o *cloudflare.Options) { o.OnDecision, o.TerseErrors = nil, true })
	s.giveTokens(loadGroupCases())
	return s
}

// opens lists the groups that open an operation, sorted by scope and name.
func (s *server) opens(method, route string) []string {
	s.tb.Helper()
	operation, ok := catalog.OperationByName(method, route)
	if !ok {
		s.tb.Fatalf("%s %s is no operation", method, route)
	}
	request := s.requestOf(operation, requests())
	var refs []string
	for _, g := range catalog.Groups() {
		switch r := s.do(g.Ref(), method, request.path, request.body); r.status {
		case http.StatusForbidden:
		case http.StatusOK, http.StatusNotFound: // A deletion succeeds once.
			refs = append(refs, g.Ref())
		default:
			s.tb.Errorf("%s %s as %s got %d\n%s", method, route, g.Ref(), r.status, r.body)
		}
	}
	slices.Sort(refs)
	return refs
}

// families names the families of groups, sorted.
func families(refs []string) []string {
	names := make(map[string]bool)
	for _, g := range catalog.Groups() {
		if slices.Contains(refs, g.Ref()) {
			names[g.Scope.String()+":"+g.Family] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

const (
	anAccount = "/accounts/{account_id}"
	aZone     = "/zones/{zone_id}"
)

// TestWhoOpensWhat: exactly these groups open the operation.
func TestWhoOpensWhat(t *testing.T) {
	t.Parallel()
	tunnels := []string{
		"account:Cloudflare One Connector: cloudflared Write", "account:Cloudflare One Connectors Write", "account:Cloudflare Tunnel Write",
	}
	for _, c := range []struct {
		about, method, route string
		groups               []string
	}{
		{"a read that needs Write", "GET", anAccount + "/logpush/jobs", []string{"account:Logs Write"}},
		{"a read that needs Write", "GET", aZone + "/logpush/jobs", []string{"zone:Logs Write"}},
		{"a read that needs Write", "GET", anAccount + "/cfd_tunnel/{tunnel_id}/token", tunnels},
		{"a read that needs Write", "GET", anAccount + "/warp_connector/{tunnel_id}/token", tunnels},

		{"a read that Write does not open", "GET", anAccount + "/rules/lists/{list_id}", []string{"account:Account Rule Lists Read"}},
		{"a read that Write does not open", "GET", anAccount + "/sso_connectors", []string{"account:SSO Connector Read"}},
		{"a read that Write does not open", "GET", aZone + "/dns_analytics/report", []string{"zone:Analytics Read"}},
		{"a read that Write does not open", "GET", anAccount + "/access/users", []string{"account:Access: Audit Logs Read"}},

		{"no read, and Read opens it", "POST", anAccount + "/request-tracer/trace", []string{"account:Allow Request Tracer Read"}},
		{"no read, and Read opens it", "POST", anAccount + "/analytics_engine/sql", []string{"account:Account Analytics Read"}},
		{"no read, and Read opens it", "DELETE", anAccount + "/workers/scripts/{script_name}/tails/{id}", []string{
			"account:Workers Scripts Write", "account:Workers Tail Read",
		}},
		{"no read, and Read opens it", "POST", anAccount + "/urlscanner/v2/bulk", []string{"account:URL Scanner Read", "account:URL Scanner Write"}},
		{"no read, and Read opens it", "POST", aZone + "/bot_management/feedback", []string{
			"zone:Bot Management Feedback Report Read", "zone:Bot Management Feedback Report Write", "zone:Bot Management Read", "zone:Bot Management Write",
		}},

		{"account groups on a zone", "PUT", aZone + "/api_gateway/configuration", []string{"account:Account API Gateway", "zone:Domain API Gateway"}},
		{"account groups on a zone", "POST", aZone + "/page_shield/policies", []string{
			"account:Page Shield", "zone:Domain Page Shield", "zone:Zone Settings Write",
		}},
		{"account groups on a zone", "PUT", aZone + "/content-upload-scan/settings", []string{"account:Account WAF Write", "zone:Zone WAF Write"}},
		{"account groups on a zone", "POST", aZone + "/custom_certificates", []string{
			"account:Access: Mutual TLS Certificates Write", "zone:SSL and Certificates Write",
		}},

		{"groups of several families", "PUT", aZone + "/custom_pages/{identifier}", []string{"zone:Custom Pages Write", "zone:Zone Settings Write"}},
		{"groups of several families", "PUT", anAccount + "/custom_pages/{identifier}", []string{
			"account:Account Custom Pages Write", "account:Account Settings Write",
		}},
		{"groups of several families", "PUT", aZone + "/pagerules/{pagerule_id}", []string{"zone:Page Rules Write", "zone:Zone Write"}},
		{"groups of several families", "GET", anAccount + "/magic/sites", []string{
			"account:Magic Transit Read", "account:Magic Transit Write", "account:Magic WAN Read", "account:Magic WAN Write",
		}},
		{"groups of several families", "POST", anAccount + "/addressing/prefixes", []string{
			"account:IP Prefixes: BGP On Demand Write", "account:IP Prefixes: Write", "account:Magic Transit Write",
		}},
		{"groups of several families", "POST", anAccount + "/challenges/widgets", []string{
			"account:Account Settings Write", "account:Turnstile Sites Write",
		}},
		{"groups on buckets", "GET", anAccount + "/r2/buckets/{bucket_name}/objects/{key}", []string{
			"account:Workers R2 Storage Read", "account:Workers R2 Storage Write",
			"r2:Workers R2 Storage Bucket Item Read", "r2:Workers R2 Storage Bucket Item Write",
		}},
		{"nobody but keys", "GET", "/user/subscriptions", nil},
	} {
		t.Run(fmt.Sprintf("%s: %s %s", c.about, c.method, c.route), func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.groups, newGroupServer(t).opens(c.method, c.route)); diff != "" {
				t.Errorf("other groups open it (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRulesetsOfEveryPhase: one and the same families open every operation on
// rulesets, whatever the phase, and on what is made of them.
func TestRulesetsOfEveryPhase(t *testing.T) {
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
	for _, c := range []struct {
		method, route string
		families      []string
	}{
		{"GET", aZone + "/rulesets", zone},
		{"POST", aZone + "/rulesets", zone},
		{"PUT", aZone + "/rulesets/{ruleset_id}", zone},
		{"GET", aZone + "/rulesets/phases/http_request_sanitize/entrypoint", zone},
		{"PUT", aZone + "/rulesets/phases/http_request_sanitize/entrypoint", zone},
		{"PUT", aZone + "/rulesets/phases/{ruleset_phase}/entrypoint", zone},
		{"PATCH", aZone + "/managed_headers", zone},
		{"PUT", aZone + "/url_normalization", zone},
		{"GET", anAccount + "/rulesets", account},
		{"PUT", anAccount + "/rulesets/phases/magic_transit/entrypoint", account},
		{"PUT", anAccount + "/rulesets/phases/{ruleset_phase}/entrypoint", account},
		{"DELETE", anAccount + "/rulesets/{ruleset_id}", account},
	} {
		t.Run(c.method+" "+c.route, func(t *testing.T) {
			t.Parallel()
			refs := newGroupServer(t).opens(c.method, c.route)
			if diff := cmp.Diff(c.families, families(refs)); diff != "" {
				t.Errorf("other families open it (-want +got):\n%s", diff)
			}
			levels := 1
			if c.method == http.MethodGet {
				levels = 2
			}
			if len(refs) != levels*len(c.families) {
				t.Errorf("%d groups open it, want %d: %q", len(refs), levels*len(c.families), refs)
			}
			for _, ref := range refs {
				if levels == 1 && strings.HasSuffix(ref, " Read") {
					t.Errorf("%s opens it", ref)
				}
			}
		})
	}
}

// TestBroadReads: some reads are open to nearly every group of their scope.
func TestBroadReads(t *testing.T) {
	t.Parallel()
	for route, want := range map[string]int{
		aZone:           36,
		aZone + "/hold": 36,
		aZone + "/keyless_certificates/{keyless_certificate_id}": 36,
		aZone + "/pagerules/{pagerule_id}":                       36,
		anAccount:                                                29,
		anAccount + "/iam/permission_groups":                     29,
	} {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			if refs := newGroupServer(t).opens(http.MethodGet, route); len(refs) != want {
				t.Errorf("%d groups open it, want %d: %q", len(refs), want, refs)
			}
		})
	}
}
