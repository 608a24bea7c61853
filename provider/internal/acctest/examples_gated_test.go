// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// exampleToken is the id that examples give to a token, since every real one is made up by the server.
const exampleToken = "ed17574386854bf78a67040be0a770b0"

// gated runs a test for each directory of one kind of example, with the plugin installed.
func gated(t *testing.T, tool cli.Tool, kind string, test func(t *testing.T, env *acctest.Env, work func(files []string, replaced ...string) *workspace, directory string)) {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	configFile := installProvider(t, root)
	for _, directory := range directories(t, filepath.Join(root, "examples", kind)) {
		t.Run(filepath.Base(directory), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			test(t, env, func(files []string, replaced ...string) *workspace {
				return prepare(t, tool, configFile, env.Server, files, replaced...)
			}, directory)
		})
	}
}

// An ephemeral resource leaves nothing behind, neither by the plan nor by the apply.
func TestAccExamples_ephemeral(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Ephemeral)
	gated(t, tool, "ephemeral-resources", func(t *testing.T, env *acctest.Env, work func([]string, ...string) *workspace, directory string) {
		t.Helper()
		before := tokenCount(t, env)
		w := work(configurations(t, directory))
		w.run("apply", "-auto-approve")
		w.run("plan", "-detailed-exitcode")
		if after := tokenCount(t, env); after != before {
			t.Errorf("%d tokens are left, want %d", after, before)
		}
		if env.Server.Count(http.MethodPost, "/user/tokens") == 0 {
			t.Error("no token was made")
		}
	})
}

// Actions are invoked as their examples say, on a token that was made for it: its secret is dead afterwards.
func TestAccExamples_actions(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Actions)
	command := regexp.MustCompile(`(?m)^# terraform apply (-invoke=\S+)$`)
	gated(t, tool, "actions", func(t *testing.T, env *acctest.Env, work func([]string, ...string) *workspace, directory string) {
		t.Helper()
		files := configurations(t, directory)
		text, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		says := command.FindStringSubmatch(string(text))
		if len(files) != 1 || says == nil {
			t.Fatalf("%d files, and no command to invoke the action", len(files))
		}
		id, secret := newToken(t, env, "/user/tokens", "of an example")
		w := work(files, exampleToken, id)
		if !accepted(t, env.Server, secret) {
			t.Fatal("the token does not work")
		}
		passed, output := w.try("apply", "-auto-approve", says[1])
		if !passed || !strings.Contains(output, "API token "+id+" ") {
			t.Errorf("passed: %t\n%s", passed, output)
		}
		if accepted(t, env.Server, secret) {
			t.Error("the secret works as before")
		}
	})
}

// Each query finds what it is after, in a world where there is one of it.
func TestAccExamples_query(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Query)
	gated(t, tool, "list-resources", func(t *testing.T, env *acctest.Env, work func([]string, ...string) *workspace, directory string) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(directory, "*.tfquery.hcl"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%d queries, %v", len(files), err)
		}
		env.SetMemberSwitch("acme/super", new(true))
		env.SetMemberSwitch("acme/ci", new(false))
		env.SetAccountSwitch("acme", new(false))
		id, _ := newToken(t, env, "/accounts/"+env.ID("acme")+"/tokens", "switched off", "status", "disabled")
		find := map[string]string{
			"accesscontrol_account_api_access":        env.ID("acme") + " Acme",
			"accesscontrol_account_member_api_access": env.ID("acme/ci") + " ci@example.com",
			"accesscontrol_api_token":                 id + " switched off",
		}[filepath.Base(directory)]
		passed, output := work(files).try("query")
		if found := strings.Count(output, "list."); !passed || find == "" || found != 1 || !strings.Contains(output, find) {
			t.Errorf("passed: %t, %d results, want 1: %q\n%s", passed, found, find, output)
		}
	})
}

// The import blocks of examples import, by identity and by id, what their resources made; and so do the commands.
// None of it changes anything, and the plan after it is empty.
func TestAccExamples_import(t *testing.T) {
	t.Parallel()
	importExamples(t, acctest.NeedsCLI(t), func(t *testing.T, w *importing) {
		t.Helper()
		w.block(importFile)
		lines := regexp.MustCompile(`(?m)^terraform import (\S+) (\S+)$`).FindAllStringSubmatch(w.example("import.sh"), -1)
		if len(lines) == 0 {
			t.Fatal("import.sh has no command")
		}
		for _, line := range lines {
			w.forget(line[1])
			w.run("import", line[1], w.real(line[2]))
			w.settled()
		}
	})
}

// An import by identity does what an import by id does.
func TestAccExamples_identity(t *testing.T) {
	t.Parallel()
	importExamples(t, acctest.Needs(t, acctest.Identity), func(t *testing.T, w *importing) {
		t.Helper()
		w.block("import-by-identity.tf")
	})
}

// importing is the example of a resource after its apply.
type importing struct {
	*workspace
	env       *acctest.Env
	directory string // of the example
	// replacer replaces the ids that examples give to tokens by those of the tokens that were made.
	replacer *strings.Replacer
}

func importExamples(t *testing.T, tool cli.Tool, test func(t *testing.T, w *importing)) {
	t.Helper()
	gated(t, tool, "resources", func(t *testing.T, env *acctest.Env, work func([]string, ...string) *workspace, directory string) {
		t.Helper()
		files := slices.DeleteFunc(configurations(t, directory), func(f string) bool { return strings.HasPrefix(filepath.Base(f), "import-") })
		w := &importing{workspace: work(files), env: env, directory: directory}
		w.run("apply", "-auto-approve")
		w.replacer = strings.NewReplacer(
			exampleToken, tokenNamed(t, env, "/user/tokens", "ACME client for example.com"),
			"f267e341f3dd4697bd3b9f71dd96247f", tokenNamed(t, env, "/accounts/"+env.ID("acme")+"/tokens", "Inventory"),
		)
		env.Server.ResetJournal()
		test(t, w)
		if writes := env.Server.Journal(mocktest.Writes); len(writes) > 0 {
			t.Errorf("%d writes, want none; the first is %s %s", len(writes), writes[0].Method, writes[0].Path)
		}
		w.run("destroy", "-auto-approve")
	})
}

func (w *importing) real(text string) string { return w.replacer.Replace(text) }

// example reads a file of the example.
func (w *importing) example(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.directory, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// block imports by a block of the example.
func (w *importing) block(name string) {
	w.t.Helper()
	text := w.real(w.example(name))
	to := regexp.MustCompile(`(?m)^ {2}to = (\S+)$`).FindStringSubmatch(text)
	if to == nil {
		w.t.Fatalf("%s imports nothing", name)
	}
	w.forget(to[1])
	w.write(name, text)
	w.settled()
	if err := os.Remove(filepath.Join(w.workspace.directory, name)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *importing) forget(address string) {
	w.t.Helper()
	if passed, output := w.try("state", "rm", address); !passed {
		w.t.Fatal(output)
	}
}

// settled applies, since an import can change outputs, and expects an empty plan after that.
func (w *importing) settled() {
	w.t.Helper()
	w.run("apply", "-auto-approve")
	w.run("plan", "-detailed-exitcode")
}
