// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Command coverage reads a profile that "go test -coverprofile" wrote, prints each block of statements
// that no test reached, and fails if the share of statements reached is below -min percent.
//
//	go run ./internal/devtools/coverage -profile .cache/authz.cover -min 100
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	profile := flag.String("profile", "", "the file that go test -coverprofile wrote")
	minimum := flag.Float64("min", 100, "the least share of statements that tests must reach, in percent")
	flag.Parse()
	if err := run(*profile, *minimum); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(path string, minimum float64) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	result, err := parse(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, block := range result.missed {
		fmt.Printf("not reached: %s\n", block)
	}
	fmt.Printf("coverage: %d of %d statements, %.1f %%, at least %.1f %% asked\n",
		result.reached, result.statements, result.percent(), minimum)
	if !result.atLeast(minimum) {
		return fmt.Errorf("tests reach %.1f %% of the statements, less than %.1f %%", result.percent(), minimum)
	}
	return nil
}
