// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// run tells the whole story. What it starts it ends, unless keep asks for the server to stay.
func run(ctx context.Context, out io.Writer, keep bool) (err error) {
	began := time.Now()
	p := progress{out: out, now: time.Now}
	root, err := cli.Root()
	if err != nil {
		return err
	}
	directory, err := os.MkdirTemp("", "accesscontrol-demo-*")
	if err != nil {
		return err
	}
	s := story{p: p, root: root, directory: directory}
	defer func() {
		if err == nil && keep {
			s.explainHowToGoOn(out)
			return
		}
		if s.server != nil {
			err = errors.Join(err, s.server.stop())
		}
		err = errors.Join(err, os.RemoveAll(directory))
	}()

	if err := s.prepare(ctx); err != nil {
		return err
	}
	if err := s.tell(ctx, keep); err != nil {
		return err
	}
	fmt.Fprintln(out)
	rows, wrong := printTable(out, s.sections)
	fmt.Fprintf(out, "\n%d rows, %d as expected, in %.0f s.\n", rows, rows-wrong, time.Since(began).Seconds())
	if wrong > 0 {
		return fmt.Errorf("%d of %d rows are not as expected", wrong, rows)
	}
	return nil
}

// story is what the steps hand on to each other.
type story struct {
	p         progress
	root      string
	directory string

	server    *server
	workspace *workspace
	actors    *actors
	sections  []section
}

// prepare finds or builds the programs and starts the server.
func (s *story) prepare(ctx context.Context) error {
	var tool cli.Tool
	err := s.p.step("find Terraform or OpenTofu "+cli.Minimum().String()+" or newer", func() (err error) {
		tool, err = cli.Find(ctx, s.root, cli.WantAny, func(line string) { s.p.say("%s", line) })
		return err
	})
	if err != nil {
		return err
	}
	s.p.say("%s", tool)

	provider := filepath.Join(s.directory, "terraform-provider-accesscontrol")
	if err := s.p.step("build the provider", func() error { return cli.BuildProvider(ctx, s.root, provider) }); err != nil {
		return err
	}
	program := filepath.Join(s.directory, "mockserver")
	if err := s.p.step("build the server", func() error { return cli.BuildServer(ctx, s.root, program) }); err != nil {
		return err
	}
	err = s.p.step("start the server on a free port", func() (err error) {
		s.server, err = startServer(ctx, program, s.directory)
		return err
	})
	if err != nil {
		return err
	}
	s.p.say("%s", s.server.BaseURL)
	return s.p.step("install the provider into a mirror and run init", func() error {
		configFile, err := cli.Install(s.directory, provider)
		if err != nil {
			return err
		}
		source := filepath.Join(s.root, "examples", "quickstart")
		s.workspace, err = newWorkspace(tool, source, s.directory, configFile, s.server.announcement)
		if err != nil {
			return err
		}
		return s.workspace.init(ctx)
	})
}

// The variables of the two states of the world that are applied: the account switched off with one
// member left at the account's default, and the account switched on with that member switched off.
var (
	accountOff = []string{"-var=account_api_access=false", "-var=second_api_access=account_default"}
	accountOn  = []string{"-var=account_api_access=true", "-var=second_api_access=disabled"}
)

// tell applies, asks and destroys.
func (s *story) tell(ctx context.Context, keep bool) error {
	if err := s.applyTwice(ctx, "apply: the account switched off, two members on, four tokens", accountOff); err != nil {
		return err
	}
	var made outputs
	err := s.p.step("read the new tokens from the outputs", func() (err error) {
		if made, err = s.workspace.outputs(ctx); err != nil {
			return err
		}
		s.actors, err = newActors(ctx, s.server.announcement, made)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.ask(ctx, "send requests with every one of them",
		s.actors.switchedOff(), s.actors.acmeClient(), s.actors.purger(), s.actors.reader()); err != nil {
		return err
	}
	if err := s.applyTwice(ctx, "apply: the account switched on, the second member off", accountOn); err != nil {
		return err
	}
	if err := s.ask(ctx, "send the requests that this changes", s.actors.switchedOn()); err != nil {
		return err
	}
	if err := s.applyTwice(ctx, "apply: back to where it was", accountOff); err != nil {
		return err
	}
	if keep {
		return nil
	}
	if err := s.p.step("destroy", func() error { return s.workspace.destroy(ctx, accountOff) }); err != nil {
		return err
	}
	return s.ask(ctx, "send the requests that the destroy ends", s.actors.destroyed())
}

// applyTwice applies and then plans, since a configuration that is applied leaves nothing to do.
func (s *story) applyTwice(ctx context.Context, text string, variables []string) error {
	if err := s.p.step(text, func() error { return s.workspace.apply(ctx, variables) }); err != nil {
		return err
	}
	return s.p.step("plan again: nothing to do", func() error { return s.workspace.expectNoChanges(ctx, variables) })
}

// chapter is a heading and the checks below it.
type chapter struct {
	title  string
	checks []check
}

// ask sends the requests of some chapters, in order.
func (s *story) ask(ctx context.Context, text string, chapters ...chapter) error {
	return s.p.step(text, func() error {
		for _, c := range chapters {
			part := section{title: c.title}
			for _, asked := range c.checks {
				r, err := asked.ask(ctx, s.actors.api, s.actors.names)
				if err != nil {
					return err
				}
				part.rows = append(part.rows, r)
			}
			s.sections = append(s.sections, part)
		}
		return nil
	})
}
