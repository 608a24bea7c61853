// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestCoerce(t *testing.T) {
	t.Parallel()
	set := types.SetType{ElemType: types.StringType}
	object := types.ObjectType{AttrTypes: map[string]attr.Type{"names": set, "on": types.BoolType}}
	nested := types.MapType{ElemType: object}
	text, two := types.StringValue("a"), types.StringValue("b")
	given := func(attributes map[string]attr.Value) types.Object {
		kinds := map[string]attr.Type{}
		for name, value := range attributes {
			kinds[name] = value.Type(t.Context())
		}
		return types.ObjectValueMust(kinds, attributes)
	}
	tuple := func(elements ...attr.Value) types.Tuple {
		kinds := make([]attr.Type, 0, len(elements))
		for _, e := range elements {
			kinds = append(kinds, e.Type(t.Context()))
		}
		return types.TupleValueMust(kinds, elements)
	}
	names := func(elements ...attr.Value) types.Set { return types.SetValueMust(types.StringType, elements) }
	want := func(names, on attr.Value) types.Object {
		return types.ObjectValueMust(object.AttrTypes, map[string]attr.Value{"names": names, "on": on})
	}
	tests := []struct {
		name    string
		in      attr.Value
		to      attr.Type
		want    attr.Value
		problem string
	}{
		{"a dynamic value", types.DynamicValue(text), types.StringType, text, ""},
		{"a dynamic null", types.DynamicNull(), object, types.ObjectNull(object.AttrTypes), ""},
		{"a dynamic unknown", types.DynamicUnknown(), set, types.SetUnknown(types.StringType), ""},
		{"a typed null", types.ListNull(types.StringType), set, types.SetNull(types.StringType), ""},
		{"an unknown text", types.StringUnknown(), types.StringType, types.StringUnknown(), ""},
		{"a tuple, a thing twice", tuple(text, two, text), set, names(text, two), ""},
		{"a list", types.ListValueMust(types.StringType, []attr.Value{text}), set, names(text), ""},
		{"a set", names(text), set, names(text), ""},
		{"left out", given(map[string]attr.Value{"names": tuple(text)}), object, want(names(text), types.BoolNull()), ""},
		{"a map for an object", types.MapValueMust(types.BoolType, map[string]attr.Value{"on": types.BoolValue(true)}), object, want(types.SetNull(types.StringType), types.BoolValue(true)), ""},
		{"an object for a map", given(map[string]attr.Value{"k": given(map[string]attr.Value{})}), nested, types.MapValueMust(object, map[string]attr.Value{"k": want(types.SetNull(types.StringType), types.BoolNull())}), ""},
		{"a typo", given(map[string]attr.Value{"k": given(map[string]attr.Value{"name": text})}), nested, nil, `root["k"] has no attribute "name"; did you mean "names"?`},
		{"no typo", given(map[string]attr.Value{"zebra": text}), object, nil, `root has no attribute "zebra"; there are ["names" "on"]`},
		{"a text for a bool", given(map[string]attr.Value{"on": types.StringValue("true")}), object, nil, "root.on must be true or false, not a string"},
		{"a number for a text", tuple(text, types.NumberValue(big.NewFloat(1))), set, nil, "root[1] must be a string, not a number"},
		{"a bool for a set", types.BoolValue(true), set, nil, "root must be a set or a list, not a bool"},
		{"a list for an object", tuple(), object, nil, "root must be an object, not a list"},
		{"a text for a map", text, nested, nil, "root must be a map, not a string"},
		{"an object for a text", given(map[string]attr.Value{}), types.StringType, nil, "root must be a string, not an object"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := Coerce(t.Context(), path.Root("root"), test.in, test.to)
			if test.problem != "" {
				if err == nil || err.Error() != test.problem {
					t.Errorf("got %v, %v; want the error %q", got, err, test.problem)
				}
				return
			}
			if err != nil || !got.Equal(test.want) {
				t.Errorf("got %v, %v; want %v", got, err, test.want)
			}
		})
	}
}
