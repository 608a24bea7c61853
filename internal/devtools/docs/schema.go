// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// schemaAddress is the one address under which the documentation generator looks for a schema. It is not
// the provider's own: the generator does not take that.
const schemaAddress = "registry.terraform.io/hashicorp/accesscontrol"

// exportSchema builds the provider and lets the pinned OpenTofu write its schema into a file below work.
func exportSchema(ctx context.Context, root, work string) (string, error) {
	say := func(line string) { fmt.Fprintln(os.Stderr, "docs:", line) }
	tool, err := cli.Find(ctx, root, cli.WantPinned, say)
	if err != nil {
		return "", err
	}
	plugins := filepath.Join(work, "plugins")
	if err := cli.BuildProvider(ctx, root, filepath.Join(plugins, providerName)); err != nil {
		return "", err
	}
	configuration := filepath.Join(work, "configuration")
	if err := os.MkdirAll(configuration, 0o755); err != nil {
		return "", err
	}
	files := map[string]string{
		// An override needs no installation, and so no lock file and no version.
		filepath.Join(work, "cli.tfrc"): fmt.Sprintf("disable_checkpoint = true\n\nprovider_installation {\n  dev_overrides {\n    %q = %s\n  }\n}\n",
			schemaAddress, strconv.Quote(filepath.ToSlash(plugins))),
		filepath.Join(configuration, "main.tf"): fmt.Sprintf("terraform {\n  required_providers {\n    accesscontrol = {\n      source = %q\n    }\n  }\n}\n",
			schemaAddress),
	}
	for path, content := range files {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	command := exec.CommandContext(ctx, tool.Path, "providers", "schema", "-json")
	command.Dir = configuration
	command.Env = cli.Environment(os.Environ(), filepath.Join(work, "cli.tfrc"))
	var stderr strings.Builder
	command.Stderr = &stderr
	schema, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("export the schema with %s: %w\n%s", tool, err, strings.TrimSpace(stderr.String()))
	}
	schemaFile := filepath.Join(work, "schema.json")
	return schemaFile, os.WriteFile(schemaFile, schema, 0o600)
}
