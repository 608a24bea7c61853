// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

const someID = "023e105f4ecef8ad9ca31a8372d0c353"

func TestParseOperation(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		params           map[string]string
	}{
		{"a permission by its name", "DNS Write", "zone:DNS Write", nil},
		{"with its scope", "zone:DNS Write", "zone:DNS Write", nil},
		{"by its id", "4755a26eedb94da69e1066d98aa820be", "zone:DNS Write", nil},
		{"by the dashboard's spelling", "account:Account Settings Write", "account:Account Settings Write", nil},
		{"a row by its route", "GET /zones/{zone_id}/dns_records", "GET /zones/{zone_id}/dns_records", nil},
		{"another placeholder", "GET /zones/{id}/dns_records", "GET /zones/{zone_id}/dns_records", map[string]string{"zone_id": "{id}"}},
		{"a path", "POST /zones/" + someID + "/dns_records", "POST /zones/{zone_id}/dns_records", map[string]string{"zone_id": someID}},
		{
			"a whole request line", " get /client/v4/zones/" + someID + "/dns_records?page=2 ",
			"GET /zones/{zone_id}/dns_records",
			map[string]string{"zone_id": someID},
		},
		{"HEAD counts as GET", "HEAD /zones/{zone_id}", "GET /zones/{zone_id}", nil},
		{"HEAD of a path", "HEAD /zones/" + someID, "GET /zones/{zone_id}", map[string]string{"zone_id": someID}},
		{"other ids are free", "GET /user/tokens/x", "GET /user/tokens/{token_id}", map[string]string{"token_id": "x"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := inquiry.ParseOperation(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != tc.want {
				t.Errorf("ParseOperation(%q) = %q, want %q", tc.text, got, tc.want)
			}
			var params map[string]string
			for i := range got.Params.Len() {
				if params == nil {
					params = map[string]string{}
				}
				name, value := got.Params.At(i)
				params[name] = value
			}
			if diff := cmp.Diff(tc.params, params); diff != "" {
				t.Errorf("params (-want +got):\n%s", diff)
			}
			again, err := inquiry.ParseOperation(got.String())
			if err != nil || again.String() != got.String() {
				t.Errorf("%q read again: %q, %v", got, again, err)
			}
		})
	}
}

func TestParseOperationUnknown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		nearest    []string
		says       string
	}{
		{"a slip in a route", "GET /zone/{zone_id}", []string{"GET /zones/{zone_id}"}, "did you mean"},
		{
			"a slip in a path", "POST /zones/" + someID + "/dns_record",
			[]string{"POST /zones/{zone_id}/dns_records"},
			"did you mean",
		},
		{
			"a method that the path lacks", "PUT /zones/{zone_id}/dns_records",
			[]string{"GET /zones/{zone_id}/dns_records", "POST /zones/{zone_id}/dns_records"},
			"no such method",
		},
		{"no method", "/user/tokens/verify", []string{"GET /user/tokens/verify"}, "a method must stand before the path"},
		{"no method and a slip", "/user/token", []string{"GET /user/tokens"}, "a method must stand before the path"},
		{
			"a name where an id belongs", "GET /zones/example.com/dns_records",
			[]string{"GET /zones/{zone_id}/dns_records"},
			"its {zone_id} is not 32 lower-case hexadecimal digits",
		},
		{"nothing like it", "GET /qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", nil, "unknown operation"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := inquiry.ParseOperation(tc.text)
			unknown, ok := errors.AsType[*inquiry.UnknownOperationError](err)
			if !ok {
				t.Fatalf("ParseOperation(%q): %v", tc.text, err)
			}
			if tc.nearest == nil && len(unknown.Nearest) > 0 || len(tc.nearest) > len(unknown.Nearest) {
				t.Fatalf("nearest %q, want %q", unknown.Nearest, tc.nearest)
			}
			if diff := cmp.Diff(tc.nearest, unknown.Nearest[:len(tc.nearest)], cmp.Transformer("empty", func(s []string) string {
				return strings.Join(s, "|")
			})); diff != "" {
				t.Errorf("nearest (-want +got):\n%s", diff)
			}
			if !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%q does not say %q", err, tc.says)
			}
		})
	}
}

func TestParsePermissionUnknown(t *testing.T) {
	t.Parallel()
	_, err := inquiry.ParseOperation("DNS Wrote")
	unknown, ok := errors.AsType[*inquiry.UnknownPermissionError](err)
	if !ok || len(unknown.Nearest) == 0 || unknown.Nearest[0] != "DNS Write" {
		t.Errorf("a slip in a name: %#v", err)
	}
	_, err = inquiry.ParseOperation("")
	if _, ok := errors.AsType[*inquiry.UnknownPermissionError](err); !ok || !strings.Contains(err.Error(), "a method and a path") {
		t.Errorf("nothing at all: %v", err)
	}
	_, err = inquiry.ParseOperation("Access: Apps and Policies Read")
	if ambiguous, ok := errors.AsType[*catalog.AmbiguousGroupError](err); !ok || len(ambiguous.Candidates) < 2 {
		t.Errorf("a name of two scopes: %v", err)
	}
}
