// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"net/http"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// newToken makes a token that may read a zone, outside Terraform, and returns its id and secret. The owner is
// that of the path; further attributes of the definition follow in pairs of name and value.
func newToken(t *testing.T, env *acctest.Env, path, name string, attributes ...any) (id, secret string) {
	t.Helper()
	definition := map[string]any{"name": name, "policies": []any{map[string]any{
		"effect":            "allow",
		"permission_groups": []any{map[string]any{"id": "c8fed203ed3043cba015a93ad1616f1f"}},
		"resources": map[string]any{"com.cloudflare.api.account." + env.ID("acme"): map[string]any{
			"com.cloudflare.api.account.zone." + env.ID("example.com"): "*",
		}},
	}}}
	var token struct{ ID, Value string }
	if err := env.Must("super", http.MethodPost, path, definition).Decode(&token); err != nil {
		t.Fatal(err)
	}
	if len(attributes) == 0 {
		return token.ID, token.Value
	}
	// A create has no status, so all of them are set by an update.
	for i := 0; i < len(attributes); i += 2 {
		attribute, ok := attributes[i].(string)
		if !ok {
			t.Fatalf("attribute %d has no name", i/2)
		}
		definition[attribute] = attributes[i+1]
	}
	env.Must("super", http.MethodPut, path+"/"+token.ID, definition)
	return token.ID, token.Value
}

// namedToken is what tests need to know of a token in a list.
type namedToken struct{ ID, Name string }

// tokensOf lists the first page of what an owner has, which is all that tests make.
func tokensOf(t *testing.T, env *acctest.Env, path string) []namedToken {
	t.Helper()
	var all []namedToken
	if err := env.Must("super", http.MethodGet, path, nil).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// tokenNamed is the id of the owner's token with the name, and empty where there is none.
func tokenNamed(t *testing.T, env *acctest.Env, path, name string) string {
	t.Helper()
	for _, token := range tokensOf(t, env, path) {
		if token.Name == name {
			return token.ID
		}
	}
	return ""
}
