// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command withcli runs another command in the environment of the acceptance tests: a Terraform or
// OpenTofu chosen by -cli, a CLI configuration of its own, and nothing of the developer's settings.
//
//	go run ./internal/devtools/withcli -cli opentofu -- go test ./provider/...
//
// With -print it only tells which CLI it would use. The status it exits with is the command's own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

func main() {
	want := flag.String("cli", string(cli.WantAny), fmt.Sprintf("the CLI to use: one of %v", cli.Wants()))
	onlyPrint := flag.Bool("print", false, "print path, engine and version of the CLI and stop")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, cli.Want(*want), *onlyPrint, flag.Args())
	stop()

	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "withcli:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, want cli.Want, onlyPrint bool, arguments []string) error {
	if !onlyPrint && len(arguments) == 0 {
		return errors.New("no command to run; usage: withcli [-cli any|terraform|opentofu|pinned] [-print] -- command [argument …]")
	}
	root, err := cli.Root()
	if err != nil {
		return err
	}
	say := func(line string) { fmt.Fprintln(os.Stderr, "withcli:", line) }
	tool, err := cli.Find(ctx, root, want, say)
	if err != nil {
		return err
	}
	if onlyPrint {
		_, err := fmt.Printf("%s\t%s\t%s\n", tool.Path, tool.Engine, tool.Version)
		return err
	}
	say("using " + tool.String())

	directory, err := os.MkdirTemp("", "accesscontrol-cli-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	// Acceptance tests serve the provider in-process, so the mirror stays empty.
	configFile, err := cli.Install(directory, "")
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = cli.Acceptance(os.Environ(), tool, configFile)
	// The terminal sends an interrupt to the whole group; a process that was asked to stop may still
	// have servers and temporary directories to put away.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	return command.Run()
}
