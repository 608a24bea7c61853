// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

const (
	defaultTTL = time.Hour
	// minTTL leaves time for the renewal, at half of it, to be repeated before the token dies.
	minTTL = 5 * time.Minute
	// maxTTL bounds what a run that was killed leaves behind. A longer run needs no more, since it renews.
	maxTTL = 24 * time.Hour
	// ttlRange is both as one writes them in configuration.
	ttlRange = "at least 5m and at most 24h"
)

const ephemeralDescription = "A short-lived API token that exists while Terraform runs, and whose secret is in no state and no plan file. " +
	"It is made when Terraform opens it and revoked when Terraform no longer needs it.\n\n" +
	"Terraform opens ephemeral resources during the plan and again during the apply, so that a plan makes and revokes a token too. Both need the permission: " +
	"`API Tokens Write` on the user, or, with `account_id`, `Account API Tokens Write` on the account and the role Super Administrator or Administrator there.\n\n" +
	"Every token is made with an expiry, `ttl` from then by the API's clock and up to a minute more, which is moved on while Terraform works. Should Terraform be killed, or the reply to its request be lost, " +
	"the server itself ends the token then at the latest.\n\n" +
	"Terraform closes no ephemeral resource where something that uses it failed, nor where the run is interrupted. The provider then revokes the token in the " +
	"two seconds that it has before its process is ended.\n\n" +
	"Requires Terraform 1.10 or OpenTofu 1.11."

// Schema describes the ephemeral resource.
func (e *ephemeralToken) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	ranges := func(description string) schema.Attribute {
		return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: ephemeralDescription,
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The id of the account that is to own the token. Left out, the token belongs to the calling user.",
				Validators:          []validator.String{tfkit.IDOf("account")},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The name of the token, 1 to 120 characters. Names need not be unique: runs at the same time have tokens of the same name.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(minNameLength, maxNameLength)},
			},
			"policies": schema.MapNestedAttribute{
				Required: true,
				MarkdownDescription: "The policies of the token, at least one, each under a name of your choice, as in the resource `accesscontrol_api_token`. " +
					"A request is allowed if some policy allows it and none denies it.",
				NestedObject: schema.NestedAttributeObject{Attributes: policyset.EphemeralPolicyAttributes()},
			},
			"condition": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "From where the token works. Left out, it works from everywhere.",
				Attributes: map[string]schema.Attribute{
					"request_ip": schema.SingleNestedAttribute{
						Required:            true,
						MarkdownDescription: "The addresses that requests may come from. At least one of `in` and `not_in` must be set, and an empty set is refused.",
						Attributes: map[string]schema.Attribute{
							"in":     ranges("The addresses and CIDR ranges that the token works from. Left out, every address that `not_in` does not hold."),
							"not_in": ranges("The addresses and CIDR ranges that the token does not work from, even where `in` holds them."),
						},
					},
				},
			},
			"ttl": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long the token lives unless it is renewed, such as `30m` or `1h30m`, in whole seconds, at least `5m` and at most `24h`. Left out, it is `1h`. " +
					"The token is renewed when half of it has passed, so that the run may take longer. It is also how long a token can outlive a run that was killed, or one that failed while the API could not be reached.",
				Validators: []validator.String{ttlValidator{}},
			},
			"id": text("The id of the token, 32 hexadecimal digits."),
			"value": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret of the token. It can be used where Terraform takes ephemeral values: in provider blocks, write-only attributes and other ephemeral resources.",
			},
			"expires_on": text("When the token ends unless it is renewed, in RFC 3339, UTC, as it was when the token was made."),
		},
	}
}

// ttlValidator refuses what is no usable life of a token.
type ttlValidator struct{}

// Description says what is accepted.
func (ttlValidator) Description(context.Context) string {
	return "The value must be a duration of whole seconds, " + ttlRange + "."
}

// MarkdownDescription is Description.
func (v ttlValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses a known value that is not a duration, or is too short or too long a one.
func (ttlValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := parseTTL(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid ttl",
			"The value "+err.Error()+".\n\nWrite a duration of "+ttlRange+", such as 30m or 1h.")
	}
}

// parseTTL reads a duration of whole seconds, since the API keeps no others.
func parseTTL(text string) (time.Duration, error) {
	ttl, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s is not a duration", tfkit.Shown(text))
	case ttl < minTTL:
		return 0, fmt.Errorf("%q is shorter than 5m", text)
	case ttl > maxTTL:
		return 0, fmt.Errorf("%q is longer than 24h", text)
	case ttl%time.Second != 0:
		return 0, fmt.Errorf("%q has a fraction of a second", text)
	default:
		return ttl, nil
	}
}
