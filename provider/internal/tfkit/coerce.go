// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// MismatchError says where a value does not have the type that is wanted.
type MismatchError struct {
	// At is the place inside the value.
	At path.Path
	// Message completes a sentence that begins with the place.
	Message string
}

// Error names the place.
func (e *MismatchError) Error() string {
	if at := e.At.String(); at != "" {
		return at + " " + e.Message
	}
	return "it " + e.Message
}

// Coerce gives a value of a dynamic type the wanted one, as the configuration language does where a type
// is declared: an object or a map becomes an object, in which attributes that are left out are null; a
// tuple, list or set becomes a set. It is stricter in two ways, because nobody would see the difference:
// an attribute that the wanted type does not have is an error, and no number or bool becomes a text.
// Wanted types are made of objects, maps, sets, strings and bools. Null and unknown stay what they are.
// The error is a *[MismatchError].
func Coerce(ctx context.Context, at path.Path, in attr.Value, want attr.Type) (attr.Value, error) {
	if dynamic, ok := in.(types.Dynamic); ok {
		if dynamic.IsUnderlyingValueUnknown() || dynamic.IsUnknown() {
			return unknownOf(ctx, want)
		}
		if in = dynamic.UnderlyingValue(); in == nil {
			return nullOf(ctx, want)
		}
	}
	switch {
	case in.IsNull():
		return nullOf(ctx, want)
	case in.IsUnknown():
		return unknownOf(ctx, want)
	}
	switch want := want.(type) {
	case types.ObjectType:
		return coerceObject(ctx, at, in, want)
	case types.MapType:
		return coerceMap(ctx, at, in, want)
	case types.SetType:
		return coerceSet(ctx, at, in, want)
	case basetypes.StringType:
		if text, ok := in.(types.String); ok {
			return text, nil
		}
		return nil, &MismatchError{at, "must be a string, not " + kindOf(in)}
	case basetypes.BoolType:
		if flag, ok := in.(types.Bool); ok {
			return flag, nil
		}
		return nil, &MismatchError{at, "must be true or false, not " + kindOf(in)}
	default:
		return nil, fmt.Errorf("coerce to %s: %s", want, reportDefect)
	}
}

func coerceObject(ctx context.Context, at path.Path, in attr.Value, want types.ObjectType) (attr.Value, error) {
	given, ok := attributesOf(in)
	if !ok {
		return nil, &MismatchError{at, "must be an object, not " + kindOf(in)}
	}
	known := slices.Sorted(maps.Keys(want.AttrTypes))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, ok := want.AttrTypes[name]; ok {
			continue
		}
		message := fmt.Sprintf("has no attribute %q", name)
		if near := catalog.SuggestNames(name, known, 1); len(near) > 0 {
			message += fmt.Sprintf("; did you mean %q?", near[0])
		} else {
			message += fmt.Sprintf("; there are %q", known)
		}
		return nil, &MismatchError{at, message}
	}
	values := make(map[string]attr.Value, len(known))
	for _, name := range known {
		kind := want.AttrTypes[name]
		element, ok := given[name]
		var err error
		if ok {
			element, err = Coerce(ctx, at.AtName(name), element, kind)
		} else {
			element, err = nullOf(ctx, kind)
		}
		if err != nil {
			return nil, err
		}
		values[name] = element
	}
	return types.ObjectValueMust(want.AttrTypes, values), nil
}

func coerceMap(ctx context.Context, at path.Path, in attr.Value, want types.MapType) (attr.Value, error) {
	given, ok := attributesOf(in)
	if !ok {
		return nil, &MismatchError{at, "must be a map, not " + kindOf(in)}
	}
	elements := make(map[string]attr.Value, len(given))
	for _, key := range slices.Sorted(maps.Keys(given)) {
		element, err := Coerce(ctx, at.AtMapKey(key), given[key], want.ElemType)
		if err != nil {
			return nil, err
		}
		elements[key] = element
	}
	return types.MapValueMust(want.ElemType, elements), nil
}

func coerceSet(ctx context.Context, at path.Path, in attr.Value, want types.SetType) (attr.Value, error) {
	var given []attr.Value
	switch in := in.(type) {
	case types.Set:
		given = in.Elements()
	case types.List:
		given = in.Elements()
	case types.Tuple:
		given = in.Elements()
	default:
		return nil, &MismatchError{at, "must be a set or a list, not " + kindOf(in)}
	}
	elements := make([]attr.Value, 0, len(given))
	for i, element := range given {
		value, err := Coerce(ctx, at.AtListIndex(i), element, want.ElemType)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(elements, value.Equal) {
			elements = append(elements, value)
		}
	}
	return types.SetValueMust(want.ElemType, elements), nil
}

// attributesOf is what an object or a map holds.
func attributesOf(in attr.Value) (map[string]attr.Value, bool) {
	switch in := in.(type) {
	case types.Object:
		return in.Attributes(), true
	case types.Map:
		return in.Elements(), true
	default:
		return nil, false
	}
}

func nullOf(ctx context.Context, kind attr.Type) (attr.Value, error) {
	return kind.ValueFromTerraform(ctx, tftypes.NewValue(kind.TerraformType(ctx), nil))
}

func unknownOf(ctx context.Context, kind attr.Type) (attr.Value, error) {
	return kind.ValueFromTerraform(ctx, tftypes.NewValue(kind.TerraformType(ctx), tftypes.UnknownValue))
}

// kindOf names what a value is, as a person would.
func kindOf(in attr.Value) string {
	switch in.(type) {
	case types.String:
		return "a string"
	case types.Bool:
		return "a bool"
	case types.Number, types.Int64, types.Float64:
		return "a number"
	case types.Object, types.Map:
		return "an object"
	case types.Set, types.List, types.Tuple:
		return "a list"
	default:
		return "a value of another type"
	}
}
