// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, profile string
		want          result
		bad           bool
	}{
		{
			name:    "all reached",
			profile: "mode: atomic\na.go:1.1,2.2 3 7\na.go:3.1,4.2 1 1\n",
			want:    result{statements: 4, reached: 4},
		},
		{
			name:    "missed blocks are named, sorted",
			profile: "mode: set\nb.go:1.1,2.2 2 0\na.go:1.1,2.2 1 1\na.go:5.1,6.2 1 0\n",
			want:    result{statements: 4, reached: 1, missed: []string{"a.go:5.1,6.2", "b.go:1.1,2.2"}},
		},
		{
			name:    "a block counts once however often it is listed",
			profile: "mode: set\na.go:1.1,2.2 2 0\na.go:1.1,2.2 2 1\na.go:1.1,2.2 2 0\n",
			want:    result{statements: 2, reached: 2},
		},
		{name: "nothing", profile: "mode: set\n", bad: true},
		{name: "not a profile", profile: "ok  	package	0.1s\n", bad: true},
		{name: "not a count", profile: "mode: set\na.go:1.1,2.2 2 x\n", bad: true},
		{name: "not a number of statements", profile: "mode: set\na.go:1.1,2.2 x 1\n", bad: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(strings.NewReader(test.profile))
			if (err != nil) != test.bad {
				t.Fatalf("error %v, want an error: %t", err, test.bad)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(result{})); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResult_atLeast(t *testing.T) {
	t.Parallel()
	almost := result{statements: 10000, reached: 9999}
	if almost.atLeast(100) {
		t.Error("one statement in ten thousand is missing, and it counts as 100 %")
	}
	if !almost.atLeast(99.99) {
		t.Error("99.99 % is at least 99.99 %")
	}
}
