// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

const (
	minNameLength = 1
	maxNameLength = 120
)

const resourceDescription = "An API token: its name, what its policies allow and deny, from where and until when it works. " +
	"The token belongs to the user Terraform runs as, or to an account if `account_id` is set.\n\n" +
	"The API shows the secret once, when the token is made or its secret replaced. `secret_storage` says where it goes: into state as the sensitive attribute `value`, " +
	"into state encrypted to people who hold age keys, or nowhere.\n\n" +
	"Permission needed: `API Tokens Write` on the user, or, with `account_id`, `Account API Tokens Write` on the account and the role Super Administrator or Administrator there. " +
	"A token to run Terraform with needs `User Details Read` as well where a policy has `user = true`: the provider reads the user's id with it."

// Schema describes the resource.
func (r *tokenResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: resourceDescription,
		Attributes: withSecretAttributes(map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The id of the token, 32 hexadecimal digits. It never changes, not even when the definition does.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"account_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The id of the account that owns the token. Left out, the token belongs to the calling user. " +
					"An account-owned token acts as no user and reaches its own account alone. Changing this replaces the token.",
				Validators:    []validator.String{tfkit.IDOf("account")},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The name of the token, 1 to 120 characters. Names need not be unique.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(minNameLength, maxNameLength)},
			},
			"policies":  policiesAttribute(),
			"condition": conditionAttribute(),
			"not_before": schema.StringAttribute{
				Optional:            true,
				CustomType:          timestampType{},
				MarkdownDescription: "The time from which the token works, in RFC 3339 with whole seconds. Left out, it works at once. Equal instants are equal whatever their offset.",
				PlanModifiers:       []planmodifier.String{keepOffset{}},
			},
			"expires_on": schema.StringAttribute{
				Optional:   true,
				CustomType: timestampType{},
				MarkdownDescription: "The time from which the token no longer works, in RFC 3339 with whole seconds; after `not_before`, and in the future when it is set or changed. " +
					"Left out, the token does not expire. A plan warns when less than the provider's `warn_before_expiry` is left. " +
					"A token that has expired is left as it is until this changes; then it is replaced.",
				PlanModifiers: []planmodifier.String{keepOffset{}},
			},
			"status": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Whether the token works: `active` or `disabled`. Left out, a new token is active, and one that is disabled by hand stays so, of which the plan warns. " +
					"The API may also say `expired`, or a word that begins with `revoked`; such a token is replaced, except while its unchanged `expires_on` has passed, since the new one would be born dead. " +
					"Set to such a word, as in configuration that is generated for an import, it leaves the token as it is; no new token can have it.",
				Validators: []validator.String{statusValidator{}},
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether this token may be destroyed, disabled, narrowed or given a new secret although it is the one Terraform runs with. " +
					"Defaults to the provider's `allow_self_lockout`, and thereby to `false`: the apply refuses that right before the write. A destroy goes by the value in state, so apply `true` before destroying.",
			},
			"grants": schema.SetAttribute{
				Computed:    true,
				ElementType: types.StringType,
				MarkdownDescription: "What the policies open and close, one line for each permission and resource, such as `allow DNS Write on zone 023e105f4ecef8ad9ca31a8372d0c353`. " +
					"It is known at plan as soon as the policies are, so a plan shows line by line what changes. It says nothing of `condition` and the two times, which limit all of it. " +
					"It shows ids and names of resources in clear, even those that the configuration marks as sensitive, because a provider does not learn of such marks.",
			},
			"issued_on": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the token was created, in RFC 3339, UTC. It never changes.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"modified_on": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the definition or the secret of the token was last written, in RFC 3339, UTC.",
			},
		}),
	}
}

func conditionAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "From where the token works. Left out, it works from everywhere; removing it lifts the limit. " +
			"Terraform ignores attributes that it does not know inside this one, without a message: check the planned `condition`.",
		Attributes: map[string]schema.Attribute{
			"request_ip": schema.SingleNestedAttribute{
				Required:            true,
				MarkdownDescription: "The addresses that requests may come from. At least one of `in` and `not_in` must be set, and an empty set is refused.",
				Attributes: map[string]schema.Attribute{
					"in": schema.SetAttribute{
						Optional:            true,
						ElementType:         types.StringType,
						MarkdownDescription: "The addresses and CIDR ranges that the token works from. A bare address is a range of one. Left out, every address that `not_in` does not hold.",
					},
					"not_in": schema.SetAttribute{
						Optional:            true,
						ElementType:         types.StringType,
						MarkdownDescription: "The addresses and CIDR ranges that the token does not work from, even where `in` holds them.",
					},
				},
			},
		},
	}
}

func policiesAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Required: true,
		MarkdownDescription: "The policies of the token, at least one, each under a name of your choice. The names are Terraform's alone: changing one sends no request. " +
			"A request is allowed if some policy allows it and none denies it. No two policies may mean the same. " +
			"Terraform ignores attributes that it does not know inside this one, without a message: read `grants` in the plan.",
		NestedObject: schema.NestedAttributeObject{Attributes: policyset.PolicyAttributes()},
	}
}

// isID reports whether s has the form of an id.
func isID(s string) bool {
	_, ok := authz.ParseID(s)
	return ok
}
