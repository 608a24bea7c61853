// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun_test

import (
	"path/filepath"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/faultrun"
)

// TestAccFaultRuns runs the first five seeds under the CLI at hand.
func TestAccFaultRuns(t *testing.T) {
	t.Parallel()
	runAllCLI(t, 5)
}

func runAllCLI(t *testing.T, runs int) {
	t.Helper()
	tool := faultrun.CLI{Tool: acctest.NeedsCLI(t)}
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	binary := filepath.Join(directory, "provider")
	if err := cli.BuildProvider(t.Context(), root, binary); err != nil {
		t.Fatal(err)
	}
	if tool.ConfigFile, err = cli.Install(directory, binary); err != nil {
		t.Fatal(err)
	}
	runSeeds(t, "fault runs under "+tool.Tool.String(), runs, 4, func(t *testing.T, seed int) *faultrun.Result {
		t.Helper()
		return faultrun.RunCLI(t, tool, faultrun.CLIScenarioOf(seed))
	})
}
