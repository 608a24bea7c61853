// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// TestJudgeUnlisted: of a permission group that only the API knows, its list tells whether it would open more than
// the plan says.
func TestJudgeUnlisted(t *testing.T) {
	t.Parallel()
	const zone, account, missing = "00000000000000000000000000000001", "00000000000000000000000000000002", "00000000000000000000000000000003"
	listed := map[string]client.PermissionGroup{
		zone:    {ID: zone, Name: "Quantum DNS Write", Scopes: []string{"com.cloudflare.api.account.zone"}},
		account: {ID: account, Name: "Quantum Queues Write", Scopes: []string{"com.cloudflare.api.account"}},
	}
	for _, tt := range []struct {
		ref  policyset.UnlistedGroup
		want string
	}{
		{policyset.UnlistedGroup{ID: zone}, ""},
		{policyset.UnlistedGroup{ID: zone, OnAccounts: true}, "Zone permission on an account resource"},
		{policyset.UnlistedGroup{ID: account, OnAccounts: true}, ""},
		{policyset.UnlistedGroup{ID: missing}, "Unknown permission group"},
		{policyset.UnlistedGroup{ID: missing, OnAccounts: true}, "Unknown permission group"},
	} {
		if got, _ := judgeUnlisted(tt.ref, listed); got != tt.want {
			t.Errorf("%s, on accounts %v: %q, want %q", listed[tt.ref.ID].Name, tt.ref.OnAccounts, got, tt.want)
		}
	}
}
