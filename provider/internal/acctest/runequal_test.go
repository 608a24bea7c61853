// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The order of a set means nothing, everything else counts; of a plan, what is unknown may become anything.
func TestInstance_equal(t *testing.T) {
	t.Parallel()
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"set":  tftypes.Set{ElementType: tftypes.String},
		"list": tftypes.List{ElementType: tftypes.String},
		"map":  tftypes.Map{ElementType: tftypes.Bool},
	}}
	texts := func(of tftypes.Type, elements ...any) tftypes.Value {
		values := make([]tftypes.Value, 0, len(elements))
		for _, element := range elements {
			values = append(values, tftypes.NewValue(tftypes.String, element))
		}
		return tftypes.NewValue(of, values)
	}
	set := func(elements ...any) tftypes.Value { return texts(kind.AttributeTypes["set"], elements...) }
	list := func(elements ...any) tftypes.Value { return texts(kind.AttributeTypes["list"], elements...) }
	bools := func(values map[string]any) tftypes.Value {
		elements := map[string]tftypes.Value{}
		for key, value := range values {
			elements[key] = tftypes.NewValue(tftypes.Bool, value)
		}
		return tftypes.NewValue(kind.AttributeTypes["map"], elements)
	}
	instance := func(change string, to tftypes.Value) *Instance {
		values := map[string]tftypes.Value{"set": set("a", "b"), "list": list("a", "b"), "map": bools(map[string]any{"k": true})}
		if change != "" {
			values[change] = to
		}
		return &Instance{value: tftypes.NewValue(kind, values)}
	}
	unknown := func(name string) tftypes.Value {
		return tftypes.NewValue(kind.AttributeTypes[name], tftypes.UnknownValue)
	}
	null := func(name string) tftypes.Value { return tftypes.NewValue(kind.AttributeTypes[name], nil) }
	for _, test := range []struct {
		name           string
		planned        *Instance
		equal, allowed bool
	}{
		{"the same", instance("", tftypes.Value{}), true, true},
		{"a set in another order", instance("set", set("b", "a")), true, true},
		{"a list in another order", instance("list", list("b", "a")), false, false},
		{"an element less", instance("set", set("a")), false, false},
		{"another element", instance("set", set("a", "c")), false, false},
		{"an unknown set", instance("set", unknown("set")), false, true},
		{"an unknown element", instance("set", set("a", tftypes.UnknownValue)), false, true},
		{"no set", instance("set", null("set")), false, false},
		{"an empty set", instance("set", set()), false, false},
		{"another value in a map", instance("map", bools(map[string]any{"k": false})), false, false},
		{"an unknown value in a map", instance("map", bools(map[string]any{"k": tftypes.UnknownValue})), false, true},
		{"another key", instance("map", bools(map[string]any{"l": true})), false, false},
	} {
		applied := instance("", tftypes.Value{})
		if got := test.planned.Equal(applied); got != test.equal {
			t.Errorf("%s: equal %t, want %t", test.name, got, test.equal)
		}
		if got := applied.Equal(test.planned); got != test.equal {
			t.Errorf("%s: equal the other way round %t, want %t", test.name, got, test.equal)
		}
		if got := test.planned.Allows(applied); got != test.allowed {
			t.Errorf("%s: allowed %t, want %t", test.name, got, test.allowed)
		}
	}
}
