// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
)

// memberAPIAccessModel is the resource in configuration, plan and state.
type memberAPIAccessModel struct {
	AccountID        types.String `tfsdk:"account_id"`
	MemberID         types.String `tfsdk:"member_id"`
	Email            types.String `tfsdk:"email"`
	APIAccess        types.String `tfsdk:"api_access"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

// toAPI is the value of the switch on the wire; account_default is null there.
func (m *memberAPIAccessModel) toAPI() *bool {
	return lockout.ValueOf(m.APIAccess.ValueString())
}

// key names the member among those of all accounts. Account and id must be known.
func (m *memberAPIAccessModel) key() string {
	return m.AccountID.ValueString() + "/" + m.MemberID.ValueString()
}

// fromAPI takes over what the API keeps. An e-mail that differs in letter case alone stays as it was
// written: it names the same member, and the difference must not come back in every plan.
func (m *memberAPIAccessModel) fromAPI(member *client.Member) {
	m.MemberID = types.StringValue(member.ID)
	if member.Email != "" && !sameEmail(m.Email, member.Email) {
		m.Email = types.StringValue(member.Email)
	}
	m.APIAccess = types.StringValue(lockout.SettingOf(member.APIAccessEnabled))
}

// sameEmail compares without letter case. A null or unknown attribute is nobody's e-mail.
func sameEmail(attribute types.String, email string) bool {
	return isKnown(attribute) && strings.EqualFold(attribute.ValueString(), email)
}

func isKnown(v types.String) bool { return !v.IsNull() && !v.IsUnknown() }
