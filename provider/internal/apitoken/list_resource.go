// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

var (
	_ list.ListResource              = &tokenListResource{}
	_ list.ListResourceWithConfigure = &tokenListResource{}
)

// tokenListResource lists what can be imported; the type and its schemas are the resource's.
type tokenListResource struct{ tokenResource }

// NewListResource returns the list resource accesscontrol_api_token.
func NewListResource() list.ListResource { return &tokenListResource{} }

// tokenListModel is the configuration of a list block.
type tokenListModel struct {
	AccountID    types.String `tfsdk:"account_id"`
	NameContains types.String `tfsdk:"name_contains"`
	Status       types.String `tfsdk:"status"`
}

// ListResourceConfigSchema describes the list block.
func (l *tokenListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the API tokens of the calling user or of an account, expired ones included. " + listPermissionsSentence,
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
		},
	}
}

// List reads the tokens of one owner.
func (l *tokenListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.List(ctx, req, stream, func(config *tokenListModel) ([]client.Token, diag.Diagnostic) {
		tokens, err := l.Data.Client.ListTokens(ctx, client.Owner{AccountID: config.AccountID.ValueString()})
		if err != nil {
			return nil, tfkit.APIError("list", "API tokens", err)
		}
		return tokenFilter{NameContains: config.NameContains, Status: config.Status}.choose(tokens), nil
	}, func(config *tokenListModel, token client.Token) (tfkit.ListItem, diag.Diagnostics) {
		model := emptyModel(config.AccountID)
		diags := tfkit.Pointed(model.fromAPI(ctx, &token))
		return tfkit.ListItem{DisplayName: token.Name, Identity: model.identity(), Resource: model}, diags
	})
}

// emptyModel is a token of which nothing but the owner is known, with every attribute null.
func emptyModel(accountID types.String) *tokenModel {
	return &tokenModel{
		AccountID: accountID,
		Policies:  types.MapNull(policyset.PolicyType),
		Condition: types.ObjectNull(conditionType.AttrTypes),
		NotBefore: timestampNull(), ExpiresOn: timestampNull(),
		Grants:         types.SetNull(types.StringType),
		Recipients:     types.SetNull(types.StringType),
		RotateTriggers: types.MapNull(types.StringType),
	}
}
