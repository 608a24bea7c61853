// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

func TestPlanStatus(t *testing.T) {
	t.Parallel()
	null, past, future := types.StringNull(), stamp("2020-01-01T00:00:00Z"), stamp("2040-01-01T00:00:00Z")
	active, disabled, unset := types.StringValue("active"), types.StringValue("disabled"), types.StringUnknown()
	tests := []struct {
		name       string
		configured types.String
		held       string
		expires    timestamp // in state
		planned    timestamp
		want       types.String
		replace    bool
		warning    string
	}{
		{"unset, active", null, "active", future, future, active, false, ""},
		{"unset, disabled by hand", null, "disabled", future, future, disabled, false, "status: API token is disabled"},
		{"enabled again", active, "disabled", future, future, active, false, ""},
		{"disabled", disabled, "active", future, future, disabled, false, ""},
		{"unknown", unset, "active", future, future, unset, false, ""},
		{"expired, unchanged", null, "expired", past, past, types.StringValue("expired"), false, "expires_on: API token has expired"},
		{"expired, unchanged but spelled otherwise", null, "expired", past, stamp("2020-01-01T01:00:00+01:00"), types.StringValue("expired"), false, "expires_on: API token has expired"},
		{"expired, unchanged, active asked for", active, "expired", past, past, types.StringValue("expired"), false, "expires_on: API token has expired"},
		{"expired, new expiry", null, "expired", past, future, unset, true, "status: API token has expired"},
		{"expired, expiry removed", null, "expired", past, timestampNull(), unset, true, "status: API token has expired"},
		{"expired, active asked for, new expiry", active, "expired", past, future, active, true, "status: API token has expired"},
		{"expired without an expiry", null, "expired", timestampNull(), timestampNull(), unset, true, "status: API token has expired"},
		{"revoked", null, "revoked (exposed)", timestampNull(), timestampNull(), unset, true, "status: API token was revoked"},
		{"revoked and past its expiry", null, "revoked (exposed)", past, past, types.StringValue("revoked (exposed)"), false, "status: API token was revoked"},
		{"revoked and past its expiry, active asked for", active, "revoked", past, past, types.StringValue("revoked"), false, "status: API token was revoked"},
		{"revoked and past its expiry, new expiry", null, "revoked", past, future, unset, true, "status: API token was revoked"},
		{"revoked before its expiry", null, "revoked", future, future, unset, true, "status: API token was revoked"},
		{"revoked, active asked for", active, "revoked", timestampNull(), timestampNull(), active, true, "status: API token was revoked"},
		{"expired, as it was imported", types.StringValue("expired"), "expired", past, past, types.StringValue("expired"), false, "expires_on: API token has expired"},
		{"expired, as it was imported, new expiry", types.StringValue("expired"), "expired", past, future, types.StringValue("expired"), true, "status: API token has expired"},
		{"expired without an expiry, as it was imported", types.StringValue("expired"), "expired", timestampNull(), timestampNull(), types.StringValue("expired"), false, "status: API token has expired"},
		{"expired, as it was imported, expiry removed", types.StringValue("expired"), "expired", past, timestampNull(), types.StringValue("expired"), true, "status: API token has expired"},
		{"disabled and past its expiry, new expiry", null, "disabled", past, future, unset, true, "expires_on: API token has expired"},
		{"disabled and past its expiry, enabled, new expiry", active, "disabled", past, future, active, true, "expires_on: API token has expired"},
		{"disabled and past its expiry, disabled asked for, new expiry", disabled, "disabled", past, future, disabled, true, "expires_on: API token has expired"},
		{"disabled and past its expiry", disabled, "disabled", past, past, disabled, false, ""},
		{"disabled before its expiry, new expiry", disabled, "disabled", future, timestampNull(), disabled, false, ""},
		{"revoked, as it was imported", types.StringValue("revoked (exposed)"), "revoked (exposed)", future, future, types.StringValue("revoked (exposed)"), false, "status: API token was revoked"},
		{"revoked, imported when expired", types.StringValue("expired"), "revoked", past, past, types.StringValue("revoked"), false, "status: API token was revoked"},
		{"active, imported when expired", types.StringValue("expired"), "active", future, future, active, false, "status: Status cannot be set"},
		{"disabled, revoked asked for", types.StringValue("revoked"), "disabled", future, future, disabled, false, "status: Status cannot be set"},
		{"not known in state", null, "", timestampNull(), timestampNull(), unset, false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan := &tokenModel{ExpiresOn: test.planned}
			state := &tokenModel{ExpiresOn: test.expires, Status: types.StringValue(test.held)}
			p := planning{plan: *plan, state: state, data: &tfkit.ProviderData{Now: func() time.Time { return *instant(t, "2030-01-01T00:00:00Z") }}}
			status, replace, diags := planStatus(test.configured, hasExpired(p.data.Now(), state), plan, state, func() obstacle { return p.hinders(t.Context(), compiled{}, compiled{}) })
			if !status.Equal(test.want) || len(replace) > 0 != test.replace {
				t.Errorf("status %s, replace %v; want %s, %v", status, replace, test.want, test.replace)
			}
			// The CLIs drop an attribute that does not change, and then update in place.
			differs := map[string]bool{"status": !status.Equal(state.Status), "expires_on": !plan.ExpiresOn.sameInstant(state.ExpiresOn)}
			for _, at := range replace {
				if !differs[at.String()] {
					t.Errorf("replace on %s, which does not change", at)
				}
			}
			var want []string
			if test.warning != "" {
				want = []string{test.warning}
			}
			if diff := cmp.Diff(want, problems(diags)); diff != "" || diags.HasError() {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRequestStatus(t *testing.T) {
	t.Parallel()
	active, expired := types.StringValue(client.StatusActive), types.StringValue(client.StatusExpired)
	for name, test := range map[string]struct {
		configured, planned types.String
		want                string
	}{
		"not configured":             {types.StringNull(), active, ""},
		"configured":                 {active, active, client.StatusActive},
		"expired, which nobody sets": {active, expired, ""},
		"as it was imported":         {expired, active, ""},
		"disabled":                   {types.StringValue("disabled"), types.StringValue("disabled"), client.StatusDisabled},
	} {
		if got := requestStatus(test.configured, test.planned); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestWarnOfExpiry_timeLeft(t *testing.T) {
	t.Parallel()
	now := *instant(t, "2030-01-01T00:00:00Z")
	for expires, want := range map[string]string{
		"2030-01-09T20:55:00Z": "in 8 days.",
		"2030-01-03T00:00:00Z": "in 2 days.",
		"2030-01-02T23:59:59Z": "in 47 hours.",
		"2030-01-01T02:00:00Z": "in 2 hours.",
		"2030-01-01T01:59:59Z": "in 1 hour.",
		"2030-01-01T01:00:00Z": "in 1 hour.",
		"2030-01-01T00:59:59Z": "in less than 1 hour.",
	} {
		diags := warnOfExpiry(now, stamp(expires), 30*24*time.Hour)
		if len(diags) != 1 || !strings.HasPrefix(diags[0].Detail(), "This token expires on "+expires+", "+want+"\n\n") {
			t.Errorf("%s: got %v, want %q", expires, diags, want)
		}
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	now := *instant(t, "2030-01-01T00:00:00Z")
	past, soon, late := stamp("2029-12-31T23:59:59Z"), stamp("2030-01-02T00:00:00Z"), stamp("2031-01-01T00:00:00Z")
	held := func(v timestamp) *tokenModel { return &tokenModel{ExpiresOn: v} }
	for name, test := range map[string]struct {
		planned   timestamp
		state     *tokenModel
		err, warn bool
	}{
		"new and past":             {past, nil, true, false},
		"now":                      {stamp("2030-01-01T00:00:00Z"), nil, true, false},
		"changed to the past":      {past, held(late), true, false},
		"past and unchanged":       {past, held(past), false, false},
		"past, other spelling":     {stamp("2030-01-01T00:59:59+01:00"), held(past), false, false},
		"soon":                     {soon, nil, false, true},
		"soon and unchanged":       {soon, held(soon), false, true},
		"late":                     {late, nil, false, false},
		"none":                     {timestampNull(), held(late), false, false},
		"unknown":                  {timestamp{StringValue: types.StringUnknown()}, nil, false, false},
		"at the end of the margin": {stamp("2030-01-31T00:00:00Z"), nil, false, true},
		"just outside the margin":  {stamp("2030-01-31T00:00:01Z"), nil, false, false},
	} {
		if got := checkExpiry(now, test.planned, test.state).HasError(); got != test.err {
			t.Errorf("%s: error = %v, want %v", name, got, test.err)
		}
		if got := warnOfExpiry(now, test.planned, 30*24*time.Hour).WarningsCount() == 1; got != test.warn {
			t.Errorf("%s: warning = %v, want %v", name, got, test.warn)
		}
	}
}
