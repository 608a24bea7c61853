// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package plainvalue builds framework values from plain Go ones, so that a test reads like the
// configuration that it stands for. It is for tests alone; no program links it.
package plainvalue

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Object is an object's attributes; those that it leaves out are null.
type Object = map[string]any

type unknown struct{}

// Unknown stands for a value that is not known yet.
var Unknown any = unknown{}

// Of builds a value of the type: a string, a bool, []string or []any for a set, an [Object], [Unknown], or
// nil for null. What does not fit the type fails the test.
func Of(tb testing.TB, kind attr.Type, in any) attr.Value {
	tb.Helper()
	switch kind := kind.(type) {
	case types.ObjectType:
		return object(tb, kind, in)
	case types.SetType:
		return set(tb, kind, in)
	}
	switch in := in.(type) {
	case string:
		return types.StringValue(in)
	case bool:
		return types.BoolValue(in)
	case unknown:
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
		tb.Fatalf("plainvalue: cannot build a %s from %T", kind, in)
		return nil
	}
}

// Map builds a map of values of one type.
func Map(tb testing.TB, kind attr.Type, in map[string]any) types.Map {
	tb.Helper()
	elements := map[string]attr.Value{}
	for key, element := range in {
		elements[key] = Of(tb, kind, element)
	}
	return types.MapValueMust(kind, elements)
}

func set(tb testing.TB, kind types.SetType, in any) types.Set {
	tb.Helper()
	var elements []attr.Value
	switch list := in.(type) {
	case nil:
		return types.SetNull(kind.ElemType)
	case unknown:
		return types.SetUnknown(kind.ElemType)
	case []string:
		for _, e := range list {
			elements = append(elements, Of(tb, kind.ElemType, e))
		}
	case []any:
		for _, e := range list {
			elements = append(elements, Of(tb, kind.ElemType, e))
		}
	default:
		tb.Fatalf("plainvalue: cannot build a set from %T", in)
	}
	return types.SetValueMust(kind.ElemType, elements)
}

func object(tb testing.TB, kind types.ObjectType, in any) types.Object {
	tb.Helper()
	switch in := in.(type) {
	case nil:
		return types.ObjectNull(kind.AttrTypes)
	case unknown:
		return types.ObjectUnknown(kind.AttrTypes)
	case Object:
		values := map[string]attr.Value{}
		for name, attrType := range kind.AttrTypes {
			values[name] = Of(tb, attrType, in[name])
		}
		for name := range in {
			if _, ok := kind.AttrTypes[name]; !ok {
				tb.Fatalf("plainvalue: no attribute %q in %s", name, kind)
			}
		}
		return types.ObjectValueMust(kind.AttrTypes, values)
	default:
		tb.Fatalf("plainvalue: cannot build an object from %T", in)
		return types.ObjectNull(kind.AttrTypes)
	}
}
