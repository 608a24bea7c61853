// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package apitoken is the resource accesscontrol_api_token: an API token of a
// user or an account, with its policies, limits and secret.
//
// Three forms of a token meet here. The model (model.go) is what
// configuration, plan and state hold, in the user's own spelling. The
// definition (definition.go, condition.go) is what that means: group ids, wire
// keys, instants, ranges; it alone decides whether two models are equal and
// what is sent. The client's structs are the wire. Compiling (model.go,
// conditionmodel.go) goes from model to definition and finds every mistake
// without the network. Policies have both forms, and the ways between them, in
// a package of their own, policyset.
//
// The secret is part of none of the three. What is kept of it and for whom is in
// secret.go, when it is replaced in rotate.go, what becomes of a lost one in
// lostsecret.go.
//
// The package decides nothing about what a token may do: keys and groups are
// judged by the engine's own parser and catalogue. Start reading at plan.go,
// resource.go and update.go.
package apitoken

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TypeName is the resource's type in configurations.
const TypeName = "accesscontrol_api_token"

const noun = "API token"

var (
	_ resource.Resource                   = &tokenResource{}
	_ resource.ResourceWithConfigure      = &tokenResource{}
	_ resource.ResourceWithImportState    = &tokenResource{}
	_ resource.ResourceWithModifyPlan     = &tokenResource{}
	_ resource.ResourceWithValidateConfig = &tokenResource{}
)

type tokenResource struct{ tfkit.ResourceBase }

// NewResource returns the resource accesscontrol_api_token.
func NewResource() resource.Resource { return &tokenResource{} }

// Metadata sets the resource's type.
func (r *tokenResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = TypeName
}

// ValidateConfig finds every mistake that the configuration alone shows. It
// uses neither network nor clock.
func (r *tokenResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config tokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, diags := config.compile(ctx)
	diags.Append(config.checkSecret()...)
	resp.Diagnostics.Append(tfkit.Pointed(diags)...)
}

// Create makes the token with one POST. A status of disabled takes a PUT more,
// because the API makes every token active; nobody holds the secret in between.
func (r *tokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan tokenModel
	var configuredStatus types.String
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("status"), &configuredStatus)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(plan.checkSecret()...)
	def, userID := r.resolve(ctx, &plan, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	own := apiOwner(plan.owner())
	resp.Diagnostics.Append(r.rememberUser(ctx, &plan, resp.Private)...)
	token, err := r.Data.Client.CreateToken(ctx, own, def.toAPI(userID, ""))
	if err != nil {
		resp.Diagnostics.Append(requestFailed("create", err, def)...)
		plan.Grants = policyset.GrantSet(def.policies())
		if plan.keepLost(ctx, token, err, resp.Private, &resp.Diagnostics) {
			resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
			if !plan.isLost() {
				resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, plan.identity())...)
			}
		}
		return
	}
	plan.ID = types.StringValue(token.ID)
	if err := plan.keepSecret(token.Value); err != nil {
		// The token exists; state keeps it, tainted.
		resp.Diagnostics.Append(notEncrypted("The token was created", err))
	}
	plan.Grants = policyset.GrantSet(def.policies())
	plan.takeDates(token)
	if len(token.Settled) > 0 {
		resp.Diagnostics.AddWarning("Lost API token deleted", fmt.Sprintf(
			"The answer to creating %q was lost. Nobody holds the secret of what it made, so this was deleted before the token was created anew: %s.\n\n"+
				"Where another run created an equal token at the same moment, check that it is not that one.", token.Name, strings.Join(token.Settled, ", ")))
	}
	if !token.Matches(def.toAPI(userID, "")) {
		// The token exists; state keeps it, tainted, and as it really is.
		resp.Diagnostics.Append(otherThanAsked("created", token))
		resp.Diagnostics.Append(tfkit.Pointed(plan.fromAPI(ctx, token))...)
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, plan.identity())...)
		return
	}
	wanted := requestStatus(configuredStatus, plan.Status)
	switch {
	case wanted != "" && wanted != token.Status:
		updated, err := r.Data.Client.UpdateToken(ctx, own, token.ID, def.toAPI(userID, wanted))
		if err != nil {
			// The token exists; state keeps it, with the status it really has.
			resp.Diagnostics.Append(requestFailed("set the status of", err, def)...)
			plan.Status = types.StringValue(token.Status)
			break
		}
		plan.takeDates(updated)
	case plan.Status.IsUnknown():
		plan.Status = types.StringValue(token.Status)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, plan.identity())...)
}

// Read takes over what the API says. Only proof that the token is gone removes
// it from state.
func (r *tokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state tokenModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.isLost() {
		found, diags := r.findLost(ctx, &state, resp.Private)
		resp.Diagnostics.Append(diags...)
		if !found && !diags.HasError() {
			resp.State.RemoveResource(ctx)
			resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, state.lostIdentity())...)
		}
		if !found {
			return
		}
	}
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, state.identity())...)
	if mark, past := pastMark(r.Data.Now(), state.Name, state.ExpiresOn); past {
		r.Data.PastTokens.Add(mark)
	}
	if issued, err := time.Parse(time.RFC3339, state.IssuedOn.ValueString()); err == nil {
		r.Data.Client.ExpectToken(apiOwner(state.owner()), state.ID.ValueString(), issued)
	}
	token, err := r.Data.Client.GetToken(ctx, apiOwner(state.owner()), state.ID.ValueString())
	if client.IsNotFound(err) && isImported(ctx, req.Private) {
		resp.Diagnostics.Append(notImported(&state))
		return
	}
	if client.IsNotFound(err) {
		resp.Diagnostics.Append(r.checkGone(ctx, &state, req.Private)...)
		if !resp.Diagnostics.HasError() {
			tflog.Warn(ctx, "API token is gone; it is removed from state", map[string]any{"id": state.ID.ValueString()})
			resp.State.RemoveResource(ctx)
		}
		return
	}
	if err != nil {
		resp.Diagnostics.Append(tfkit.APIError("read", noun, err))
		return
	}
	resp.Diagnostics.Append(tfkit.Pointed(state.fromAPI(ctx, token))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	resp.Diagnostics.Append(r.learnUser(ctx, &state, resp.Private)...)
	if isImported(ctx, req.Private) {
		resp.Diagnostics.Append(imported(ctx, &state, resp.Private)...)
	}
	r.Data.ReadTokens.Add(state.ID.ValueString())
}

// Delete revokes the token. One that is already gone is what was asked for.
func (r *tokenResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state tokenModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.applyGuard(ctx, &state, state.AllowSelfLockout, lockout.ChangeDestroy)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.settleLost(ctx, &state, req.Private)...)
	if resp.Diagnostics.HasError() || state.isLost() {
		return
	}
	found, err := r.Data.Client.RemoveToken(ctx, apiOwner(state.owner()), state.ID.ValueString())
	switch {
	case err != nil:
		resp.Diagnostics.Append(tfkit.APIError("delete", noun, err))
	case !found:
		resp.Diagnostics.Append(r.checkGone(ctx, &state, req.Private)...)
	}
}

// resolve compiles what is to be written, now that every value is known, and
// finds the id of the user where a policy names the user. It reports problems
// that only known values could show, before anything is written.
func (r *tokenResource) resolve(ctx context.Context, plan, state *tokenModel, diags *diag.Diagnostics) (definition, string) {
	next, ds := plan.compile(ctx)
	diags.Append(tfkit.Pointed(ds)...)
	diags.Append(checkExpiry(r.Data.Now(), plan.ExpiresOn, state)...)
	if diags.HasError() {
		return definition{}, ""
	}
	if !next.complete {
		diags.AddError("Provider bug: unknown value in an apply", "The definition of the API token is not known in full while it is applied.\n\nThis is a defect in the provider. Please report it with the text above.")
		return definition{}, ""
	}
	if !next.needsUser() {
		return next.definition, ""
	}
	user, err := r.Data.Client.User(ctx)
	if err != nil {
		diags.Append(tfkit.APIError("read", "calling user", err))
		return definition{}, ""
	}
	return next.definition, user.ID
}

func (r *tokenResource) applyGuard(ctx context.Context, state *tokenModel, allow types.Bool, change string) diag.Diagnostics {
	if r.Data.Lockout == nil || state.isLost() {
		return nil
	}
	return r.Data.Lockout.ApplyOwnedToken(ctx, apiOwner(state.owner()), state.ID.ValueString(), change, r.allowed(allow))
}

// allowed says whether the user has allowed to be locked out. The resource's own
// word counts before the provider's.
func (r *tokenResource) allowed(allow types.Bool) bool {
	if !allow.IsNull() {
		return allow.ValueBool()
	}
	return r.Data.AllowSelfLockout
}

// takeLost fills in the token that a create with a lost answer left behind, and
// reports whether there is one to keep: the token that was made in place of the
// lost one, with its secret, or the lost one where it can be no other. Kept, it
// is tainted, so that the next apply removes it and makes a new one.
func (m *tokenModel) takeLost(token *client.Token, err error) bool {
	if _, lost := errors.AsType[*client.LostCreateError](err); !lost || token == nil {
		return false
	}
	m.ID = types.StringValue(token.ID)
	m.dropSecret()
	if token.Value != "" {
		if err := m.keepSecret(token.Value); err != nil {
			m.dropSecret() // The token is tainted, and replaced with its secret.
		}
	}
	m.takeDates(token)
	m.Status = types.StringNull()
	if token.Status != "" {
		m.Status = types.StringValue(token.Status)
	}
	return true
}
