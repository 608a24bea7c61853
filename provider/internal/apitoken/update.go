// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"errors"
	"slices"
	"strings"

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

// Update writes the whole definition where it means something else than what
// state holds, and then replaces the secret where rotate_triggers calls for
// that. A mere change of names, spelling or of where the secret is kept sends
// nothing.
func (r *tokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	u := updating{r: r, diags: &resp.Diagnostics, private: resp.Private}
	var configuredStatus types.String
	u.diags.Append(req.Plan.Get(ctx, &u.plan)...)
	u.diags.Append(req.State.Get(ctx, &u.state)...)
	u.diags.Append(req.Config.GetAttribute(ctx, path.Root("status"), &configuredStatus)...)
	if u.diags.HasError() {
		return
	}
	u.status = requestStatus(configuredStatus, u.plan.Status)
	// Up to and including the write of the definition an error leaves state as it was.
	for _, step := range []func(context.Context){u.prepare, u.guard, u.writeDefinition} {
		step(ctx)
		if u.diags.HasError() {
			return
		}
	}
	u.settleSecret(ctx)
	resp.Diagnostics.Append(resp.State.Set(ctx, &u.plan)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.Identity, u.plan.identity())...)
}

// updating is one update on its way. The plan becomes the state.
type updating struct {
	r           *tokenResource
	plan, state tokenModel
	status      string // to be sent, empty for none
	diags       *diag.Diagnostics
	private     privateData

	// What prepare finds out.
	next, prior           compiled
	statusChanges, writes bool
	rotates               bool
	move                  secretMove
	definition            definition
	userID                string
}

// prepare compares plan and state and finds every problem that there can be
// before anything is written.
func (u *updating) prepare(ctx context.Context) {
	u.prior, _ = u.state.compile(ctx)
	next, diags := u.plan.compile(ctx)
	diags.Append(u.plan.checkSecret()...)
	u.diags.Append(tfkit.Pointed(diags)...)
	if diags.HasError() {
		return
	}
	u.next = next
	due, _ := rotationOf(u.plan.RotateTriggers, u.state.RotateTriggers)
	u.rotates = due == rotationDue
	u.move = u.plan.secretMove(&u.state)
	if u.move == secretNeeded && !u.rotates {
		u.diags.Append(secretUnplanned())
		return
	}
	u.plan.Grants = policyset.GrantSet(next.policies())
	u.statusChanges = u.status != "" && u.status != u.state.Status.ValueString()
	u.writes = u.statusChanges || !u.prior.complete || !next.equal(u.prior.definition)
	if u.writes {
		u.refuseRevival(ctx)
		u.definition, u.userID = u.r.resolve(ctx, &u.plan, &u.state, u.diags)
	}
}

// refuseRevival refuses to give an expired token another expiry. State may not know that it has expired, and the API's
// clock is known from its first reply on, so the token is read, but only where the expiry changes. One that cannot be
// read is judged by state.
func (u *updating) refuseRevival(ctx context.Context) {
	if u.plan.ExpiresOn.sameInstant(u.state.ExpiresOn) {
		return
	}
	current := u.state
	if token, err := u.r.Data.Client.GetToken(ctx, u.owner(), u.id()); err == nil {
		current.ExpiresOn, current.Status = timestampFrom(token.ExpiresOn), types.StringValue(token.Status)
	}
	u.diags.Append(refuseRevival(u.r.Data.Client.ServerTime(), &u.plan, &current)...)
}

// guard refuses what would lock Terraform out.
func (u *updating) guard(ctx context.Context) {
	change := ""
	if u.writes {
		change = lockoutChange(u.next, u.prior, u.status, u.statusChanges)
	}
	if change == "" && u.rotates {
		change = lockout.ChangeRoll
	}
	if change == "" && u.writes && u.narrowsUnseen(ctx) {
		change = lockout.ChangeNarrow
	}
	if change != "" {
		u.diags.Append(u.r.applyGuard(ctx, &u.state, u.plan.AllowSelfLockout, change)...)
	}
}

// narrowsUnseen says whether the write takes away from Terraform's own token what it was given since state was
// written: a saved plan, or one without a refresh, shows nothing of that. What cannot be read is not judged, since a
// caller who may not read tokens cannot have refreshed either, and every update would be refused.
func (u *updating) narrowsUnseen(ctx context.Context) bool {
	guard := u.r.Data.Lockout
	if guard == nil || u.r.allowed(u.plan.AllowSelfLockout) || !guard.Owns(ctx, u.owner(), u.id()) {
		return false
	}
	token, err := u.r.Data.Client.GetToken(ctx, u.owner(), u.id())
	if err != nil {
		return false
	}
	now := u.state
	if diags := now.fromAPI(ctx, token); diags.HasError() {
		return true
	}
	current, diags := now.compile(ctx)
	return diags.HasError() || !current.complete || u.next.narrows(current.definition)
}

// writeDefinition replaces the token's definition where it changes.
func (u *updating) writeDefinition(ctx context.Context) {
	u.plan.IssuedOn, u.plan.ModifiedOn = u.state.IssuedOn, u.state.ModifiedOn
	status := u.state.Status
	if u.writes {
		token, err := u.r.Data.Client.UpdateToken(ctx, u.owner(), u.id(), u.definition.toAPI(u.userID, u.status))
		if err != nil {
			u.diags.Append(u.failed(ctx, err, requestFailed("update", err, u.definition))...)
			return
		}
		u.remember(ctx)
		if !token.Matches(u.definition.toAPI(u.userID, "")) {
			u.diags.Append(otherThanAsked("updated", token))
			return
		}
		u.plan.takeDates(token)
		status = types.StringValue(token.Status)
	}
	if u.plan.Status.IsUnknown() {
		u.plan.Status = status
	}
}

// settleSecret replaces the secret, or moves the one in state to where it is to
// be kept. The definition is written by now, so whatever happens here the plan
// becomes the state; where the secret could not be replaced, all that is said of
// it stays as it was, the triggers included, so that the next apply tries again.
// Where it was replaced and is lost, the triggers go with it.
func (u *updating) settleSecret(ctx context.Context) {
	if !u.rotates {
		u.moveSecret()
		return
	}
	guard := u.r.Data.Lockout
	rollsOwn := guard != nil && guard.Owns(ctx, u.owner(), u.id())
	secret, err := u.r.Data.Client.RollToken(ctx, u.owner(), u.id())
	if err != nil {
		u.rotationFailed(ctx, err)
		return
	}
	u.remember(ctx)
	if err := u.plan.keepSecret(secret); err != nil {
		u.plan.takeSecretFrom(&u.state)
		u.diags.Append(u.plan.loseSecret(ctx, u.private)...)
		u.diags.Append(notEncrypted("The secret of the token was replaced", err))
		return
	}
	u.diags.Append(u.private.SetKey(ctx, lostSecretKey, nil)...)
	if rollsOwn {
		return // This run's credential is dead, and state is all that holds the new one.
	}
	token, err := u.r.Data.Client.GetToken(ctx, u.owner(), u.id())
	if err != nil {
		// Only modified_on is missing, which the next refresh brings. The secret must not be lost for it.
		tflog.Warn(ctx, "API token cannot be read after its secret was replaced", map[string]any{"id": u.id()})
		return
	}
	u.plan.takeDates(token)
}

// moveSecret stores the secret of state where it is to be kept now.
func (u *updating) moveSecret() {
	switch u.move {
	case secretGoes:
		u.plan.dropSecret()
	case secretEncrypts:
		if err := u.plan.keepSecret(u.state.Value.ValueString()); err != nil {
			u.plan.takeSecretFrom(&u.state)
			u.diags.Append(notEncrypted("The secret of the token stays in state as it is", err))
		}
	case secretStays, secretNeeded, secretOpen: // The latter two do not get here.
		u.plan.Value, u.plan.EncryptedValue = u.state.Value, u.state.EncryptedValue
	}
}

// rotationFailed keeps what state says of the secret. One that may be dead
// leaves it: handed on, it would fail where nobody looks for the cause.
func (u *updating) rotationFailed(ctx context.Context, cause error) {
	u.plan.takeSecretFrom(&u.state)
	d := u.failed(ctx, cause, diag.Diagnostics{tfkit.APIErrorAt(path.Root("rotate_triggers"), "replace the secret of", noun, cause)})[0]
	lostBefore, diags := secretIsLost(ctx, u.private)
	u.diags.Append(diags...)
	_, lost := errors.AsType[*client.LostRollError](cause)
	if lost {
		u.diags.Append(u.plan.loseSecret(ctx, u.private)...)
	}
	after, triggers := "", "State holds no rotate_triggers any more, so that the next apply replaces the secret, whatever they are set to. Where the configuration sets none, every plan warns that the secret is lost."
	switch {
	case lostBefore:
		after = "The secret that was lost before is not replaced yet, and state holds none."
	case !lost && client.IsNotFound(cause):
		after = "State keeps the secret as it was."
		triggers = "State keeps the old rotate_triggers too."
	case !lost:
		after = "The secret was not replaced: the old one still works, and state keeps it as it was."
		triggers = "State keeps the old rotate_triggers, so that applying this configuration again replaces the secret."
	case !u.state.Value.IsNull() || !u.state.EncryptedValue.IsNull():
		after = "State no longer holds the old secret."
	}
	written := ""
	if u.writes {
		written = "The other changes of this apply were made."
	}
	u.diags.AddAttributeError(path.Root("rotate_triggers"), d.Summary(), d.Detail()+"\n\n"+sentences(after, written, triggers))
}

// remember keeps who owns the token: the API has just let the caller write it. A run that sent nothing proves nothing.
func (u *updating) remember(ctx context.Context) {
	u.diags.Append(u.r.rememberUser(ctx, &u.plan, u.private)...)
}

// failed is what is said of a request that failed: that the token belongs to another user, where that is why the API
// does not know it, and else what the failure says itself.
func (u *updating) failed(ctx context.Context, cause error, said diag.Diagnostics) diag.Diagnostics {
	if client.IsNotFound(cause) {
		if foreign := u.r.checkGone(ctx, &u.state, u.private); foreign.HasError() {
			return foreign.Errors()
		}
	}
	return said
}

// sentences joins those that are not empty.
func sentences(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func (u *updating) owner() client.Owner { return apiOwner(u.state.owner()) }

func (u *updating) id() string { return u.state.ID.ValueString() }

// notEncrypted reports an encryption that failed, which no configuration can
// bring about.
func notEncrypted(what string, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("recipients"), "Cannot encrypt the secret",
		what+", but it could not be encrypted: "+err.Error()+".\n\nCheck recipients, and apply again.")
}

// lockoutChange names what an update does that may lock Terraform out; it is
// empty for an update that takes nothing away.
func lockoutChange(next, prior compiled, status string, statusChanges bool) string {
	switch {
	case statusChanges && status == client.StatusDisabled:
		return lockout.ChangeDisable
	case !prior.complete || next.narrows(prior.definition):
		return lockout.ChangeNarrow
	default:
		return ""
	}
}
