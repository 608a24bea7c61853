// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// As reads an object into a model struct and reports whether it could. The caller has checked that the
// object is neither null nor unknown.
func As[T any](ctx context.Context, obj types.Object, diags *diag.Diagnostics) (T, bool) {
	var model T
	ds := obj.As(ctx, &model, basetypes.ObjectAsOptions{})
	diags.Append(ds...)
	return model, !ds.HasError()
}

// KnownStrings returns the elements of a set that are known, sorted; complete is false when one is not,
// or the set itself. A null element is a problem.
func KnownStrings(at path.Path, set types.Set, diags *diag.Diagnostics) (values []string, complete bool) {
	if set.IsUnknown() {
		return nil, false
	}
	complete = true
	for _, element := range set.Elements() {
		value, ok := element.(types.String)
		switch {
		case !ok || value.IsUnknown():
			complete = false
		case value.IsNull():
			diags.AddAttributeError(at, "Set holds a null", "An element of this set is null.\n\nRemove it; compact() drops nulls from a list.")
			complete = false
		default:
			values = append(values, value.ValueString())
		}
	}
	slices.Sort(values)
	return values, complete
}
