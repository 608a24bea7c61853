// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// Descriptions of what narrows a list of tokens, for the list resource and the data source alike.
const (
	listAccountDescription  = "The id of the account whose tokens are listed. Left out, the tokens of the calling user are."
	listNameDescription     = "Only tokens whose name contains this text, compared without letter case. Left out, all."
	listStatusDescription   = "Only tokens of this status: `active`, `disabled`, `expired`, or `revoked`, which stands for every word of the API that begins so. Left out, all."
	statusRevoked           = "revoked"
	listPermissionsSentence = "Permission needed: `API Tokens Read` on the user, or, with `account_id`, `Account API Tokens Read` on the account and the role Super Administrator or Administrator there."
)

// statusFilters are the values that narrow a list by status.
func statusFilters() []string {
	return []string{client.StatusActive, client.StatusDisabled, client.StatusExpired, statusRevoked}
}

// tokenFilter narrows a list of tokens; null lets everything pass.
type tokenFilter struct {
	NameContains types.String
	Status       types.String
}

// choose returns the tokens that pass, sorted by name and then by id, since the order of the API means
// nothing.
func (f tokenFilter) choose(tokens []client.Token) []client.Token {
	part := strings.ToLower(f.NameContains.ValueString())
	chosen := slices.DeleteFunc(slices.Clone(tokens), func(t client.Token) bool {
		return !strings.Contains(strings.ToLower(t.Name), part) || !f.hasStatus(t.Status)
	})
	slices.SortFunc(chosen, func(a, b client.Token) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return chosen
}

func (f tokenFilter) hasStatus(status string) bool {
	switch want := f.Status.ValueString(); want {
	case "":
		return true
	case statusRevoked:
		return strings.HasPrefix(status, statusRevoked)
	default:
		return status == want
	}
}
