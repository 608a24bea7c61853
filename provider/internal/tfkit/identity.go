// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// SetIdentity writes the model as the identity of a resource. A CLI of before identities sends none and is
// given none; the identity is then nil and nothing happens. One whose attributes are all null, as it comes
// from a state of such a CLI, is filled in like any other.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, model any) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, model)
}

// ImportsByIdentity says whether an import names its object by an identity, and not by a string.
func ImportsByIdentity(id string, identity *tfsdk.ResourceIdentity) bool {
	return id == "" && identity != nil && !identity.Raw.IsFullyNull()
}
