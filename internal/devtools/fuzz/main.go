// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command fuzz runs every fuzz target of this module, one after the other, for a time each: go test takes
// one target of one package at a time, and matching none is a success to it. Targets are found in the
// source, so that a new one is run without being listed anywhere.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		stop()
		os.Exit(1) //nolint:gocritic // The context was released in the line above.
	}
}

// run finds the targets and runs them all; a target that fails does not keep the others from running.
func run(ctx context.Context, arguments []string) error {
	flags := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	root := flags.String("root", ".", "the directory whose packages are searched")
	each := flags.Duration("time", 30*time.Second, "how long each target runs")
	only := flags.String("only", "", "run only the targets with this name")
	list := flags.Bool("list", false, "list the targets and run none")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *each <= 0 {
		return fmt.Errorf("-time is %s; give a time above zero, 30s for example", *each)
	}
	targets, err := find(*root, *only)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return fmt.Errorf("no fuzz target found below %s", *root)
	}
	var failed []error
	for i, t := range targets {
		fmt.Printf("=== %d of %d: %s in %s\n", i+1, len(targets), t.name, t.dir)
		if *list {
			continue
		}
		if err := t.run(ctx, *root, *each); err != nil {
			failed = append(failed, fmt.Errorf("%s in %s: %w", t.name, t.dir, err))
		}
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
	}
	fmt.Printf("fuzz targets: %d\nfailed: %d\n", len(targets), len(failed))
	return errors.Join(failed...)
}

// run fuzzes one target. What it finds is kept by go test below the package's testdata/fuzz.
func (t target) run(ctx context.Context, root string, each time.Duration) error {
	// Without a bound on minimizing, a target can spend all of its time on shortening one input.
	command := exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+t.name+"$",
		"-fuzztime="+each.String(), "-fuzzminimizetime=20x", "-parallel=2", "./"+t.dir)
	command.Dir, command.Stdout, command.Stderr = root, os.Stdout, os.Stderr
	return command.Run()
}
