// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// environment is that of a build of one program for one target.
func environment(b program, t target) []string {
	return append(append(os.Environ(), b.Env...), "GOWORK=off", "GOOS="+t.OS, "GOARCH="+t.Arch)
}

// supported lists the targets that the Go in use can compile for.
func supported(ctx context.Context) ([]string, error) {
	output, err := exec.CommandContext(ctx, "go", "tool", "dist", "list").Output()
	if err != nil {
		return nil, fmt.Errorf("go tool dist list: %w", err)
	}
	return strings.Fields(string(output)), nil
}

// resolveAll proves for every target that Go knows it, and that both programs have what they need there.
func resolveAll(ctx context.Context, out io.Writer, root string, c *config) error {
	known, err := supported(ctx)
	if err != nil {
		return err
	}
	for _, b := range c.Builds {
		for _, t := range b.targets() {
			if !slices.Contains(known, t.String()) {
				return fmt.Errorf("%s: Go cannot compile for %s: list it under ignore", b.ID, t)
			}
			if err := resolve(ctx, root, b, t); err != nil {
				return err
			}
		}
		fmt.Fprintf(out, "release: %s resolves for %d targets\n", b.ID, len(b.targets()))
	}
	return nil
}

// resolve proves that every package of the program has files for the target. It compiles nothing.
func resolve(ctx context.Context, root string, b program, t target) error {
	process := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{ .ImportPath }}", b.pattern())
	process.Dir, process.Env = root, environment(b, t)
	if output, err := process.CombinedOutput(); err != nil {
		return fmt.Errorf("%s for %s: %w\n%s", b.ID, t, err, output)
	}
	return nil
}

// compileAll compiles every program for the targets that are named, which must be ones that are released.
func compileAll(ctx context.Context, out io.Writer, root string, c *config, names []string) error {
	work, err := os.MkdirTemp("", "accesscontrol-release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for _, name := range names {
		system, arch, _ := strings.Cut(name, "/")
		t := target{system, arch}
		for _, b := range c.Builds {
			if !slices.Contains(b.targets(), t) {
				return fmt.Errorf("%s is not released for %s", b.ID, t)
			}
			if err := compile(ctx, root, filepath.Join(work, b.ID), b, t); err != nil {
				return err
			}
			fmt.Fprintf(out, "release: %s compiles for %s\n", b.ID, t)
		}
	}
	return nil
}

// compile builds one program for one target with the flags of a release.
func compile(ctx context.Context, root, output string, b program, t target) error {
	arguments := append([]string{"build", "-o", output}, b.Flags...)
	linker := strings.ReplaceAll(strings.Join(b.LDFlags, " "), "{{ .Version }}", "0.0.0-check")
	arguments = append(arguments, "-ldflags="+linker, b.pattern())
	process := exec.CommandContext(ctx, "go", arguments...)
	process.Dir, process.Env = root, environment(b, t)
	if text, err := process.CombinedOutput(); err != nil {
		return fmt.Errorf("%s for %s: %w\n%s", b.ID, t, err, text)
	}
	return nil
}

// pattern names the program's package to the go command.
func (b program) pattern() string {
	if b.Main == "." {
		return "."
	}
	return "./" + strings.TrimPrefix(b.Main, "./")
}
