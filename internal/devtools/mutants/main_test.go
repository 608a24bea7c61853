// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const sample = "testdata/sample"

// TestRun breaks some of the sample and holds what its tests notice. The bound
// is asked for by a property test alone, and so by none that counts.
func TestRun(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	o := options{pkg: sample, only: "boundary|zero|n--", skip: "^TestProperty_", timeout: 3 * time.Second, verbose: true}
	if err := run(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(sample, "sample.go")
	want := []string{
		file + ":9: survived: sample.go Least boundary: b < a => b <= a",
		file + ":12: killed: sample.go Least zero: max(a, bound) => zero value",
		file + ":17: killed: sample.go Forever removal: for n > 0 { n-- steps++ } => nothing",
		file + ":17: killed: sample.go Forever boundary: n > 0 => n >= 0",
		file + ":18: timed out: sample.go Forever increment: n-- => n++",
		file + ":21: killed: sample.go Forever zero: steps => zero value",
		"mutants: 6",
		"killed: 5",
		"  of these timed out: 1",
		"survived: 1",
		"  listed as equivalent: 0",
		"  not listed: 1",
		"not viable, not counted: 0",
		"killed percent: 83.3",
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(out.String()), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRun_refused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		o    options
		want string
	}{
		{"no expression", options{pkg: sample, only: "("}, "-only"},
		{"no list", options{pkg: sample, list: "main.go"}, "main.go"},
		{"no package", options{pkg: "testdata"}, "no Go files"},
		{"no time", options{pkg: sample, skip: "x", timeout: time.Nanosecond}, "too long for a limit of 1ns"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if err := run(t.Context(), test.o, &out); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
