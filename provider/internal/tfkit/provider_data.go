// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package tfkit is the glue between the plugin framework and the provider's nouns: what every
// resource and data source does in the same way is done here once, and failures of the API are
// phrased here and nowhere else.
//
// It is not for anything that knows one noun. Start reading at [ProviderData] for what a noun gets,
// and at [APIError] for what a user reads when the API refuses.
package tfkit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
)

// ProviderData is what the provider's Configure hands to resources and data sources. One value
// serves a whole run; only its records of the run, such as Members, change afterwards.
type ProviderData struct {
	// Client talks to the API with the configured credential.
	Client *client.Client
	// WarnBeforeExpiry is how long before a token expires a plan begins to warn; 0 means never.
	WarnBeforeExpiry time.Duration
	// AllowSelfLockout lifts the guard for the whole provider.
	AllowSelfLockout bool
	// Now is the clock.
	Now func() time.Time
	// Lockout guards changes that may end the access of the credential Terraform runs with.
	Lockout *lockout.Guard
	// Members marks whose API access switch was set in this run, as <account_id>/<member_id>. Two
	// resources can trade the members that they manage within one apply, in any order; the one that lets
	// go must not undo what the other has just written.
	Members Marks
	// Accounts marks the accounts whose API access switch was set in this run, by their ids, for the same
	// reason.
	Accounts Marks
	// PastTokens marks, by their name and expiry, the API tokens that state held in this run although their
	// expiry had passed. Where such a token is gone or tainted, a destroy plans its create first.
	PastTokens Marks
	// ReadTokens marks the API tokens, by id, that were read in this process and of which no change was
	// planned since. It lives as long as the process, and nil marks nothing.
	ReadTokens *Marks
	// Cleanup holds what a plugin process does before it ends. Nil is a process that does nothing then.
	Cleanup *Cleanup
}

// ResourceBase holds the provider's data for a resource that embeds it, and implements Configure.
type ResourceBase struct {
	// Data is nil until the provider is configured: in validation, and in some plans.
	Data *ProviderData
}

// Configure keeps the provider's data. Terraform calls it without any before the provider is
// configured.
func (b *ResourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	resp.Diagnostics.Append(keep(req.ProviderData, &b.Data)...)
}

// DataSourceBase is [ResourceBase] for data sources.
type DataSourceBase struct {
	// Data is nil until the provider is configured.
	Data *ProviderData
}

// Configure keeps the provider's data. Terraform calls it without any before the provider is
// configured.
func (b *DataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	resp.Diagnostics.Append(keep(req.ProviderData, &b.Data)...)
}

func keep(given any, data **ProviderData) diag.Diagnostics {
	if given == nil {
		return nil
	}
	value, ok := given.(*ProviderData)
	if !ok {
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			"Provider bug: unexpected provider data",
			fmt.Sprintf("The provider was configured with a %T.\n\n%s", given, reportDefect),
		)}
	}
	*data = value
	return nil
}
