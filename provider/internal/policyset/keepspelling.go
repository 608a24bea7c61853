// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// KeepSpelling is what is to be planned where configuration means what state means in other words: an
// alias in place of a name, another order, an empty set in place of none. Where all keys and meanings are
// unchanged, it is the whole value of state. Otherwise each unchanged policy keeps its permission groups
// and resources as state spells them; its effect stays as configured, because Terraform refuses a plan
// in which a value deep in a map is null that configuration sets.
//
// Permission groups are kept by themselves, whether the rest of their policy is known or not: what is
// unknown now and turns out unchanged in the apply must not change the spelling of what this plan has
// shown. The owners are those of the two values. Neither value is null, and the planned one is known.
func KeepSpelling(ctx context.Context, planned types.Map, plannedOwner Owner, held types.Map, heldOwner Owner) (types.Map, diag.Diagnostics) {
	before := map[string]heldPolicy{}
	for _, h := range holdPolicies(ctx, held, heldOwner) {
		before[h.key] = h
	}
	elements := map[string]attr.Value{}
	kept := 0
	for _, next := range holdPolicies(ctx, planned, plannedOwner) {
		elements[next.key] = next.element
		prior, ok := before[next.key]
		if !ok || next.element.IsUnknown() || next.element.IsNull() {
			continue
		}
		same := prior.known && next.known && prior.policy.Canonical() == next.policy.Canonical()
		if !same && !sameGroups(prior.model.PermissionGroups, next.model.PermissionGroups) {
			continue
		}
		resources := next.model.Resources
		if same {
			kept++
			resources = prior.model.Resources
		}
		elements[next.key] = types.ObjectValueMust(PolicyType.AttrTypes, map[string]attr.Value{
			"effect": next.model.Effect, "permission_groups": prior.model.PermissionGroups, "resources": resources,
		})
	}
	if kept == len(before) && kept == len(elements) {
		return held, nil
	}
	return types.MapValue(PolicyType, elements)
}

// sameGroups reports whether both sets are known in full and name the same permission groups.
func sameGroups(a, b types.Set) bool {
	ids := func(set types.Set) ([]string, bool) {
		var diags diag.Diagnostics
		groups, complete := compileGroups(path.Empty(), set, &diags)
		list := make([]string, 0, len(groups))
		for _, g := range groups {
			list = append(list, g.id)
		}
		slices.Sort(list)
		return slices.Compact(list), complete
	}
	x, xKnown := ids(a)
	y, yKnown := ids(b)
	return xKnown && yKnown && slices.Equal(x, y)
}
