// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package member is the data source accesscontrol_account_member: one member of an account, by e-mail
// or id, with the API access that its own switch and the account's come to. The switch is changed by
// a resource of its own. Start reading at data_source.go.
package member

import (
	"context"
	"fmt"
	"regexp"
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
const TypeName = "accesscontrol_account_member"

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
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One member of an account, by e-mail or id, with its effective API access: what its own " +
			"override and the account's API access switch come to. A token needs `account:Account Settings Read` on " +
			"the account.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the account, 32 lower-case hexadecimal digits.",
				Validators:          []validator.String{tfkit.IDOf("account")},
			},
			"email": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "E-mail of the member, compared without letter case. Exactly one of `email` and " +
					"`member_id` is required.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"member_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Id of the member. Exactly one of `email` and `member_id` is required.",
				Validators:          []validator.String{tfkit.Matches(memberIDForm, "must be the id of a member; an e-mail belongs into the attribute email")},
			},
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
		},
	}
}

// ConfigValidators require that the member is named in one way.
func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("email"), path.MatchRoot("member_id")),
	}
}

// memberIDForm leaves open what a member id is made of; it is shorter than any secret, and one path segment.
var memberIDForm = regexp.MustCompile(`^[^/@\s]{1,35}$`)

// Read finds the member and reads it and its account.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config memberModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	member, problem := d.find(ctx, &config)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	account, err := d.Data.Client.Account(ctx, config.AccountID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("read", "account", err))
		return
	}
	config.fromAPI(member, account)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

func (d *dataSource) find(ctx context.Context, config *memberModel) (*client.Member, diag.Diagnostic) {
	accountID := config.AccountID.ValueString()
	if !config.MemberID.IsNull() {
		member, err := d.Data.Client.Member(ctx, accountID, config.MemberID.ValueString())
		if err != nil {
			return nil, tfkit.APIErrorAt(path.Root("member_id"), "read", "account member", err)
		}
		return member, nil
	}
	members, err := d.Data.Client.Members(ctx, accountID)
	if err != nil {
		return nil, tfkit.APIError("list", "account members", err)
	}
	return byEmail(members, accountID, config.Email.ValueString())
}

func byEmail(members []client.Member, accountID, email string) (*client.Member, diag.Diagnostic) {
	members = slices.DeleteFunc(members, func(m client.Member) bool { return !strings.EqualFold(m.Email, email) })
	switch len(members) {
	case 1:
		return &members[0], nil
	case 0:
		return nil, diag.NewAttributeErrorDiagnostic(path.Root("email"), "No such account member", fmt.Sprintf(
			"Account %s has no member with the e-mail %s.\n\nCheck the e-mail, or invite the member first.", accountID, email))
	default:
		ids := make([]string, len(members))
		for i := range members {
			ids[i] = members[i].ID
		}
		return nil, diag.NewAttributeErrorDiagnostic(path.Root("email"), "Several members have this e-mail", fmt.Sprintf(
			"Account %s has %d members with the e-mail %s. Set member_id to one of:\n  - %s",
			accountID, len(ids), email, strings.Join(ids, "\n  - ")))
	}
}
