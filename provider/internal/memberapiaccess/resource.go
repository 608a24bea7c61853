// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package memberapiaccess is the resource accesscontrol_account_member_api_access: a member's
// override of the account's API access switch (authorization model §7). It manages nothing else of a
// member, neither invitation nor roles. Start reading at resource.go; plan.go decides what a change
// of the member's name means.
package memberapiaccess

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TypeName is the name of the resource type.
const TypeName = "accesscontrol_account_member_api_access"

const noun = "member API access switch"

var (
	_ resource.ResourceWithConfigure        = (*memberAPIAccessResource)(nil)
	_ resource.ResourceWithConfigValidators = (*memberAPIAccessResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*memberAPIAccessResource)(nil)
	_ resource.ResourceWithImportState      = (*memberAPIAccessResource)(nil)
)

type memberAPIAccessResource struct {
	tfkit.ResourceBase
}

// NewResource returns the resource, not yet configured.
func NewResource() resource.Resource { return &memberAPIAccessResource{} }

// Metadata names the resource type.
func (r *memberAPIAccessResource) Metadata(
	_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = TypeName
	resp.ResourceBehavior.MutableIdentity = true // An update may move the override to another member.
}

// Create finds the member and sets its switch, whatever it was before.
func (r *memberAPIAccessResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var plan memberAPIAccessModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found := find(ctx, r.Data.Client, plan.AccountID.ValueString(), plan.MemberID, plan.Email)
	if found.member == nil {
		resp.Diagnostics.Append(found.problem())
		return
	}
	plan.MemberID = types.StringValue(found.member.ID)
	if !isKnown(plan.Email) {
		plan.Email = types.StringValue(found.member.Email)
	}
	resp.Diagnostics.Append(r.write(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, plan.identity())...)
}

// Read takes over the switch and the e-mail. Only a member that the API says does not exist leaves
// the state: a refusal may be the switch itself, which ends this very read.
func (r *memberAPIAccessResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state memberAPIAccessModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, state.identity())...)
	member, err := r.Data.Client.Member(ctx, state.AccountID.ValueString(), state.MemberID.ValueString())
	switch {
	case client.IsNotFound(err):
		tflog.Warn(ctx, "member does not exist any more, its API access switch leaves the state", map[string]any{
			"account_id": state.AccountID.ValueString(), "member_id": state.MemberID.ValueString(),
		})
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(tfkit.APIError("read", noun, err))
		return
	}
	state.fromAPI(member)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, state.identity())...)
}

// Update sets the switch if it is what changed; another spelling of the e-mail and
// allow_self_lockout alone need no request. A name that the state does not know is looked up, and is
// refused before any write if it finds nobody; if it finds another member, the override moves there.
func (r *memberAPIAccessResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var plan, state memberAPIAccessModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.MemberID.Equal(state.MemberID) || !sameEmail(plan.Email, state.Email.ValueString()) {
		found := find(ctx, r.Data.Client, plan.AccountID.ValueString(), plan.MemberID, plan.Email)
		if found.member == nil {
			resp.Diagnostics.Append(found.problem())
			return
		}
		plan.MemberID = types.StringValue(found.member.ID)
		if !isKnown(plan.Email) {
			plan.Email = types.StringValue(found.member.Email)
		}
	}
	switch {
	case !plan.MemberID.Equal(state.MemberID):
		resp.Diagnostics.Append(r.move(ctx, &plan, &state)...)
	case !plan.APIAccess.Equal(state.APIAccess):
		resp.Diagnostics.Append(r.write(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, plan.identity())...)
}

// Delete returns the member to the account's default. A member that is gone took its switch with it.
func (r *memberAPIAccessResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var state memberAPIAccessModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.Data.Lockout.Serialize(state.AccountID.ValueString())()
	resp.Diagnostics.Append(r.mayReset(ctx, &state, r.allowed(&state))...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.reset(ctx, &state)...)
}

// ImportState takes an identity, <account_id>/<member_id> or <account_id>/<email>.
func (r *memberAPIAccessResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	asked := req.ID
	accountID, who, _ := strings.Cut(asked, "/")
	if tfkit.ImportsByIdentity(req.ID, req.Identity) {
		var named memberIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &named)...)
		accountID, who = named.AccountID.ValueString(), named.MemberID.ValueString()
		asked = accountID + "/" + who
	}
	if resp.Diagnostics.HasError() {
		return
	}
	memberID := types.StringNull()
	switch {
	case !accountIDForm.MatchString(accountID):
	case memberIDForm.MatchString(who):
		memberID = types.StringValue(who)
	case emailForm.MatchString(who):
		found := findByEmail(ctx, r.Data.Client, accountID, who)
		if found.member == nil {
			resp.Diagnostics.Append(diag.NewErrorDiagnostic(found.problem().Summary(), found.problem().Detail()))
			return
		}
		memberID = types.StringValue(found.member.ID)
	}
	if memberID.IsNull() {
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf(
			"The import ID of %s is the id of the account, a slash, and the id or the e-mail of the member, for "+
				"instance 01a7362d577a6c3019a474fd6f485823/ci@example.com; got %s.", TypeName, tfkit.Shown(asked)))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), accountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("member_id"), memberID)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, memberIdentity{AccountID: types.StringValue(accountID), MemberID: memberID})...)
}

// write asks the guard and sets the switch, with nothing else of this run in between.
func (r *memberAPIAccessResource) write(ctx context.Context, plan *memberAPIAccessModel) diag.Diagnostics {
	defer r.Data.Lockout.Serialize(plan.AccountID.ValueString())()
	diags := r.mayWrite(ctx, plan)
	if diags.HasError() {
		return diags
	}
	diags.Append(r.set(ctx, plan)...)
	return diags
}

// move sets the switch of the planned member and then resets that of the member in the state. Both
// are judged before either is written. If the reset fails, the state keeps the old member, so that
// the next apply does both again.
func (r *memberAPIAccessResource) move(ctx context.Context, plan, state *memberAPIAccessModel) diag.Diagnostics {
	defer r.Data.Lockout.Serialize(plan.AccountID.ValueString())()
	diags := r.mayWrite(ctx, plan)
	diags.Append(r.mayReset(ctx, state, r.allowed(plan))...)
	if diags.HasError() {
		return diags
	}
	diags.Append(r.set(ctx, plan)...)
	if diags.HasError() {
		return diags
	}
	for _, problem := range r.reset(ctx, state) {
		diags.AddError(problem.Summary(), fmt.Sprintf("%s\n\nMember %s has its new setting already, and member %s still has its old one. "+
			"Apply again to finish.", problem.Detail(), plan.MemberID.ValueString(), state.MemberID.ValueString()))
	}
	return diags
}

// mayWrite refuses a setting that would lock Terraform out.
func (r *memberAPIAccessResource) mayWrite(ctx context.Context, plan *memberAPIAccessModel) diag.Diagnostics {
	return r.Data.Lockout.ApplyMemberSwitch(
		ctx, plan.AccountID.ValueString(), plan.MemberID.ValueString(), plan.toAPI(), r.allowed(plan))
}

// mayReset refuses a return to the account's default that would lock Terraform out.
func (r *memberAPIAccessResource) mayReset(
	ctx context.Context, state *memberAPIAccessModel, allowed bool,
) diag.Diagnostics {
	if r.Data.Members.Has(state.key()) {
		return nil
	}
	return r.Data.Lockout.ApplyMemberSwitch(
		ctx, state.AccountID.ValueString(), state.MemberID.ValueString(), nil, allowed)
}

// set writes the switch and takes over what the API answers. Nothing is read after the write: it may
// have ended the right to read.
func (r *memberAPIAccessResource) set(ctx context.Context, plan *memberAPIAccessModel) diag.Diagnostics {
	accountID, memberID := plan.AccountID.ValueString(), plan.MemberID.ValueString()
	member, err := r.Data.Client.SetMemberAPIAccess(ctx, accountID, memberID, plan.toAPI())
	r.Data.Lockout.NoteMemberSwitch(accountID, memberID, plan.toAPI())
	if err != nil {
		return diag.Diagnostics{writeError(err)}
	}
	r.Data.Members.Add(plan.key())
	plan.fromAPI(member)
	return nil
}

// reset returns the member to the account's default, unless another resource has set its switch in
// this run: two resources that trade members let go and take hold in any order.
func (r *memberAPIAccessResource) reset(ctx context.Context, state *memberAPIAccessModel) diag.Diagnostics {
	if r.Data.Members.Has(state.key()) {
		tflog.Info(ctx, "another resource has set the API access switch of this member, so it is not reset", map[string]any{
			"account_id": state.AccountID.ValueString(), "member_id": state.MemberID.ValueString(),
		})
		return nil
	}
	accountID, memberID := state.AccountID.ValueString(), state.MemberID.ValueString()
	_, err := r.Data.Client.SetMemberAPIAccess(ctx, accountID, memberID, nil)
	r.Data.Lockout.NoteMemberSwitch(accountID, memberID, nil)
	if err != nil && !client.IsNotFound(err) {
		return diag.Diagnostics{tfkit.APIError("reset", noun, err)}
	}
	return nil
}

// allowed says whether the user has allowed to be locked out. A destroy sees only what state holds.
func (r *memberAPIAccessResource) allowed(m *memberAPIAccessModel) bool {
	if !m.AllowSelfLockout.IsNull() {
		return m.AllowSelfLockout.ValueBool()
	}
	return r.Data.AllowSelfLockout
}

// writeError puts a refusal of the value on its attribute; a refusal of the caller belongs to none.
func writeError(err error) diag.Diagnostic {
	var refused *client.Error
	if errors.As(err, &refused) && refused.Status == http.StatusBadRequest {
		return tfkit.APIErrorAt(path.Root("api_access"), "change", noun, err)
	}
	return tfkit.APIError("change", noun, err)
}
