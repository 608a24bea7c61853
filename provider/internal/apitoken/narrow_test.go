// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// TestAPIToken_narrowsUnseen renames Terraform's own token from a state that is older than a right it was given since:
// the write would take that away, which neither state nor plan shows, and is refused. Where nothing was given, and
// where it is allowed, the rename goes through.
func TestAPIToken_narrowsUnseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.Server.CredentialOf(mocktest.UserToken, acctest.Terraform).ID
	accounts := []any{w.ID("acme"), w.ID("globex")}
	policy := func(resources map[string]any, groups ...any) map[string]any {
		return map[string]any{"permission_groups": groups, "resources": resources}
	}
	attributes := func(name string, more map[string]any) acctest.Attributes {
		all := acctest.Attributes{"name": name, "policies": map[string]any{
			"user": policy(map[string]any{"user": true}, "API Tokens Write", "Memberships Write", "User Details Read"),
			"accounts": policy(map[string]any{"accounts": accounts},
				"Account Settings Write", "Account API Tokens Write", "Account Firewall Access Rules Write"),
			"zones": policy(map[string]any{"all_zones_of_accounts": accounts},
				"Zone Write", "Zone Read", "DNS Write", "DNS Read", "Zone Settings Write", "Cache Purge", "Firewall Services Write"),
		}}
		maps.Copy(all, more)
		return all
	}
	rename := func(state *acctest.Instance, name string, more map[string]any) error {
		t.Helper()
		run := w.Start(nil)
		plan, err := run.Plan(t.Context(), apitoken.TypeName, state, attributes(name, more))
		if err != nil {
			t.Fatal(err)
		}
		_, err = run.Apply(t.Context(), apitoken.TypeName, plan)
		return err
	}
	run := w.Start(nil)
	imported, err := run.Instance(apitoken.TypeName, acctest.Attributes{"id": own})
	if err != nil {
		t.Fatal(err)
	}
	state, err := run.Read(t.Context(), apitoken.TypeName, imported)
	if err != nil {
		t.Fatal(err)
	}
	if err := rename(state, "first", nil); err != nil {
		t.Errorf("a rename that takes nothing away: %v", err)
	}
	w.change("/user/tokens/"+own, func(definition map[string]any) {
		policies, _ := definition["policies"].([]any)
		definition["policies"] = append(policies, map[string]any{
			"effect": "allow", "permission_groups": []any{map[string]any{"id": "c8fed203ed3043cba015a93ad1616f1f"}},
			"resources": map[string]any{"com.cloudflare.api.account.zone." + w.ID("example.com"): "*"},
		})
	})
	w.Server.ResetJournal()
	if err := rename(state, "second", nil); err == nil || !strings.Contains(err.Error(), "Change would lock Terraform out") {
		t.Errorf("a rename that takes away what state does not know: %v", err)
	}
	w.requests(http.MethodPut, "/user/tokens/*", 0)
	if err := rename(state, "third", map[string]any{"allow_self_lockout": true}); err != nil {
		t.Errorf("allowed: %v", err)
	}
}
