// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestRoot(t *testing.T) {
	t.Parallel()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "internal", "cli", "build_test.go")); err != nil {
		t.Errorf("%s is not the module root: %v", root, err)
	}
}

func TestGoBuild(t *testing.T) {
	t.Parallel()
	module := t.TempDir()
	write(t, filepath.Join(module, "go.mod"), "module example.com/hello\n\ngo 1.26\n")
	write(t, filepath.Join(module, "main.go"), "package main\n\nfunc main() { println(\"hello\") }\n")
	target := filepath.Join(t.TempDir(), "sub", "hello"+executableSuffix())
	if err := goBuild(t.Context(), module, target, "."); err != nil {
		t.Fatal(err)
	}
	output, err := exec.CommandContext(t.Context(), target).CombinedOutput()
	if err != nil || strings.TrimSpace(string(output)) != "hello" {
		t.Errorf("the built program: %q, %v", output, err)
	}
	entries, err := os.ReadDir(filepath.Dir(target))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestGoBuild_doesNotCompile(t *testing.T) {
	t.Parallel()
	module := t.TempDir()
	write(t, filepath.Join(module, "go.mod"), "module example.com/broken\n\ngo 1.26\n")
	write(t, filepath.Join(module, "main.go"), "package main\n\nfunc main() { undefined() }\n")
	target := filepath.Join(t.TempDir(), "broken")
	err := goBuild(t.Context(), module, target, ".")
	if err == nil || !strings.Contains(err.Error(), "undefined") {
		t.Errorf("error %v, want the compiler's words", err)
	}
	if _, err := os.Stat(target); !os.IsNotExist(err) {
		t.Errorf("a program was left: %v", err)
	}
}

func TestPinKey(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	write(t, filepath.Join(directory, "go.mod"), "module x\n")
	if key, err := pinKey(directory); err == nil {
		t.Errorf("got %s without go.sum, want an error", key)
	}
	write(t, filepath.Join(directory, "go.sum"), "a\n")
	first, err := pinKey(directory)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(directory, "go.sum"), "b\n")
	second, err := pinKey(directory)
	if err != nil {
		t.Fatal(err)
	}
	if first == second {
		t.Errorf("%s for two different pins", first)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
