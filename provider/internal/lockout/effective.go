// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// AccountTypeStandard is the type of the accounts that the API access switch does not apply to.
const AccountTypeStandard = "standard"

// Effective says whether the API may be used on an account, by the switch alone (authorization model
// §7): the member's own value decides if it has one, else the account's, and null counts as on. A nil
// member also stands for an account-owned token, which has no member. On a standard account the
// switch does not apply; any other type is treated as one where it does, which is the safer reading.
func Effective(accountType string, account, member *bool) bool {
	if accountType == AccountTypeStandard {
		return true
	}
	if member != nil {
		return *member
	}
	return account == nil || *account
}

// EffectiveReason says in sentences which of the two switches decides [Effective] for a member, or, where
// member is nil, for a token that the account owns.
func EffectiveReason(account *client.Account, member *client.Member) string {
	who := "The member"
	var own *bool
	if member == nil {
		who = "A token of the account has no member and"
	} else {
		own = member.APIAccessEnabled
	}
	var text string
	switch value := account.Settings.APIAccessEnabled; {
	case account.Type == AccountTypeStandard:
		text = "The account is a standard one, which has no API access switch."
	case own != nil:
		text = fmt.Sprintf("The member's own setting is %s, which overrides the account's switch.", SettingOf(own))
	case value == nil:
		text = who + " follows the account, whose switch was never set and counts as on."
	case *value:
		text = who + " follows the account, whose switch is on."
	default:
		text = who + " follows the account, whose switch is off."
	}
	if member != nil && member.Status != statusAccepted {
		text += fmt.Sprintf(" The membership is %s: whatever the switches say, it opens nothing until it is accepted.", member.Status)
	}
	return text
}
