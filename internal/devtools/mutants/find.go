// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
)

// mutant is one change of one place of a source file.
type mutant struct {
	file     string // the file's name within the package
	line     int
	function string // the declaration that holds the place
	operator string
	before   string // what is changed, on one line
	after    string // what it becomes
	repeated int    // counts earlier mutants that would have the same name

	source     []byte
	start, end int // the bytes that are replaced
	text       string
	within     *ast.FuncDecl // nil for what is broken outside of functions
}

// name identifies the mutant by what it changes and not by its line, so that a list of names outlives changes
// elsewhere in the file.
func (m *mutant) name() string {
	name := fmt.Sprintf("%s %s %s: %s => %s", m.file, m.function, m.operator, m.before, m.after)
	if m.repeated > 0 {
		name += fmt.Sprintf(" #%d", m.repeated+1)
	}
	return name
}

// apply returns the file with the change.
func (m *mutant) apply() []byte {
	out := make([]byte, 0, len(m.source)+len(m.text))
	out = append(out, m.source[:m.start]...)
	out = append(out, m.text...)
	return append(out, m.source[m.end:]...)
}

// finder collects the mutants of one package.
type finder struct {
	fset     *token.FileSet
	info     *types.Info
	importer types.Importer
	files    []sourceFile
	file     string
	source   []byte
	function string
	within   *ast.FuncDecl
	done     map[ast.Node]bool // by the declaration that is visited
	mutants  []mutant
	seen     map[string]int
}

// sourceFile is one file of the package, without its tests.
type sourceFile struct {
	name   string // within the package
	source []byte
	syntax *ast.File
}

// find lists the mutants of the package in the directory, file by file.
func find(dir string) (*finder, error) {
	f := &finder{fset: token.NewFileSet(), seen: map[string]int{}}
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		syntax, err := parser.ParseFile(f.fset, path, source, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		f.files = append(f.files, sourceFile{filepath.Base(path), source, syntax})
	}
	if len(f.files) == 0 {
		return nil, fmt.Errorf("%s holds no Go files", dir)
	}
	f.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	f.importer = importer.ForCompiler(f.fset, "source", nil)
	files := make([]*ast.File, 0, len(f.files))
	for _, file := range f.files {
		files = append(files, file.syntax)
	}
	config := types.Config{Importer: f.importer}
	if _, err := config.Check(f.name(), f.fset, files, f.info); err != nil {
		return nil, err
	}
	for _, file := range f.files {
		f.file, f.source = file.name, file.source
		for _, decl := range file.syntax.Decls {
			f.declaration(decl)
		}
	}
	return f, nil
}

// name is the package's name.
func (f *finder) name() string { return f.files[0].syntax.Name.Name }

// declaration visits one top-level declaration. Types and imports hold nothing that could be broken; constants
// do, but for enumerations, whose values are nobody's business.
func (f *finder) declaration(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		f.function, f.within = functionName(d), d
		f.walk(d)
	case *ast.GenDecl:
		if d.Tok != token.CONST && d.Tok != token.VAR || isEnumeration(d) {
			return
		}
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				f.function, f.within = v.Names[0].Name, nil
				f.walk(v)
			}
		}
	}
}

// isEnumeration reports whether a block of constants counts with iota.
func isEnumeration(d *ast.GenDecl) bool {
	found := false
	ast.Inspect(d, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == "iota"
		return !found
	})
	return found && d.Tok == token.CONST
}

func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	return types.ExprString(receiver) + "." + d.Name.Name
}

// add notes a change of the source from one position to another.
func (f *finder) add(operator string, from, to token.Pos, text, before, after string) {
	m := mutant{
		file: f.file, line: f.fset.Position(from).Line, function: f.function, operator: operator,
		before: brief(before), after: brief(after),
		source: f.source, start: f.offset(from), end: f.offset(to), text: text, within: f.within,
	}
	name := m.name()
	m.repeated = f.seen[name]
	f.seen[name]++
	f.mutants = append(f.mutants, m)
}

// replace notes that a node becomes something else; after is how that is named.
func (f *finder) replace(operator string, n ast.Node, text, after string) {
	f.add(operator, n.Pos(), n.End(), text, f.text(n), after)
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) text(n ast.Node) string {
	return string(f.source[f.offset(n.Pos()):f.offset(n.End())])
}

// brief puts a piece of source on one line of bearable length.
func brief(s string) string {
	const most = 120
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
