// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command walls proves the import rules of this module from what "go list -deps" says, and prints each
// rule with the number of packages it was held against. Linters see one file at a time; a wall must also
// hold through five packages in between, so a violation is shown with the whole chain of imports.
//
// The rules are the table in rules.go.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "walls:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	root, err := cli.Root()
	if err != nil {
		return err
	}
	g, err := load(ctx, root)
	if err != nil {
		return err
	}
	return report(out, g, rules())
}

// report checks every rule and prints what came out of each.
func report(out io.Writer, g *graph, rules []rule) error {
	broken := 0
	for _, r := range rules {
		held, violations := g.check(r)
		switch {
		case held == 0 && !r.mayBeEmpty:
			broken++
			fmt.Fprintf(out, "BROKEN  %s\n        no package is left that this rule speaks of: move the rule with the package\n", r.text)
		case len(violations) > 0:
			broken++
			fmt.Fprintf(out, "BROKEN  %s\n", r.text)
			for _, v := range violations {
				fmt.Fprintf(out, "        %s\n", strings.Join(v.chain, " → "))
			}
		default:
			fmt.Fprintf(out, "holds   %s (packages: %d)\n", r.text, held)
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d rules are broken", broken, len(rules))
	}
	return nil
}
