// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import "github.com/hashicorp/terraform-plugin-framework/types"

// Owner says whose token the policies belong to, as far as that is known: it decides which resources
// they may name, and how some of them are written on the wire (authorization model §3). The zero value
// is an owner that is not known yet; checks that depend on the kind of owner then wait.
type Owner struct {
	// Known is false while a plan does not know the attribute account_id yet.
	Known bool
	// AccountID is the account that owns the token; empty for the calling user.
	AccountID string
}

// OwnerOf reads the owner from an attribute account_id: null is the calling user.
func OwnerOf(accountID types.String) Owner {
	return Owner{Known: !accountID.IsUnknown(), AccountID: accountID.ValueString()}
}

// IsAccount reports whether the token is known to be account-owned.
func (o Owner) IsAccount() bool { return o.Known && o.AccountID != "" }
