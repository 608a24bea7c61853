// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSkipped holds testdata/skipped.golden against the sources: every test and every example that some CLI
// cannot run stands in it, below the reason. Nothing else may pass a test over.
func TestSkipped(t *testing.T) {
	t.Parallel()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	found := gatedTests(t, filepath.Join(root, "provider"))
	for _, example := range exampleFiles(t, filepath.Join(root, "examples")) {
		if capability, gated := exampleNeeds(example); gated {
			found[capability.Name] = append(found[capability.Name], "example "+example)
		}
	}
	var text strings.Builder
	text.WriteString("# What some CLIs cannot run, and why. Written by: go test ./provider/internal/acctest -run TestSkipped -update\n")
	for _, capability := range acctest.Capabilities() {
		fmt.Fprintf(&text, "\n%s: %s\n  runs from %s\n", capability.Name, capability.What, since(capability))
		for _, name := range slices.Sorted(slices.Values(found[capability.Name])) {
			fmt.Fprintf(&text, "  - %s\n", name)
		}
		delete(found, capability.Name)
	}
	for name := range found {
		t.Errorf("a test needs %s, which is no capability", name)
	}
	golden := filepath.Join("testdata", "skipped.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("the golden file (-) is not what the sources say (+); see its first line:\n%s", diff)
	}
}

func since(c acctest.Capability) string {
	switch {
	case c.OpenTofu == "":
		return "Terraform " + c.Terraform + " on, and under no OpenTofu"
	case c.Terraform == "":
		return "OpenTofu " + c.OpenTofu + " on, and under no Terraform"
	}
	return "Terraform " + c.Terraform + " and OpenTofu " + c.OpenTofu + " on"
}

// gatedTests reads the calls of acctest.Needs out of the tests below the directory, and refuses every other way
// to pass a test over.
func gatedTests(t *testing.T, directory string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(function, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok {
					return true
				}
				selector, ok := call.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				switch selector.Sel.Name {
				case "Skip", "Skipf", "SkipNow", "SkipBelow", "SkipAbove", "SkipBetween", "SkipIf", "SkipIfNotAlpha", "SkipIfNotPrerelease":
					t.Errorf("%s, %s: passes over by %s; use acctest.Needs", path, function.Name.Name, selector.Sel.Name)
				case "Needs":
					need, ok := call.Args[1].(*ast.SelectorExpr)
					if !ok || len(call.Args) != 2 {
						t.Errorf("%s, %s: name the capability by its variable", path, function.Name.Name)
						break
					}
					found[need.Sel.Name] = append(found[need.Sel.Name], file.Name.Name+"."+function.Name.Name)
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// exampleFiles lists every file of the examples, relative to their directory.
func exampleFiles(t *testing.T, examples string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(examples, path)
		files = append(files, filepath.ToSlash(relative))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// exampleNeeds is the capability without which a CLI cannot read the example.
func exampleNeeds(file string) (acctest.Capability, bool) {
	switch name := filepath.Base(file); {
	case name == "import-by-identity.tf":
		return acctest.Identity, true
	case strings.HasSuffix(name, ".tfquery.hcl"):
		return acctest.Query, true
	case strings.HasPrefix(file, "actions/"):
		return acctest.Actions, true
	case strings.HasPrefix(file, "ephemeral-resources/"):
		return acctest.Ephemeral, true
	default:
		return acctest.Capability{}, false
	}
}
