// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// TestAccAPITokenEphemeral echoes what it opens, all but the secret: a token is made for every plan and every
// apply, and each is revoked.
func TestAccAPITokenEphemeral(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Ephemeral)
	w := newWorld(t)
	w.ProtoV6ProviderFactories["echo"] = echoprovider.NewProviderServer()
	config := w.ProviderConfig() + w.names.Replace(`
ephemeral "accesscontrol_api_token" "run" {
  name = "short"
  ttl  = "5m"
  `+dnsPolicy+`
}

provider "echo" {
  data = {
    id         = ephemeral.accesscontrol_api_token.run.id
    expires_on = ephemeral.accesscontrol_api_token.run.expires_on
    has_secret = length(ephemeral.accesscontrol_api_token.run.value) > 40
  }
}

resource "echo" "test" {}
`)
	w.Test(resource.TestStep{
		Config: config,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("echo.test", at("data", "id"), knownvalue.NotNull()),
			statecheck.ExpectKnownValue("echo.test", at("data", "expires_on"), knownvalue.NotNull()),
			statecheck.ExpectKnownValue("echo.test", at("data", "has_secret"), knownvalue.Bool(true)),
			w.ExpectSecretsHidden(),
		},
	})
	made := w.Server.Count(http.MethodPost, "/user/tokens")
	if made < 2 {
		t.Errorf("%d tokens were made, want one for the plan and one for the apply at least", made)
	}
	w.requests(http.MethodDelete, "/user/tokens/*", made)
	if left := w.tokens("/user/tokens", "short"); len(left) > 0 {
		t.Errorf("%d tokens are left", len(left))
	}
}
