// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// The path of a token that a user owns does not say which user that is: to every other user the API answers as
// if the token did not exist. So that a run with the wrong credential does not forget tokens that live on, a
// resource remembers its user in private data, and what the API says of a missing token is believed only where it
// was said to that user.

const (
	// userKey is the name of the private data that holds the id of the token's user, as JSON.
	userKey = "user"
	// movedKey is the name of the private data of a token that was moved from another provider, until it was read.
	movedKey = "moved"
)

// privateReader is what the framework hands over of the private data of a resource.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter is what the framework keeps as private data of a resource.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// learnUser keeps who owns a token that was just read, where that is not known: after an import, a move, or from a
// state that is older than this. To whom the API shows a user's token, owns it.
func (r *tokenResource) learnUser(ctx context.Context, token *tokenModel, private privateData) diag.Diagnostics {
	known, diags := private.GetKey(ctx, userKey)
	if len(known) == 0 && !diags.HasError() {
		diags.Append(r.rememberUser(ctx, token, private)...)
	}
	if wasMoved(ctx, private) {
		diags.Append(private.SetKey(ctx, movedKey, nil)...)
	}
	return diags
}

// rememberUser keeps who owns a token that was just written or read. It does nothing for a token of an account, or
// where the user cannot be read.
func (r *tokenResource) rememberUser(ctx context.Context, token *tokenModel, private privateWriter) diag.Diagnostics {
	if token.owner().IsAccount() {
		return nil
	}
	id := r.Data.Client.UserID(ctx)
	if id == "" {
		return nil
	}
	text, err := json.Marshal(id)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Provider bug: unusable private data", "The id of the calling user cannot be kept: "+err.Error()+".")}
	}
	return private.SetKey(ctx, userKey, text)
}

// checkGone judges the API's word that a token does not exist. An error says that it proves nothing, and then
// the token is to be kept in state; a warning, that it may prove nothing.
func (r *tokenResource) checkGone(ctx context.Context, token *tokenModel, private privateReader) diag.Diagnostics {
	if token.owner().IsAccount() {
		return nil
	}
	owner, caller, diags := r.users(ctx, private)
	switch {
	case owner != "" && caller == owner:
	case isForeign(owner, caller):
		diags.AddError("API token belongs to another user", fmt.Sprintf(
			"The API does not show the token %s to the user %s, whom Terraform runs as. The token was written as the user %s, and only that user's credentials reach it. It may be alive, so it stays in state.\n\n"+
				"Run Terraform with a credential of that user. If the token is to be forgotten all the same, remove it from state with `terraform state rm`.", token.ID.ValueString(), caller, owner))
	case wasMoved(ctx, private):
		diags.AddError("Moved API token is not found", fmt.Sprintf(
			"The API answered that the token %s does not exist, and would do so for a token of another user too. It was moved from another provider and has not been read since, so that its user is not known. It may be alive, so it stays in state.\n\n"+
				"Run Terraform with a credential of the user that the other provider ran as. If the token is gone, take the moved block out, and remove the token from state, under the address that it was to be moved from, with `terraform state rm`.", token.ID.ValueString()))
	default:
		diags.AddWarning("API token is gone, if Terraform runs as its user", fmt.Sprintf(
			"The API answered that the token %s does not exist, and would do so for a token of another user too. Which user it belongs to or whom Terraform runs as could not be told, so the API was believed.\n\n"+
				"If the credential that Terraform runs with has changed, check that the token does not live on.", token.ID.ValueString()))
	}
	return diags
}

// users are the user that the resource remembers, and the caller; empty where one is not known.
func (r *tokenResource) users(ctx context.Context, private privateReader) (owner, caller string, diags diag.Diagnostics) {
	text, diags := private.GetKey(ctx, userKey)
	if len(text) > 0 && json.Unmarshal(text, &owner) != nil {
		owner = ""
	}
	return owner, r.Data.Client.UserID(ctx), diags
}

// isForeign says whether the token of one user is surely another's to the caller.
func isForeign(owner, caller string) bool { return owner != "" && caller != "" && owner != caller }

// checkLostOwner refuses to look for a token that a lost create may have made among those of another user, where it
// can never be: finding none there proves nothing.
func (r *tokenResource) checkLostOwner(ctx context.Context, token *tokenModel, private privateReader) diag.Diagnostics {
	if token.owner().IsAccount() {
		return nil
	}
	owner, caller, diags := r.users(ctx, private)
	if isForeign(owner, caller) {
		diags.AddError("API token belongs to another user", fmt.Sprintf(
			"The create of the API token %q, whose answer was lost, was sent as the user %s, and Terraform runs as the user %s now, to whom the API would not show what it made. The token may be alive, so state keeps the resource for it.\n\n"+
				"Run Terraform with a credential of that user. If the token is to be forgotten all the same, remove the resource from state with `terraform state rm`.", token.Name.ValueString(), owner, caller))
	}
	return diags
}

// warnOfLostOwner warns where nothing was found of a lost create, and it cannot be told whether Terraform runs as the
// user who sent it.
func (r *tokenResource) warnOfLostOwner(ctx context.Context, token *tokenModel, private privateReader) diag.Diagnostics {
	if token.owner().IsAccount() {
		return nil
	}
	owner, caller, diags := r.users(ctx, private)
	if owner == "" || caller == "" {
		diags.AddWarning("Lost API token is not found, if Terraform runs as its user", fmt.Sprintf(
			"The create of the API token %q, whose answer was lost, seems to have made nothing. To another user than the one who sent it the API would answer the same. Which user that was or whom Terraform runs as could not be told, so the API was believed.\n\n"+
				"If the credential that Terraform runs with has changed, check that no token of that name lives on. To be told who the caller is, a token needs `User Details Read`.", token.Name.ValueString()))
	}
	return diags
}

func wasMoved(ctx context.Context, private privateReader) bool {
	mark, _ := private.GetKey(ctx, movedKey)
	return len(mark) > 0
}
