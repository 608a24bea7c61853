// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// target is the token that an action is about, as its configuration names it.
type target struct {
	id, accountID types.String
	allow         types.Bool
}

// targetAttributes are the attributes by which every action names its token, with the change that
// allow_self_lockout permits.
func targetAttributes(change string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "The id of the token, 32 hexadecimal digits.",
			Validators:          []validator.String{tfkit.IDOf("token")},
		},
		"account_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "The id of the account that owns the token. Left out, the token belongs to the calling user.",
			Validators:          []validator.String{tfkit.IDOf("account")},
		},
		"allow_self_lockout": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the token may be " + change + " although it is the one Terraform runs with. " +
				"Defaults to the provider's `allow_self_lockout`, and thereby to `false`.",
		},
	}
}

func (t target) owner() client.Owner { return client.Owner{AccountID: t.accountID.ValueString()} }

// check refuses ids that are none. The validation of an action does not know the value of a variable, and no
// other comes after it, so the plan and the invocation look for themselves.
func (t target) check(ctx context.Context) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, id := range []struct {
		attribute, noun string
		value           types.String
	}{{"id", "token", t.id}, {"account_id", "account", t.accountID}} {
		var resp validator.StringResponse
		tfkit.IDOf(id.noun).ValidateString(ctx, validator.StringRequest{Path: path.Root(id.attribute), ConfigValue: id.value}, &resp)
		diags.Append(resp.Diagnostics...)
	}
	return diags
}

// plan says what is known before the action is invoked: ids that are none, and that the token is the one
// Terraform runs with. The data are nil while the provider is not configured.
func (t target) plan(ctx context.Context, data *tfkit.ProviderData, change string) diag.Diagnostics {
	diags := t.check(ctx)
	if diags.HasError() || t.id.IsUnknown() || t.accountID.IsUnknown() || t.allow.IsUnknown() {
		return diags
	}
	if data == nil || data.Lockout == nil || t.allowed(data) {
		return diags
	}
	diags.Append(data.Lockout.PlanOwnedToken(ctx, t.owner(), t.id.ValueString(), change)...)
	return diags
}

// guard refuses a change of the token Terraform runs with, unless that is allowed.
func (t target) guard(ctx context.Context, data *tfkit.ProviderData, change string) diag.Diagnostics {
	if data.Lockout == nil {
		return nil
	}
	return data.Lockout.ApplyOwnedToken(ctx, t.owner(), t.id.ValueString(), change, t.allowed(data))
}

// allowed says whether the user has allowed to be locked out. The action's own word counts before the
// provider's.
func (t target) allowed(data *tfkit.ProviderData) bool {
	if !t.allow.IsNull() {
		return t.allow.ValueBool()
	}
	return data.AllowSelfLockout
}
