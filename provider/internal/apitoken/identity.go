// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ resource.ResourceWithIdentity = &tokenResource{}

// tokenIdentity is what a token is known by: neither of the two ever changes.
type tokenIdentity struct {
	AccountID types.String `tfsdk:"account_id"`
	ID        types.String `tfsdk:"id"`
}

// IdentitySchema describes the identity.
func (r *tokenResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_id": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "The id of the account that owns the token. Left out, the token belongs to the calling user.",
		},
		"id": identityschema.StringAttribute{
			RequiredForImport: true,
			Description:       "The id of the token, 32 hexadecimal digits.",
		},
	}}
}

// identity is the identity of the token. Its id must be known.
func (m *tokenModel) identity() tokenIdentity {
	return tokenIdentity{AccountID: m.AccountID, ID: m.ID}
}
