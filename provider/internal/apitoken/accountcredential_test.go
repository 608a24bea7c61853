// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// An account-owned token manages no tokens, of a user or of its account. The error says to use a user's credential
// and names no grant, which would not help.
func TestAPIToken_accountCredential(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made struct{ Value string }
	if err := w.Must(owner, http.MethodPost, "/accounts/"+w.ID("acme")+"/tokens", map[string]any{
		"name": "terraform of the account",
		"policies": []any{map[string]any{
			"effect": "allow", "resources": map[string]any{"com.cloudflare.api.account." + w.ID("acme"): "*"},
			// Account API Tokens Write.
			"permission_groups": []any{map[string]any{"id": "5bc3f8b21c554832afc660159ab75fa4"}},
		}},
	}).Decode(&made); err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{"", w.ID("acme")} {
		run := w.Start(acctest.Object{"api_token": made.Value})
		token := acctest.Attributes{"name": "ci", "policies": acctest.Object{"read": acctest.Object{
			"permission_groups": []any{"DNS Read"}, "resources": acctest.Object{"zones": []any{w.ID("example.com")}},
		}}}
		if account != "" {
			token["account_id"] = account
		}
		plan, err := run.Plan(t.Context(), apitoken.TypeName, nil, token)
		if err == nil {
			_, err = run.Apply(t.Context(), apitoken.TypeName, plan)
		}
		if err == nil {
			t.Fatal("the token was created")
		}
		for _, text := range []string{"user_credential_required", "user-owned API token or a Global API key instead of an account-owned token"} {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("account %q: %v; want it to say %q", account, err, text)
			}
		}
		for _, text := range []string{"grant that", "Creating one needs", "Give the token"} {
			if strings.Contains(err.Error(), text) {
				t.Errorf("account %q: %v; it says %q, which does not help", account, err, text)
			}
		}
	}
}
