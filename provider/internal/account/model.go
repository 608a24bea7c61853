// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package account

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// accountModel is the data source in configuration and state.
type accountModel struct {
	AccountID types.String   `tfsdk:"account_id"`
	Name      types.String   `tfsdk:"name"`
	Type      types.String   `tfsdk:"type"`
	CreatedOn types.String   `tfsdk:"created_on"`
	Settings  *settingsModel `tfsdk:"settings"`
}

// settingsModel is what of the account's settings the provider knows.
type settingsModel struct {
	APIAccessEnabled types.Bool `tfsdk:"api_access_enabled"`
	EnforceTwofactor types.Bool `tfsdk:"enforce_twofactor"`
}

// fromAPI takes over the account. A time that the API leaves out is null.
func (m *accountModel) fromAPI(a *client.Account) {
	m.AccountID = types.StringValue(a.ID)
	m.Name = types.StringValue(a.Name)
	m.Type = types.StringValue(a.Type)
	m.CreatedOn = types.StringNull()
	if !a.CreatedOn.IsZero() {
		m.CreatedOn = types.StringValue(a.CreatedOn.UTC().Format(time.RFC3339))
	}
	m.Settings = &settingsModel{
		APIAccessEnabled: types.BoolPointerValue(a.Settings.APIAccessEnabled),
		EnforceTwofactor: types.BoolValue(a.Settings.EnforceTwofactor),
	}
}
