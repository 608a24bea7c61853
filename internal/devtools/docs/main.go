// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command docs generates docs/ from the provider's schema, templates/ and examples/, and validates it.
//
//	go run ./internal/devtools/docs          write docs/
//	go run ./internal/devtools/docs -check   fail if docs/ is not what would be written
//
// The schema always comes from the OpenTofu that tools/opentofu pins, whatever is on PATH, so that the
// pages do not depend on the machine; the generator is the one that tools/docs pins. Neither asks a
// registry.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// providerName is the name by which the generator finds examples and names pages.
const providerName = "terraform-provider-accesscontrol"

func main() {
	check := flag.Bool("check", false, "change nothing, and fail if docs/ is stale")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *check)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check bool) error {
	root, err := cli.Root()
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "accesscontrol-docs-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	schemaFile, err := exportSchema(ctx, root, work)
	if err != nil {
		return err
	}
	if !check {
		if err := generate(ctx, root, schemaFile, "docs"); err != nil {
			return err
		}
		return validate(ctx, root, schemaFile)
	}
	// The generator takes a directory relative to the provider's only.
	fresh := filepath.Join(cli.CacheDir(root), "docs")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	relative, err := filepath.Rel(root, fresh)
	if err != nil {
		return err
	}
	if err := generate(ctx, root, schemaFile, relative); err != nil {
		return err
	}
	stale, err := compare(filepath.Join(root, "docs"), fresh)
	if err != nil {
		return err
	}
	if len(stale) > 0 {
		return fmt.Errorf("docs/ is stale, run make docs:\n  %s", strings.Join(stale, "\n  "))
	}
	return validate(ctx, root, schemaFile)
}

// generate renders every page below output, which is relative to root.
func generate(ctx context.Context, root, schemaFile, output string) error {
	return tfplugindocs(ctx, root, "generate",
		"--provider-dir", root,
		"--provider-name", providerName,
		"--rendered-provider-name", "Access Control",
		"--providers-schema", schemaFile,
		"--rendered-website-dir", output)
}

// validate checks that docs/ has a page for all the provider has and nothing else.
func validate(ctx context.Context, root, schemaFile string) error {
	return tfplugindocs(ctx, root, "validate",
		"--provider-dir", root,
		"--provider-name", providerName,
		"--providers-schema", schemaFile)
}

// tfplugindocs runs the pinned generator and shows what it says only if it fails.
func tfplugindocs(ctx context.Context, root string, arguments ...string) error {
	command := exec.CommandContext(ctx, "go", append([]string{"tool", "tfplugindocs"}, arguments...)...)
	command.Dir = filepath.Join(root, "tools", "docs")
	command.Env = append(os.Environ(), "GOWORK=off")
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return fmt.Errorf("tfplugindocs %s:\n%s", arguments[0], strings.TrimSpace(string(output)))
	case err != nil:
		return fmt.Errorf("tfplugindocs %s: %w", arguments[0], err)
	}
	return nil
}
