// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

var (
	accountIDForm = regexp.MustCompile(`^[0-9a-f]{32}$`)
	memberIDForm  = regexp.MustCompile(`^[^/@\s]{1,35}$`) // shorter than any secret
	emailForm     = regexp.MustCompile(`^[^/@\s]+@[^/@\s]+$`)
)

// Schema describes the resource. What a change of member_id or email means depends on both, so it is
// decided in ModifyPlan and not by plan modifiers here.
func (r *memberAPIAccessResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The override of an Enterprise account's API access switch for one of its members. The " +
			"override beats the account's switch in both directions, for every API token and API key of that " +
			"member, on requests that act on this account.\n\n" +
			"Destroying the resource returns the member to `account_default`. Roles and policies of the member are " +
			"never touched. What a member may effectively do also depends on the account's own switch; the data " +
			"source `accesscontrol_account_member` shows it.\n\n" +
			"Write one resource for each member of an account, whether by `member_id` or by `email`. Destroying one of two for the same " +
			"member takes the override from under the other, unless that one sets it in the same apply; only the next plan shows it. " +
			"Rename a resource, or its `for_each` key, with a `moved` block: without it the old one may be destroyed first, and the member " +
			"is at `account_default` until the new one is created, or the provider refuses because that would end its own access.\n\n" +
			"Requires a credential of a Super Administrator of the account; a token needs the permission " +
			"`account:Account Settings Write` on it. On a standard account the API accepts `account_default` alone; the plan of " +
			"a new resource warns of anything else.\n\n" +
			"Before the override of the member that Terraform runs as is taken away, the provider looks whether that " +
			"would end its own access. The plan warns, and the apply refuses right before it writes. To read who it " +
			"is, a token also needs `User Details Read` and `Memberships Read`.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Id of the account, 32 lower-case hexadecimal digits. " +
					"Changing this replaces the resource: the old member returns to `account_default`.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:    []validator.String{tfkit.IDOf("account")},
			},
			"member_id": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Id of the member. One of `member_id` and `email` is required; with both, they " +
					"must name the same member. Naming another member moves the override there in place: the new member " +
					"is set, then the old one returns to `account_default`.",
				Validators: []validator.String{tfkit.Matches(
					memberIDForm, "must be the id of a member; an e-mail belongs into the attribute email")},
			},
			"email": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "E-mail of the member, compared without letter case and kept as it is written. " +
					"One of `member_id` and `email` is required; with both, they must name the same member. Naming " +
					"another member moves the override there, as with `member_id`.",
				Validators: []validator.String{tfkit.Matches(
					emailForm, "must be an e-mail, such as ci@example.com")},
			},
			"api_access": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The override: `enabled` and `disabled` hold whatever the account's switch says, " +
					"`account_default` follows it. Can be changed in place.",
				Validators: []validator.String{stringvalidator.OneOf(lockout.Settings()...)},
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to carry out a change that ends the provider's own API access to the " +
					"account. Defaults to the provider's `allow_self_lockout`, and thereby to `false`. A destroy sees " +
					"only what was applied before. After such a change only the dashboard leads back.",
			},
		},
	}
}

// ConfigValidators require that the member is named.
func (r *memberAPIAccessResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.AtLeastOneOf(path.MatchRoot("member_id"), path.MatchRoot("email")),
	}
}
