// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

var _ datasource.DataSourceWithConfigure = &tokenDataSource{}

type tokenDataSource struct{ tfkit.DataSourceBase }

// NewDataSource returns the data source accesscontrol_api_token.
func NewDataSource() datasource.DataSource { return &tokenDataSource{} }

// Metadata sets the data source's type.
func (d *tokenDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = TypeName
}

// Schema describes the data source.
func (d *tokenDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := readAttributes()
	attributes["id"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "The id of the token, 32 hexadecimal digits.",
		Validators:          []validator.String{tfkit.IDOf("token")},
	}
	attributes["account_id"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "The id of the account that owns the token. Left out, the token belongs to the calling user.",
		Validators:          []validator.String{tfkit.IDOf("account")},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One API token by its id, with the time of its last use. The secret cannot be read. " + listPermissionsSentence,
		Attributes:          attributes,
	}
}

// Read reads the token.
func (d *tokenDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var accountID, id types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, pathAccountID, &accountID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, pathID, &id)...)
	if resp.Diagnostics.HasError() {
		return
	}
	token, err := d.Data.Client.GetToken(ctx, client.Owner{AccountID: accountID.ValueString()}, id.ValueString())
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIErrorAt(pathID, "read", noun, err))
		return
	}
	model, diags := readToken(ctx, accountID, token)
	resp.Diagnostics.Append(tfkit.Pointed(diags)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
