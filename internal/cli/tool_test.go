// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestMain lets the test binary stand in for a CLI: called as a CLI is asked for its version, it answers
// like an OpenTofu, and fails if a variable that Clean removes reached it.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		for _, entry := range os.Environ() {
			if strings.HasPrefix(entry, "TF_") {
				fmt.Fprintln(os.Stderr, "not a clean environment")
				os.Exit(1)
			}
		}
		fmt.Println("OpenTofu v1.12.6-dev")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestIdentify(t *testing.T) {
	// Not parallel: it changes the environment.
	t.Setenv("TF_CLI_CONFIG_FILE", "/nowhere")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Identify(t.Context(), self)
	if err != nil {
		t.Fatal(err)
	}
	want := Tool{Path: self, Engine: OpenTofu, Version: Version{1, 12, 6}}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestIdentify_notThere(t *testing.T) {
	t.Parallel()
	if tool, err := Identify(t.Context(), "no-such-cli"); err == nil {
		t.Errorf("got %v, want an error", tool)
	}
}

func TestParseVersionOutput(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, output string
		engine       Engine
		version      Version
		bad          bool
	}{
		{
			name:   "Terraform with what follows",
			output: "Terraform v1.11.4\non linux_amd64\n+ provider registry.terraform.io/x/y v1.0.0\n",
			engine: Terraform, version: Version{1, 11, 4},
		},
		{
			name:   "OpenTofu after a warning",
			output: "Warning: unable to open CLI configuration file\n\nOpenTofu v1.12.6-dev\non linux_arm64\n",
			engine: OpenTofu, version: Version{1, 12, 6},
		},
		{name: "another product", output: "Vault v1.19.0\n", bad: true},
		{name: "no version", output: "Terraform nightly\n", engine: Terraform, bad: true},
		{name: "nothing", output: "", bad: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			engine, version, err := parseVersionOutput(test.output)
			if (err != nil) != test.bad {
				t.Fatalf("error %v, want an error: %t", err, test.bad)
			}
			if engine != test.engine || version != test.version {
				t.Errorf("got %s %s, want %s %s", engine, version, test.engine, test.version)
			}
		})
	}
}

func TestEngine_RegistryHost(t *testing.T) {
	t.Parallel()
	for engine, want := range map[Engine]string{Terraform: "registry.terraform.io", OpenTofu: "registry.opentofu.org"} {
		if got := engine.RegistryHost(); got != want {
			t.Errorf("%s: got %s, want %s", engine, got, want)
		}
	}
}
