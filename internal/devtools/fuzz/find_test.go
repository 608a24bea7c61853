// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFind(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for path, source := range map[string]string{
		"b/b_test.go":          "package b\n\nfunc FuzzTwo(f *testing.F) {}\n\nfunc FuzzOne(f *testing.F) {}\n",
		"a/a_test.go":          "package a\n\nfunc FuzzThree(g *testing.F) {}\n\nfunc TestFuzz(t *testing.T) {}\n// func FuzzNot(f *testing.F)\n",
		"a/a.go":               "package a\n\nfunc FuzzProduct(f *testing.F) {}\n",
		"nested/go.mod":        "module nested\n",
		"nested/n_test.go":     "package n\n\nfunc FuzzNested(f *testing.F) {}\n",
		".cache/c_test.go":     "package c\n\nfunc FuzzCached(f *testing.F) {}\n",
		"a/testdata/d_test.go": "package d\n\nfunc FuzzData(f *testing.F) {}\n",
	} {
		path = filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for only, want := range map[string][]target{
		"":        {{"FuzzThree", "a"}, {"FuzzOne", "b"}, {"FuzzTwo", "b"}},
		"FuzzTwo": {{"FuzzTwo", "b"}},
		"FuzzTw":  nil,
	} {
		got, err := find(root, only)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(target{})); diff != "" {
			t.Errorf("only %q (-want +got):\n%s", only, diff)
		}
	}
}

// A run that fuzzes nothing is an error: a renamed target must not pass for one that found nothing.
func TestRunRefusesNothing(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{{"-root", t.TempDir()}, {"-only", "FuzzNone"}, {"-time", "0s"}, {"-time", "-1s"}} {
		if err := run(t.Context(), arguments); err == nil {
			t.Errorf("%q: no error", arguments)
		}
	}
}
