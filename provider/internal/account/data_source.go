// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package account is the data sources accesscontrol_account, one account with its API access switch, by id
// or by name, and accesscontrol_accounts, the list of them. The switch is changed by a resource of its own. Start reading at data_source.go.
package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TypeName is the name of the data source type.
const TypeName = "accesscontrol_account"

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource)(nil)
)

type dataSource struct {
	tfkit.DataSourceBase
}

// NewDataSource returns the data source, not yet configured.
func NewDataSource() datasource.DataSource { return &dataSource{} }

// Metadata names the data source type.
func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = TypeName
}

// Schema describes the data source.
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One account with its API access switch, by id or by name. Reading it needs a credential of " +
			"an accepted member of the account and, for a token, any permission that opens the account, such as " +
			"`account:Account Settings Read`. Finding it by name also needs `Memberships Read`.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Id of the account, 32 lower-case hexadecimal digits. Exactly one of `account_id` and " +
					"`name` is required.",
				Validators: []validator.String{tfkit.IDOf("account")},
			},
			"name": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Name of the account, compared exactly, among the accounts that the caller is a member of. " +
					"A name that several of them have is refused with their ids. Exactly one of `account_id` and `name` " +
					"is required.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"type": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Type of the account: `standard` or `enterprise`. Only an Enterprise account has an API access switch.",
			},
			"created_on": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the account was created, RFC 3339 in UTC.",
			},
			"settings": settingsAttribute(),
		},
	}
}

func settingsAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "Settings of the account that concern access.",
		Attributes: map[string]schema.Attribute{
			"api_access_enabled": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "The API access switch: whether the API may be used on this account by members " +
					"without an override of their own. Null when it was never set, which counts as on.",
			},
			"enforce_twofactor": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether members need a second factor.",
			},
		},
	}
}

// ConfigValidators require that the account is named in one way.
func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("account_id"), path.MatchRoot("name")),
	}
}

// Read finds the account and reads it.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config accountModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID := config.AccountID.ValueString()
	if config.AccountID.IsNull() {
		memberships, err := d.Data.Client.Memberships(ctx)
		if err != nil {
			resp.Diagnostics.Append(tfkit.APIErrorAt(path.Root("name"), "list", "accounts of the caller", err))
			return
		}
		var problem diag.Diagnostic
		if accountID, problem = named(memberships, config.Name.ValueString()); problem != nil {
			resp.Diagnostics.Append(problem)
			return
		}
	}
	account, err := d.Data.Client.Account(ctx, accountID)
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("read", "account", err))
		return
	}
	config.fromAPI(account)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// named is the id of the one account of that name among those whose member the caller is. An
// invitation that was not accepted opens nothing.
func named(memberships []client.Membership, name string) (string, diag.Diagnostic) {
	var ids, others []string
	for _, membership := range memberships {
		switch {
		case membership.Status != "accepted":
		case membership.Account.Name == name:
			ids = append(ids, membership.Account.ID)
		default:
			others = append(others, fmt.Sprintf("  - %q (%s)", membership.Account.Name, membership.Account.ID))
		}
	}
	slices.Sort(ids)
	slices.Sort(others)
	switch {
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) > 1:
		return "", diag.NewAttributeErrorDiagnostic(path.Root("name"), "Several accounts have this name", fmt.Sprintf(
			"%d accounts are called %q. Set account_id to one of:\n  - %s", len(ids), name, strings.Join(ids, "\n  - ")))
	case len(others) == 0:
		return "", diag.NewAttributeErrorDiagnostic(path.Root("name"), "No such account", fmt.Sprintf(
			"The caller is a member of no account, and so of none called %q.", name))
	default:
		return "", diag.NewAttributeErrorDiagnostic(path.Root("name"), "No such account", fmt.Sprintf(
			"The caller is a member of no account called %q. The accounts are:\n%s", name, strings.Join(others, "\n")))
	}
}
