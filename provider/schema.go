// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// configModel is the provider block. Its whole numbers are numbers to the framework, which calls a fraction
// in an integer a defect of the provider; config.go refuses it.
type configModel struct {
	BaseURL            types.String `tfsdk:"base_url"`
	APIToken           types.String `tfsdk:"api_token"`
	Email              types.String `tfsdk:"email"`
	APIKey             types.String `tfsdk:"api_key"`
	MaxRetries         types.Number `tfsdk:"max_retries"`
	RequestsPerMinute  types.Number `tfsdk:"requests_per_minute"`
	RequestTimeout     types.String `tfsdk:"request_timeout"`
	PropagationTimeout types.String `tfsdk:"propagation_timeout"`
	WarnBeforeExpiry   types.String `tfsdk:"warn_before_expiry"`
	AllowSelfLockout   types.Bool   `tfsdk:"allow_self_lockout"`
}

func configSchema() schema.Schema {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	return schema.Schema{
		MarkdownDescription: "Manages API access control: API tokens, and the switches that turn API access on and off, on any endpoint that " +
			"speaks Cloudflare's v4 API. Every attribute can be given by an environment variable instead; the configuration wins over " +
			"`ACCESSCONTROL_*`, which wins over `CLOUDFLARE_*`. An empty variable counts as unset.",
		Attributes: map[string]schema.Attribute{
			attrBaseURL: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The root URL of the API. Defaults to the local reference server, `" + defaultBaseURL + "`. Plain `http` is " +
					"accepted for `localhost` and loopback IP addresses only. Environment: `ACCESSCONTROL_BASE_URL`, `CLOUDFLARE_BASE_URL`. A credential from " +
					"a `CLOUDFLARE_*` variable is never sent to the default, so set the URL along with it.",
			},
			attrAPIToken: schema.StringAttribute{
				Optional:   true,
				Sensitive:  true,
				Validators: notEmpty,
				MarkdownDescription: "The API token to run with, user-owned or account-owned. Exactly one of `api_token` and `email` with `api_key` " +
					"must be given. Environment: `ACCESSCONTROL_API_TOKEN`, `CLOUDFLARE_API_TOKEN`.",
			},
			attrEmail: schema.StringAttribute{
				Optional:   true,
				Validators: notEmpty,
				MarkdownDescription: "The e-mail address of the user whose Global API key is given in `api_key`. Environment: " +
					"`ACCESSCONTROL_EMAIL`, `CLOUDFLARE_EMAIL`; beside a token in the environment, and without a key, such a variable is ignored.",
			},
			attrAPIKey: schema.StringAttribute{
				Optional:   true,
				Sensitive:  true,
				Validators: notEmpty,
				MarkdownDescription: "The Global API key of the user in `email`. It can do all that the user can; an API token can be limited to what " +
					"Terraform needs. Environment: `ACCESSCONTROL_API_KEY`, `CLOUDFLARE_API_KEY`.",
			},
			attrMaxRetries: schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How often a request is repeated after a failure that may pass. Between 0 and 20; defaults to 4. A create is repeated " +
					"only when the API did not act on it. Environment: `ACCESSCONTROL_MAX_RETRIES`.",
			},
			attrRequestsPerMinute: schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "The most requests that are sent in any minute, over all parallel operations. Defaults to 0, which sets no limit but " +
					"the one that the API announces. Environment: `ACCESSCONTROL_REQUESTS_PER_MINUTE`.",
			},
			attrRequestTimeout: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one attempt of a request may take, as a duration such as `30s` or `1m`. Defaults to `30s`. Environment: " +
					"`ACCESSCONTROL_REQUEST_TIMEOUT`.",
			},
			attrPropagationTimeout: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long a refusal to read a token that was just written is taken for a change that has not spread yet, as a duration. " +
					"Defaults to `60s`; `0s` turns the patience off. Environment: `ACCESSCONTROL_PROPAGATION_TIMEOUT`.",
			},
			attrWarnBeforeExpiry: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long before a token expires a plan begins to warn, as a duration. Defaults to `720h`, which is 30 days; `0s` turns " +
					"the warning off. Environment: `ACCESSCONTROL_WARN_BEFORE_EXPIRY`.",
			},
			attrAllowSelfLockout: schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether changes are carried out that end the API access of the credential Terraform runs with. Defaults to `false`: " +
					"such a change is refused right before it would be made. Environment: `ACCESSCONTROL_ALLOW_SELF_LOCKOUT`.",
			},
		},
	}
}
