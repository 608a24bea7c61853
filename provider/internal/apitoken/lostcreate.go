// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// lostKey is the name of the private data of a resource whose create may have made a token that state does not
// know by its id. With them a refresh finds it, so that the resource, which is tainted, can be replaced; a
// replacement itself is not given the private data of what it destroys.
const lostKey = "lost_create"

// keepLost keeps what a failed create may have left behind, and reports whether state is to hold the resource
// for it. One of which not even the id is known has none in state.
func (m *tokenModel) keepLost(ctx context.Context, token *client.Token, cause error, private privateData, diags *diag.Diagnostics) bool {
	known := m.takeLost(token, cause)
	lost, unsettled := client.LostCreateOf(cause)
	if !unsettled {
		return known
	}
	text, err := json.Marshal(lost)
	if err != nil {
		diags.Append(badLost(err))
		return known
	}
	diags.Append(private.SetKey(ctx, lostKey, text)...)
	if !known {
		m.dropSecret()
		m.ID, m.Status, m.IssuedOn, m.ModifiedOn = types.StringNull(), types.StringNull(), types.StringNull(), types.StringNull()
	}
	diags.Append(m.mayExist())
	return true
}

// mayExist warns of a token that state stands for without its id.
func (m *tokenModel) mayExist() diag.Diagnostic {
	return diag.NewWarningDiagnostic("API token may exist that is not in state", fmt.Sprintf(
		"The answer to creating the API token %q was lost, and whether it was created is not known yet. State keeps the resource for it, tainted.\n\n"+
			"Apply again: that looks for the token, deletes it if it exists, and creates one whose secret is known. A destroy looks for it as well.", m.Name.ValueString()))
}

// isLost says whether state stands for a token whose id nobody knows.
func (m *tokenModel) isLost() bool { return m.ID.ValueString() == "" && !m.ID.IsUnknown() }

// lostIdentity is the identity of a token that does not exist: not null, as the protocol has it.
func (m *tokenModel) lostIdentity() tokenIdentity {
	return tokenIdentity{AccountID: m.AccountID, ID: types.StringValue("")}
}

// lostOf reads what a failed create has left; known is false where there is nothing.
func lostOf(ctx context.Context, private privateData) (lost client.LostCreate, known bool, diags diag.Diagnostics) {
	text, diags := private.GetKey(ctx, lostKey)
	if diags.HasError() || len(text) == 0 {
		return lost, false, diags
	}
	if err := json.Unmarshal(text, &lost); err != nil {
		diags.Append(badLost(err))
	}
	return lost, true, diags
}

// findLost gives state the id of the token that the create of this resource may have made, and reports whether
// there is one. The refresh goes on with it; that state stays tainted is the CLI's doing.
func (r *tokenResource) findLost(ctx context.Context, state *tokenModel, private privateData) (bool, diag.Diagnostics) {
	lost, known, diags := lostOf(ctx, private)
	if diags.HasError() || !known {
		return false, diags
	}
	diags.Append(r.checkLostOwner(ctx, state, private)...)
	if diags.HasError() {
		return false, diags
	}
	id, err := r.Data.Client.FindLostCreate(ctx, apiOwner(state.owner()), lost)
	switch {
	case err != nil:
		diags.Append(requestFailed("find", err, definition{})...)
	case id != "":
		state.ID = types.StringValue(id)
		diags.Append(private.SetKey(ctx, lostKey, nil)...)
	default:
		diags.Append(r.warnOfLostOwner(ctx, state, private)...)
	}
	return id != "", diags
}

// settleLost deletes the token that the create of this resource may have made.
func (r *tokenResource) settleLost(ctx context.Context, state *tokenModel, private privateData) diag.Diagnostics {
	lost, known, diags := lostOf(ctx, private)
	switch {
	case diags.HasError():
		return diags
	case !known && state.isLost():
		diags.AddError("API token may exist that is not in state",
			"The create of this resource may have made a token, which only a refresh can find.\n\nApply again, without -refresh=false.")
		return diags
	case !known:
		return diags
	}
	diags.Append(r.checkLostOwner(ctx, state, private)...)
	if diags.HasError() {
		return diags
	}
	if err := r.Data.Client.SettleLostCreate(ctx, apiOwner(state.owner()), lost); err != nil {
		diags.Append(requestFailed("delete", err, definition{})...)
	}
	return diags
}

func badLost(err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider bug: unusable private data", fmt.Sprintf(
		"What the provider keeps of a create whose answer was lost cannot be used: %v.\n\nThis is a defect in the provider. Please report it with the text above.", err))
}
