// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

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
