// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package accountapiaccess is the resource accesscontrol_account_api_access: the API access switch
// of an account (authorization model §7). It is not for a member's override of it, which is a
// resource of its own. Start reading at resource.go.
package accountapiaccess

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TypeName is the name of the resource type.
const TypeName = "accesscontrol_account_api_access"

const noun = "account API access switch"

var (
	_ resource.ResourceWithConfigure   = (*accountAPIAccessResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*accountAPIAccessResource)(nil)
	_ resource.ResourceWithImportState = (*accountAPIAccessResource)(nil)
)

type accountAPIAccessResource struct {
	tfkit.ResourceBase
}

// NewResource returns the resource, not yet configured.
func NewResource() resource.Resource { return &accountAPIAccessResource{} }

// Metadata names the resource type.
func (r *accountAPIAccessResource) Metadata(
	_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = TypeName
}

// ModifyPlan warns of a change that would lock Terraform out, and of an account that has no switch. Destroying is
// neither: it returns to the default, which counts as on.
func (r *accountAPIAccessResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if r.Data == nil || req.Plan.Raw.IsNull() {
		return
	}
	var plan accountAPIAccessModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || plan.AccountID.IsUnknown() {
		return
	}
	isNew := true
	if !req.State.Raw.IsNull() {
		var state accountAPIAccessModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		isNew = !plan.AccountID.Equal(state.AccountID)
		if resp.Diagnostics.HasError() || !isNew && plan.Enabled.Equal(state.Enabled) {
			return
		}
	}
	if isNew {
		standard := r.Data.Lockout.PlanNewSwitch(ctx, plan.AccountID.ValueString())
		if len(standard) > 0 {
			resp.Diagnostics.Append(standard...)
			return
		}
	}
	if plan.Enabled.IsUnknown() || r.allowed(&plan) {
		return
	}
	resp.Diagnostics.Append(r.Data.Lockout.PlanAccountSwitch(ctx, plan.AccountID.ValueString(), plan.toAPI())...)
}

// Create sets the switch, whatever it was before.
func (r *accountAPIAccessResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var plan accountAPIAccessModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.write(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, plan.identity())...)
}

// Read takes over the switch. Only an account that the API says does not exist leaves the state: a
// refusal may be the switch itself, which ends this very read.
func (r *accountAPIAccessResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state accountAPIAccessModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, state.identity())...)
	account, err := r.Data.Client.Account(ctx, state.AccountID.ValueString())
	switch {
	case client.IsNotFound(err):
		tflog.Warn(ctx, "account does not exist any more, its API access switch leaves the state",
			map[string]any{"account_id": state.AccountID.ValueString()})
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(tfkit.APIError("read", noun, err))
		return
	}
	state.fromAPI(account)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

// Update sets the switch if it is what changed; allow_self_lockout alone needs no request.
func (r *accountAPIAccessResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var plan, state accountAPIAccessModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Enabled.Equal(state.Enabled) {
		resp.Diagnostics.Append(r.write(ctx, &plan)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, plan.identity())...)
}

// Delete gives the account back its default, unless another resource has set the switch in this run: of two
// resources that hand an account over, as when a key of for_each is renamed or a replacement is made before
// the old one goes, the one that lets go must not turn on what the other has just turned off. The guard is
// not asked: the default counts as on.
func (r *accountAPIAccessResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var state accountAPIAccessModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID := state.AccountID.ValueString()
	defer r.Data.Lockout.Serialize(accountID)()
	if r.Data.Accounts.Has(accountID) {
		tflog.Info(ctx, "another resource has set the API access switch of this account, so it is not reset",
			map[string]any{"account_id": accountID})
		return
	}
	_, err := r.Data.Client.SetAccountAPIAccess(ctx, accountID, nil)
	r.Data.Lockout.NoteAccountSwitch(accountID, nil)
	if err != nil && !client.IsNotFound(err) {
		resp.Diagnostics.Append(tfkit.APIError("reset", noun, err))
	}
}

// ImportState takes an identity or the id of the account, and warns of a switch that has no value: the CLIs
// generate configuration for it that they refuse.
func (r *accountAPIAccessResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	accountID := req.ID
	if tfkit.ImportsByIdentity(req.ID, req.Identity) {
		var named accountIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &named)...)
		accountID = named.AccountID.ValueString()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := authz.ParseID(accountID); !ok {
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf(
			"The import ID of %s is the id of the account, 32 lower-case hexadecimal digits, for instance "+
				"01a7362d577a6c3019a474fd6f485823; got %s.", TypeName, tfkit.Shown(accountID)))
		return
	}
	account, err := r.Data.Client.Account(ctx, accountID)
	switch {
	case client.IsNotFound(err):
		// The read that follows finds nothing either, for which the CLI has its own words.
	case err != nil:
		resp.Diagnostics.Append(tfkit.APIError("read", noun, err))
		return
	case account.Settings.APIAccessEnabled == nil && account.Type == lockout.AccountTypeStandard:
		resp.Diagnostics.AddWarning(lockout.NoSwitchSummary, lockout.NoSwitch(accountID)+"\n\nLeave the resource out.")
	case account.Settings.APIAccessEnabled == nil:
		resp.Diagnostics.AddWarning("API access switch is at its default", fmt.Sprintf(
			"The API access switch of the account %s was never set, which counts as on. There is no value yet: the plan sets the one that "+
				"you configured, and configuration that is generated lacks it.\n\nIf you generate configuration, write `enabled` into it yourself.", accountID))
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), accountID)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, accountIdentity{AccountID: types.StringValue(accountID)})...)
}

// write asks the guard and sets the switch, with nothing else of this run in between, and takes over
// what the API answers. Nothing is read after the write: it may have ended the right to read.
func (r *accountAPIAccessResource) write(ctx context.Context, plan *accountAPIAccessModel) diag.Diagnostics {
	accountID := plan.AccountID.ValueString()
	defer r.Data.Lockout.Serialize(accountID)()
	diags := r.Data.Lockout.ApplyAccountSwitch(ctx, accountID, plan.toAPI(), r.allowed(plan))
	if diags.HasError() {
		return diags
	}
	account, err := r.Data.Client.SetAccountAPIAccess(ctx, accountID, plan.toAPI())
	r.Data.Lockout.NoteAccountSwitch(accountID, plan.toAPI())
	if err != nil {
		diags.Append(writeError(err))
		return diags
	}
	r.Data.Accounts.Add(accountID)
	plan.fromAPI(account)
	return diags
}

// allowed says whether the user has allowed to be locked out. A destroy sees only what state holds.
func (r *accountAPIAccessResource) allowed(m *accountAPIAccessModel) bool {
	if !m.AllowSelfLockout.IsNull() {
		return m.AllowSelfLockout.ValueBool()
	}
	return r.Data.AllowSelfLockout
}

// writeError puts a refusal of the value on its attribute; a refusal of the caller belongs to none.
func writeError(err error) diag.Diagnostic {
	var refused *client.Error
	if errors.As(err, &refused) && refused.Status == http.StatusBadRequest {
		return tfkit.APIErrorAt(path.Root("enabled"), "change", noun, err)
	}
	return tfkit.APIError("change", noun, err)
}
