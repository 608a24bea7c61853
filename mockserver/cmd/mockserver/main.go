// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command mockserver runs the reference server. Without any configuration it serves the built-in world on
// the loopback interface and prints how to reach it. Everything it does lies in package mockserver; here are
// flags, environment, banner and signals.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
)

// version is set by the linker in a release.
var version = "dev"

// The exit statuses.
const (
	exitOK = iota
	exitFailure
	exitUsage // an unknown flag, variable or value
)

// shutdownGrace is how long requests under way may go on once the program is told to stop.
const shutdownGrace = 10 * time.Second

func main() {
	mockserver.QuietGin()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// run serves until the context ends and returns the exit status.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	flags, err := parse(args, environ, stdout)
	switch {
	case errors.Is(err, errShown):
		return exitOK
	case err != nil:
		complain(stderr, err)
		return exitUsage
	}
	if err := serve(ctx, flags, stdout, stderr); err != nil {
		complain(stderr, err)
		return exitFailure
	}
	return exitOK
}

// serve runs the server that the flags ask for until the context ends or serving fails.
func serve(ctx context.Context, flags *flags, stdout, stderr io.Writer) error {
	options, err := flags.options(stderr)
	if err != nil {
		return err
	}
	server, err := mockserver.New(options)
	if err != nil {
		return err
	}
	if err := server.Start(ctx); err != nil {
		return err
	}
	show := printBanner
	if flags.JSON {
		show = printJSON
	}
	failure := show(stdout, flags, server)
	if failure == nil {
		select {
		case <-ctx.Done():
			options.Logger.Info("stopping")
		case failure = <-server.Failed():
		}
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	return errors.Join(failure, server.Close(grace))
}

// complain writes an error for people. What cannot be written to standard error cannot be reported.
func complain(stderr io.Writer, err error) {
	_, _ = fmt.Fprintf(stderr, "mockserver: %v\n", err)
}
