// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command mutants measures what a package's table tests notice: it breaks the package in one place, runs the
// tests, and expects them to fail; then it does the same in the next place.
//
//	go run ./internal/devtools/mutants -package ./mockserver/authz
//
// A mutant that the tests let live must stand in the package's testdata/mutants.json with the reason why no test
// could tell it from the original. The command fails when a survivor is not listed, when a listed mutant is
// killed or gone, and when fewer than -min percent are killed. It changes no file of the package: what it
// breaks, it hands to the compiler as an overlay. All mutants of functions are built into one test binary, which
// is told which of them to be; what is broken outside of functions is built one by one.
//
// The table tests are all tests but those named TestProperty_… and Test…_allocations; fuzz targets and benchmarks
// are no part of them. Property tests compare the engine with itself on random worlds, and would kill a mutant
// without saying which rule it broke; what allocates depends on the compiler.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// options are the command's flags.
type options struct {
	pkg     string
	list    string
	only    string
	skip    string
	minimum float64
	timeout time.Duration
	verbose bool
}

func main() {
	var o options
	flag.StringVar(&o.pkg, "package", "./mockserver/authz", "the directory of the package to break")
	flag.StringVar(&o.list, "list", "", "the survivors that no test can kill (default testdata/mutants.json of the package)")
	flag.StringVar(&o.only, "only", "", "break only in places whose name matches this regular expression, and leave the list unjudged")
	flag.StringVar(&o.skip, "skip", "^TestProperty_|_allocations$", "the tests that are no table tests")
	flag.Float64Var(&o.minimum, "min", 95, "the least share of mutants that the tests must kill, in percent")
	flag.DurationVar(&o.timeout, "timeout", 10*time.Second, "how long the tests of one mutant may take before it counts as one without end")
	flag.BoolVar(&o.verbose, "v", false, "print every mutant with its fate")
	flag.Parse()
	if err := run(context.Background(), o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) error {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	if o.list == "" {
		o.list = filepath.Join(o.pkg, "testdata", "mutants.json")
	}
	listed, err := readList(o.list)
	if err != nil {
		return err
	}
	found, err := find(o.pkg)
	if err != nil {
		return err
	}
	all := found.mutants
	weft, err := found.weave()
	if err != nil {
		return err
	}
	bench, err := newBench(ctx, o, weft)
	if err != nil {
		return err
	}
	defer bench.close()

	var t tally
	for i := range all {
		m := &all[i]
		if !only.MatchString(m.name()) {
			continue
		}
		f, err := bench.try(ctx, m)
		if err != nil {
			return fmt.Errorf("%s:%d: %s: %w", m.file, m.line, m.name(), err)
		}
		t.add(m, f)
		if o.verbose || f == survived && listed[m.name()] == "" {
			fmt.Fprintf(out, "%s:%d: %s: %s\n", filepath.Join(o.pkg, m.file), m.line, f, m.name())
		}
	}
	t.print(out, listed)
	if o.only != "" {
		return nil
	}
	return t.judge(listed, all, o.minimum)
}
