// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

func isID(noun string) []validator.String { return []validator.String{tfkit.IDOf(noun)} }

const simulationDescription = "Whether a token may do something, decided by the engine of the reference server, and why. The token is one that exists (`token_id`) " +
	"or one that is only thought of (`policies`); nothing is sent on its behalf.\n\n" +
	"`allowed` is true only if every gate of the authorization model could be judged. What could not be read is in `unknown_facts`, and then nothing is assumed in favour of access. " +
	"An operation on DNS records that names no `record` is allowed only if it is for every record of the zone: where the policies name records, and so do not say the same of all, " +
	"`unknown_facts` says that it depends on the record, and `policy_allows` is null. A list of records is answered with those that the token may see, and `explanation` says so.\n\n" +
	"To hold that a token may *not* do something, ask for `policy_allows`, which goes by the policies alone: `allowed` is also false where facts are missing. " +
	"The answer is about the target that is named: ask once for each zone.\n\n" +
	"A token that holds `API Tokens Write` or `Account API Tokens Write` is worth all its owner's rights, or all of the account's, because it can make other tokens without its own limits; " +
	"`manages_tokens` and `explanation` say so.\n\n" +
	"Permission needed: to read the token, as for the resource; and, where the question depends on it, `Memberships Read` on the user, `Zone Read` on the zone and " +
	"`account:Account Settings Read` on the account."

func simulationSchema() schema.Schema {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	return schema.Schema{
		MarkdownDescription: simulationDescription,
		Attributes: map[string]schema.Attribute{
			"token_id": schema.StringAttribute{
				Optional:            true,
				Validators:          isID("token"),
				MarkdownDescription: "Id of the token that is asked about. Exactly one of `token_id` and `policies` is required.",
			},
			"policies": schema.MapNestedAttribute{
				Optional:   true,
				Validators: []validator.Map{mapvalidator.SizeAtLeast(1)},
				MarkdownDescription: "Policies of a token that need not exist, as in `accesscontrol_api_token`, which also gives them: `accesscontrol_api_token.example.policies`. " +
					"Such a token is alive and works from every address. Exactly one of `token_id` and `policies` is required.",
				NestedObject: schema.NestedAttributeObject{Attributes: policyset.DataSourcePolicyAttributes()},
			},
			"account_id": schema.StringAttribute{
				Optional:            true,
				Validators:          isID("account"),
				MarkdownDescription: "Id of the account that owns the token. Left out, the token belongs to the calling user.",
			},
			"operation": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "What the token would do: a permission by a name or the id of its group (`DNS Write`, `zone:Logs Read`), or a method and a path, with the route's placeholders " +
					"(`POST /zones/{zone_id}/dns_records`) or with ids in their places.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"target": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "What the operation would act on, as far as its path does not say. Left out, the path says all of it, or the operation acts on the token's user. " +
					"What does not belong to the operation is an error.",
				Attributes: targetAttributes(),
			},
			"address": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{addressValidator{}},
				MarkdownDescription: "The IP address that the request would come from. Left out, a token with an IP condition leaves the question open.",
			},
			"at": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{instantValidator{}},
				MarkdownDescription: "The instant of the request, in RFC 3339; only the life of the token is judged at it. Left out, it is now, by the API's clock.",
			},
			"sets_api_access": schema.StringAttribute{
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(lockout.Settings()...)},
				MarkdownDescription: "Set where the request would change an API access switch, which asks for more: the new value, `enabled`, `disabled` or `account_default` (for the account's own switch: its default). " +
					"Left out, no switch is changed.",
			},
			"allowed": flag("Whether the request would be carried out. It is true only if that is certain and, where no record is named, so for every record."),
			"reason": text("Why not, as the name that the server's explanations use, such as `no_matching_grant`; `unknown_facts` where what is not known decides. " +
				"Null when it is allowed."),
			"explanation": text("What was decided and why, in sentences that a review can show."),
			"remedy":      text("The smallest grant that would have allowed it, as the `policies` of an `accesscontrol_api_token`. Null when it is allowed, and when no single grant would do."),
			"unknown_facts": schema.SetAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "What was asked for and is not known, since it could not be read or the target does not name it, each in words. Empty when everything is known that the answer depends on.",
			},
			"policy_allows": flag("Whether the policies by themselves allow it: gates 7 and 8, whatever the token's life, its IP condition, the switch and its owner's rights say. " +
				"Null where that cannot be told: it depends on the record or the zone, and the target names none, on the account that a zone lies in, which could not be read, or on a part of a policy that the provider does not know. " +
				"Compare it with what must hold, as in `policy_allows == false`: the comparison is false on null, where a negation is an error and `!= true` holds."),
			"manages_tokens": flag("Whether the token can make other tokens, and so is worth all its owner's rights, without its own IP condition and expiry."),
			"trace": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The ten gates of the authorization model in their order.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"gate": schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of the gate, from 1 to 10."},
					"asks": text("What the gate asks, in words."),
					"outcome": text("What became of it: `passed`, `refused`, `skipped` where it does not apply to this kind of token, `not_reached` behind one that refused, " +
						"or `unknown` where what is not known decides."),
					"detail": text("What decided: the policy, permission and resource, or the setting. Null where there is nothing to name."),
				}},
			},
		},
	}
}

func targetAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"account_id": schema.StringAttribute{
			Optional:   true,
			Validators: isID("account"),
			MarkdownDescription: "Id of the account. Beside `zone_id` it is the account that the zone lies in, which is held against the zone and is an error if it is another. Leave it out, " +
				"or take it from the zone's data source; where the zone cannot be read it settles nothing.",
		},
		"zone_id": schema.StringAttribute{
			Optional:            true,
			Validators:          isID("zone"),
			MarkdownDescription: "Id of the zone, 32 lower-case hexadecimal digits.",
		},
		"zone_name": schema.StringAttribute{
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			MarkdownDescription: "Name of the zone, with which names of records are completed. Left out, it is read; another than the zone has is an error.",
		},
		"record": schema.SingleNestedAttribute{
			Optional: true,
			MarkdownDescription: "A DNS record of the zone, which need not exist. Left out, an operation on records is meant for every record of the zone. " +
				"A `*` is no pattern, as in policies, but the wildcard record of that name.",
			Attributes: map[string]schema.Attribute{
				"type": schema.StringAttribute{Required: true, MarkdownDescription: "Type of the record, such as `TXT`."},
				"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the record: whole, or without the zone's, which completes it; `@` is the zone."},
			},
		},
		"bucket": schema.SingleNestedAttribute{
			Optional:            true,
			MarkdownDescription: "An R2 bucket of the account, which need not exist.",
			Attributes: map[string]schema.Attribute{
				"name":         schema.StringAttribute{Required: true, MarkdownDescription: "Name of the bucket."},
				"jurisdiction": schema.StringAttribute{Optional: true, MarkdownDescription: "Jurisdiction of the bucket. Left out, it is `default`."},
			},
		},
		"all_zones": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether all zones of the account are meant, which is what making a zone acts on. A permission is then asked for on each: where policies name a zone and say otherwise of it, " +
				"that is left open. Left out, it is `false`.",
		},
		"user": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether the token's own user is meant; an operation that acts on nothing else does not need it. Left out, it is `false`.",
		},
	}
}
