// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

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
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

var (
	_ list.ListResource              = (*memberListResource)(nil)
	_ list.ListResourceWithConfigure = (*memberListResource)(nil)
)

// memberListResource lists what can be imported; the type and its schemas are the resource's.
type memberListResource struct{ memberAPIAccessResource }

// NewListResource returns the list resource, not yet configured.
func NewListResource() list.ListResource { return &memberListResource{} }

// memberListModel is the configuration of a list block.
type memberListModel struct {
	AccountID     types.String `tfsdk:"account_id"`
	APIAccess     types.String `tfsdk:"api_access"`
	EmailContains types.String `tfsdk:"email_contains"`
}

// ListResourceConfigSchema describes the list block.
func (l *memberListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the API access settings of an account's members, those without an override of their " +
			"own included. A token needs `account:Account Settings Read` on the account.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the account, 32 lower-case hexadecimal digits.",
				Validators:          []validator.String{tfkit.IDOf("account")},
			},
			"api_access": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only members with this setting: `enabled`, `disabled` or `account_default`. " +
					"Defaults to all.",
				Validators: []validator.String{stringvalidator.OneOf(lockout.Settings()...)},
			},
			"email_contains": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only members whose e-mail contains this text, compared without letter case, such as " +
					"`@example.com`. Defaults to all.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}

// List reads the members of the account.
func (l *memberListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.List(ctx, req, stream, func(config *memberListModel) ([]client.Member, diag.Diagnostic) {
		members, err := l.Data.Client.Members(ctx, config.AccountID.ValueString())
		if err != nil {
			return nil, tfkit.APIError("list", "account members", err)
		}
		return config.choose(members), nil
	}, func(config *memberListModel, member client.Member) (tfkit.ListItem, diag.Diagnostics) {
		model := memberAPIAccessModel{AccountID: config.AccountID}
		model.fromAPI(&member)
		return tfkit.ListItem{DisplayName: member.Email, Identity: model.identity(), Resource: model}, nil
	})
}

// choose returns the members that pass, sorted by e-mail and then by id, since the order of the API means
// nothing.
func (m *memberListModel) choose(members []client.Member) []client.Member {
	chosen := slices.DeleteFunc(slices.Clone(members), func(member client.Member) bool {
		return !tfkit.Contains(m.EmailContains, member.Email) ||
			!tfkit.Passes(m.APIAccess, lockout.SettingOf(member.APIAccessEnabled))
	})
	slices.SortFunc(chosen, func(a, b client.Member) int {
		return cmp.Or(strings.Compare(a.Email, b.Email), strings.Compare(a.ID, b.ID))
	})
	return chosen
}
