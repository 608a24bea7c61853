// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// spelled is a token and what it is given: $later is known only during an apply that changes $marker.
const spelled = `
resource "terraform_data" "later" {
  input            = { zone = "$zone", group = "Zone Read", range = "127.0.0.0/8" }
  triggers_replace = "$marker"
}

resource "accesscontrol_api_token" "one" {
  name      = "one"
  condition = { request_ip = { in = [$range, "$address"] } }
  policies = {
    p = { $effect permission_groups = ["$dns", $group], resources = { zones = [$later] $empty } }
  }

  lifecycle {
    postcondition {
      condition     = self.name == "one"
      error_message = "The token has another name."
    }
  }
}
`

// Configuration is respelled for good, in every way at once, and goes on to be planned as no change; then values
// beside the respelled ones are unknown in a plan, which is saved and applied by a process of its own, as
// everywhere but in tests, and turn out to be what they were. Nothing of it is ever sent.
func TestAccRespelled(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t)
	text := func(marker string, respelled, unknown bool) string {
		words := []string{"$marker", marker, "$effect", "", "$empty", "", "$dns", "DNS Write", "$address", "198.51.100.7", "$zone", env.ID("example.com")}
		if respelled {
			words = []string{"$marker", marker, "$effect", `effect = "allow",`, "$empty", ", accounts = [], user = false", "$dns", "DNS Edit", "$address", "198.51.100.7/32", "$zone", env.ID("example.com")}
		}
		known := []string{"$later", `"` + env.ID("example.com") + `"`, "$group", `"Zone Read"`, "$range", `"127.0.0.0/8"`}
		if unknown {
			const later = "terraform_data.later.output."
			known = []string{"$later", later + "zone", "$group", later + "group", "$range", later + "range"}
		}
		return strings.NewReplacer(append(words, known...)...).Replace(spelled)
	}
	file := filepath.Join(t.TempDir(), "main.tf")
	if err := os.WriteFile(file, []byte(text("1", false, false)), 0o600); err != nil {
		t.Fatal(err)
	}
	work := prepare(t, tool, installProvider(t, root), env.Server, []string{file})
	work.run("apply", "-auto-approve")
	env.Fresh()

	work.write("main.tf", text("1", true, false))
	work.run("plan", "-detailed-exitcode")
	// Something else is applied; the token is not.
	work.write("main.tf", text("2", true, false))
	work.run("apply", "-auto-approve")
	// The values become unknown, beside words that state has otherwise.
	work.write("main.tf", text("3", true, true))
	work.run("plan", "-out=saved")
	work.run("apply", "saved")
	work.run("plan", "-detailed-exitcode")
	// The same without a saved plan, and without a refresh.
	work.write("main.tf", text("4", false, true))
	work.run("apply", "-auto-approve")
	work.write("main.tf", text("5", true, true))
	work.run("apply", "-auto-approve", "-refresh=false")
	work.run("plan", "-detailed-exitcode")
	if writes := env.Server.Journal(mocktest.Writes); len(writes) > 0 {
		t.Errorf("%d writes, want none; the first is %s %s", len(writes), writes[0].Method, writes[0].Path)
	}
}
