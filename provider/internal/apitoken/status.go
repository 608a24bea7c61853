// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// revokedPrefix begins every status of a token that the API has revoked, such
// as "revoked (exposed)" for one that leaked.
const revokedPrefix = "revoked"

// planStatus decides the planned status of an existing token and whether it
// must be replaced for it. A token whose replacement would be past its expiry
// is not replaced: planning that create is an error, and would fail even a plan
// to destroy the token. A nil clock takes no time for past.
func planStatus(configured types.String, plan, state *tokenModel, now func() time.Time) (status types.String, replace bool, diags diag.Diagnostics) {
	held := state.Status.ValueString()
	renewed := configured
	if configured.IsNull() {
		renewed = types.StringUnknown()
	}
	at := path.Root("status")
	switch {
	case strings.HasPrefix(held, revokedPrefix) && pastAndUnchanged(plan, state, now):
		diags.AddAttributeWarning(at, "API token was revoked",
			"The API says that this token is \""+held+"\": it no longer works and cannot be revived. Nothing is planned for that, because a new one would be past its expires_on, "+state.ExpiresOn.ValueString()+".\n\n"+
				"Set expires_on to a later time, which replaces the token, or remove the token from the configuration. Find out why it was revoked.")
		return state.Status, false, diags
	case strings.HasPrefix(held, revokedPrefix):
		diags.AddAttributeWarning(at, "API token was revoked",
			"The API says that this token is \""+held+"\": it no longer works and cannot be revived.\n\nApplying this plan replaces it with a new token that has a new secret. Find out why it was revoked, and give the new secret to whoever used the old one.")
		return renewed, true, diags
	case held == client.StatusExpired && !state.ExpiresOn.IsNull() && plan.ExpiresOn.sameInstant(state.ExpiresOn):
		diags.AddAttributeWarning(path.Root("expires_on"), "API token has expired",
			"This token expired on "+state.ExpiresOn.ValueString()+" and no longer works. Nothing is planned for that.\n\nSet expires_on to a later time, which replaces the token with one that has a new secret, or remove the token from the configuration.")
		return state.Status, false, diags
	case held == client.StatusExpired:
		diags.AddAttributeWarning(at, "API token has expired",
			"The API says that this token has expired.\n\nApplying this plan replaces it with a new token that has a new secret. Give that to whoever used the old one.")
		return renewed, true, diags
	case !configured.IsNull():
		return configured, false, diags
	case held == "":
		return types.StringUnknown(), false, diags
	case held == client.StatusDisabled:
		diags.AddAttributeWarning(at, "API token is disabled",
			"This token is disabled, and the configuration does not say whether it should be; it stays disabled.\n\nSet status to \"active\" to enable it, or to \"disabled\" if that is meant.")
	}
	return state.Status, false, diags
}

// pastAndUnchanged reports whether the planned expiry is the one in state and
// lies in the past.
func pastAndUnchanged(plan, state *tokenModel, now func() time.Time) bool {
	expires, known := plan.ExpiresOn.time()
	return now != nil && known && expires != nil && plan.ExpiresOn.sameInstant(state.ExpiresOn) && !expires.After(now())
}

// requestStatus is the status to send with an update: the configured one where
// it is one that can be set, else none, which leaves the token's as it is.
func requestStatus(configured, planned types.String) string {
	if configured.IsNull() || configured.IsUnknown() || planned.IsUnknown() {
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
		"expires_on is "+planned.ValueString()+", and now is "+formatTime(now)+": the token would never work.\n\nSet expires_on to a time in the future, or remove it.")
	return diags
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
