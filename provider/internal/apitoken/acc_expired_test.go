// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// TestAccAPIToken_destroyPastExpiry destroys a configuration with a token whose expiry has passed and that is
// gone. Terraform plans it anew on the way; that must not keep the others alive.
func TestAccAPIToken_destroyPastExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	soon := time.Now().Add(3 * time.Second).UTC().Format(time.RFC3339)
	config := w.with(w.names.Replace(`resource "accesscontrol_api_token" "other" {
  name = "other"
  `+dnsPolicy+`
}`), `name = "past"`+"\n"+`expires_on = "`+soon+`"`+"\n"+dnsPolicy)
	w.Test(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				for _, token := range w.tokens("/user/tokens", "past") {
					w.Must(owner, http.MethodDelete, "/user/tokens/"+token.ID, nil)
				}
				end, err := time.Parse(time.RFC3339, soon)
				if err != nil {
					t.Fatal(err)
				}
				<-time.After(time.Until(end.Add(time.Second)))
				w.Server.Advance(10 * time.Second)
			},
			Config: config, Destroy: true,
		},
	)
	if left := len(w.tokens("/user/tokens", "other")); left != 0 {
		t.Errorf("%d tokens are left", left)
	}
}
