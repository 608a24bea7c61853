// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func TestEffectiveReason(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		kind            string
		account, member *bool
		status          string
		want            string
	}{
		{"standard", "standard", nil, nil, "accepted", "has no API access switch"},
		{"never set", "enterprise", nil, nil, "accepted", "never set and counts as on"},
		{"account on", "enterprise", new(true), nil, "accepted", "whose switch is on"},
		{"account off", "enterprise", new(false), nil, "accepted", "whose switch is off"},
		{"member on", "enterprise", new(false), new(true), "accepted", "enabled, which overrides"},
		{"member off", "enterprise", new(true), new(false), "accepted", "disabled, which overrides"},
		{"invited", "enterprise", nil, nil, "pending", "The membership is pending"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			account := &client.Account{Type: test.kind, Settings: client.AccountSettings{APIAccessEnabled: test.account}}
			got := EffectiveReason(account, &client.Member{Status: test.status, APIAccessEnabled: test.member})
			if !strings.Contains(got, test.want) {
				t.Errorf("got %q, want it to say %q", got, test.want)
			}
		})
	}
}

// A token that an account owns has no member whose setting could override the account's.
func TestEffectiveReason_accountOwnedToken(t *testing.T) {
	t.Parallel()
	account := &client.Account{Type: "enterprise", Settings: client.AccountSettings{APIAccessEnabled: new(false)}}
	if got := EffectiveReason(account, nil); got != "A token of the account has no member and follows the account, whose switch is off." {
		t.Errorf("got %q", got)
	}
}
