// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// Configuration may say what state says in other words: an alias in place of a name, an empty set in place
// of none, an allow written out, a bare address in place of a range of one. Such a respelling is no change,
// and is to plan nothing: then policies and condition are planned as state has them.
//
// That holds where nothing else changes, and only in the plan that users see. A token with any other change
// is planned as configured and takes the new spelling with it, and so it is planned a second time at the
// apply, with every value known. That plan must hold whatever the first one showed. It looks just like one
// of a mere respelling where a value that was unknown turns out to be what it was; planned as state has it,
// it would take back the configured words that the first plan showed beside the unknown one, and Terraform
// would refuse the apply. Nothing in the request tells the two plans apart, but what came before it does: a
// token is refreshed before users are shown a plan, and not again before it is applied; and one without a
// change is not planned again. Without a refresh a respelling plans an update that sends nothing.

// settleSpelling plans what state holds where the token was just read and configuration only respells it.
func (r *tokenResource) settleSpelling(ctx context.Context, respelled bool, state *tokenModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Data == nil || resp.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	read, id := r.Data.ReadTokens, state.ID.ValueString()
	if respelled && read.Has(id) {
		kept := resp.Plan
		resp.Diagnostics.Append(kept.SetAttribute(ctx, path.Root("policies"), state.Policies)...)
		resp.Diagnostics.Append(kept.SetAttribute(ctx, path.Root("condition"), state.Condition)...)
		if kept.Raw.Equal(req.State.Raw) {
			resp.Plan = kept
			return
		}
	}
	read.Remove(id)
}

// respells reports whether both mean the same token, with the same policies under the same keys.
func (c compiled) respells(prior compiled) bool {
	return c.complete && prior.complete && c.equal(prior.definition) &&
		slices.EqualFunc(c.Policies, prior.Policies, func(a, b policyset.Keyed) bool {
			return a.Key == b.Key && a.Policy.Canonical() == b.Policy.Canonical()
		})
}

// keepOffset keeps the offset of a time in state wherever configuration names the same instant in another
// one. It may, whatever else changes: a time is known or unknown as a whole, and Terraform lets an unknown
// one become anything.
type keepOffset struct{}

var _ planmodifier.String = keepOffset{}

// Description says what the modifier does.
func (keepOffset) Description(context.Context) string {
	return "Keeps the time in state where the configured one is the same instant."
}

// MarkdownDescription is Description.
func (m keepOffset) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString is the modifier of `not_before` and `expires_on`.
func (keepOffset) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.State.Raw.IsNull() || req.PlanValue.IsNull() || req.StateValue.IsNull() {
		return
	}
	if (timestamp{StringValue: req.PlanValue}).sameInstant(timestamp{StringValue: req.StateValue}) {
		resp.PlanValue = req.StateValue
	}
}
