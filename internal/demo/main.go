// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command demo shows the whole of the project's main job: it starts the reference server, applies
// examples/quickstart to it with a real Terraform or OpenTofu, sends requests with the tokens that came
// out, and prints for each who asked what, what was expected and what the server answered. It ends with
// a plan that is empty and a destroy, and exits with 0 only if every row is as expected.
//
//	go run ./internal/demo
//	go run ./internal/demo -keep    leave the server running and the configuration applied
//
// It needs nothing but Go where no CLI is on PATH. Start reading at story.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	keep := flag.Bool("keep", false, "leave the server running and the configuration applied, and print how to go on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *keep)
	stop()
	if err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}
