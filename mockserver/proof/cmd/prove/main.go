// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command prove compares the evaluators of the authorization model with each other, and the engine with what
// must hold of it, and prints what it counted as plain digits. It ends with status 1 on any failure, after
// writing a minimal scene that -replay shows again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/prove"
)

func main() {
	gin.SetMode(gin.ReleaseMode) // The server that is attacked must not talk.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// The statuses of the command.
const (
	proved = iota
	failed
	misused
)

// options are the command line.
type options struct {
	config         prove.Config
	only, replay   string
	json, markdown bool
	commit         string
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	flags := flag.NewFlagSet("prove", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "Usage: go run ./cmd/prove [flags]\n\nProves the decision engine right: on the whole finite space, on random worlds, and under changes that\nmust never allow more. Ends with status 1 on any failure.\n\n")
		flags.PrintDefaults()
	}
	flags.Int64Var(&o.config.Cells, "cells", -1, "enumerate about `n` cells at most; negative: all of them, 0: none")
	flags.Int64Var(&o.config.Random, "random", 2_000_000, "make at least `n` decisions in random worlds")
	flags.Int64Var(&o.config.Monotony, "monotony", 5_000_000, "judge at least `n` cases of stricter access")
	flags.Int64Var(&o.config.Attacks, "attacks", 1_000_000, "make at least `n` attacks on record-level grants")
	flags.Uint64Var(&o.config.Seed, "seed", 1, "begin everything random with this `number`")
	flags.IntVar(&o.config.Sample, "sample", 1, "take one in `n` of everything")
	flags.IntVar(&o.config.Workers, "workers", 0, "judge `n` questions at once; 0: one for each processor")
	flags.StringVar(&o.config.Disagreements, "dir", "", "write the scenes of failures into this `folder`")
	flags.StringVar(&o.only, "only", "", "prove these `sections` alone, separated by commas: "+strings.Join(names(), ", "))
	flags.StringVar(&o.replay, "replay", "", "ask every evaluator the scene in this `file`, and show the verdicts and the engine's trace")
	flags.BoolVar(&o.json, "json", false, "print the result as JSON")
	flags.BoolVar(&o.markdown, "markdown", false, "print the result as the tables of PROOF.md")
	flags.StringVar(&o.commit, "commit", builtFrom(), "name this `commit` in the result")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "prove takes flags alone, and got %q\n", flags.Args())
		return nil, errUsage
	}
	o.config.Log = stderr
	return o, nil
}

var errUsage = errors.New("usage")

func names() []string {
	var list []string
	for _, s := range prove.Sections() {
		list = append(list, s.Name)
	}
	return list
}

// builtFrom is the commit that the program was built from, when the build says so.
func builtFrom() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return proved
	case err != nil:
		return misused
	case o.replay != "":
		return replay(o, stdout, stderr)
	}
	result, err := o.prove(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "prove: %v\n", err)
		return failed
	}
	if err := o.report(result, stdout); err != nil {
		fmt.Fprintf(stderr, "prove: writing the result: %v\n", err)
		return failed
	}
	if result.Failures > 0 {
		return failed
	}
	return proved
}

func replay(o *options, stdout, stderr io.Writer) int {
	s, err := prove.ReadScene(o.replay)
	if err == nil {
		err = prove.Replay(&o.config, s, stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "prove: %v\n", err)
		return failed
	}
	return proved
}

// prove runs the sections that were asked for.
func (o *options) prove(ctx context.Context) (*prove.Result, error) {
	sections, err := prove.Select(o.only)
	if err != nil {
		return nil, err
	}
	result := &prove.Result{Commit: o.commit, Seed: o.config.Seed, Sample: o.config.Sample}
	began := time.Now()
	for _, s := range sections {
		at := time.Now()
		counts, err := s.Run(ctx, &o.config)
		if err != nil {
			return nil, err
		}
		result.Add(s, counts, time.Since(at))
	}
	result.Seconds = time.Since(began).Seconds()
	return result, nil
}

func (o *options) report(result *prove.Result, to io.Writer) error {
	switch {
	case o.json:
		return result.WriteJSON(to)
	case o.markdown:
		return result.WriteMarkdown(to)
	default:
		return result.WriteText(to)
	}
}
