// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"errors"
	"os"
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
		{"the CLI's tests", []string{"test"}, true, []string{"6 passed, 0 failed"}},
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
			"one that makes tokens",
			[]string{"plan", "-var", `account_permissions=["Account API Tokens Write"]`},
			false,
			[]string{`- make tokens of an account: Allowed by policies["account"]: "Account API Tokens Write" on com.cloudflare.api.account.` + account + "."},
		},
		{
			"one that gives members rights",
			[]string{"plan", "-var", `account_permissions=["account:Account Settings Write"]`},
			false,
			[]string{`- give members rights: Allowed by policies["account"]: "Account Settings Write" on com.cloudflare.api.account.` + account + "."},
		},
		{
			"one that gives them by another permission",
			[]string{"plan", "-var", `account_permissions=["SCIM Provisioning"]`},
			false,
			[]string{`- give members rights: Allowed by policies["account"]: "SCIM Provisioning" on com.cloudflare.api.account.` + account + "."},
		},
		{
			"one that changes DNS without writing records",
			[]string{"plan", "-var", `permissions=["Cache Purge","Zone Settings Write"]`},
			false,
			[]string{`- have mail routed: Allowed by`, `- take records from outside: Allowed by policies["deploy"]: "Zone Settings Write" on com.cloudflare.api.account.zone.` + zone + "."},
		},
		{
			"one that forwards mail",
			[]string{"plan", "-var", `permissions=["Cache Purge","Email Routing Rules Write"]`},
			false,
			[]string{`- forward mail: Allowed by policies["deploy"]: "Email Routing Rules Write" on com.cloudflare.api.account.zone.` + zone + "."},
		},
		{
			"one for every zone",
			[]string{"plan", "-var", "every_zone=true"},
			false,
			[]string{`- reach other zones: Allowed by policies["deploy"]: "Cache Purge" on ` + everyZone},
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

// The rules in the examples of the function and of the simulation hold a plan back before anything is written, for a
// new token as for one that would be changed.
func TestAccPlanReview_examples(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	configFile := installProvider(t, root)
	const can, simulation = "functions/can/function.tf", "data-sources/accesscontrol_access_simulation/data-source.tf"
	const permissions, zones = `["Cache Purge", "DNS Read"]`, `{ zones = [data.accesscontrol_zone.example.zone_id] }`
	for _, test := range []struct {
		name, example string
		replaced      []string
		says          string
	}{
		{"a permission under another name", can, []string{permissions, `["DNS Edit"]`}, "The deployment must not write DNS records of example.com."},
		{
			"some records", can,
			[]string{permissions, `["DNS Write"]`, zones, `{ dns_records = [{ zone_id = data.accesscontrol_zone.example.zone_id, type = "TXT", name = "*" }] }`},
			"record is missing",
		},
		{
			"tokens of the account", can,
			[]string{permissions, `["Account API Tokens Write"]`, zones, `{ accounts = [data.accesscontrol_zone.example.account_id] }`},
			"The deployment must not make tokens.",
		},
		{"tokens of the user", can, []string{permissions, `["API Tokens Write"]`, zones, `{ user = true }`}, "The deployment must not make tokens."},
		{"every record", simulation, []string{`type    = "TXT"`, `type    = "*"`, `"_acme-challenge.*"`, `"*"`}, "The ACME client could change where mail goes."},
		{"some of the mail", simulation, []string{`type    = "TXT"`, `type    = "MX"`, `"_acme-challenge.*"`, `"example.com"`}, "The ACME client could change where mail goes."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := mocktest.New(t)
			work := prepare(t, tool, configFile, server, []string{filepath.Join(root, "examples", filepath.FromSlash(test.example))})
			name := filepath.Base(test.example)
			good, err := os.ReadFile(filepath.Join(work.directory, name))
			if err != nil {
				t.Fatal(err)
			}
			wide := loosened(t, string(good), test.replaced)
			refused := func(state string) {
				t.Helper()
				server.ResetJournal()
				work.write(name, wide)
				if passed, output := work.try("plan"); passed || !strings.Contains(output, test.says) {
					t.Errorf("%s: passed %t, or not said: %s\n%s", state, passed, test.says, output)
				}
				if _, output := work.try("apply", "-auto-approve"); len(server.Journal(mocktest.Writes)) > 0 {
					t.Errorf("%s: the apply wrote\n%s", state, output)
				}
			}
			refused("new")
			work.write(name, string(good))
			work.run("apply", "-auto-approve")
			refused("changed")
		})
	}
}

// loosened is the configuration with each of some texts replaced by the one after it.
func loosened(t *testing.T, configuration string, replaced []string) string {
	t.Helper()
	for i := 0; i < len(replaced); i += 2 {
		if n := strings.Count(configuration, replaced[i]); n != 1 {
			t.Fatalf("%s occurs %d times", replaced[i], n)
		}
	}
	return strings.NewReplacer(replaced...).Replace(configuration)
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
