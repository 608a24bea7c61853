// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// names finds the mutants of a package of one file, which must all be Go.
func names(t *testing.T, body string) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f.go"), []byte("package p\n\n"+body+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := find(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := found.mutants
	list := make([]string, 0, len(all))
	for i := range all {
		if _, err := parser.ParseFile(token.NewFileSet(), "f.go", all[i].apply(), 0); err != nil {
			t.Errorf("%s is no Go: %v\n%s", all[i].name(), err, all[i].apply())
		}
		list = append(list, strings.TrimPrefix(all[i].name(), "f.go "))
	}
	return list
}

// TestFind holds what each operator makes of a piece of Go.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		want       []string
	}{
		{"comparison", "var v = len(\"x\") < 2", []string{
			"v boundary: len(\"x\") < 2 => len(\"x\") <= 2", "v negation: len(\"x\") < 2 => len(\"x\") >= 2", "v constant: 2 => 3", "v constant: 2 => 1",
		}},
		{"logic", "func f(a, b bool) bool { return a && !b }", []string{
			"f zero: a && !b => zero value",
			"f logical: a && !b => a || !b", "f operand: a && !b => !b", "f operand: a && !b => a", "f not: !b => b",
		}},
		{"disjunction", "var v = func(a, b bool) bool { return a || b }(true, false)", []string{
			"v zero: a || b => zero value",
			"v logical: a || b => a && b", "v operand: a || b => b", "v operand: a || b => a", "v boolean: true => false", "v boolean: false => true",
		}},
		{"joined strings", "var v = \"a\" + \"b\"", []string{}},
		{"arithmetic and bits", "func f(a, b int) { a = a - b; b |= a &^ b }", []string{
			"f removal: a = a - b => nothing", "f arithmetic: a - b => a + b",
			"f assignment: b |= a &^ b => b &= …", "f removal: b |= a &^ b => nothing", "f bitwise: a &^ b => a & b",
		}},
		{"loop", "func f(list []int) (n int) { for range list { n++; continue }; return }", []string{
			"f removal: for range list { n++; continue } => nothing", "f increment: n++ => n--", "f loop: continue => break",
		}},
		{"headers", "func f(n int) { for n = 1; n > 0; n-- { }; if n = 2; n > 2 { } }", []string{
			"f removal: for n = 1; n > 0; n-- { } => nothing", "f constant: 1 => 2", "f constant: 1 => 0",
			"f boundary: n > 0 => n >= 0", "f negation: n > 0 => n <= 0", "f constant: 0 => 1", "f increment: n-- => n++",
			"f condition: n > 2 => true", "f condition: n > 2 => false", "f constant: 2 => 3", "f constant: 2 => 1",
			"f boundary: n > 2 => n >= 2", "f constant: 2 => 3 #2", "f constant: 2 => 1 #2",
		}},
		{"condition", "func f(a bool) { if a { g(); return } }\nfunc g() {}", []string{
			"f condition: a => true", "f condition: a => false", "f removal: g() => nothing", "f removal: return => nothing",
		}},
		{"comparison as condition", "func f(n int) bool { if n < 3 { return true }; return n < 3 }", []string{
			"f condition: n < 3 => true", "f condition: n < 3 => false", "f boundary: n < 3 => n <= 3", "f constant: 3 => 4", "f constant: 3 => 2",
			"f removal: return true => nothing", "f zero: true => zero value",
			"f zero: n < 3 => zero value", "f boundary: n < 3 => n <= 3 #2", "f negation: n < 3 => n >= 3", "f constant: 3 => 4 #2", "f constant: 3 => 2 #2",
		}},
		{"switch", "func f(n int) { switch n { case 3: f(n); default: } }", []string{
			"f case: case 3 => nothing is done", "f constant: 3 => 4", "f constant: 3 => 2", "f removal: f(n) => nothing",
		}},
		{"switch without a tag", "func f(a bool) { switch { case a: } }", []string{"f condition: a => true", "f condition: a => false"}},
		{"several results", "func f() (int, error) { return g() }\nfunc g() (n int, err error) { return 0, nil }", []string{
			"f zero: g() => zero values", "g constant: 0 => 1",
		}},
		{"results that are zero", "type s struct{}\nfunc (*s) f() (s, string, bool, [2]s, []s) { return s{}, \"\", false, [2]s{}, []s{} }", []string{
			"s.f constant: 2 => 3", "s.f constant: 2 => 1", "s.f zero: []s{} => zero value",
			"s.f boolean: false => true", "s.f constant: 2 => 3 #2", "s.f constant: 2 => 1 #2",
		}},
		{"the same twice", "func f(n int) { f(n); f(n) }", []string{"f removal: f(n) => nothing", "f removal: f(n) => nothing #2"}},
		{"enumeration", "const ( a = iota + 1; b )\nconst c = 7", []string{"c constant: 7 => 8", "c constant: 7 => 6"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, names(t, test.body)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFind_refused(t *testing.T) {
	t.Parallel()
	if _, err := find(t.TempDir()); err == nil {
		t.Error("a directory without Go files was read")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f.go"), []byte("package p\nvar v = w\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := find(dir); err == nil {
		t.Error("a package that does not compile was read")
	}
}

// TestFind_operand holds that an operand which is itself a disjunction is left
// out as a whole.
func TestFind_operand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f.go"), []byte("package p\n\nvar a, b, c = true, false, false\nvar v = a || b || c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := find(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := found.mutants
	for i := range all {
		if all[i].name() == "f.go v operand: a || b || c => c" {
			if got := string(all[i].apply()); !strings.HasSuffix(got, "var v = ((a || b) && false) || c\n") {
				t.Errorf("got\n%s", got)
			}
			return
		}
	}
	t.Error("no such mutant")
}
