// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Equal says whether both hold the same, as Terraform's core compares: the order of a set means nothing. What the
// provider keeps for itself beside the attributes is not compared.
func (i *Instance) Equal(other *Instance) bool { return sameValue(i.value, other.value, false) }

// Allows says whether a planned instance may become the other one: all that the plan knows is as planned. Terraform's
// core refuses an apply that does otherwise.
func (i *Instance) Allows(applied *Instance) bool { return sameValue(i.value, applied.value, true) }

// sameValue compares two values, whatever the order of sets; with open, an unknown value in the first may be any.
func sameValue(a, b tftypes.Value, open bool) bool {
	same := func(a, b tftypes.Value) bool { return sameValue(a, b, open) }
	switch {
	case open && !a.IsKnown():
		return true
	case !a.Type().Equal(b.Type()), a.IsNull() != b.IsNull(), a.IsKnown() != b.IsKnown():
		return false
	case a.IsNull(), !a.IsKnown():
		return true
	}
	switch kind := a.Type(); {
	case kind.Is(tftypes.Object{}), kind.Is(tftypes.Map{}):
		var x, y map[string]tftypes.Value
		return a.As(&x) == nil && b.As(&y) == nil && maps.EqualFunc(x, y, same)
	case kind.Is(tftypes.Set{}):
		var x, y []tftypes.Value
		return a.As(&x) == nil && b.As(&y) == nil && len(x) == len(y) && !slices.ContainsFunc(x, func(element tftypes.Value) bool {
			return !slices.ContainsFunc(y, func(twin tftypes.Value) bool { return same(element, twin) })
		})
	case kind.Is(tftypes.List{}), kind.Is(tftypes.Tuple{}):
		var x, y []tftypes.Value
		return a.As(&x) == nil && b.As(&y) == nil && slices.EqualFunc(x, y, same)
	default:
		return a.Equal(b)
	}
}
