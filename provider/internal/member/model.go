// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package member

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
)

// memberModel is the data source in configuration and state.
type memberModel struct {
	AccountID                types.String `tfsdk:"account_id"`
	MemberID                 types.String `tfsdk:"member_id"`
	Email                    types.String `tfsdk:"email"`
	Status                   types.String `tfsdk:"status"`
	UserID                   types.String `tfsdk:"user_id"`
	FirstName                types.String `tfsdk:"first_name"`
	LastName                 types.String `tfsdk:"last_name"`
	Roles                    []roleModel  `tfsdk:"roles"`
	APIAccess                types.String `tfsdk:"api_access"`
	EffectiveAPIAccess       types.Bool   `tfsdk:"effective_api_access"`
	EffectiveAPIAccessReason types.String `tfsdk:"effective_api_access_reason"`
}

// roleModel is a role of the member.
type roleModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

// fromAPI takes over the member and what the switches of member and account come to. An e-mail that
// was written in other letter case stays as it is written.
func (m *memberModel) fromAPI(member *client.Member, account *client.Account) {
	m.MemberID = types.StringValue(member.ID)
	if m.Email.IsNull() {
		m.Email = types.StringValue(member.Email)
	}
	m.Status = types.StringValue(member.Status)
	m.UserID = nullIfEmpty(member.UserID)
	m.FirstName = nullIfEmpty(member.FirstName)
	m.LastName = nullIfEmpty(member.LastName)
	m.Roles = make([]roleModel, len(member.Roles))
	for i, role := range member.Roles {
		m.Roles[i] = roleModel{ID: types.StringValue(role.ID), Name: types.StringValue(role.Name)}
	}
	slices.SortFunc(m.Roles, func(a, b roleModel) int {
		return cmp.Or(cmp.Compare(a.Name.ValueString(), b.Name.ValueString()), cmp.Compare(a.ID.ValueString(), b.ID.ValueString()))
	})
	m.APIAccess = types.StringValue(lockout.SettingOf(member.APIAccessEnabled))
	allowed := lockout.Effective(account.Type, account.Settings.APIAccessEnabled, member.APIAccessEnabled)
	m.EffectiveAPIAccess = types.BoolValue(allowed)
	m.EffectiveAPIAccessReason = types.StringValue(lockout.EffectiveReason(account, member))
}

func nullIfEmpty(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
