// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/agesecret"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// RollTypeName is the type of the action that gives a token a new secret.
const RollTypeName = TypeName + "_roll"

var (
	_ action.ActionWithConfigure      = &rollAction{}
	_ action.ActionWithModifyPlan     = &rollAction{}
	_ action.ActionWithValidateConfig = &rollAction{}
)

type rollAction struct{ tfkit.ActionBase }

// NewActionRoll returns the action accesscontrol_api_token_roll.
func NewActionRoll() action.Action { return &rollAction{} }

type rollModel struct {
	ID               types.String `tfsdk:"id"`
	AccountID        types.String `tfsdk:"account_id"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
	Recipients       types.Set    `tfsdk:"recipients"`
}

// Metadata sets the type.
func (a *rollAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = RollTypeName
}

// Schema describes the action.
func (a *rollAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := targetAttributes("given a new secret")
	attributes["recipients"] = schema.SetAttribute{
		Required:    true,
		ElementType: types.StringType,
		MarkdownDescription: "Who is to read the new secret: at least one age X25519 recipient, each beginning with `age1`. Each of them can read it alone. " +
			"An action has no result that Terraform keeps, so the encrypted text in its progress messages is the only copy.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Gives an API token a new secret, and shows it as ASCII-armored age text that only the `recipients` can read. The old secret stops working at once.\n\n" +
			"An action cannot change state. The `value` of a resource would go on holding the dead secret: for a token whose secret is in state, use the resource's `rotate_triggers`.\n\n" +
			"Permission needed: `API Tokens Write` on the user, or, with `account_id`, `Account API Tokens Write` on the account and the role Super Administrator or Administrator there.\n\n" +
			"Requires Terraform 1.14; OpenTofu has no actions.",
		Attributes: attributes,
	}
}

// ValidateConfig refuses recipients to whom nothing could be encrypted.
func (a *rollAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var config rollModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.checkRecipients()...)
}

// ModifyPlan says what is known before any secret is replaced, recipients that came from variables among it.
func (a *rollAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var config rollModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.checkRecipients()...)
	resp.Diagnostics.Append(config.target().plan(ctx, a.Data, lockout.InvokeRoll)...)
}

func (m *rollModel) target() target {
	return target{id: m.ID, accountID: m.AccountID, allow: m.AllowSelfLockout}
}

// checkRecipients refuses recipients to whom nothing could be encrypted.
func (m *rollModel) checkRecipients() diag.Diagnostics {
	if m.Recipients.IsUnknown() || len(m.Recipients.Elements()) > 0 {
		return m.secret().checkSecret()
	}
	var diags diag.Diagnostics
	diags.AddAttributeError(path.Root("recipients"), "No recipients to encrypt to",
		"recipients names nobody who could read the new secret.\n\nSet recipients to the age public keys of those who are to read it.")
	return diags
}

// secret is the secret as the resource would keep it for these recipients, so that one set of rules serves
// both.
func (m *rollModel) secret() *tokenModel {
	return &tokenModel{SecretStorage: types.StringValue(storageEncrypted), Recipients: m.Recipients}
}

// Invoke replaces the secret. Before that, the recipients are tried: a new secret that could not be
// encrypted would be lost.
func (a *rollAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config rollModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	token := config.target()
	resp.Diagnostics.Append(config.checkRecipients()...)
	resp.Diagnostics.Append(token.check(ctx)...)
	if resp.Diagnostics.HasError() {
		return
	}
	recipients, _ := config.secret().recipientTexts()
	if _, err := agesecret.Encrypt("", recipients); err != nil {
		resp.Diagnostics.Append(notEncrypted("The secret of the token was not replaced", err))
		return
	}
	resp.Diagnostics.Append(token.guard(ctx, a.Data, lockout.InvokeRoll)...)
	if resp.Diagnostics.HasError() {
		return
	}
	secret, err := a.Data.Client.RollToken(ctx, token.owner(), config.ID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("replace the secret of", noun, err))
		return
	}
	text, err := agesecret.Encrypt(secret, recipients)
	if err != nil {
		resp.Diagnostics.Append(notEncrypted("The secret of the token was replaced", err))
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: "API token " + config.ID.ValueString() + " has a new secret. For its recipients:\n" + text})
}
