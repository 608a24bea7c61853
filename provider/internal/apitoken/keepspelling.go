// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// keepSpelling keeps what state holds wherever configuration means the same in
// other words: an alias in place of a name, another order, an empty set in
// place of none, another offset of one instant. Without it every respelling
// would be a change, and a change of the API's spelling an endless one.
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
		if !ok || !prior.known || !next.known || prior.policy.canonical() != next.policy.canonical() {
			continue
		}
		kept++
		elements[next.key] = types.ObjectValueMust(policyType.AttrTypes, map[string]attr.Value{
			"effect": next.model.Effect, "permission_groups": prior.model.PermissionGroups, "resources": prior.model.Resources,
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

// PlanModifyObject is the modifier of `condition`.
func (keepSpelling) PlanModifyObject(ctx context.Context, req planmodifier.ObjectRequest, resp *planmodifier.ObjectResponse) {
	if req.State.Raw.IsNull() || req.PlanValue.IsNull() || req.StateValue.IsNull() {
		return
	}
	planned, plannedKnown, _ := compileCondition(ctx, req.PlanValue)
	held, heldKnown, _ := compileCondition(ctx, req.StateValue)
	if plannedKnown && heldKnown && planned.equal(held) {
		resp.PlanValue = req.StateValue
	}
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
