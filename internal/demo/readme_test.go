// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestReadmeShowsTheDemo holds that the README's copy of the demo's table has its chapters and as many rows
// as the demo has: paste a fresh run when a row is added or dropped.
func TestReadmeShowsTheDemo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "<!-- demo -->")
	shown, _, found := strings.Cut(rest, "<!-- /demo -->")
	if !found {
		t.Fatal("the README has no demo block")
	}
	s := &actors{}
	rows := 0
	for _, c := range []chapter{s.switchedOff(), s.acmeClient(), s.purger(), s.reader(), s.switchedOn(), s.destroyed()} {
		if !strings.Contains(shown, "\n"+c.title+"\n") {
			t.Errorf("the README lacks the chapter %q", c.title)
		}
		for _, row := range c.checks {
			rows++
			if !strings.Contains(shown, "  "+row.who+" ") {
				t.Errorf("the README lacks a row of %q", row.who)
			}
		}
	}
	if want := fmt.Sprintf("%d rows, %d as expected", rows, rows); !strings.Contains(shown, want) {
		t.Errorf("the README does not say %q", want)
	}
	if got := strings.Count(shown, "\n✓ "); got != rows {
		t.Errorf("the README shows %d rows, the demo has %d", got, rows)
	}
}
