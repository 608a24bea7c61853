// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
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

var userOwned = owner{known: true}

func accountOwned() owner { return owner{known: true, accountID: accountA} }

// unknown stands for a value that is not known yet, null for one left out.
type unknownValue struct{}

var unknown = unknownValue{}

type obj = map[string]any

// value builds a framework value of a type from plain Go values: string, bool,
// []string, []any, obj and unknown; what an obj leaves out is null.
func value(t *testing.T, kind attr.Type, in any) attr.Value {
	t.Helper()
	switch kind := kind.(type) {
	case types.ObjectType:
		return objectValue(t, kind, in)
	case types.SetType:
		if in == nil {
			return types.SetNull(kind.ElemType)
		}
		if in == unknown {
			return types.SetUnknown(kind.ElemType)
		}
		var elements []attr.Value
		switch list := in.(type) {
		case []string:
			for _, e := range list {
				elements = append(elements, value(t, kind.ElemType, e))
			}
		case []any:
			for _, e := range list {
				elements = append(elements, value(t, kind.ElemType, e))
			}
		default:
			t.Fatalf("cannot build a set from %T", in)
		}
		return types.SetValueMust(kind.ElemType, elements)
	}
	switch in := in.(type) {
	case string:
		return types.StringValue(in)
	case bool:
		return types.BoolValue(in)
	case unknownValue:
		if kind.Equal(types.BoolType) {
			return types.BoolUnknown()
		}
		return types.StringUnknown()
	case nil:
		if kind.Equal(types.BoolType) {
			return types.BoolNull()
		}
		return types.StringNull()
	default:
		t.Fatalf("cannot build a %s from %T", kind, in)
		return nil
	}
}

func objectValue(t *testing.T, kind types.ObjectType, in any) attr.Value {
	t.Helper()
	switch in := in.(type) {
	case nil:
		return types.ObjectNull(kind.AttrTypes)
	case unknownValue:
		return types.ObjectUnknown(kind.AttrTypes)
	case obj:
		values := map[string]attr.Value{}
		for name, attrType := range kind.AttrTypes {
			values[name] = value(t, attrType, in[name])
		}
		for name := range in {
			if _, ok := kind.AttrTypes[name]; !ok {
				t.Fatalf("no attribute %q in %s", name, kind)
			}
		}
		return types.ObjectValueMust(kind.AttrTypes, values)
	default:
		t.Fatalf("cannot build an object from %T", in)
		return nil
	}
}

// policiesValue builds the attribute `policies`.
func policiesValue(t *testing.T, in map[string]any) types.Map {
	t.Helper()
	elements := map[string]attr.Value{}
	for key, p := range in {
		elements[key] = value(t, policyType, p)
	}
	return types.MapValueMust(policyType, elements)
}

// pol is one policy with its groups and resources.
func pol(groups []string, resources obj) obj {
	return obj{"permission_groups": groups, "resources": resources}
}

func conditionValue(t *testing.T, in any) types.Object {
	t.Helper()
	out, ok := value(t, conditionType, in).(types.Object)
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
	sort.Strings(out)
	return out
}

// mustCompile compiles one policy that has no problem.
func mustCompile(t *testing.T, p obj, own owner) policy {
	t.Helper()
	list, complete, diags := compilePolicies(t.Context(), policiesValue(t, map[string]any{"p": p}), own)
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
	sort.Strings(resources)
	return fmt.Sprintf("%s %s %s", p.Effect, strings.Join(groups, ","), strings.Join(resources, " "))
}
