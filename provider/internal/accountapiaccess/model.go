// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// accountAPIAccessModel is the resource in configuration, plan and state.
type accountAPIAccessModel struct {
	AccountID        types.String `tfsdk:"account_id"`
	Enabled          types.Bool   `tfsdk:"enabled"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

// toAPI is the value of the switch on the wire; a null attribute is the account's default.
func (m *accountAPIAccessModel) toAPI() *bool {
	return m.Enabled.ValueBoolPointer()
}

// fromAPI takes over what the API keeps. A switch that was never set, or was given back its default
// outside Terraform, is null here, so that the plan shows the difference to the configuration.
func (m *accountAPIAccessModel) fromAPI(account *client.Account) {
	m.Enabled = types.BoolPointerValue(account.Settings.APIAccessEnabled)
}
