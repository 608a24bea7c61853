// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
)

// ModifyPlan checks the name of the member as far as it can be read, and warns of a change that would
// lock Terraform out. Another member is a change in place and not a replacement: Terraform plans again
// right before the apply and allows no other action then, while what is known of the name, and whom it
// finds, may have changed; and a replacement resets first, so that a blocked member would be on the
// account's default in between. What is read of a new member is not planned: were it to change before
// the apply, Terraform would blame the provider for a plan that it did not keep.
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
	switch {
	case plan == nil:
		resp.Diagnostics.Append(r.warnOfReset(ctx, state, r.allowed(state))...)
	case state == nil:
		resp.Diagnostics.Append(r.checkNew(ctx, config, plan)...)
	case !plan.AccountID.Equal(state.AccountID):
		// Terraform plans the member of the other account on its own, without state.
		resp.Diagnostics.Append(r.warnOfReset(ctx, state, r.allowed(state))...)
	default:
		planNames(config, plan, state)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		resp.Diagnostics.Append(r.checkExisting(ctx, config, plan, state)...)
	}
}

// namesSame says whether configuration and state alone show that the same member is named. An id
// decides alone; an e-mail in other letter case is the same. What is unknown may be another member.
func namesSame(config, state *memberAPIAccessModel) bool {
	if !config.MemberID.IsNull() {
		return config.MemberID.Equal(state.MemberID)
	}
	return sameEmail(config.Email, state.Email.ValueString())
}

// planNames plans what the state knows of the same member, with the e-mail as it is written now. Of a
// member that is, or may be, another one only what is written is planned; the apply finds the rest.
func planNames(config, plan, state *memberAPIAccessModel) {
	plan.MemberID, plan.Email = types.StringUnknown(), types.StringUnknown()
	if namesSame(config, state) {
		plan.MemberID, plan.Email = state.MemberID, state.Email
	}
	if !config.MemberID.IsNull() {
		plan.MemberID = config.MemberID
	}
	if !config.Email.IsNull() {
		plan.Email = config.Email
	}
}

// checkNew judges a member that is to be managed from now on. One that does not exist may be created
// earlier in the same apply, so its absence is a warning; so is a standard account, which has no switch.
func (r *memberAPIAccessResource) checkNew(ctx context.Context, config, plan *memberAPIAccessModel) diag.Diagnostics {
	found := r.lookUp(ctx, config)
	switch {
	case found.conflict != nil:
		return diag.Diagnostics{found.conflict}
	case found.absent != nil:
		return diag.Diagnostics{warning(found.absent, "The apply fails unless the member is created earlier in it.")}
	case found.member == nil:
		return nil
	}
	// The default is what a standard account has.
	if !plan.APIAccess.IsUnknown() && plan.APIAccess.ValueString() != lockout.SettingAccountDefault {
		if diags := r.Data.Lockout.PlanNewSwitch(ctx, plan.AccountID.ValueString()); len(diags) > 0 {
			return diags
		}
	}
	return r.warnOfChange(ctx, plan, found.member.ID)
}

// checkExisting judges a change of what is managed already. What the API says of the name is never an
// error here: it changes with time, and would stand in the way of a plan that is about something
// else. The apply looks again, and refuses before it writes.
func (r *memberAPIAccessResource) checkExisting(
	ctx context.Context, config, plan, state *memberAPIAccessModel,
) diag.Diagnostics {
	const refused = "The apply is refused before anything is written, so that the override of %s stays as it is"
	managed := fmt.Sprintf("member %s (%s)", state.MemberID.ValueString(), state.Email.ValueString())
	var diags diag.Diagnostics

	memberID := state.MemberID.ValueString()
	// The state knows what the member is called, so that only a difference is worth a request.
	if !plan.MemberID.Equal(state.MemberID) || !sameEmail(plan.Email, state.Email.ValueString()) {
		found := r.lookUp(ctx, config)
		switch {
		case found.conflict != nil:
			return diag.Diagnostics{warning(found.conflict, fmt.Sprintf(refused+".", managed))}
		case found.absent != nil:
			return diag.Diagnostics{warning(found.absent, fmt.Sprintf(refused+
				", unless the member is created earlier in the apply. If it is still the same member, under another name, write that "+
				"name here.", managed))}
		case found.member != nil:
			memberID = found.member.ID
		case namesSame(config, state):
			// The e-mail beside the id could not be checked; the id decides.
		default:
			return nil
		}
	}
	if memberID != state.MemberID.ValueString() {
		diags.Append(r.warnOfReset(ctx, state, r.allowed(plan))...)
	} else if plan.APIAccess.Equal(state.APIAccess) {
		return diags
	}
	diags.Append(r.warnOfChange(ctx, plan, memberID)...)
	return diags
}

// lookUp finds a member by its name in the configuration; the result is empty if that is not wholly
// known yet.
func (r *memberAPIAccessResource) lookUp(ctx context.Context, config *memberAPIAccessModel) search {
	if !isKnown(config.AccountID) || config.MemberID.IsUnknown() || config.Email.IsUnknown() {
		return search{}
	}
	return find(ctx, r.Data.Client, config.AccountID.ValueString(), config.MemberID, config.Email)
}

// warning turns a finding into a warning at the same attribute, with what follows from it.
func warning(finding diag.DiagnosticWithPath, consequence string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(finding.Path(), finding.Summary(), finding.Detail()+"\n\n"+consequence)
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
func (r *memberAPIAccessResource) warnOfReset(
	ctx context.Context, state *memberAPIAccessModel, allowed bool,
) diag.Diagnostics {
	if state.APIAccess.ValueString() == lockout.SettingAccountDefault || allowed {
		return nil
	}
	return r.Data.Lockout.PlanMemberSwitch(ctx, state.AccountID.ValueString(), state.MemberID.ValueString(), nil)
}
