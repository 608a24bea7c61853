// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// The rules of the example hold a plan back when its token could do too much, or too little, and say why; the
// CLI's own tests hold the rules; and none of it writes anything.
func TestAccPlanReview(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "examples", "scenarios", "plan-review", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	server := mocktest.New(t)
	work := prepare(t, tool, installProvider(t, root), server, files)
	zone, account := server.ID("example.com"), server.ID("acme")
	everyZone := "com.cloudflare.api.account." + account + " → com.cloudflare.api.account.zone.*."
	for _, test := range []struct {
		name      string
		arguments []string
		passes    bool
		says      []string
	}{
		{"the CLI's tests", []string{"test"}, true, []string{"4 passed, 0 failed"}},
		{"a narrow token", []string{"plan"}, true, []string{"allow Cache Purge on zone " + zone}},
		{
			"one for too much of the zone",
			[]string{"plan", "-var", `permissions=["Cache Purge","DNS Write","Zone Write"]`},
			false,
			[]string{
				"The token could do too much:",
				`- change where mail goes: Allowed by policies["deploy"]: "DNS Write" on com.cloudflare.api.account.zone.` + zone + ".",
				`- delete the zone: Allowed by policies["deploy"]: "Zone Write" on com.cloudflare.api.account.zone.` + zone + ".",
			},
		},
		{
			"one for every zone",
			[]string{"plan", "-var", "every_zone=true"},
			false,
			[]string{`- reach every zone: Allowed by policies["deploy"]: "Cache Purge" on ` + everyZone},
		},
		{
			"one that cannot do its work",
			[]string{"plan", "-var", `permissions=["DNS Read"]`},
			false,
			[]string{
				"The token could not do its work:",
				`- purge the cache: Refused, no_matching_grant: no allow policy grants this operation; the smallest grant that would allow it: "Cache Purge" on com.cloudflare.api.account.zone.` + zone + ".",
			},
		},
	} {
		passed, output := work.try(test.arguments...)
		if passed != test.passes {
			t.Errorf("%s: passed %v, want %v\n%s", test.name, passed, test.passes, output)
		}
		for _, says := range test.says {
			if !strings.Contains(output, says) {
				t.Errorf("%s: not said: %s\n%s", test.name, says, output)
			}
		}
	}
	if writes := server.Journal(mocktest.Writes); len(writes) > 0 {
		t.Errorf("%d requests could have changed something, the first of them %s %s", len(writes), writes[0].Method, writes[0].Path)
	}
}

// try runs one command of the CLI and reports whether it succeeded, and what it printed: without frames and
// with every run of white space a single blank, since the two CLIs break lines differently.
func (w *workspace) try(arguments ...string) (passed bool, output string) {
	w.t.Helper()
	command := 1
	if arguments[0] == "state" {
		command = 2
	}
	process := exec.CommandContext(w.t.Context(), w.tool.Path, slices.Insert(slices.Clone(arguments), command, "-no-color")...)
	process.Dir, process.Env = w.directory, w.environment
	text, err := process.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		w.t.Fatalf("%s %s: %v", w.tool.Engine, strings.Join(arguments, " "), err)
	}
	return err == nil, strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(string(text))), " ")
}
