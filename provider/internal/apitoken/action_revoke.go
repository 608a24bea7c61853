// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// RevokeTypeName is the type of the action that revokes a token.
const RevokeTypeName = TypeName + "_revoke"

var (
	_ action.ActionWithConfigure  = &revokeAction{}
	_ action.ActionWithModifyPlan = &revokeAction{}
)

type revokeAction struct{ tfkit.ActionBase }

// NewActionRevoke returns the action accesscontrol_api_token_revoke.
func NewActionRevoke() action.Action { return &revokeAction{} }

type revokeModel struct {
	ID               types.String `tfsdk:"id"`
	AccountID        types.String `tfsdk:"account_id"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

func (m *revokeModel) target() target {
	return target{id: m.ID, accountID: m.AccountID, allow: m.AllowSelfLockout}
}

// Metadata sets the type.
func (a *revokeAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = RevokeTypeName
}

// Schema describes the action.
func (a *revokeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes an API token at once, for good: the token is deleted, and every later request with its secret is refused. One that is already gone is what was asked for, and a warning says so. " +
			"A token that a resource manages is made anew by the next apply; to be rid of it, destroy the resource.\n\n" +
			"Permission needed: `API Tokens Write` on the user, or, with `account_id`, `Account API Tokens Write` on the account and the role Super Administrator or Administrator there.\n\n" +
			"Requires Terraform 1.14; OpenTofu has no actions.",
		Attributes: targetAttributes("revoked"),
	}
}

// ModifyPlan says what is known before anything is revoked.
func (a *revokeAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var config revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.target().plan(ctx, a.Data, lockout.InvokeRevoke)...)
}

// Invoke deletes the token. One that the API does not know is asked about first, and deleted all the same: to
// say that it was revoked would calm whoever named a token by the wrong owner.
func (a *revokeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	token, id := config.target(), config.ID.ValueString()
	resp.Diagnostics.Append(token.check(ctx)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(token.guard(ctx, a.Data, lockout.InvokeRevoke)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, read := a.Data.Client.GetToken(ctx, token.owner(), id)
	found, err := a.Data.Client.RemoveToken(ctx, token.owner(), id)
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("delete", noun, err))
		return
	}
	// A delete that was repeated finds nothing the second time; what was read before tells that it was there.
	if found || read == nil {
		resp.SendProgress(action.InvokeProgressEvent{Message: "API token " + id + " is revoked."})
		return
	}
	owner, advice := "the calling user", "A token that an account owns is named by account_id as well."
	if token.owner().AccountID != "" {
		owner, advice = "account "+token.owner().AccountID, "A token that belongs to a user is named without account_id."
	}
	resp.Diagnostics.AddAttributeWarning(path.Root("id"), "No API token to revoke",
		"No token "+id+" belongs to "+owner+". It is gone already, or it never was one of them: if its secret still works somewhere, it has not been revoked.\n\n"+
			"Check the id and the owner. "+advice)
}
