// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// gated runs a test for each directory of one kind of example, with the plugin installed.
func gated(t *testing.T, tool cli.Tool, kind string, test func(t *testing.T, env *acctest.Env, work func(files []string) *workspace, directory string)) {
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
			test(t, env, func(files []string) *workspace { return prepare(t, tool, configFile, env.Server, files) }, directory)
		})
	}
}

// An import by identity is applied beside the resource where every world has the object; a token is made up,
// so that of one the configuration is judged.
func TestAccExamples_identity(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Identity)
	gated(t, tool, "resources", func(t *testing.T, _ *acctest.Env, work func([]string) *workspace, directory string) {
		t.Helper()
		files := slices.DeleteFunc(configurations(t, directory), func(f string) bool { return filepath.Base(f) == importFile })
		w := work(files)
		if filepath.Base(directory) == "accesscontrol_api_token" {
			w.run("validate")
			return
		}
		w.run("apply", "-auto-approve")
		w.run("destroy", "-auto-approve")
	})
}

// An ephemeral resource leaves nothing behind, neither by the plan nor by the apply.
func TestAccExamples_ephemeral(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Ephemeral)
	gated(t, tool, "ephemeral-resources", func(t *testing.T, env *acctest.Env, work func([]string) *workspace, directory string) {
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

// The token of an action is made up, so that it is judged; what actions do is tested over the plugin protocol.
func TestAccExamples_actions(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Actions)
	gated(t, tool, "actions", func(t *testing.T, _ *acctest.Env, work func([]string) *workspace, directory string) {
		t.Helper()
		work(configurations(t, directory)).run("validate")
	})
}

// A query runs against the built-in world.
func TestAccExamples_query(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Query)
	gated(t, tool, "list-resources", func(t *testing.T, _ *acctest.Env, work func([]string) *workspace, directory string) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(directory, "*.tfquery.hcl"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%d queries, %v", len(files), err)
		}
		work(files).run("query")
	})
}
