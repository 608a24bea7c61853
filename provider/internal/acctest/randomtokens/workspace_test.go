// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// workspace is a directory with a configuration in which the CLI is run.
type workspace struct {
	t           *testing.T
	tool        cli.Tool
	directory   string
	environment []string
}

// installProvider builds the plugin and lays it where the CLI finds it.
func installProvider(t *testing.T) (configFile string) {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	binary := filepath.Join(directory, "provider")
	if err := cli.BuildProvider(t.Context(), root, binary); err != nil {
		t.Fatal(err)
	}
	configFile, err = cli.Install(directory, binary)
	if err != nil {
		t.Fatal(err)
	}
	return configFile
}

// newWorkspace writes the files and initialises the CLI there. The variables are those that tell the provider where
// the API is and who calls it.
func newWorkspace(t *testing.T, tool cli.Tool, configFile string, files map[string]string, variables ...string) *workspace {
	t.Helper()
	w := &workspace{t: t, tool: tool, directory: t.TempDir(), environment: append(cli.Environment(os.Environ(), configFile), variables...)}
	w.write(files)
	w.run("init", "-input=false")
	return w
}

// write writes files, over those of the same names.
func (w *workspace) write(files map[string]string) {
	w.t.Helper()
	for name, text := range files {
		const private = 0o600
		if err := os.WriteFile(filepath.Join(w.directory, name), []byte(text), private); err != nil {
			w.t.Fatal(err)
		}
	}
}

// run runs one command, which must succeed, and returns what it printed.
func (w *workspace) run(arguments ...string) []byte {
	w.t.Helper()
	all := append([]string{arguments[0], "-no-color"}, arguments[1:]...)
	process := exec.CommandContext(w.t.Context(), w.tool.Path, all...)
	process.Dir, process.Env = w.directory, w.environment
	output, err := process.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		w.t.Fatalf("%s %s: exit status %d\n%s\n%s", w.tool.Engine, strings.Join(all, " "), exit.ExitCode(), output, exit.Stderr)
	}
	if err != nil {
		w.t.Fatalf("%s %s: %v", w.tool.Engine, strings.Join(all, " "), err)
	}
	return output
}

// The parts of the CLI's JSON that are looked at.
type (
	shownState struct {
		Values shownValues `json:"values"`
	}
	shownValues struct {
		RootModule struct {
			Resources []shownResource `json:"resources"`
		} `json:"root_module"`
	}
	shownResource struct {
		Address string         `json:"address"`
		Values  map[string]any `json:"values"`
	}
	shownChange struct {
		Address string `json:"address"`
		Change  struct {
			Actions []string `json:"actions"`
			Before  any      `json:"before"`
			After   any      `json:"after"`
		} `json:"change"`
	}
	shownPlan struct {
		Changes       []shownChange `json:"resource_changes"`
		Drift         []shownChange `json:"resource_drift"`
		PlannedValues shownValues   `json:"planned_values"`
		Outputs       map[string]struct {
			Actions []string `json:"actions"`
		} `json:"output_changes"`
	}
)

// byAddress are the values of a state's resources.
func (v shownValues) byAddress() map[string]map[string]any {
	all := map[string]map[string]any{}
	for _, resource := range v.RootModule.Resources {
		all[resource.Address] = resource.Values
	}
	return all
}

// state reads the whole state.
func (w *workspace) state() map[string]map[string]any {
	w.t.Helper()
	var shown shownState
	w.decode(&shown, "show", "-json")
	return shown.Values.byAddress()
}

func (w *workspace) decode(to any, arguments ...string) {
	w.t.Helper()
	if err := json.Unmarshal(w.run(arguments...), to); err != nil {
		w.t.Fatalf("%s %s: %v", w.tool.Engine, strings.Join(arguments, " "), err)
	}
}

// plan refreshes and plans, and says what is planned or was found to have changed; nothing is nil. The state, which
// has to be what is planned, is the one that the last apply left.
func (w *workspace) plan(state map[string]map[string]any) error {
	w.t.Helper()
	w.run("plan", "-input=false", "-out=plan")
	var plan shownPlan
	w.decode(&plan, "show", "-json", "plan")
	var found []error
	tokens := 0
	for _, change := range plan.Changes {
		if strings.HasPrefix(change.Address, tokenType+".") {
			tokens++
		}
		if !isNothing(change.Change.Actions) {
			found = append(found, fmt.Errorf("%s would be changed (%v):\n%s", change.Address, change.Change.Actions, cmp.Diff(change.Change.Before, change.Change.After)))
		}
	}
	for _, drift := range plan.Drift {
		found = append(found, fmt.Errorf("%s is found changed:\n%s", drift.Address, cmp.Diff(drift.Change.Before, drift.Change.After)))
	}
	for name, output := range plan.Outputs {
		if !isNothing(output.Actions) {
			found = append(found, fmt.Errorf("the output %s would be changed (%v)", name, output.Actions))
		}
	}
	if diff := cmp.Diff(state, plan.PlannedValues.byAddress()); diff != "" && len(found) == 0 {
		found = append(found, fmt.Errorf("what is planned (+) is not the state (-):\n%s", diff))
	}
	if want := len(state); len(plan.Changes) != want || tokens == 0 {
		found = append(found, fmt.Errorf("the plan is about %d resources, %d of them tokens, and the state holds %d", len(plan.Changes), tokens, want))
	}
	return errors.Join(found...)
}

func isNothing(actions []string) bool { return len(actions) == 1 && actions[0] == "no-op" }
