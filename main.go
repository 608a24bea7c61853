// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-accesscontrol is the provider plugin. Terraform starts it and speaks to
// it over the plugin protocol; by hand it is of use with -version and -debug only.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider"
)

// address is how configurations name the provider.
const address = "registry.terraform.io/accesscontrol/accesscontrol"

// version is set by the linker in a release.
var version = "dev"

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run parses the flags, serves, and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("terraform-provider-accesscontrol", flag.ContinueOnError)
	flags.SetOutput(stderr)
	debug := flags.Bool("debug", false, "serve for a debugger and print how Terraform connects to it")
	showVersion := flags.Bool("version", false, "print the version and exit")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if *showVersion {
		if _, err := fmt.Fprintln(stdout, version); err != nil {
			return 1
		}
		return 0
	}
	if err := quietSDK(os.LookupEnv, os.Setenv); err != nil {
		_, _ = fmt.Fprintln(stderr, "error:", err)
		return 1
	}
	outliveTermination()
	constructor, cleanup := provider.NewWithCleanup(version)
	err := providerserver.Serve(ctx, constructor, providerserver.ServeOpts{
		Address: address, Debug: *debug, ProtocolVersion: 6,
	})
	if left := withinGrace(ctx, cleanup); left != nil {
		err = errors.Join(err, left)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "error:", err)
		return 1
	}
	return 0
}

// outliveTermination leaves it to the CLI to end this process. A signal to the whole process group, as supervisors
// send it, would end the plugin before it has cleaned up; the CLI, which gets it too, ends the plugin in order. The
// plugin library does the same for the interrupt of a terminal.
func outliveTermination() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM)
}

// grace is how long the cleanup may take. The CLIs tell a plugin to end, and kill it 2 s later.
const grace = 1900 * time.Millisecond

// withinGrace cleans up, also where the context has ended: that is why there is something left to do.
func withinGrace(ctx context.Context, cleanup func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return cleanup(ctx)
}

// quietSDK turns the SDK's own trace log off unless one of its variables is set. The SDK writes it
// whether or not anybody reads it, which costs a fifth of the processor time of a refresh; the
// environment is the only place where it takes its level from.
func quietSDK(lookup func(string) (string, bool), set func(name, value string) error) error {
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"} {
		if value, ok := lookup(name); ok && value != "" {
			return nil
		}
	}
	if err := set("TF_LOG_SDK", "OFF"); err != nil {
		return fmt.Errorf("turn the SDK's trace log off: %w", err)
	}
	return nil
}
