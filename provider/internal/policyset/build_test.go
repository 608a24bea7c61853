// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/plainvalue"
)

// Ids and groups that the tests use.
const (
	accountA = "023e105f4ecef8ad9ca31a8372d0c353"
	accountB = "123e105f4ecef8ad9ca31a8372d0c353"
	zoneA    = "a23e105f4ecef8ad9ca31a8372d0c353"
	zoneB    = "b23e105f4ecef8ad9ca31a8372d0c353"
	userID   = "c23e105f4ecef8ad9ca31a8372d0c353"

	dnsWrite        = "4755a26eedb94da69e1066d98aa820be"
	dnsRead         = "82e64a83756745bbbb1c9c2701bf816b"
	zoneRead        = "c8fed203ed3043cba015a93ad1616f1f"
	accountSettings = "c1fde68c7bcc44588cbb6ddbc16d6480" // Account Settings Read
	tokensRead      = "0cc3a61731504c89b99ec1be78b77aa0" // API Tokens Read
	notEmbedded     = "ffffffffffffffffffffffffffffff01"
)

var userOwned = Owner{Known: true}

func accountOwned() Owner { return Owner{Known: true, AccountID: accountA} }

// unknown stands for a value that is not known yet.
var unknown = plainvalue.Unknown

type obj = plainvalue.Object

// policiesValue builds the attribute `policies`.
func policiesValue(t *testing.T, in map[string]any) types.Map {
	t.Helper()
	return plainvalue.Map(t, PolicyType, in)
}

// pol is one policy with its groups and resources.
func pol(groups []string, resources obj) obj {
	return obj{"permission_groups": groups, "resources": resources}
}

// problems writes diagnostics as "path: summary", sorted.
func problems(diags diag.Diagnostics) []string {
	var out []string
	for _, d := range diags {
		at := ""
		if withPath, ok := d.(diag.DiagnosticWithPath); ok {
			at = withPath.Path().String() + ": "
		}
		out = append(out, at+d.Summary())
	}
	slices.Sort(out)
	return out
}

// mustCompile compiles one policy that has no problem.
func mustCompile(t *testing.T, p obj, own Owner) Policy {
	t.Helper()
	list, complete, diags := Compile(t.Context(), policiesValue(t, map[string]any{"p": p}), own)
	if !complete || diags.HasError() {
		t.Fatalf("policy does not compile: complete %v, %v", complete, diags)
	}
	return list[0].Policy
}

// wire writes a policy's wire form on one line.
func wire(p client.Policy) string {
	var groups, resources []string
	for _, g := range p.Groups {
		groups = append(groups, g.ID)
	}
	for key, value := range p.Resources {
		text := key + "=*"
		if value.Nested != nil {
			text = fmt.Sprintf("%s={%s}", key, strings.Join(value.Nested, ","))
		}
		resources = append(resources, text)
	}
	slices.Sort(resources)
	return fmt.Sprintf("%s %s %s", p.Effect, strings.Join(groups, ","), strings.Join(resources, " "))
}
