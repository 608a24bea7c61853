// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// Variables of the test framework that say which CLI runs and how it finds the provider.
const (
	envTerraformPath = "TF_ACC_TERRAFORM_PATH"
	envProviderHost  = "TF_ACC_PROVIDER_HOST"
	envConfigFile    = "TF_CLI_CONFIG_FILE"
)

// variablesOfProvider start the variables that the provider itself would read.
var variablesOfProvider = []string{"ACCESSCONTROL_", "CLOUDFLARE_"}

var environmentOnce struct {
	sync.Once
	err error
}

// checkEnvironment looks at the environment once for all tests of a process, since all share it.
func checkEnvironment(ctx context.Context) error {
	environmentOnce.Do(func() {
		// A credential of the developer's must not reach the provider under test.
		for _, pair := range os.Environ() {
			name, _, _ := strings.Cut(pair, "=")
			for _, prefix := range variablesOfProvider {
				if strings.HasPrefix(name, prefix) {
					environmentOnce.err = errors.Join(environmentOnce.err, os.Unsetenv(name))
				}
			}
		}
		environmentOnce.err = errors.Join(environmentOnce.err, checkCLI(ctx, os.Getenv))
	})
	return environmentOnce.err
}

// NeedsCLI is the gate of tests that run the CLI themselves: it returns the CLI that the environment
// names, and passes the test over where acceptance tests are switched off, as the test framework does
// with its own.
func NeedsCLI(tb testing.TB) cli.Tool {
	tb.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		tb.Skipf("acceptance tests run with %s set; make test sets it", resource.EnvTfAcc)
	}
	if err := checkEnvironment(tb.Context()); err != nil {
		tb.Fatalf("acctest: %v", err)
	}
	tool, err := cli.Identify(tb.Context(), os.Getenv(envTerraformPath))
	if err != nil {
		tb.Fatalf("acctest: %v", err)
	}
	return tool
}

// checkCLI says what the environment lacks for running acceptance tests.
func checkCLI(ctx context.Context, getenv func(string) string) error {
	path := getenv(envTerraformPath)
	if path == "" {
		return fmt.Errorf("TF_ACC is set, but %s names no CLI: run `make testacc` or `make testacc-tofu`", envTerraformPath)
	}
	if file := getenv(envConfigFile); file != "" {
		// The CLI only warns, into what the test framework then takes for the CLI's version.
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("%s: %w", envConfigFile, err)
		}
	}
	tool, err := cli.Identify(ctx, path)
	if err != nil {
		return fmt.Errorf("%s=%s: %w", envTerraformPath, path, err)
	}
	host := getenv(envProviderHost)
	switch {
	case tool.Version.Compare(cli.Minimum()) < 0:
		return fmt.Errorf("%s is too old: the provider works from %s on", tool, cli.Minimum())
	case tool.Engine == cli.OpenTofu && host != tool.Engine.RegistryHost():
		return fmt.Errorf("%s needs %s=%s, got %q: run `make testacc-tofu`", tool, envProviderHost, tool.Engine.RegistryHost(), host)
	case tool.Engine == cli.Terraform && host != "":
		return fmt.Errorf("%s does not work with %s=%s: run `make testacc`", tool, envProviderHost, host)
	default:
		return nil
	}
}
