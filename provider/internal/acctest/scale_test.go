// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// fleetConfiguration is many tokens of two accounts. It uses count: for_each over a set costs core the square
// of its size.
const fleetConfiguration = `
locals {
  accounts = [%q, %q]
}

resource "accesscontrol_api_token" "fleet" {
  count = %d

  account_id = local.accounts[count.index %% 2]
  name       = "token ${count.index}"
  policies = {
    settings = {
      permission_groups = ["Account Settings Read"]
      resources         = { accounts = [local.accounts[count.index %% 2]] }
    }
  }
}
`

// userFleetConfiguration is many tokens of the user that Terraform runs as.
const userFleetConfiguration = `
resource "accesscontrol_api_token" "fleet" {
  count = %d

  name = "token ${count.index}"
  policies = {
    settings = {
      permission_groups = ["Account Settings Read"]
      resources         = { accounts = [%q] }
    }
  }
}
`

// A fleet is made, planned and deleted by the real CLI with the real plugin, without one failed resource, and
// the plan costs the requests of a few pages. A hundred tokens stand to 120 requests
// in three seconds as a thousand do to the published 1,200 in five minutes; make prove runs those.
func TestAccFleet(t *testing.T) {
	t.Parallel()
	applyFleet(t, 100, 2, "120/3s")
}

// applyFleet lets the CLI create, plan and destroy a number of tokens against a rate limit: of two accounts, or, where
// that is zero, of the user.
func applyFleet(t *testing.T, count, accounts int, limit string) {
	t.Helper()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t, mocktest.WithSeed(acctest.ScaleWorld), mocktest.WithRateLimit(limit))
	file := filepath.Join(t.TempDir(), "main.tf")
	text := fmt.Appendf(nil, userFleetConfiguration, count, env.ID("account:a"))
	if accounts > 0 {
		text = fmt.Appendf(nil, fleetConfiguration, env.ID("account:a"), env.ID("account:b"), count)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	work := prepare(t, tool, installProvider(t, root), env.Server, []string{file})

	step := func(check func() error, command string, arguments ...string) {
		t.Helper()
		env.Fresh()
		begin := time.Now()
		work.run(command, arguments...)
		t.Logf("%s of %d tokens: %s", command, count, time.Since(begin).Round(time.Millisecond))
		if err := check(); err != nil {
			t.Errorf("%s: %v", command, err)
		}
	}
	refresh := count/50 + accounts + 6
	// Beside the creates, a list of each account's tokens; or of the user's, and who the user is.
	step(func() error { return env.CheckRequests(count + max(accounts, 2)) }, "apply", "-auto-approve")
	step(func() error { return env.CheckRefresh(count, accounts) }, "plan", "-detailed-exitcode")
	step(func() error { return env.CheckRequests(refresh + count + 2) }, "destroy", "-auto-approve")
}
