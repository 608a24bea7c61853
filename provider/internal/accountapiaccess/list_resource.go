// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

var (
	_ list.ListResource              = (*accountListResource)(nil)
	_ list.ListResourceWithConfigure = (*accountListResource)(nil)
)

// accountListResource lists what can be imported; the type and its schemas are the resource's.
type accountListResource struct{ accountAPIAccessResource }

// NewListResource returns the list resource, not yet configured.
func NewListResource() list.ListResource { return &accountListResource{} }

// accountListModel is the configuration of a list block.
type accountListModel struct {
	Enabled      types.Bool   `tfsdk:"enabled"`
	NameContains types.String `tfsdk:"name_contains"`
}

// ListResourceConfigSchema describes the list block.
func (l *accountListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the API access switches that are set, of the accounts that the caller can read. " +
			"A switch that was never set, or was given back its default, is nobody's to manage and is left out. " +
			"A token needs `account:Account Settings Read` on the accounts; one that an account owns may not list.",
		Attributes: map[string]schema.Attribute{
			"enabled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Only switches that are on, or only those that are off. Defaults to both.",
			},
			"name_contains": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only switches of accounts whose name contains this text, compared without letter case. " +
					"Defaults to all.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}

// List reads the accounts.
func (l *accountListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.List(ctx, req, stream, func(config *accountListModel) ([]client.Account, diag.Diagnostic) {
		accounts, err := l.Data.Client.Accounts(ctx)
		if err != nil {
			return nil, tfkit.APIError("list", "accounts", err)
		}
		return config.choose(accounts), nil
	}, func(_ *accountListModel, account client.Account) (tfkit.ListItem, diag.Diagnostics) {
		model := accountAPIAccessModel{AccountID: types.StringValue(account.ID)}
		model.fromAPI(&account)
		return tfkit.ListItem{DisplayName: account.Name, Identity: model.identity(), Resource: model}, nil
	})
}

// choose returns the accounts whose switch is set and passes, sorted by name and then by id, since the order
// of the API means nothing.
func (m *accountListModel) choose(accounts []client.Account) []client.Account {
	chosen := slices.DeleteFunc(slices.Clone(accounts), func(account client.Account) bool {
		enabled := account.Settings.APIAccessEnabled
		return enabled == nil || !m.Enabled.IsNull() && m.Enabled.ValueBool() != *enabled ||
			!tfkit.Contains(m.NameContains, account.Name)
	})
	slices.SortFunc(chosen, func(a, b client.Account) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return chosen
}
