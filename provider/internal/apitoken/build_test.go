// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/plainvalue"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// Ids and groups that the tests use.
const (
	accountA = "023e105f4ecef8ad9ca31a8372d0c353"
	zoneA    = "a23e105f4ecef8ad9ca31a8372d0c353"
	zoneB    = "b23e105f4ecef8ad9ca31a8372d0c353"
	userID   = "c23e105f4ecef8ad9ca31a8372d0c353"

	dnsWrite = "4755a26eedb94da69e1066d98aa820be"
)

// unknown stands for a value that is not known yet.
var unknown = plainvalue.Unknown

type obj = plainvalue.Object

// policiesValue builds the attribute `policies`.
func policiesValue(t *testing.T, in map[string]any) types.Map {
	t.Helper()
	return plainvalue.Map(t, policyset.PolicyType, in)
}

// pol is one policy with its groups and resources.
func pol(groups []string, resources obj) obj {
	return obj{"permission_groups": groups, "resources": resources}
}

func conditionValue(t *testing.T, in any) types.Object {
	t.Helper()
	out, ok := plainvalue.Of(t, conditionType, in).(types.Object)
	if !ok {
		t.Fatal("a condition is no object")
	}
	return out
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

// mustCompile compiles one policy of a user-owned token that has no problem.
func mustCompile(t *testing.T, p obj) policyset.Policy {
	t.Helper()
	list, complete, diags := policyset.Compile(t.Context(), policiesValue(t, map[string]any{"p": p}), policyset.Owner{Known: true})
	if !complete || diags.HasError() {
		t.Fatalf("policy does not compile: complete %v, %v", complete, diags)
	}
	return list[0].Policy
}
