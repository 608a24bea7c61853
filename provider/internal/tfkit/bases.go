// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
)

// EphemeralBase is [ResourceBase] for ephemeral resources.
type EphemeralBase struct {
	// Data is nil until the provider is configured.
	Data *ProviderData
}

// Configure keeps the provider's data. Terraform calls it without any before the provider is
// configured.
func (b *EphemeralBase) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	resp.Diagnostics.Append(keep(req.ProviderData, &b.Data)...)
}

// ActionBase is [ResourceBase] for actions.
type ActionBase struct {
	// Data is nil until the provider is configured.
	Data *ProviderData
}

// Configure keeps the provider's data. Terraform calls it without any before the provider is
// configured.
func (b *ActionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	resp.Diagnostics.Append(keep(req.ProviderData, &b.Data)...)
}
