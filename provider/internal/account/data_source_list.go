// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package account

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// ListTypeName is the name of the data source for the list.
const ListTypeName = "accesscontrol_accounts"

// listModel is the list in configuration and state.
type listModel struct {
	NameContains types.String   `tfsdk:"name_contains"`
	Type         types.String   `tfsdk:"type"`
	Accounts     []accountModel `tfsdk:"accounts"`
}

// NewListDataSource returns the data source for the filtered list, not yet configured.
func NewListDataSource() datasource.DataSource {
	return &tfkit.Listing[listModel]{Name: ListTypeName, Layout: listSchema, Fill: fillList}
}

// listSchema describes the data source.
func listSchema() schema.Schema {
	text := tfkit.ComputedText
	return schema.Schema{
		MarkdownDescription: "The accounts that the caller can read and that pass every given filter. A token needs a " +
			"permission that opens the account, such as `account:Account Settings Read`, and one that an account owns may " +
			"not list: name its account by id with `accesscontrol_account`.",
		Attributes: map[string]schema.Attribute{
			"name_contains": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only accounts whose name contains this text, compared without letter case. " +
					"Defaults to all.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only accounts of this type: `standard` or `enterprise`. Defaults to all.",
				Validators:          []validator.String{stringvalidator.OneOf("standard", "enterprise")},
			},
			"accounts": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The accounts, sorted by name, then by id. Empty when none passes.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"account_id": text("Id of the account, 32 lower-case hexadecimal digits."),
					"name":       text("Name of the account."),
					"type":       text("Type of the account: `standard` or `enterprise`."),
					"created_on": text("When the account was created, RFC 3339 in UTC."),
					"settings":   settingsAttribute(),
				}},
			},
		},
	}
}

// fillList reads the accounts.
func fillList(ctx context.Context, api *client.Client, model *listModel) diag.Diagnostic {
	accounts, err := api.Accounts(ctx)
	if err != nil {
		return tfkit.APIError("list", "accounts", err)
	}
	model.fromAPI(accounts)
	return nil
}

// fromAPI takes over the accounts that pass. The order of the API means nothing.
func (m *listModel) fromAPI(accounts []client.Account) {
	m.Accounts = []accountModel{}
	for i := range accounts {
		if !tfkit.Contains(m.NameContains, accounts[i].Name) ||
			!tfkit.Passes(m.Type, accounts[i].Type) {
			continue
		}
		var next accountModel
		next.fromAPI(&accounts[i])
		m.Accounts = append(m.Accounts, next)
	}
	slices.SortFunc(m.Accounts, func(a, b accountModel) int {
		return cmp.Or(strings.Compare(a.Name.ValueString(), b.Name.ValueString()),
			strings.Compare(a.AccountID.ValueString(), b.AccountID.ValueString()))
	})
}
