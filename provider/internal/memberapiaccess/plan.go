// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
)

// ModifyPlan decides whether another member is named, checks the name as far as it can be read, and
// warns of a change that would lock Terraform out. What it reads of a new member is not planned: were
// it to change before the apply, Terraform would blame the provider for a plan that it did not keep.
func (r *memberAPIAccessResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if r.Data == nil {
		return
	}
	var config, plan, state *memberAPIAccessModel
	if !req.State.Raw.IsNull() {
		state = &memberAPIAccessModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if !req.Plan.Raw.IsNull() {
		config, plan = &memberAPIAccessModel{}, &memberAPIAccessModel{}
		resp.Diagnostics.Append(req.Config.Get(ctx, config)...)
		resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}

	if plan == nil {
		resp.Diagnostics.Append(r.warnOfReset(ctx, state)...)
		return
	}
	if state != nil {
		replaced := namesAnother(config, state)
		if len(replaced) > 0 || !plan.AccountID.Equal(state.AccountID) {
			// Terraform plans the new member on its own, without state.
			resp.RequiresReplace.Append(replaced...)
			resp.Diagnostics.Append(r.warnOfReset(ctx, state)...)
			return
		}
		keepMember(config, plan, state)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		resp.Diagnostics.Append(r.checkPair(ctx, config, state)...)
		if !plan.APIAccess.Equal(state.APIAccess) {
			resp.Diagnostics.Append(r.warnOfChange(ctx, plan, state.MemberID.ValueString())...)
		}
		return
	}
	member, diags := r.lookUp(ctx, config)
	resp.Diagnostics.Append(diags...)
	if member != nil {
		resp.Diagnostics.Append(r.warnOfChange(ctx, plan, member.ID)...)
	}
}

// namesAnother lists the attributes by which the configuration names another member than the state.
// An id decides alone; an e-mail in other letter case is the same. An unknown name may be another.
func namesAnother(config, state *memberAPIAccessModel) path.Paths {
	if !config.MemberID.IsNull() {
		if config.MemberID.Equal(state.MemberID) {
			return nil
		}
		return path.Paths{path.Root("member_id")}
	}
	if sameEmail(config.Email, state.Email.ValueString()) {
		return nil
	}
	return path.Paths{path.Root("email")}
}

// keepMember plans what the state knows of the same member, with the e-mail as it is written now.
func keepMember(config, plan, state *memberAPIAccessModel) {
	plan.MemberID = state.MemberID
	plan.Email = state.Email
	if !config.Email.IsNull() {
		plan.Email = config.Email
	}
}

// checkPair refuses an id and an e-mail that name two members. The state knows what the id is called,
// so that only a contradiction to it is worth a request.
func (r *memberAPIAccessResource) checkPair(
	ctx context.Context, config, state *memberAPIAccessModel,
) diag.Diagnostics {
	if !isKnown(config.MemberID) || !isKnown(config.Email) || sameEmail(config.Email, state.Email.ValueString()) {
		return nil
	}
	found := find(ctx, r.Data.Client, state.AccountID.ValueString(), config.MemberID, config.Email)
	if found.conflict != nil {
		return diag.Diagnostics{found.conflict}
	}
	return nil
}

// lookUp finds a member that is to be managed from now on; nil if that is not possible yet. A member
// that does not exist may be created earlier in the same apply, so its absence is a warning.
func (r *memberAPIAccessResource) lookUp(
	ctx context.Context, config *memberAPIAccessModel,
) (*client.Member, diag.Diagnostics) {
	if !isKnown(config.AccountID) || config.MemberID.IsUnknown() || config.Email.IsUnknown() {
		return nil, nil
	}
	found := find(ctx, r.Data.Client, config.AccountID.ValueString(), config.MemberID, config.Email)
	switch {
	case found.conflict != nil:
		return nil, diag.Diagnostics{found.conflict}
	case found.absent != nil:
		return nil, diag.Diagnostics{diag.NewWarningDiagnostic(found.absent.Summary(), found.absent.Detail()+
			"\n\nThe apply fails unless the member is created earlier in it.")}
	default:
		return found.member, nil
	}
}

// warnOfChange warns when the planned setting would lock Terraform out.
func (r *memberAPIAccessResource) warnOfChange(
	ctx context.Context, plan *memberAPIAccessModel, memberID string,
) diag.Diagnostics {
	if plan.APIAccess.IsUnknown() || r.allowed(plan) {
		return nil
	}
	return r.Data.Lockout.PlanMemberSwitch(ctx, plan.AccountID.ValueString(), memberID, plan.toAPI())
}

// warnOfReset warns when returning the member to the account's default would lock Terraform out.
func (r *memberAPIAccessResource) warnOfReset(ctx context.Context, state *memberAPIAccessModel) diag.Diagnostics {
	if state.APIAccess.ValueString() == lockout.SettingAccountDefault || r.allowed(state) {
		return nil
	}
	return r.Data.Lockout.PlanMemberSwitch(ctx, state.AccountID.ValueString(), state.MemberID.ValueString(), nil)
}
