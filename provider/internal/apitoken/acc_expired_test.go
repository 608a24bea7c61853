// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// TestAccAPIToken_destroyPastExpiry destroys a configuration with a token whose expiry has passed and that is
// gone. Terraform plans it anew on the way; that must not keep the others alive. No test waits for an expiry: the
// clock of the API is set back to give a token one that has passed here.
func TestAccAPIToken_destroyPastExpiry(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	past := time.Now().Add(-year / 2).UTC().Format(time.RFC3339)
	w := newWorld(t)
	config := func(expiresOn string) string {
		return w.with(w.names.Replace(`resource "accesscontrol_api_token" "other" {
  name = "other"
  `+dnsPolicy+`
}`), `name = "past"`+"\n"+`expires_on = "`+expiresOn+`"`+"\n"+dnsPolicy)
	}
	each := func(do func(path string)) {
		for _, token := range w.tokens("/user/tokens", "past") {
			do("/user/tokens/" + token.ID)
		}
	}
	w.Test(
		resource.TestStep{Config: config(time.Now().Add(year).UTC().Format(time.RFC3339))},
		resource.TestStep{
			PreConfig: func() {
				w.Server.Advance(-year)
				each(func(path string) {
					w.change(path, func(definition map[string]any) { definition["expires_on"] = past })
				})
			},
			Config: config(past),
		},
		resource.TestStep{
			PreConfig: func() {
				each(func(path string) { w.Must(owner, http.MethodDelete, path, nil) })
				w.Server.Advance(year)
			},
			Config: config(past), Destroy: true,
		},
	)
	if left := len(w.tokens("/user/tokens", "other")); left != 0 {
		t.Errorf("%d tokens are left", left)
	}
}

// TestAccAPIToken_destroyPastExpiryOfAnotherOwner destroys an expired token whose configuration gives it another owner
// and leaves its expiry as it is. Terraform plans the replacement on the way.
func TestAccAPIToken_destroyPastExpiryOfAnotherOwner(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	past := time.Now().Add(-year / 2).UTC().Format(time.RFC3339)
	w := newWorld(t)
	config := func(expiresOn, more string) string {
		return w.config("name = \"past\"\nexpires_on = \"" + expiresOn + "\"\n" + more + dnsPolicy)
	}
	moved := config(past, "account_id = \"$acme\"\n")
	w.Test(
		resource.TestStep{Config: config(time.Now().Add(year).UTC().Format(time.RFC3339), "")},
		resource.TestStep{
			PreConfig: func() {
				w.Server.Advance(-year)
				for _, token := range w.tokens("/user/tokens", "past") {
					w.change("/user/tokens/"+token.ID, func(definition map[string]any) { definition["expires_on"] = past })
				}
			},
			Config: config(past, ""),
		},
		resource.TestStep{PreConfig: func() { w.Server.Advance(year) }, Config: config(past, ""), ConfigPlanChecks: isEmpty},
		resource.TestStep{Config: moved, Destroy: true},
	)
	if left := len(w.tokens("/user/tokens", "past")); left != 0 {
		t.Errorf("%d tokens are left", left)
	}
}

// TestAccAPIToken_expiredIgnoringStatus gives an expired token a later expiry where configuration ignores changes of
// its status. Terraform replaces for no attribute that stays as it is, and would make the old secret work again.
func TestAccAPIToken_expiredIgnoringStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(in time.Duration) string {
		return w.config("name = \"past\"\nlifecycle { ignore_changes = [status] }\nexpires_on = \"" +
			time.Now().Add(in).UTC().Format(time.RFC3339) + "\"\n" + dnsPolicy)
	}
	const year = 365 * 24 * time.Hour
	var secret string
	w.Test(
		resource.TestStep{Config: config(time.Hour), ConfigStateChecks: []statecheck.StateCheck{remember("value", &secret)}},
		resource.TestStep{
			PreConfig: func() {
				if !w.opens(secret) {
					t.Error("the secret of the new token does not work")
				}
				w.Server.Advance(2 * time.Hour)
				if w.opens(secret) {
					t.Error("the secret of an expired token works")
				}
			},
			Config: config(year), ConfigPlanChecks: isReplace,
		},
	)
	if w.opens(secret) {
		t.Error("the secret of the expired token works again")
	}
}
