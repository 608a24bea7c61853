// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// ImportState takes an identity, or `<id>` for a token of the calling user and
// `<account id>/<id>` for one of an account. The read that follows fills in
// the definition; the secret cannot be had, and the read says so.
func (r *tokenResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var named tokenIdentity
	if tfkit.ImportsByIdentity(req.ID, req.Identity) {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &named)...)
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(named.check()...)
		}
	} else {
		named = parseImportID(req.ID, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), named.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), named.AccountID)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, named)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// importedKey is the name of the private data of a token that is being imported, until it was read.
const importedKey = "imported"

// isImported says whether this is the read of an import.
func isImported(ctx context.Context, private privateReader) bool {
	mark, _ := private.GetKey(ctx, importedKey)
	return len(mark) > 0
}

// imported ends an import with the one thing that it cannot have. It names the token: where several are imported, not
// every CLI says which of them a warning is about.
func imported(ctx context.Context, token *tokenModel, private privateWriter) diag.Diagnostics {
	diags := private.SetKey(ctx, importedKey, nil)
	which := token.ID.ValueString()
	if token.owner().IsAccount() {
		which += " of the account " + token.AccountID.ValueString()
	}
	diags.AddWarning("Secret is not imported",
		"The API shows the secret of a token once, when it is created, so `value` of the imported token "+which+" is null. Everything else is imported.\n\nGo on using the secret where it is kept, or add rotate_triggers for a new one, with which the old one stops working.")
	return diags
}

// notImported says why there may be nothing to import.
func notImported(token *tokenModel) diag.Diagnostic {
	where, advice := "of the calling user",
		"For a token that an account owns, import <account id>/<token id>. A token of another user is imported with a credential of that user."
	if token.owner().IsAccount() {
		where, advice = "of the account "+token.AccountID.ValueString(),
			"Check both ids. A token that a user owns is imported by its id alone, with a credential of that user."
	}
	return diag.NewErrorDiagnostic("API token to import does not exist",
		fmt.Sprintf("The API answered that there is no token %s %s.\n\n%s", token.ID.ValueString(), where, advice))
}

// parseImportID reads the string of an import. The identity is only to be used
// where no problem is reported.
func parseImportID(text string, diags *diag.Diagnostics) tokenIdentity {
	account, id, owned := strings.Cut(text, "/")
	if !owned {
		account, id = "", text
	}
	if !isID(id) || owned && !isID(account) {
		diags.AddError("Invalid import ID",
			tfkit.Shown(text)+" does not name an API token.\n\nWrite <token id> for a token of the calling user, such as ed17574386854bf78a67040be0a770b0, or <account id>/<token id> for one of an account; ids are 32 lower-case hexadecimal digits.")
	}
	named := tokenIdentity{ID: types.StringValue(id)}
	if owned {
		named.AccountID = types.StringValue(account)
	}
	return named
}

// check refuses an identity that can be no token's.
func (i tokenIdentity) check() diag.Diagnostics {
	var diags diag.Diagnostics
	if !isID(i.ID.ValueString()) || !i.AccountID.IsNull() && !isID(i.AccountID.ValueString()) {
		account := "no account_id"
		if !i.AccountID.IsNull() {
			account = "account_id " + tfkit.Shown(i.AccountID.ValueString())
		}
		diags.AddError("Invalid identity",
			fmt.Sprintf("The identity with id %s and %s names no API token.\n\nWrite the token's id, and the account's for a token that an account owns; ids are 32 lower-case hexadecimal digits.", tfkit.Shown(i.ID.ValueString()), account))
	}
	return diags
}
