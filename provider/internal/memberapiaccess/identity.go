// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ resource.ResourceWithIdentity = (*memberAPIAccessResource)(nil)

// memberIdentity is what an override is known by. It changes where the override moves to another member,
// which is a change in place.
type memberIdentity struct {
	AccountID types.String `tfsdk:"account_id"`
	MemberID  types.String `tfsdk:"member_id"`
}

// IdentitySchema describes the identity.
func (r *memberAPIAccessResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_id": identityschema.StringAttribute{
			RequiredForImport: true,
			Description:       "Id of the account, 32 lower-case hexadecimal digits.",
		},
		"member_id": identityschema.StringAttribute{
			RequiredForImport: true,
			Description:       "Id of the member.",
		},
	}}
}

// identity is the identity of the override. The member's id must be known.
func (m *memberAPIAccessModel) identity() memberIdentity {
	return memberIdentity{AccountID: m.AccountID, MemberID: m.MemberID}
}
