// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// TestSubjectOf reads tokens as the API shows them.
func TestSubjectOf(t *testing.T) {
	t.Parallel()
	expires := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for status, disabled := range map[string]bool{client.StatusActive: false, client.StatusExpired: false, client.StatusDisabled: true, "revoked (exposed)": true} {
		s, err := subjectOf(&client.Token{ID: zoneA.String(), Status: status, ExpiresOn: &expires, NotBefore: &expires}, policyset.Owner{Known: true})
		if err != nil || s.credential.Disabled != disabled || !s.credential.ExpiresOn.Equal(expires) || !s.credential.NotBefore.Equal(expires) {
			t.Errorf("%s: %+v, %v", status, s, err)
		}
	}
	if _, err := subjectOf(&client.Token{Condition: &client.IPCondition{In: []string{"everywhere"}}}, policyset.Owner{Known: true}); err == nil {
		t.Error("a condition that cannot be read was taken for none")
	}
	s, err := subjectOf(&client.Token{Status: client.StatusActive}, policyset.Owner{Known: true, AccountID: accountA.String()})
	if err != nil || s.credential.Kind != authz.AccountToken || s.credential.Account != accountA {
		t.Errorf("a token of an account: %+v, %v", s, err)
	}
}
