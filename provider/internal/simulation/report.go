// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// ReportTypeName is the name of the data source that reports on an account.
const ReportTypeName = "accesscontrol_account_api_access_report"

var _ datasource.DataSourceWithConfigure = (*reportDataSource)(nil)

type reportDataSource struct {
	tfkit.DataSourceBase
}

// reportModel is the report in configuration and state.
type reportModel struct {
	AccountID        types.String        `tfsdk:"account_id"`
	AccountName      types.String        `tfsdk:"account_name"`
	AccountType      types.String        `tfsdk:"account_type"`
	APIAccessEnabled types.Bool          `tfsdk:"api_access_enabled"`
	Members          []reportMemberModel `tfsdk:"members"`
	Tokens           []reportTokenModel  `tfsdk:"tokens"`
	UnknownFacts     []types.String      `tfsdk:"unknown_facts"`
	Notes            []types.String      `tfsdk:"notes"`
}

type reportMemberModel struct {
	MemberID                 types.String   `tfsdk:"member_id"`
	Email                    types.String   `tfsdk:"email"`
	Status                   types.String   `tfsdk:"status"`
	Roles                    []types.String `tfsdk:"roles"`
	APIAccess                types.String   `tfsdk:"api_access"`
	EffectiveAPIAccess       types.Bool     `tfsdk:"effective_api_access"`
	EffectiveAPIAccessReason types.String   `tfsdk:"effective_api_access_reason"`
}

type reportTokenModel struct {
	TokenID                  types.String   `tfsdk:"token_id"`
	Name                     types.String   `tfsdk:"name"`
	Owner                    types.String   `tfsdk:"owner"`
	Status                   types.String   `tfsdk:"status"`
	ExpiresOn                types.String   `tfsdk:"expires_on"`
	ReachesBy                []types.String `tfsdk:"reaches_by"`
	ManagesTokens            types.Bool     `tfsdk:"manages_tokens"`
	EffectiveAPIAccess       types.Bool     `tfsdk:"effective_api_access"`
	EffectiveAPIAccessReason types.String   `tfsdk:"effective_api_access_reason"`
	Usable                   types.Bool     `tfsdk:"usable"`
}

// NewReportDataSource returns the data source that reports on an account, not yet configured.
func NewReportDataSource() datasource.DataSource { return &reportDataSource{} }

// Metadata names the data source type.
func (d *reportDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = ReportTypeName
}

// Schema describes the data source.
func (d *reportDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	list := func(description string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who may use the API on an account: the effective API access of every member, and the tokens that reach the account, with why.\n\n" +
			"The tokens are those that the account owns and those of the user that Terraform runs as. Tokens of other members cannot be listed over the API. " +
			"Blocking a member does not touch account-owned tokens, those included that the member made: they follow the account's switch alone.\n\n" +
			"Permission needed: `account:Account Settings Read` on the account. The tokens also need `Account API Tokens Read` on the account with the role Super Administrator or Administrator, " +
			"and `API Tokens Read`, `User Details Read` on the user; tokens that name single zones, `Zone Read` on these. What may not be read is in `unknown_facts`.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Required:            true,
				Validators:          isID("account"),
				MarkdownDescription: "Id of the account, 32 lower-case hexadecimal digits.",
			},
			"account_name":       text("Name of the account."),
			"account_type":       text("Type of the account: `standard` or `enterprise`. Only an Enterprise account has an API access switch."),
			"api_access_enabled": flag("The account's API access switch. Null when it was never set, which counts as on."),
			"members": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "All members of the account, sorted by e-mail.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"member_id":                   text("Id of the member."),
					"email":                       text("E-mail of the member."),
					"status":                      text("Status of the membership: `accepted`, `pending` or `rejected`."),
					"roles":                       list("Names of the roles that the member has, or that policies in their place allow, sorted."),
					"api_access":                  text("The member's own setting: `enabled`, `disabled` or `account_default`."),
					"effective_api_access":        flag("Whether the switches let the member use the API on this account, by tokens and keys of its own."),
					"effective_api_access_reason": text("Which switch decides `effective_api_access`, as a sentence."),
				}},
			},
			"tokens": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Every token of the account, and those of the calling user that reach it; sorted by owner, name and id.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"token_id":   text("Id of the token, 32 hexadecimal digits."),
					"name":       text("Name of the token."),
					"owner":      text("Whose it is: `account`, or `user` for the user that Terraform runs as."),
					"status":     text("Status of the token as the API says, such as `active`, `disabled` or `expired`."),
					"expires_on": text("When the token expires, in RFC 3339, UTC. Null when it does not."),
					"reaches_by": list("Why it reaches the account: what its policies allow there, and deny, one line for each permission and resource, sorted. " +
						"Empty for a token of the account that reaches nothing. What is denied is not taken off what is allowed."),
					"manages_tokens": flag("Whether the token can make others that reach the account, and is listed for that alone. With `API Tokens Write` on its user it then is worth all its owner's rights, " +
						"on every account; with `Account API Tokens Write` it makes tokens of the accounts that its resources name."),
					"effective_api_access":        flag("Whether the switches let the token be used on this account. Null where the member that it acts as is not known."),
					"effective_api_access_reason": text("Which switch decides `effective_api_access`, as a sentence. Null where that is not known."),
					"usable": flag("Whether the token works on this account now, by the API's clock: active, within its times, with API access on and its owner an accepted member. " +
						"From which addresses, and whether its owner still holds the rights, is not part of it. Null where it depends on a member that is not known."),
				}},
			},
			"unknown_facts": schema.SetAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "What could not be read, each in words. Empty when the report holds everything that the API shows.",
			},
			"notes": list("What the report cannot say, in sentences."),
		},
	}
}

// Read makes the report.
func (d *reportDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config reportModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := config.AccountID.ValueString()
	account, err := d.Data.Client.Account(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("read", "account", err))
		return
	}
	members, err := d.Data.Client.Members(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("list", "account members", err))
		return
	}
	// The API's clock says which tokens are within their times; the reads before have told what it shows.
	r := &reporter{api: d.Data.Client, now: d.Data.Client.ServerTime(), account: account, members: members, zones: map[authz.ID]bool{}}
	config.AccountName, config.AccountType = types.StringValue(account.Name), types.StringValue(account.Type)
	config.APIAccessEnabled = types.BoolPointerValue(account.Settings.APIAccessEnabled)
	config.Members = r.memberRows()
	config.Tokens = r.tokenRows(ctx)
	config.UnknownFacts = texts(r.unread)
	config.Notes = texts(reportNotes)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// texts are strings as a model holds them; none is an empty list.
func texts(in []string) []types.String {
	out := make([]types.String, 0, len(in))
	for _, s := range in {
		out = append(out, types.StringValue(s))
	}
	return out
}
