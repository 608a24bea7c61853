// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
			Validators:          []validator.String{idValidator{noun: "token"}},
		},
		"account_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "The id of the account that owns the token. Left out, the token belongs to the calling user.",
			Validators:          []validator.String{idValidator{noun: "account"}},
		},
		"allow_self_lockout": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the token may be " + change + " although it is the one Terraform runs with. " +
				"Defaults to the provider's `allow_self_lockout`, and thereby to `false`.",
		},
	}
}

func (t target) owner() client.Owner { return client.Owner{AccountID: t.accountID.ValueString()} }

// guard refuses a change of the token Terraform runs with, unless that is allowed.
func (t target) guard(ctx context.Context, data *tfkit.ProviderData, change string) diag.Diagnostics {
	allowed := data.AllowSelfLockout
	if !t.allow.IsNull() {
		allowed = t.allow.ValueBool()
	}
	if data.Lockout == nil {
		return nil
	}
	return data.Lockout.ApplyOwnedToken(ctx, t.owner(), t.id.ValueString(), change, allowed)
}
