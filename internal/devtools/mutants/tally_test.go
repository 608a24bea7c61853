// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTally_judge holds what fails a run: ten mutants, of which "f a" lives.
func TestTally_judge(t *testing.T) {
	t.Parallel()
	var count tally
	all := make([]mutant, 11)
	for i := range all {
		all[i] = mutant{file: "f", function: string(rune('a' + i)), operator: "o", before: "1", after: "2"}
		fates := map[int]fate{0: survived, 1: timedOut, 10: notViable}
		count.add(&all[i], fates[i])
	}
	const lives, killed, gone = "f a o: 1 => 2", "f b o: 1 => 2", "f z o: 1 => 2"
	for _, test := range []struct {
		name    string
		listed  []string
		minimum float64
		want    string // what the error says; "" for none
	}{
		{"listed", []string{lives}, 90, ""},
		{"not listed", nil, 90, "survived and not listed: " + lives},
		{"one that is killed is listed", []string{lives, killed}, 90, "listed as one that no test can kill, but killed, remove it from the list: " + killed},
		{"one that is gone is listed", []string{lives, gone}, 90, "listed and no longer there, remove it from the list: " + gone},
		{"too few killed", []string{lives}, 90.1, "90.0 % killed, at least 90.1 % asked"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			listed := map[string]string{}
			for _, name := range test.listed {
				listed[name] = "reason"
			}
			err := count.judge(listed, all, test.minimum)
			if (err == nil) != (test.want == "") || err != nil && err.Error() != test.want {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if got := new(tally).percent(); got != 0 {
		t.Errorf("nothing killed of nothing is %v %%", got)
	}
}

func TestReadList(t *testing.T) {
	t.Parallel()
	const entry = `{"mutant": "m", "reason": "r"}`
	for _, test := range []struct{ name, list, want string }{
		{"good", "[" + entry + "]", ""},
		{"without a reason", `[{"mutant": "x", "reason": " "}]`, "needs a mutant and the reason"},
		{"without a mutant", `[{"reason": "r"}]`, "needs a mutant and the reason"},
		{"twice", "[" + entry + "," + entry + "]", "stands twice"},
		{"no list", "{", "unexpected end of JSON input"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "mutants.json")
			if err := os.WriteFile(path, []byte(test.list), 0o600); err != nil {
				t.Fatal(err)
			}
			listed, err := readList(path)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if err == nil && listed["m"] != "r" {
				t.Errorf("got %v", listed)
			}
		})
	}
	if listed, err := readList(filepath.Join(t.TempDir(), "none")); err != nil || listed != nil {
		t.Errorf("without a list: %v, %v", listed, err)
	}
}
