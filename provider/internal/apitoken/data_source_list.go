// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// ListTypeName is the type of the data source for the list.
const ListTypeName = TypeName + "s"

// The attributes that name a token.
var (
	pathAccountID = path.Root("account_id")
	pathID        = path.Root("id")
)

var _ datasource.DataSourceWithConfigure = &tokensDataSource{}

type tokensDataSource struct{ tfkit.DataSourceBase }

// NewListDataSource returns the data source accesscontrol_api_tokens.
func NewListDataSource() datasource.DataSource { return &tokensDataSource{} }

// tokensModel is the list in configuration and state.
type tokensModel struct {
	AccountID    types.String `tfsdk:"account_id"`
	NameContains types.String `tfsdk:"name_contains"`
	Status       types.String `tfsdk:"status"`
	Tokens       []readModel  `tfsdk:"tokens"`
}

// Metadata sets the data source's type.
func (d *tokensDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = ListTypeName
}

// Schema describes the data source.
func (d *tokensDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	element := readAttributes()
	element["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the token, 32 hexadecimal digits."}
	element["account_id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the account that owns the token. Null when a user does."}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The API tokens of the calling user or of an account that pass every given filter, expired ones included. Secrets cannot be read. " + listPermissionsSentence,
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: listAccountDescription, Validators: []validator.String{tfkit.IDOf("account")},
			},
			"name_contains": schema.StringAttribute{
				Optional: true, MarkdownDescription: listNameDescription, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"status": schema.StringAttribute{
				Optional: true, MarkdownDescription: listStatusDescription, Validators: []validator.String{stringvalidator.OneOf(statusFilters()...)},
			},
			"tokens": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The tokens, sorted by name, then by id. Empty when none passes.",
				NestedObject:        schema.NestedAttributeObject{Attributes: element},
			},
		},
	}
}

// Read lists the tokens.
func (d *tokensDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config tokensModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tokens, err := d.Data.Client.ListTokens(ctx, client.Owner{AccountID: config.AccountID.ValueString()})
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("list", "API tokens", err))
		return
	}
	config.Tokens = []readModel{}
	for _, token := range (tokenFilter{NameContains: config.NameContains, Status: config.Status}).choose(tokens) {
		model, diags := readToken(ctx, config.AccountID, &token)
		resp.Diagnostics.Append(tfkit.Pointed(diags)...)
		config.Tokens = append(config.Tokens, model)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}
