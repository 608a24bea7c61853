// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package member

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
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// ListTypeName is the name of the data source for the list.
const ListTypeName = "accesscontrol_account_members"

// listModel is the list in configuration and state.
type listModel struct {
	AccountID     types.String  `tfsdk:"account_id"`
	EmailContains types.String  `tfsdk:"email_contains"`
	Status        types.String  `tfsdk:"status"`
	APIAccess     types.String  `tfsdk:"api_access"`
	Members       []memberModel `tfsdk:"members"`
}

// NewListDataSource returns the data source for the filtered list, not yet configured.
func NewListDataSource() datasource.DataSource {
	return &tfkit.Listing[listModel]{Name: ListTypeName, Layout: listSchema, Fill: fillList}
}

// listSchema describes the data source.
func listSchema() schema.Schema {
	text := tfkit.ComputedText
	return schema.Schema{
		MarkdownDescription: "The members of an account that pass every given filter, with their effective API access: what " +
			"the override of each and the account's API access switch come to. A token needs " +
			"`account:Account Settings Read` on the account.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the account, 32 lower-case hexadecimal digits.",
				Validators:          []validator.String{tfkit.IDOf("account")},
			},
			"email_contains": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only members whose e-mail contains this text, compared without letter case, such as " +
					"`@example.com`. Defaults to all.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"status": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only members of this status: `accepted`, `pending` or `rejected`. Defaults to all.",
				Validators:          []validator.String{stringvalidator.OneOf("accepted", "pending", "rejected")},
			},
			"api_access": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only members with this setting of their own: `enabled`, `disabled` or " +
					"`account_default`. Defaults to all.",
				Validators: []validator.String{stringvalidator.OneOf(lockout.Settings()...)},
			},
			"members": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The members, sorted by e-mail, then by id. Empty when none passes.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"account_id": text("Id of the account."),
					"member_id":  text("Id of the member."),
					"email":      text("E-mail of the member."),
					"status":     text("Status of the membership: `accepted`, `pending` or `rejected`."),
					"user_id":    text("Id of the user behind the member. Null while an invitation names nobody who is a user."),
					"first_name": text("First name of the user. Null when it is not set."),
					"last_name":  text("Last name of the user. Null when it is not set."),
					"roles": schema.ListNestedAttribute{
						Computed:            true,
						MarkdownDescription: "Roles of the member, sorted by name. Empty when policies take their place.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"id":   text("Id of the role, 32 lower-case hexadecimal digits."),
							"name": text("Name of the role."),
						}},
					},
					"api_access": text("The member's own setting: `enabled`, `disabled` or `account_default`."),
					"effective_api_access": schema.BoolAttribute{
						Computed: true,
						MarkdownDescription: "Whether the switches let the member use the API on this account. What a request may " +
							"then do is up to roles and to the token's policies.",
					},
					"effective_api_access_reason": text("Which switch decides `effective_api_access`, as a sentence."),
				}},
			},
		},
	}
}

// fillList reads the members and their account.
func fillList(ctx context.Context, api *client.Client, model *listModel) diag.Diagnostic {
	account, err := api.Account(ctx, model.AccountID.ValueString())
	if err != nil {
		return tfkit.APIError("read", "account", err)
	}
	members, err := api.Members(ctx, model.AccountID.ValueString())
	if err != nil {
		return tfkit.APIError("list", "account members", err)
	}
	model.fromAPI(members, account)
	return nil
}

// fromAPI takes over the members that pass. The order of the API means nothing.
func (m *listModel) fromAPI(members []client.Member, account *client.Account) {
	m.Members = []memberModel{}
	for i := range members {
		if !tfkit.Contains(m.EmailContains, members[i].Email) || !tfkit.Passes(m.Status, members[i].Status) ||
			!tfkit.Passes(m.APIAccess, lockout.SettingOf(members[i].APIAccessEnabled)) {
			continue
		}
		next := memberModel{AccountID: m.AccountID}
		next.fromAPI(&members[i], account)
		m.Members = append(m.Members, next)
	}
	slices.SortFunc(m.Members, func(a, b memberModel) int {
		return cmp.Or(strings.Compare(a.Email.ValueString(), b.Email.ValueString()),
			strings.Compare(a.MemberID.ValueString(), b.MemberID.ValueString()))
	})
}
