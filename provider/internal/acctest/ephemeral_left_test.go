// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"net/http"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/leak"
)

// leftOpen is a token for the run, and a provider that works with it.
const leftOpen = leakVariables + `
ephemeral "accesscontrol_api_token" "run" {
  name     = "for the run"
  policies = local.policies
}

provider "accesscontrol" {
  alias     = "run"
  api_token = ephemeral.accesscontrol_api_token.run.value
}
`

// TestAccEphemeral_leftOpen has what uses an ephemeral token fail, in the plan and in the apply. The CLIs do not
// close the token then; the provider revokes it before its process ends.
func TestAccEphemeral_leftOpen(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Ephemeral)
	for name, test := range map[string]struct {
		config  string
		command []string
		// revoked is how many tokens are made and revoked: one for the plan, and one for the apply that follows it.
		revoked int
	}{
		"in the plan": {`
data "accesscontrol_zone" "unknown" {
  provider = accesscontrol.run
  name     = "no-such-zone.example"
}
`, []string{"plan"}, 1},
		"in the apply": {`
resource "accesscontrol_api_token" "refused" {
  provider = accesscontrol.run
  name     = "refused"
  policies = local.policies
}
`, []string{"apply", "-auto-approve"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := newLeakRun(t, tool, leftOpen+test.config)
			run.env.Fresh()
			run.command(false, "failed.txt", test.command...)
			made := run.env.Server.Count(http.MethodPost, "/user/tokens")
			if got := run.env.Server.Count(http.MethodDelete, "/user/tokens/*"); got != test.revoked {
				t.Errorf("%d tokens were revoked, want %d; %d requests to make one", got, test.revoked, made)
			}
			issued := run.issuer.secrets(run.credential)[1:]
			if len(issued) != test.revoked {
				t.Errorf("%d tokens were made, want %d", len(issued), test.revoked)
			}
			for _, secret := range issued {
				if accepted(t, run.issuer.server, secret.Value) {
					t.Error("a token is left")
				}
			}
			for _, found := range run.leaks(func(leak.Finding) bool { return false }) {
				t.Error("leaked:", found)
			}
		})
	}
}
