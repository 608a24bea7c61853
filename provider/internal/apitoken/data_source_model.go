// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// readModel is a token as the data sources show it: what the resource shows, without the secret, and with the
// time of its last use, which in a resource would be a difference in every plan.
type readModel struct {
	ID         types.String `tfsdk:"id"`
	AccountID  types.String `tfsdk:"account_id"`
	Name       types.String `tfsdk:"name"`
	Status     types.String `tfsdk:"status"`
	Policies   types.Map    `tfsdk:"policies"`
	Condition  types.Object `tfsdk:"condition"`
	NotBefore  types.String `tfsdk:"not_before"`
	ExpiresOn  types.String `tfsdk:"expires_on"`
	Grants     types.Set    `tfsdk:"grants"`
	IssuedOn   types.String `tfsdk:"issued_on"`
	ModifiedOn types.String `tfsdk:"modified_on"`
	LastUsedOn types.String `tfsdk:"last_used_on"`
}

// readToken shows a token of the owner, in the spelling that an import would get.
func readToken(ctx context.Context, accountID types.String, token *client.Token) (readModel, diag.Diagnostics) {
	shown := emptyModel(accountID)
	diags := shown.fromAPI(ctx, token)
	out := readModel{
		ID: shown.ID, AccountID: accountID, Name: shown.Name, Status: shown.Status,
		Policies: shown.Policies, Condition: shown.Condition,
		NotBefore: shown.NotBefore.StringValue, ExpiresOn: shown.ExpiresOn.StringValue,
		Grants: shown.Grants, IssuedOn: shown.IssuedOn, ModifiedOn: shown.ModifiedOn,
		LastUsedOn: types.StringNull(),
	}
	if token.LastUsedOn != nil {
		out.LastUsedOn = types.StringValue(formatTime(*token.LastUsedOn))
	}
	return out, diags
}

// readAttributes describe all of readModel but id and account_id, which data sources take or show.
func readAttributes() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	ranges := func(description string) schema.Attribute {
		return schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"name":   text("The name of the token."),
		"status": text("Whether the token works: `active`, `disabled`, `expired`, or a word that begins with `revoked`."),
		"policies": schema.MapNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The policies of the token, each under a name made of its permissions.",
			NestedObject:        schema.NestedAttributeObject{Attributes: policyset.ComputedPolicyAttributes()},
		},
		"condition": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "From where the token works. Null when it works from everywhere.",
			Attributes: map[string]schema.Attribute{
				"request_ip": schema.SingleNestedAttribute{
					Computed:            true,
					MarkdownDescription: "The addresses that requests may come from.",
					Attributes: map[string]schema.Attribute{
						"in":     ranges("The addresses and CIDR ranges that the token works from. Null when every address passes that `not_in` does not hold."),
						"not_in": ranges("The addresses and CIDR ranges that the token does not work from, even where `in` holds them."),
					},
				},
			},
		},
		"not_before": text("The time from which the token works, in RFC 3339, UTC. Null when there is none."),
		"expires_on": text("The time from which the token no longer works, in RFC 3339, UTC. Null when it does not expire."),
		"grants": schema.SetAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "What the policies open and close, one line for each permission and resource, such as `allow DNS Write on zone 023e105f4ecef8ad9ca31a8372d0c353`.",
		},
		"issued_on":    text("When the token was created, in RFC 3339, UTC."),
		"modified_on":  text("When the definition or the secret of the token was last written, in RFC 3339, UTC."),
		"last_used_on": text("When a request with the token was last made, in RFC 3339, UTC. Null when none ever was."),
	}
}
