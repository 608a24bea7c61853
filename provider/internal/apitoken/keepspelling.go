// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// keepSpelling keeps what state holds wherever configuration means the same in
// other words: an alias in place of a name, another order, an empty set in
// place of none (in `resources`; a condition refuses it), another offset of one
// instant. Without it every respelling would be a change, and a change of the
// API's spelling an endless one.
type keepSpelling struct{}

var (
	_ planmodifier.Map    = keepSpelling{}
	_ planmodifier.Object = keepSpelling{}
	_ planmodifier.String = keepSpelling{}
)

// Description says what the modifier does.
func (keepSpelling) Description(context.Context) string {
	return "Keeps the value in state where the configured one means the same."
}

// MarkdownDescription is Description.
func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyMap is the modifier of `policies`. Where all keys and meanings are
// unchanged, the whole value is state's. Otherwise each unchanged policy keeps
// its permission groups and resources as state spells them; its effect stays as
// configured, because Terraform refuses a plan in which a value deep in a map
// is null that configuration sets.
//
// Permission groups are kept by themselves, whether the rest of their policy is
// known or not: what is unknown now and turns out unchanged in the apply must
// not change the spelling of what this plan has shown.
func (keepSpelling) PlanModifyMap(ctx context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	if req.State.Raw.IsNull() || req.StateValue.IsNull() || req.PlanValue.IsUnknown() || req.PlanValue.IsNull() {
		return
	}
	var planned, held types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("account_id"), &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("account_id"), &held)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := map[string]heldPolicy{}
	for _, h := range holdPolicies(ctx, req.StateValue, ownerOf(held)) {
		before[h.key] = h
	}
	elements := map[string]attr.Value{}
	kept := 0
	for _, next := range holdPolicies(ctx, req.PlanValue, ownerOf(planned)) {
		elements[next.key] = next.element
		prior, ok := before[next.key]
		if !ok || next.element.IsUnknown() || next.element.IsNull() {
			continue
		}
		same := prior.known && next.known && prior.policy.canonical() == next.policy.canonical()
		if !same && !sameGroups(prior.model.PermissionGroups, next.model.PermissionGroups) {
			continue
		}
		resources := next.model.Resources
		if same {
			kept++
			resources = prior.model.Resources
		}
		elements[next.key] = types.ObjectValueMust(policyType.AttrTypes, map[string]attr.Value{
			"effect": next.model.Effect, "permission_groups": prior.model.PermissionGroups, "resources": resources,
		})
	}
	if kept == len(before) && kept == len(elements) {
		resp.PlanValue = req.StateValue
		return
	}
	value, diags := types.MapValue(policyType, elements)
	resp.Diagnostics.Append(diags...)
	resp.PlanValue = value
}

// sameGroups reports whether both sets are known in full and name the same
// permission groups.
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

// PlanModifyObject is the modifier of `condition`. Its two sets are kept each
// by itself, for the reason that PlanModifyMap keeps permission groups so.
func (keepSpelling) PlanModifyObject(ctx context.Context, req planmodifier.ObjectRequest, resp *planmodifier.ObjectResponse) {
	if req.State.Raw.IsNull() || req.PlanValue.IsNull() || req.StateValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	planned, plannedKnown, _ := compileCondition(ctx, req.PlanValue)
	held, heldKnown, _ := compileCondition(ctx, req.StateValue)
	if plannedKnown && heldKnown && planned.equal(held) {
		resp.PlanValue = req.StateValue
		return
	}
	next, nextOK := rangesOf(ctx, req.PlanValue)
	prior, priorOK := rangesOf(ctx, req.StateValue)
	if !nextOK || !priorOK {
		return
	}
	resp.PlanValue = types.ObjectValueMust(conditionType.AttrTypes, map[string]attr.Value{
		"request_ip": types.ObjectValueMust(requestIPType.AttrTypes, map[string]attr.Value{
			"in": keepRanges(next.In, prior.In), "not_in": keepRanges(next.NotIn, prior.NotIn),
		}),
	})
}

// rangesOf reads the two sets of a condition that is neither null nor unknown;
// it reports false where they cannot be told.
func rangesOf(ctx context.Context, obj types.Object) (requestIPModel, bool) {
	var diags diag.Diagnostics
	outer, ok := as[conditionModel](ctx, obj, &diags)
	if !ok || outer.RequestIP.IsNull() || outer.RequestIP.IsUnknown() {
		return requestIPModel{}, false
	}
	return as[requestIPModel](ctx, outer.RequestIP, &diags)
}

// keepRanges is the prior set where both are known in full and mean the same.
func keepRanges(next, prior types.Set) types.Set {
	if next.IsNull() || prior.IsNull() {
		return next
	}
	var diags diag.Diagnostics
	a, aKnown := compileRanges(path.Empty(), next, &diags)
	b, bKnown := compileRanges(path.Empty(), prior, &diags)
	if aKnown && bKnown && newCondition(a, nil).equal(newCondition(b, nil)) {
		return prior
	}
	return next
}

// PlanModifyString is the modifier of `not_before` and `expires_on`.
func (keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.State.Raw.IsNull() || req.PlanValue.IsNull() || req.StateValue.IsNull() {
		return
	}
	if (timestamp{StringValue: req.PlanValue}).sameInstant(timestamp{StringValue: req.StateValue}) {
		resp.PlanValue = req.StateValue
	}
}
