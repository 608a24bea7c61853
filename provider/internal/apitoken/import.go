// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ImportState takes `<id>` for a token of the calling user and
// `<account id>/<id>` for one of an account. The read that follows fills in
// the definition; the secret cannot be had, and the import says so.
func (r *tokenResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	account, id, owned := strings.Cut(req.ID, "/")
	if !owned {
		account, id = "", req.ID
	}
	if !isID(id) || owned && !isID(account) {
		resp.Diagnostics.AddError("Invalid import ID",
			fmt.Sprintf("%q does not name an API token.\n\nWrite <token id> for a token of the calling user, such as ed17574386854bf78a67040be0a770b0, or <account id>/<token id> for one of an account; ids are 32 lower-case hexadecimal digits.", req.ID))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	if owned {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), account)...)
	}
	resp.Diagnostics.AddWarning("Secret is not imported",
		"The API shows the secret of a token once, when it is created, so `value` of the imported token is null. Everything else is imported.\n\nGo on using the secret where it is kept, or replace the token to get a new one.")
}
