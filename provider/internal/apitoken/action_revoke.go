// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// RevokeTypeName is the type of the action that revokes a token.
const RevokeTypeName = TypeName + "_revoke"

var _ action.ActionWithConfigure = &revokeAction{}

type revokeAction struct{ tfkit.ActionBase }

// NewActionRevoke returns the action accesscontrol_api_token_revoke.
func NewActionRevoke() action.Action { return &revokeAction{} }

type revokeModel struct {
	ID               types.String `tfsdk:"id"`
	AccountID        types.String `tfsdk:"account_id"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

// Metadata sets the type.
func (a *revokeAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = RevokeTypeName
}

// Schema describes the action.
func (a *revokeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes an API token at once, for good: the token is deleted, and every later request with its secret is refused. One that is already gone is what was asked for. " +
			"A token that a resource manages is made anew by the next apply; to be rid of it, destroy the resource.\n\n" +
			"Permission needed: `API Tokens Write` on the user, or, with `account_id`, `Account API Tokens Write` on the account and the role Super Administrator or Administrator there.\n\n" +
			"Requires Terraform 1.14; OpenTofu has no actions.",
		Attributes: targetAttributes("revoked"),
	}
}

// Invoke deletes the token.
func (a *revokeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	token := target{id: config.ID, accountID: config.AccountID, allow: config.AllowSelfLockout}
	resp.Diagnostics.Append(token.guard(ctx, a.Data, lockout.ChangeDestroy)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := a.Data.Client.DeleteToken(ctx, token.owner(), config.ID.ValueString()); err != nil {
		resp.Diagnostics.Append(tfkit.APIError("delete", noun, err))
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: "API token " + config.ID.ValueString() + " is revoked."})
}
