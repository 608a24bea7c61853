// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckCLI(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	terraform := fakeCLI(t, directory, "terraform", "Terraform v1.11.4")
	tofu := fakeCLI(t, directory, "tofu", "OpenTofu v1.12.6-dev")
	old := fakeCLI(t, directory, "old", "Terraform v1.5.7")
	tests := []struct {
		name, path, host, config, problem string
	}{
		{"Terraform", terraform, "", "", ""},
		{"Terraform with a configuration", terraform, "", terraform, ""},
		{"OpenTofu", tofu, "registry.opentofu.org", "", ""},
		{"none named", "", "", "", "names no CLI"},
		{"does not exist", filepath.Join(directory, "none"), "", "", envTerraformPath},
		{"too old", old, "", "", "too old"},
		{"the configuration does not exist", terraform, "", filepath.Join(directory, "none"), envConfigFile},
		{"OpenTofu without its registry", tofu, "", "", envProviderHost + "=registry.opentofu.org"},
		{"Terraform with OpenTofu's registry", terraform, "registry.opentofu.org", "", "make testacc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			environment := map[string]string{envTerraformPath: test.path, envProviderHost: test.host, envConfigFile: test.config}
			err := checkCLI(t.Context(), func(name string) string { return environment[name] })
			switch {
			case test.problem == "" && err != nil:
				t.Error(err)
			case test.problem != "" && (err == nil || !strings.Contains(err.Error(), test.problem)):
				t.Errorf("got %v, want it to say %q", err, test.problem)
			}
		})
	}
}

// fakeCLI is a program that answers to the version command alone.
func fakeCLI(t *testing.T, directory, name, version string) string {
	t.Helper()
	path := filepath.Join(directory, name)
	script := fmt.Sprintf("#!/bin/sh\necho %q\n", version)
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
