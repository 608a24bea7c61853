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
}

// Read takes over the switch and the e-mail. Only a member that the API says does not exist leaves
// the state: a refusal may be the switch itself, which ends this very read.
func (r *memberAPIAccessResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state memberAPIAccessModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
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
}

// Update sets the switch if it is what changed; another spelling of the e-mail and
// allow_self_lockout alone need no request.
func (r *memberAPIAccessResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var plan, state memberAPIAccessModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.APIAccess.Equal(state.APIAccess) {
		resp.Diagnostics.Append(r.write(ctx, &plan)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
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
	accountID, memberID := state.AccountID.ValueString(), state.MemberID.ValueString()
	defer r.Data.Lockout.Serialize(accountID)()
	resp.Diagnostics.Append(r.Data.Lockout.ApplyMemberSwitch(ctx, accountID, memberID, nil, r.allowed(&state))...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, err := r.Data.Client.SetMemberAPIAccess(ctx, accountID, memberID, nil)
	if err != nil && !client.IsNotFound(err) {
		resp.Diagnostics.Append(tfkit.APIError("reset", noun, err))
	}
}

// ImportState takes <account_id>/<member_id> or <account_id>/<email>.
func (r *memberAPIAccessResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	accountID, who, _ := strings.Cut(req.ID, "/")
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
				"instance 01a7362d577a6c3019a474fd6f485823/ci@example.com; got %q.", TypeName, req.ID))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), accountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("member_id"), memberID)...)
}

// write asks the guard and sets the switch, with nothing else of this run in between, and takes over
// what the API answers. Nothing is read after the write: it may have ended the right to read.
func (r *memberAPIAccessResource) write(ctx context.Context, plan *memberAPIAccessModel) diag.Diagnostics {
	accountID, memberID := plan.AccountID.ValueString(), plan.MemberID.ValueString()
	defer r.Data.Lockout.Serialize(accountID)()
	diags := r.Data.Lockout.ApplyMemberSwitch(ctx, accountID, memberID, plan.toAPI(), r.allowed(plan))
	if diags.HasError() {
		return diags
	}
	member, err := r.Data.Client.SetMemberAPIAccess(ctx, accountID, memberID, plan.toAPI())
	if err != nil {
		diags.Append(writeError(err))
		return diags
	}
	plan.fromAPI(member)
	return diags
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
