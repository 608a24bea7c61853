// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"time"
)

// progress prints a line for each step, with the time it took once it is done.
type progress struct {
	out io.Writer
	now func() time.Time
}

// step runs do between the two halves of a line.
func (p progress) step(text string, do func() error) error {
	fmt.Fprintf(p.out, "• %s … ", text)
	began := p.now()
	if err := do(); err != nil {
		fmt.Fprintln(p.out, "failed")
		return fmt.Errorf("%s: %w", text, err)
	}
	fmt.Fprintf(p.out, "%.1f s\n", p.now().Sub(began).Seconds())
	return nil
}

// say prints a line that belongs to the step before it.
func (p progress) say(format string, arguments ...any) {
	fmt.Fprintf(p.out, "  "+format+"\n", arguments...)
}
