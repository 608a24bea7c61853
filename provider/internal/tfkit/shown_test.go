// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// What has the form of a secret is not shown, whatever secret the server gives out.
func TestShown(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t)
	for name, value := range map[string]string{
		"a Global API key":  server.CredentialOf("global_key", "super").Value,
		"an Origin CA key":  server.CredentialOf("origin_ca_key", "super").Value,
		"a Vultr key":       server.CredentialOf("vultr_key", "super").Value,
		"a user's token":    server.Credential("terraform").Value,
		"an account's":      server.Credential("acme_ops").Value,
		"a token in a word": "Bearer " + server.Credential("terraform").Value,
		"an age key":        "AGE-SECRET-KEY-1" + strings.Repeat("Q", 58),
	} {
		if got := Shown(value); strings.Contains(got, value[len(value)-8:]) || !strings.Contains(got, "look like a secret") {
			t.Errorf("%s is shown: %s", name, got)
		}
		if got := NotAnID("token", value); strings.Contains(got, value[len(value)-8:]) {
			t.Errorf("%s is shown: %s", name, got)
		}
	}
	for _, value := range []string{"", "example.com", "023E105F4ECEF8AD9CA31A8372D0C353", "01a7362d577a6c3019a474fd6f485823/ci@example.com"} {
		if got, want := Shown(value), `"`+value+`"`; got != want {
			t.Errorf("Shown = %s, want %s", got, want)
		}
	}
}

func TestIDOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value types.String
		says  string // empty: accepted
	}{
		{"null", types.StringNull(), ""},
		{"unknown", types.StringUnknown(), ""},
		{"id", types.StringValue("01a7362d577a6c3019a474fd6f485823"), ""},
		{"name", types.StringValue("acme"), `"acme" is no account id: an id is 32 lower-case hexadecimal digits.` + "\n\nTake the id from the account's data source or resource."},
		{"capitals", types.StringValue("01A7362D577A6C3019A474FD6F485823"), "lower-case"},
		{"zeros", types.StringValue(strings.Repeat("0", 32)), "no object has the id that is all zeros"},
		{"secret", types.StringValue(strings.Repeat("s", 40)), "(40 characters that look like a secret and are not shown) is no account id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			resp := validator.StringResponse{}
			IDOf("account").ValidateString(t.Context(), validator.StringRequest{Path: path.Root("account_id"), ConfigValue: tt.value}, &resp)
			if tt.says == "" {
				if resp.Diagnostics.HasError() {
					t.Errorf("refused: %v", resp.Diagnostics)
				}
				return
			}
			if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != "Invalid account id" || !strings.Contains(resp.Diagnostics[0].Detail(), tt.says) {
				t.Errorf("got %v, want %q", resp.Diagnostics, tt.says)
			}
		})
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[^/@\s]{1,35}$`)
	for name, test := range map[string]struct {
		value types.String
		says  string // empty: accepted
	}{
		"null":         {types.StringNull(), ""},
		"unknown":      {types.StringUnknown(), ""},
		"of the form":  {types.StringValue("01a7362d577a6c3019a474fd6f485823"), ""},
		"another form": {types.StringValue("ci@example.com"), `Attribute member_id must be an id, got: "ci@example.com".`},
		"a secret":     {types.StringValue(strings.Repeat("s", 40)), "(40 characters that look like a secret and are not shown)"},
	} {
		resp := validator.StringResponse{}
		Matches(form, "must be an id").ValidateString(t.Context(), validator.StringRequest{Path: path.Root("member_id"), ConfigValue: test.value}, &resp)
		if (test.says == "") != (len(resp.Diagnostics) == 0) {
			t.Errorf("%s: %v", name, resp.Diagnostics)
		} else if test.says != "" && !strings.Contains(resp.Diagnostics[0].Detail(), test.says) {
			t.Errorf("%s: %q, want %q", name, resp.Diagnostics[0].Detail(), test.says)
		}
	}
}
