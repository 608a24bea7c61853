// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// keepSpelling keeps what state holds wherever configuration means the same in
// other words: an alias in place of a name, another order, an empty set in
// place of none (in `resources`; a condition refuses it), another offset of one
// instant. Without it every respelling would be a change, and a change of the
// API's spelling an endless one.
type keepSpelling struct{}

// importedKey marks in private state a token whose policies and condition are
// spelled by an import and by no configuration yet; an update takes it away.
// They are planned as configured, be it a change of state alone. Keeping them
// would go wrong where a value is unknown in the plan and turns out in the
// apply to be what was imported: the plan has to show the known values beside
// it as configured, and Terraform refuses an apply that then spells them as
// imported. An import sends nothing either way.
const importedKey = "imported"

// importedMark is what the key holds.
var importedMark = []byte("true")

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

// PlanModifyMap is the modifier of `policies`; see [policyset.KeepSpelling].
func (keepSpelling) PlanModifyMap(ctx context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	if req.State.Raw.IsNull() || req.StateValue.IsNull() || req.PlanValue.IsUnknown() || req.PlanValue.IsNull() {
		return
	}
	if mark, _ := req.Private.GetKey(ctx, importedKey); len(mark) > 0 {
		return
	}
	var planned, held types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("account_id"), &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("account_id"), &held)...)
	if resp.Diagnostics.HasError() {
		return
	}
	value, diags := policyset.KeepSpelling(ctx, req.PlanValue, policyset.OwnerOf(planned), req.StateValue, policyset.OwnerOf(held))
	resp.Diagnostics.Append(diags...)
	resp.PlanValue = value
}

// PlanModifyObject is the modifier of `condition`. Its two sets are kept each
// by itself, for the reason that [policyset.KeepSpelling] keeps permission groups so.
func (keepSpelling) PlanModifyObject(ctx context.Context, req planmodifier.ObjectRequest, resp *planmodifier.ObjectResponse) {
	if req.State.Raw.IsNull() || req.PlanValue.IsNull() || req.StateValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if mark, _ := req.Private.GetKey(ctx, importedKey); len(mark) > 0 {
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
	outer, ok := tfkit.As[conditionModel](ctx, obj, &diags)
	if !ok || outer.RequestIP.IsNull() || outer.RequestIP.IsUnknown() {
		return requestIPModel{}, false
	}
	return tfkit.As[requestIPModel](ctx, outer.RequestIP, &diags)
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
