// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// fate is what became of a mutant.
type fate int

const (
	killed fate = iota
	survived
	timedOut  // the tests did not end: the change is noticed too
	notViable // it does not compile, and so is no mutant
)

// String names the fate as reports do.
func (f fate) String() string {
	return [...]string{"killed", "survived", "timed out", "not viable"}[f]
}

// bench builds and runs the tests of one package.
type bench struct {
	dir, skip, temp string
	limit           time.Duration
	weft            *weft
}

// newBench builds the woven tests and makes sure that they pass while no mutant is chosen, well within the limit.
func newBench(ctx context.Context, o options, w *weft) (*bench, error) {
	dir, err := filepath.Abs(o.pkg)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, skip: o.skip, temp: temp, limit: o.timeout, weft: w}
	if err := b.baseline(ctx); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) baseline(ctx context.Context) error {
	if output, err := b.build(ctx, b.woven(), b.weft.files); err != nil {
		return fmt.Errorf("the package does not build: %w\n%s", err, output)
	}
	before := time.Now()
	result, output, err := b.test(ctx, b.woven(), 0)
	switch took := time.Since(before); {
	case err != nil:
		return err
	case result == timedOut || took > b.limit/2:
		return fmt.Errorf("the tests take %s without any change, too long for a limit of %s", took.Round(time.Millisecond), b.limit)
	case result != survived:
		return fmt.Errorf("the tests fail without any change\n%s", output)
	default:
		return nil
	}
}

func (b *bench) close() { os.RemoveAll(b.temp) }

// The test binaries: the one with all mutants of functions, and the one for a mutant by itself.
func (b *bench) woven() string { return filepath.Join(b.temp, "woven.test") }
func (b *bench) alone() string { return filepath.Join(b.temp, "alone.test") }

// try returns what becomes of the mutant.
func (b *bench) try(ctx context.Context, m *mutant) (fate, error) {
	if b.weft.bad[m] {
		return notViable, nil
	}
	if number, ok := b.weft.numbers[m]; ok {
		result, _, err := b.test(ctx, b.woven(), number)
		return result, err
	}
	output, err := b.build(ctx, b.alone(), map[string][]byte{m.file: m.apply()})
	if err != nil {
		// Only what the compiler says about the file means that the mutant is no program.
		if !bytes.Contains(output, []byte(m.file+":")) {
			return 0, fmt.Errorf("building failed: %w\n%s", err, output)
		}
		return notViable, nil
	}
	result, _, err := b.test(ctx, b.alone(), 0)
	return result, err
}

// build compiles the package's tests with the files replaced or added. The code runs for milliseconds, so what
// the compiler would do to make it fast is left out.
func (b *bench) build(ctx context.Context, binary string, files map[string][]byte) ([]byte, error) {
	replaced := map[string]string{}
	for name, source := range files {
		path := filepath.Join(b.temp, name)
		if err := os.WriteFile(path, source, 0o600); err != nil {
			return nil, err
		}
		replaced[filepath.Join(b.dir, name)] = path
	}
	overlay := filepath.Join(b.temp, "overlay.json")
	data, err := json.Marshal(map[string]map[string]string{"Replace": replaced})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-gcflags=-N -l", "-ldflags=-s -w", "-overlay", overlay, "-o", binary, ".")
	cmd.Dir = b.dir
	return cmd.CombinedOutput()
}

// test runs the tests that were built. A change that makes them allocate without end must not take the machine
// with it, so where the shell can limit memory it does.
func (b *bench) test(ctx context.Context, binary string, number int) (fate, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, b.limit)
	defer cancel()
	const limited = "ulimit -v 4194304 2>/dev/null; exec \"$@\""
	cmd := exec.CommandContext(ctx, "sh", "-c", limited, "sh", binary, "-test.run=^Test", "-test.skip="+b.skip, "-test.failfast")
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), selector+"="+strconv.Itoa(number))
	cmd.WaitDelay = time.Second
	output, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return survived, output, nil
	case ctx.Err() != nil:
		return timedOut, output, nil
	case errors.As(err, &exit):
		return killed, output, nil
	default:
		return 0, output, err
	}
}
