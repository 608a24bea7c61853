// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command release checks, without GoReleaser, that a release can be made of this tree, and prints the notes
// of one.
//
//	go run ./internal/devtools/release [-build GOOS/GOARCH,…]   check .goreleaser.yml and what it names
//	go run ./internal/devtools/release -notes v1.2.3            print that version's section of CHANGELOG.md
//
// The check holds .goreleaser.yml against what the registries ask of a provider, resolves both programs for
// every target that is listed, and compiles them, with the flags of a release, for those that -build names.
// The archives themselves, their checksums and the signature are GoReleaser's, which the workflow runs.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

func main() {
	notesOf := flag.String("notes", "", "print the changelog's section of this version, or of unreleased, instead")
	build := flag.String("build", "", "compile both programs for these targets, such as linux/386,windows/arm64")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *notesOf, *build)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, notesOf, build string) error {
	root, err := cli.Root()
	if err != nil {
		return err
	}
	if notesOf != "" {
		text, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
		if err != nil {
			return err
		}
		section, err := notes(string(text), notesOf)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, section)
		return err
	}
	return check(ctx, out, root, build)
}

func check(ctx context.Context, out io.Writer, root, build string) error {
	text, err := os.ReadFile(filepath.Join(root, ".goreleaser.yml"))
	if err != nil {
		return err
	}
	c, err := parse(text)
	if err != nil {
		return fmt.Errorf(".goreleaser.yml: %w", err)
	}
	if problems := c.problems(); len(problems) > 0 {
		return fmt.Errorf(".goreleaser.yml:\n  %s", strings.Join(problems, "\n  "))
	}
	fmt.Fprintln(out, "release: .goreleaser.yml is what the registries ask for")
	if problems := files(root, c); len(problems) > 0 {
		return fmt.Errorf("files of a release:\n  %s", strings.Join(problems, "\n  "))
	}
	fmt.Fprintln(out, "release: every file that it names exists, and the manifest names the protocol that is served")
	if err := resolveAll(ctx, out, root, c); err != nil {
		return err
	}
	if build == "" {
		return nil
	}
	return compileAll(ctx, out, root, c, strings.Split(build, ","))
}
