// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"errors"
	"io/fs"
	"net/http"
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

// requiredProviders is added where an example leaves it out, as the pages of the documentation do.
const requiredProviders = `terraform {
  required_providers {
    accesscontrol = {
      source = "accesscontrol/accesscontrol"
    }
  }
}
`

// importFile is the example of an import block. Its id is one of the built-in world for the objects
// that every world has, and made up for tokens, which Terraform makes itself; TestAccExamples_import puts the
// real one in.
const importFile = "import-by-string-id.tf"

// Every example is applied by the real CLI with the real plugin to a server of its own, which answers
// in a shuffled order; the second plan is empty, and the destroy leaves nothing behind.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	examples := filepath.Join(root, "examples")
	configFile := installProvider(t, root)

	applied := map[string][]string{
		"provider":     {filepath.Join(examples, "provider", "provider.tf")},
		"provider-env": {filepath.Join(examples, "provider", "provider-env.tf")},
		"quickstart":   configurations(t, filepath.Join(examples, "quickstart")),
	}
	for _, directory := range directories(t, filepath.Join(examples, "scenarios")) {
		applied["scenarios/"+filepath.Base(directory)] = configurations(t, directory)
	}
	for _, kind := range []string{"resources", "data-sources", "functions"} {
		for _, directory := range directories(t, filepath.Join(examples, kind)) {
			files := slices.DeleteFunc(configurations(t, directory), func(f string) bool {
				// What only some CLIs can read has tests of its own.
				_, gated := exampleNeeds(kind + "/" + filepath.Base(directory) + "/" + filepath.Base(f))
				return gated
			})
			name := kind + "/" + filepath.Base(directory)
			applied[name] = slices.DeleteFunc(slices.Clone(files), func(f string) bool { return filepath.Base(f) == importFile })
			if len(applied[name]) == len(files) {
				continue
			}
			if strings.HasSuffix(name, "_api_access") {
				applied[name+"/imported"] = files
			}
		}
	}
	for name, files := range applied {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if len(files) == 0 {
				t.Fatal("the example has no configuration")
			}
			env := acctest.New(t, mocktest.WithShuffledReplies(11))
			tokens := tokenCount(t, env)
			work := prepare(t, tool, configFile, env.Server, files)
			work.run("apply", "-auto-approve")
			work.run("plan", "-detailed-exitcode")
			work.run("destroy", "-auto-approve")

			if got := tokenCount(t, env); got != tokens {
				t.Errorf("%d tokens after the destroy, want %d", got, tokens)
			}
			if got := env.AccountSwitch("acme"); got != nil {
				t.Errorf("the account's switch is %t after the destroy, want the default", *got)
			}
			for _, member := range []string{"acme/super", "acme/ci", "acme/dns", "acme/viewer"} {
				if got := env.MemberSwitch(member); got != nil {
					t.Errorf("the switch of %s is %t after the destroy, want the default", member, *got)
				}
			}
		})
	}
}

// directories lists the directories of one kind of example; there must be some.
func directories(t *testing.T, parent string) []string {
	t.Helper()
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		if entry.IsDir() {
			found = append(found, filepath.Join(parent, entry.Name()))
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s has no examples", parent)
	}
	return found
}

func configurations(t *testing.T, directory string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(directory, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// installProvider builds the plugin once and lays it where the CLI finds it.
func installProvider(t *testing.T, root string) (configFile string) {
	t.Helper()
	directory := t.TempDir()
	binary := filepath.Join(directory, "provider")
	if err := cli.BuildProvider(t.Context(), root, binary); err != nil {
		t.Fatal(err)
	}
	configFile, err := cli.Install(directory, binary)
	if err != nil {
		t.Fatal(err)
	}
	return configFile
}

// workspace is a copy of an example with surroundings in which it can be applied.
type workspace struct {
	t           *testing.T
	tool        cli.Tool
	directory   string
	environment []string
}

// prepare copies the files, with each of some texts replaced by the one after it, and initialises the CLI there.
// The endpoint and the credential come from the environment, or from the variable of the example that takes a
// token.
func prepare(t *testing.T, tool cli.Tool, configFile string, server *mocktest.Server, files []string, replaced ...string) *workspace {
	t.Helper()
	token := server.CredentialOf(mocktest.UserToken, acctest.Terraform).Value
	w := &workspace{
		t: t, tool: tool, directory: t.TempDir(),
		environment: append(cli.Environment(os.Environ(), configFile),
			"ACCESSCONTROL_BASE_URL="+server.BaseURL, "ACCESSCONTROL_API_TOKEN="+token, "TF_VAR_api_token="+token),
	}
	replacer := strings.NewReplacer(append(replaced, "http://127.0.0.1:8787/client/v4", server.BaseURL)...)
	complete := false
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		complete = complete || strings.Contains(string(text), "required_providers")
		w.write(filepath.Base(file), replacer.Replace(string(text)))
	}
	if !complete {
		w.write("required_providers.tf", requiredProviders)
	}
	w.run("init")
	return w
}

func (w *workspace) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.directory, name), []byte(text), fs.FileMode(0o600)); err != nil {
		w.t.Fatal(err)
	}
}

// run runs one command of the CLI; any exit status but zero fails the test with what it printed. With
// -detailed-exitcode that includes a plan that is not empty.
func (w *workspace) run(command string, arguments ...string) {
	w.t.Helper()
	all := []string{command, "-no-color"}
	if !slices.Contains([]string{"validate", "query"}, command) {
		// What asks nothing does not know the flag.
		all = append(all, "-input=false")
	}
	all = append(all, arguments...)
	process := exec.CommandContext(w.t.Context(), w.tool.Path, all...)
	process.Dir, process.Env = w.directory, w.environment
	output, err := process.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		w.t.Fatalf("%s %s: exit status %d\n%s", w.tool.Engine, strings.Join(all, " "), exit.ExitCode(), output)
	case err != nil:
		w.t.Fatalf("%s %s: %v", w.tool.Engine, strings.Join(all, " "), err)
	}
}

// tokenCount counts the tokens of both accounts and of the user that Terraform runs as.
func tokenCount(t *testing.T, env *acctest.Env) int {
	t.Helper()
	total := 0
	for _, path := range []string{
		"/user/tokens", "/accounts/" + env.ID("acme") + "/tokens", "/accounts/" + env.ID("globex") + "/tokens",
	} {
		total += env.Must("super", http.MethodGet, path, nil).Info.TotalCount
	}
	return total
}
