// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// revokedPrefix begins every status of a token that the API has revoked, such
// as "revoked (exposed)" for one that leaked.
const revokedPrefix = "revoked"

// isVerdict reports whether a status is one that the API decides and nobody can
// set. Configuration that a CLI generates for an imported token holds it, and
// then it says of the token what is: nothing is to be changed.
func isVerdict(status string) bool {
	return status == client.StatusExpired || strings.HasPrefix(status, revokedPrefix)
}

// refuseVerdict reports a status that no new token can have. Configuration
// alone does not show whether the token is new.
func refuseVerdict(configured types.String) diag.Diagnostics {
	var diags diag.Diagnostics
	if isVerdict(configured.ValueString()) {
		diags.AddAttributeError(path.Root("status"), invalidStatus,
			configured.String()+" is what the API says of a token that no longer works, and this plan makes a new one.\n\nRemove status, or set it to \"active\" or \"disabled\".")
	}
	return diags
}

// obstacle is why a token cannot be made anew as it is configured, and what to
// do about it. The zero value is none.
type obstacle struct{ because, remedy string }

// planStatus decides the planned status of an existing token and the attributes
// for which it must be replaced, none where it is not. A dead token with nothing
// about it changed is not replaced where the new one could not be made: planning
// that create is an error, and would fail even a plan to destroy the token. What
// hinders is asked only then.
//
// The CLIs replace for an attribute alone that changes, and else update in place
// without a word, which would make an expired token work again with the secret
// that it had. A status that configuration gives as the API does, or that
// ignore_changes takes over from state, does not change.
//
// past says that the expiry that state holds is past by the API's clock: of a
// disabled token the API does not say that it has expired. Else the clock does
// not matter here, since a plan must not change on the way to its apply.
func planStatus(configured types.String, past bool, plan, state *tokenModel, hinders func() obstacle) (status types.String, replace path.Paths, diags diag.Diagnostics) {
	held := state.Status.ValueString()
	renewed := configured
	if configured.IsNull() {
		renewed = types.StringUnknown()
	}
	at := path.Root("status")
	var changed path.Paths
	if !renewed.Equal(state.Status) {
		changed.Append(at)
	}
	if !plan.ExpiresOn.sameInstant(state.ExpiresOn) {
		changed.Append(path.Root("expires_on"))
	}
	alone := ""
	if isVerdict(configured.ValueString()) {
		alone = ", and take out status if the configuration gives it"
	}
	switch {
	case isVerdict(configured.ValueString()) && strings.HasPrefix(held, revokedPrefix):
		diags.AddAttributeWarning(at, "API token was revoked",
			"The API says that this token is \""+held+"\": it no longer works and cannot be revived. Nothing is planned for that, because the configuration gives "+configured.String()+" as its status, or ignores changes of status.\n\n"+
				"Take that out to replace the token with one that has a new secret, or remove the token from the configuration. Find out why it was revoked.")
		return state.Status, nil, diags
	case strings.HasPrefix(held, revokedPrefix):
		if o := hinders(); o != (obstacle{}) {
			diags.AddAttributeWarning(at, "API token was revoked",
				"The API says that this token is \""+held+"\": it no longer works and cannot be revived. Nothing is planned for that, because "+o.because+".\n\n"+
					o.remedy+", which replaces the token, or remove the token from the configuration. Find out why it was revoked.")
			return state.Status, nil, diags
		}
		return renewed, path.Paths{at}, warnOfRevoked(state.Status)
	case held == client.StatusExpired && !state.ExpiresOn.IsNull() && plan.ExpiresOn.sameInstant(state.ExpiresOn):
		diags.AddAttributeWarning(path.Root("expires_on"), "API token has expired",
			"This token expired on "+state.ExpiresOn.ValueString()+" and no longer works. Nothing is planned for that.\n\nSet expires_on to a later time"+alone+", which replaces the token with one that has a new secret, or remove the token from the configuration.")
		return state.Status, nil, diags
	case held == client.StatusExpired && len(changed) == 0:
		diags.AddAttributeWarning(at, "API token has expired",
			"The API says that this token has expired. Nothing is planned for that, because the configuration gives "+configured.String()+" as its status, or ignores changes of status.\n\n"+
				"Take that out to replace the token with one that has a new secret, or remove the token from the configuration.")
		return state.Status, nil, diags
	case held == client.StatusDisabled && past && !plan.ExpiresOn.sameInstant(state.ExpiresOn):
		diags.AddAttributeWarning(path.Root("expires_on"), "API token has expired",
			"This token is disabled, and it expired on "+state.ExpiresOn.ValueString()+".\n\nApplying this plan replaces it with a new token that has a new secret. Give that to whoever used the old one.")
		return renewed, changed, diags
	case held == client.StatusExpired:
		if o := hinders(); o != (obstacle{}) && plan.ExpiresOn.sameInstant(state.ExpiresOn) {
			diags.AddAttributeWarning(at, "API token has expired",
				"The API says that this token has expired. Nothing is planned for that, because "+o.because+".\n\n"+
					o.remedy+", which replaces the token, or remove the token from the configuration.")
			return state.Status, nil, diags
		}
		diags.AddAttributeWarning(at, "API token has expired",
			"The API says that this token has expired.\n\nApplying this plan replaces it with a new token that has a new secret. Give that to whoever used the old one.")
		return renewed, changed, diags
	case isVerdict(configured.ValueString()) && held != "":
		diags.AddAttributeWarning(at, "Status cannot be set",
			"The configuration gives "+configured.String()+" as the status, which nobody can set, and the API says that this token is \""+held+"\". It stays so.\n\nRemove status, or set it to \"active\" or \"disabled\".")
		return state.Status, nil, diags
	case !configured.IsNull():
		return configured, nil, diags
	case held == "":
		return types.StringUnknown(), nil, diags
	case held == client.StatusDisabled:
		diags.AddAttributeWarning(at, "API token is disabled",
			"This token is disabled, and the configuration does not say whether it should be; it stays disabled.\n\nSet status to \"active\" to enable it, or to \"disabled\" if that is meant.")
	}
	return state.Status, nil, diags
}

// warnOfRevoked says of a token that is replaced what there is to do if it was revoked.
func warnOfRevoked(held types.String) diag.Diagnostics {
	var diags diag.Diagnostics
	if strings.HasPrefix(held.ValueString(), revokedPrefix) {
		diags.AddAttributeWarning(path.Root("status"), "API token was revoked",
			"The API says that this token is \""+held.ValueString()+"\": it no longer works and cannot be revived.\n\nApplying this plan replaces it with a new token that has a new secret. Find out why it was revoked, and give the new secret to whoever used the old one.")
	}
	return diags
}

// requestStatus is the status to send with an update: the configured one where
// it is one that can be set, else none, which leaves the token's as it is.
func requestStatus(configured, planned types.String) string {
	if configured.IsNull() || configured.IsUnknown() || planned.IsUnknown() || isVerdict(configured.ValueString()) {
		return ""
	}
	switch s := planned.ValueString(); s {
	case client.StatusActive, client.StatusDisabled:
		return s
	default:
		return ""
	}
}

// checkExpiry refuses an expires_on that is past where the token would be
// created or the time is new. On a token that already holds it, it is a fact
// and no error: otherwise even a plan to destroy the token would fail.
func checkExpiry(now time.Time, planned timestamp, state *tokenModel) diag.Diagnostics {
	var diags diag.Diagnostics
	expires, known := planned.time()
	if !known || expires == nil || expires.After(now) {
		return diags
	}
	if state != nil && planned.sameInstant(state.ExpiresOn) {
		return diags
	}
	diags.AddAttributeError(path.Root("expires_on"), "Expiry lies in the past",
		"expires_on is "+planned.ValueString()+", and now is "+formatTime(now)+": the token would never work.\n\nSet expires_on to a time in the future, or remove it; or remove the token from the configuration.")
	return diags
}

// refuseRevival refuses a write that would make an expired token work again, with the secret that it had. A plan
// replaces such a token; one that was made before the token expired, or without a refresh, does not.
func refuseRevival(now time.Time, plan, state *tokenModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if !hasExpired(now, state) || plan.ExpiresOn.sameInstant(state.ExpiresOn) {
		return diags
	}
	diags.AddAttributeError(path.Root("expires_on"), "API token has expired",
		"This token has expired, which the plan did not know. Another expires_on would make it work again with the secret that it had. Nothing was written.\n\n"+
			"Plan again, with a refresh: that replaces the token with one that has a new secret.")
	return diags
}

// hasExpired says whether a token is past its expiry, whatever else the API says of it.
func hasExpired(now time.Time, state *tokenModel) bool {
	expires, known := state.ExpiresOn.time()
	return known && expires != nil && !expires.After(now) || state.Status.ValueString() == client.StatusExpired
}

// warnOfRefusal is what a plan says where [checkExpiry] would refuse the create, and an error would keep even a
// destroy from being planned. What is replaced is destroyed before the apply comes to its create.
func warnOfRefusal(now time.Time, planned timestamp, replaces bool) diag.Diagnostic {
	order := ""
	if replaces {
		order = " By then it has destroyed the token that is to be replaced, unless create_before_destroy is set."
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("expires_on"), "Expiry lies in the past",
		"expires_on is "+planned.ValueString()+", and now is "+formatTime(now)+": the token would never work, and an apply refuses to create it."+order+
			"\n\nBefore you apply, set expires_on to a time in the future, or remove it; or remove the token from the configuration.")
}

// pastMark is what [tfkit.ProviderData.PastTokens] knows a token by, and whether its expiry lies in the past.
func pastMark(now time.Time, name types.String, expiresOn timestamp) (mark string, past bool) {
	expires, known := expiresOn.time()
	if !known || expires == nil || expires.After(now) {
		return "", false
	}
	return formatTime(*expires) + " " + name.ValueString(), true
}

// warnOfExpiry warns while less than the given time is left.
func warnOfExpiry(now time.Time, planned timestamp, within time.Duration) diag.Diagnostics {
	var diags diag.Diagnostics
	expires, known := planned.time()
	if !known || expires == nil || !expires.After(now) || expires.Sub(now) > within {
		return diags
	}
	diags.AddAttributeWarning(path.Root("expires_on"), "API token expires soon",
		"This token expires on "+planned.ValueString()+", in "+remaining(expires.Sub(now))+".\n\nSet expires_on to a later time before that; the secret then stays. The provider's warn_before_expiry sets how early this warning comes.")
	return diags
}

// remaining says how much time is left, rounded down so that nobody counts on
// more: in days from two days on, in hours below.
func remaining(left time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case left >= 2*day:
		return fmt.Sprintf("%d days", left/day)
	case left >= 2*time.Hour:
		return fmt.Sprintf("%d hours", left/time.Hour)
	case left >= time.Hour:
		return "1 hour"
	default:
		return "less than 1 hour"
	}
}

// invalidStatus is the summary that the framework's own validators give to a
// value which is none of those that an attribute may have.
const invalidStatus = "Invalid Attribute Value Match"

// statusValidator refuses what no token can have as its status.
type statusValidator struct{}

var _ validator.String = statusValidator{}

// Description says what is accepted.
func (statusValidator) Description(context.Context) string {
	return `The value must be "active" or "disabled", or what the API says of a token that no longer works.`
}

// MarkdownDescription is Description.
func (v statusValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses a known value that is no status.
func (statusValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	given := req.ConfigValue.ValueString()
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || given == client.StatusActive || given == client.StatusDisabled || isVerdict(given) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, invalidStatus,
		req.ConfigValue.String()+" is no status of a token.\n\nWrite \"active\" or \"disabled\", or leave status out.")
}
