// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		committed, fresh map[string]string
		want             []string
	}{
		{name: "both empty"},
		{
			name:      "equal",
			committed: map[string]string{"index.md": "a", "resources/x.md": "b"},
			fresh:     map[string]string{"index.md": "a", "resources/x.md": "b"},
		},
		{
			name:      "every kind of difference",
			committed: map[string]string{"index.md": "old", "resources/gone.md": "b", "same.md": "s"},
			fresh:     map[string]string{"index.md": "new", "data-sources/x.md": "c", "same.md": "s"},
			want:      []string{"data-sources/x.md: missing", "index.md: differs", "resources/gone.md: nothing generates it"},
		},
		{
			name:  "nothing committed",
			fresh: map[string]string{"index.md": "a"},
			want:  []string{"index.md: missing"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := compare(tree(t, test.committed), tree(t, test.fresh))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

// tree writes files below a directory that does not exist if there are none.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	directory := filepath.Join(t.TempDir(), "docs")
	for name, content := range files {
		path := filepath.Join(directory, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}
