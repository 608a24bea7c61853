// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

const (
	idA = "023e105f4ecef8ad9ca31a8372d0c353"
	idB = "372e67954025e0ba6aaa6d586b9e0b59"
)

func TestMatchRoute(t *testing.T) {
	t.Parallel()

	const (
		account = "/accounts/" + idA
		zone    = "/zones/" + idA
	)

	type params map[string]string

	tests := []struct {
		method, path string
		want         string // The route, or empty.
		status       catalog.MatchStatus
		params       params
	}{
		// Plain.
		{"GET", "/user", "/user", catalog.MatchFound, nil},
		{"GET", "/zones", "/zones", catalog.MatchFound, nil},
		{"POST", "/zones", "/zones", catalog.MatchFound, nil},
		{"GET", zone, "/zones/{zone_id}", catalog.MatchFound, params{"zone_id": idA}},
		{
			"PUT", account + "/tokens/" + idB + "/value", "/accounts/{account_id}/tokens/{token_id}/value", catalog.MatchFound,
			params{"account_id": idA, "token_id": idB},
		},
		// HEAD counts as GET.
		{"HEAD", zone, "/zones/{zone_id}", catalog.MatchFound, params{"zone_id": idA}},
		{"HEAD", zone + "/purge_cache", "", catalog.MatchNoMethod, nil},
		// Literals before placeholders.
		{"GET", "/user/tokens/verify", "/user/tokens/verify", catalog.MatchFound, nil},
		{"GET", "/user/tokens/permission_groups", "/user/tokens/permission_groups", catalog.MatchFound, nil},
		{"GET", "/user/tokens/" + idB, "/user/tokens/{token_id}", catalog.MatchFound, params{"token_id": idB}},
		{"GET", "/user/tokens/Verify", "/user/tokens/{token_id}", catalog.MatchFound, params{"token_id": "Verify"}},
		{"GET", zone + "/dns_records/export", "/zones/{zone_id}/dns_records/export", catalog.MatchFound, params{"zone_id": idA}},
		{"GET", zone + "/dns_records/usage", "/zones/{zone_id}/dns_records/usage", catalog.MatchFound, params{"zone_id": idA}},
		{
			"GET", zone + "/dns_records/x", "/zones/{zone_id}/dns_records/{dns_record_id}", catalog.MatchFound,
			params{"zone_id": idA, "dns_record_id": "x"},
		},
		{
			"PUT", zone + "/rulesets/phases/ddos_l7/entrypoint", "/zones/{zone_id}/rulesets/phases/ddos_l7/entrypoint",
			catalog.MatchFound,
			params{"zone_id": idA},
		},
		{
			"PUT", zone + "/rulesets/phases/other/entrypoint", "/zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint",
			catalog.MatchFound,
			params{"zone_id": idA, "ruleset_phase": "other"},
		},
		// The literal leads nowhere: the placeholder is tried next.
		{
			"GET", zone + "/rulesets/phases/ddos_l7/entrypoint/versions",
			"/zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint/versions", catalog.MatchFound,
			params{"zone_id": idA, "ruleset_phase": "ddos_l7"},
		},
		// The literal is there, but not with this method.
		{"DELETE", zone + "/dns_records/usage", "", catalog.MatchNoMethod, nil},
		{"PUT", "/user/tokens/permission_groups", "", catalog.MatchNoMethod, nil},
		// Two placeholders in one segment.
		{
			"GET", account + "/magic/connectors/c/telemetry/events/12.7",
			"/accounts/{account_id}/magic/connectors/{connector_id}/telemetry/events/{event_t}.{event_n}", catalog.MatchFound,
			params{"account_id": idA, "connector_id": "c", "event_t": "12", "event_n": "7"},
		},
		{"GET", account + "/magic/connectors/c/telemetry/events/12", "", catalog.MatchNoRoute, nil},
		{"GET", account + "/magic/connectors/c/telemetry/events/.7", "", catalog.MatchNoRoute, nil},
		{"GET", account + "/magic/connectors/c/telemetry/events/12.", "", catalog.MatchNoRoute, nil},
		// One trailing slash is ignored.
		{"GET", "/zones/", "/zones", catalog.MatchFound, nil},
		{"GET", zone + "/", "/zones/{zone_id}", catalog.MatchFound, params{"zone_id": idA}},
		{"GET", "/user//", "", catalog.MatchNoRoute, nil},
		{"GET", zone + "//", "", catalog.MatchNoRoute, nil},
		// Empty segments.
		{"GET", "/zones//", "/zones/{zone_id}", catalog.MatchMalformedID, params{"zone_id": ""}},
		{"GET", "/zones//dns_records", "/zones/{zone_id}/dns_records", catalog.MatchMalformedID, params{"zone_id": ""}},
		{"PUT", "/accounts//members/" + idB, "/accounts/{account_id}/members/{member_id}", catalog.MatchMalformedID, params{"member_id": idB}},
		{"GET", "/user/tokens//", "", catalog.MatchNoRoute, nil},
		{"PUT", "/user/tokens//value", "", catalog.MatchNoRoute, nil},
		{"GET", "//user", "", catalog.MatchNoRoute, nil},
		{"GET", zone + "//dns_records", "", catalog.MatchNoRoute, nil},
		// Dot segments are no ids.
		{"GET", "/user/tokens/..", "", catalog.MatchNoRoute, nil},
		{"GET", "/user/tokens/../tokens", "", catalog.MatchNoRoute, nil},
		{"GET", "/zones/./dns_records", "", catalog.MatchNoRoute, nil},
		// Malformed ids: of accounts and zones alone, wherever they stand.
		{"GET", "/zones/x", "/zones/{zone_id}", catalog.MatchMalformedID, params{"zone_id": "x"}},
		{"GET", "/zones/" + strings.ToUpper(idA), "/zones/{zone_id}", catalog.MatchMalformedID, params{"zone_id": strings.ToUpper(idA)}},
		{"GET", "/zones/" + idA[:31], "/zones/{zone_id}", catalog.MatchMalformedID, params{"zone_id": idA[:31]}},
		{"GET", "/zones/" + idA + "0", "/zones/{zone_id}", catalog.MatchMalformedID, params{"zone_id": idA + "0"}},
		{"GET", "/zones/" + idA[:31] + "g", "/zones/{zone_id}", catalog.MatchMalformedID, params{"zone_id": idA[:31] + "g"}},
		{
			"PUT", account + "/addressing/address_maps/m/zones/x",
			"/accounts/{account_id}/addressing/address_maps/{address_map_id}/zones/{zone_id}", catalog.MatchMalformedID,
			params{"account_id": idA, "address_map_id": "m", "zone_id": "x"},
		},
		{
			"PUT", account + "/addressing/address_maps/m/accounts/x",
			"/accounts/{account_id}/addressing/address_maps/{address_map_id}/accounts/{account_id}", catalog.MatchMalformedID,
			params{"account_id": idA, "address_map_id": "m"},
		},
		{"GET", account + "/members/not-hex", "/accounts/{account_id}/members/{member_id}", catalog.MatchFound, params{"account_id": idA, "member_id": "not-hex"}},
		// Unknown routes and methods; these come before the form of ids.
		{"GET", "", "", catalog.MatchNoRoute, nil},
		{"GET", "/", "", catalog.MatchNoRoute, nil},
		{"GET", "//", "", catalog.MatchNoRoute, nil},
		{"GET", "zones", "", catalog.MatchNoRoute, nil},
		{"GET", "/nothing", "", catalog.MatchNoRoute, nil},
		{"GET", "/Zones", "", catalog.MatchNoRoute, nil},
		{"GET", "/zones/x/nothing", "", catalog.MatchNoRoute, nil},
		{"GET", zone + "/dns_records/x/y", "", catalog.MatchNoRoute, nil},
		{"GET", "/zones" + strings.Repeat("/x", 40), "", catalog.MatchNoRoute, nil},
		{"DELETE", "/zones", "", catalog.MatchNoMethod, nil},
		{"PUT", "/zones/x", "", catalog.MatchNoMethod, nil},
		{"OPTIONS", "/user", "", catalog.MatchNoMethod, nil},
		{"get", "/user", "", catalog.MatchNoMethod, nil},
		{"", "/user", "", catalog.MatchNoMethod, nil},
		// An escaped slash does not end a segment.
		{
			"GET", account + "/r2/buckets/b/objects/a%2Fb", "/accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}",
			catalog.MatchFound,
			params{"account_id": idA, "bucket_name": "b", "key": "a%2Fb"},
		},
		{"GET", "/zones%2F" + idA, "", catalog.MatchNoRoute, nil},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %.80s", tt.method, tt.path), func(t *testing.T) {
			t.Parallel()

			o, p, status := catalog.MatchRoute(tt.method, tt.path)
			if status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}

			got := ""
			if o != nil {
				got = o.Route
			}

			if got != tt.want {
				t.Errorf("route %q, want %q", got, tt.want)
			}

			for name, want := range tt.params {
				if p.Get(name) != want {
					t.Errorf("%s is %q, want %q", name, p.Get(name), want)
				}
			}

			if o == nil && p.Len() != 0 || p.Get("nothing") != "" {
				t.Errorf("unexpected parameters %v", p)
			}
		})
	}
}

// fill puts values into the placeholders of a route.
func fill(o *catalog.Operation) (string, []string) {
	path := o.Route

	var values []string

	for i, name := range o.Placeholders() {
		value := fmt.Sprintf("value%d", i)
		if name == "account_id" || name == "zone_id" {
			value = fmt.Sprintf("%032x", i+10)
		}

		path = strings.Replace(path, "{"+name+"}", value, 1)
		values = append(values, value)
	}

	return path, values
}

func TestEveryRouteMatchesItself(t *testing.T) {
	t.Parallel()

	for _, o := range catalog.Operations() {
		path, values := fill(o)

		found, p, status := catalog.MatchRoute(o.Method, path)
		if found != o || status != catalog.MatchFound {
			t.Errorf("%s %s: matched %v with status %d", o.Method, path, found, status)

			continue
		}

		if p.Len() != len(values) {
			t.Errorf("%s: %d values, want %d", o.Name(), p.Len(), len(values))
		}

		for i, want := range values {
			name, got := p.At(i)
			if name != o.Placeholders()[i] || got != want {
				t.Errorf("%s: value %d is %s=%q, want %q", o.Name(), i, name, got, want)
			}
		}

		if allowed := catalog.AllowedMethods(path); !slices.Contains(allowed, o.Method) {
			t.Errorf("%s: allowed methods are %q", path, allowed)
		}
	}
}

func TestAllowedMethods(t *testing.T) {
	t.Parallel()

	tests := map[string][]string{
		"/zones":                                {"GET", "HEAD", "POST"},
		"/zones/":                               {"GET", "HEAD", "POST"},
		"/user":                                 {"GET", "HEAD", "PATCH"},
		"/zones/malformed":                      {"DELETE", "GET", "HEAD", "PATCH"},
		"/user/tokens/verify":                   {"GET", "HEAD"},
		"/accounts/x/tokens/y/value":            {"PUT"},
		"/zones/" + idA + "/dns_records/" + idB: {"DELETE", "GET", "HEAD", "PATCH", "PUT"},
		"/nothing":                              nil,
		"":                                      nil,
		"/":                                     nil,
	}
	for path, want := range tests {
		if diff := cmp.Diff(want, catalog.AllowedMethods(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// A method that AllowedMethods lists is never answered with "no such method", and any other always is.
func TestAllowedMethodsAgreesWithMatchRoute(t *testing.T) {
	t.Parallel()

	for _, o := range catalog.Operations() {
		path, _ := fill(o)
		allowed := catalog.AllowedMethods(path)

		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			_, _, status := catalog.MatchRoute(method, path)
			if got := status == catalog.MatchFound; got != slices.Contains(allowed, method) {
				t.Errorf("%s %s: status %d, allowed %q", method, path, status, allowed)
			}
		}
	}
}

//nolint:paralleltest // AllocsPerRun counts what the whole process allocates.
func TestMatchRouteAllocatesNothing(t *testing.T) {
	paths := []string{
		"/zones/" + idA + "/dns_records/" + idB,
		"/zones/" + idA + "/rulesets/phases/ddos_l7/entrypoint/versions/7",
		"/accounts/" + idA + "/magic/connectors/c/telemetry/events/12.7",
		"/zones/malformed",
		"/nothing/at/all",
	}
	length := 0

	for _, path := range paths {
		if got := testing.AllocsPerRun(100, func() {
			_, p, _ := catalog.MatchRoute("GET", path)
			length += len(p.Get("zone_id"))
		}); got != 0 {
			t.Errorf("%s: %v allocations", path, got)
		}
	}

	if length == 0 {
		t.Error("no path has a zone")
	}
}

func BenchmarkMatchRoute(b *testing.B) {
	path := "/zones/" + idA + "/dns_records/" + idB

	b.ReportAllocs()

	for b.Loop() {
		catalog.MatchRoute("GET", path)
	}
}
