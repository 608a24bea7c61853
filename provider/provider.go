// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package provider is the accesscontrol provider: its configuration and the list of what it offers.
//
// What it offers lives below internal, one package for each noun of the API; the wire client is in
// package client. Start reading at config.go for how the provider is configured.
package provider

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TypeName is the prefix of every resource and data source.
const TypeName = "accesscontrol"

var (
	_ provider.Provider                       = (*accessControlProvider)(nil)
	_ provider.ProviderWithActions            = (*accessControlProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*accessControlProvider)(nil)
	_ provider.ProviderWithFunctions          = (*accessControlProvider)(nil)
	_ provider.ProviderWithListResources      = (*accessControlProvider)(nil)
	_ provider.ProviderWithValidateConfig     = (*accessControlProvider)(nil)
)

type accessControlProvider struct {
	version string
	lookup  func(string) (string, bool)
	now     func() time.Time
	// readTokens outlives Configure; see [tfkit.ProviderData].
	readTokens tfkit.Marks
	// cleanup is the process's; nil is none.
	cleanup *tfkit.Cleanup
}

// New returns the constructor of the provider, as the plugin server wants it. The version is what
// the provider calls itself in the User-Agent header.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &accessControlProvider{version: version, lookup: os.LookupEnv, now: systemClock}
	}
}

// NewWithCleanup is [New] for a process that serves a CLI. The second function is to be called when it has served,
// with a context that bounds it: it revokes the ephemeral API tokens that the CLI left open, which it does where
// something that used them failed or the run was interrupted. Its error names those that live on, and until when.
func NewWithCleanup(version string) (func() provider.Provider, func(context.Context) error) {
	cleanup := &tfkit.Cleanup{}
	return func() provider.Provider {
		return &accessControlProvider{version: version, lookup: os.LookupEnv, now: systemClock, cleanup: cleanup}
	}, cleanup.Run
}

// Metadata names the provider.
func (p *accessControlProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = TypeName
	resp.Version = p.version
}

// Schema describes the provider block.
func (p *accessControlProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = configSchema()
}

// ValidateConfig judges what the configuration alone decides, so that `validate` finds it without
// network and environment.
func (p *accessControlProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var config configModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(validateConfig(config)...)
}

// Configure settles configuration and environment and builds the client. It makes no request: a
// provider block alone must not need a network.
func (p *accessControlProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config configModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if config.hasUnknown() && req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		return
	}
	settled, diags := resolveConfig(config, p.lookup)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	settled.client.UserAgent = userAgent(p.version, req.TerraformVersion)
	c, err := client.New(settled.client)
	if err != nil {
		resp.Diagnostics.AddError("Cannot set up the API client", fmt.Sprintf(
			"The settings of the provider cannot be used: %s.\n\nCorrect the provider block or its environment variables.", err))
		return
	}
	data := &tfkit.ProviderData{
		Client:           c,
		WarnBeforeExpiry: settled.warnBeforeExpiry,
		AllowSelfLockout: settled.allowSelfLockout,
		Now:              p.now,
		Lockout:          lockout.New(c),
		ReadTokens:       &p.readTokens,
		Cleanup:          p.cleanup,
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.EphemeralResourceData = data
	resp.ListResourceData = data
	resp.ActionData = data
}

// Resources lists the constructors of all resources.
func (p *accessControlProvider) Resources(context.Context) []func() resource.Resource {
	return resources()
}

// DataSources lists the constructors of all data sources.
func (p *accessControlProvider) DataSources(context.Context) []func() datasource.DataSource {
	return dataSources()
}

// Functions lists the constructors of all functions.
func (p *accessControlProvider) Functions(context.Context) []func() function.Function {
	return functions()
}

// EphemeralResources lists the constructors of all ephemeral resources.
func (p *accessControlProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return ephemeralResources()
}

// ListResources lists the constructors of all list resources.
func (p *accessControlProvider) ListResources(context.Context) []func() list.ListResource {
	return listResources()
}

// Actions lists the constructors of all actions.
func (p *accessControlProvider) Actions(context.Context) []func() action.Action {
	return actions()
}

func userAgent(version, terraformVersion string) string {
	agent := "terraform-provider-accesscontrol/" + version
	if terraformVersion != "" {
		agent += " terraform/" + terraformVersion
	}
	return agent
}
