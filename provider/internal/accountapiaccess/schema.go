// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// Schema describes the resource.
func (r *accountAPIAccessResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The API access switch of an Enterprise account. Turned off, every request that acts on " +
			"the account is refused to every API token and API key, whoever holds it, unless the member behind it " +
			"has an override of its own (`accesscontrol_account_member_api_access`). Requests about other accounts " +
			"and about the user are not touched.\n\n" +
			"Destroying the resource gives the account back its default, which counts as on. Nothing else of the " +
			"account is changed: its other settings are written back as they were read. Configuration that is " +
			"generated for a switch at its default lacks `enabled`, which you then write yourself.\n\n" +
			"Write one resource for each account. Destroying one of two for the same account resets the switch under the other, " +
			"unless that one sets it in the same apply; only the next plan shows it. Rename a resource, or its `for_each` key, with a " +
			"`moved` block: without it the old one may be destroyed first, and the account is at its default until the new one is created.\n\n" +
			"Requires a credential of a Super Administrator of the account; a token needs the permission " +
			"`account:Account Settings Write` on it. A standard account has no switch: the plan warns, and the API refuses to set one.\n\n" +
			"Before the switch is turned off, the provider looks whether that would end its own access. The plan " +
			"warns, and the apply refuses right before it writes. To read who it is, a token also needs " +
			"`User Details Read` and `Memberships Read`; without them every turning off counts as a possible lock-out.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Id of the account, 32 lower-case hexadecimal digits. " +
					"Changing this replaces the resource: the old account gets back its default.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:    []validator.String{tfkit.IDOf("account")},
			},
			"enabled": schema.BoolAttribute{
				Required: true,
				MarkdownDescription: "Whether the API may be used on the account by members without an override of " +
					"their own, and by the tokens that the account owns. Can be changed in place.",
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to carry out a change that ends the provider's own API access to the " +
					"account. Defaults to the provider's `allow_self_lockout`, and thereby to `false`. After such a " +
					"change only the dashboard leads back.",
			},
		},
	}
}
