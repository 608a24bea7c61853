// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ resource.ResourceWithIdentity = (*accountAPIAccessResource)(nil)

// accountIdentity is what a switch is known by. An account has one.
type accountIdentity struct {
	AccountID types.String `tfsdk:"account_id"`
}

// IdentitySchema describes the identity.
func (r *accountAPIAccessResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_id": identityschema.StringAttribute{
			RequiredForImport: true,
			Description:       "Id of the account, 32 lower-case hexadecimal digits.",
		},
	}}
}

func (m *accountAPIAccessModel) identity() accountIdentity {
	return accountIdentity{AccountID: m.AccountID}
}
