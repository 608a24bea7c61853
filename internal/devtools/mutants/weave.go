// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// selector is the environment variable that tells a woven test binary which mutant to be; without it, and with
// 0, it is the original.
const selector = "MUTANT"

// weft is a package that holds all mutants of its functions at once: each function stands there once as it is and
// once for each of its mutants, and passes its arguments on to the one that was chosen.
type weft struct {
	files map[string][]byte // by their names within the package
	// numbers tells the mutants that were woven in, by their place in the finder's list.
	numbers map[*mutant]int
	// bad are those that do not compile.
	bad map[*mutant]bool
}

// chosen is the file that tells which mutant it is.
const chosen = "zz_chosen_mutant.go"

// weave makes the package with all its mutants. Those that do not compile are found by the type checker and left
// out.
func (f *finder) weave() (*weft, error) {
	w := &weft{numbers: map[*mutant]int{}, bad: map[*mutant]bool{}}
	for i := range f.mutants {
		if m := &f.mutants[i]; m.weavable() {
			w.numbers[m] = i + 1
		}
	}
	const rounds = 10 // an error can hide another
	for range rounds {
		f.build(w)
		wrong, err := f.check(w)
		if err != nil || len(wrong) == 0 {
			return w, err
		}
		for m, number := range w.numbers {
			if wrong[number] {
				w.bad[m] = true
				delete(w.numbers, m)
			}
		}
	}
	return nil, fmt.Errorf("the woven package does not compile after %d rounds", rounds)
}

// weavable reports whether the change lies in the body of a function that can be copied.
func (m *mutant) weavable() bool {
	return m.within != nil && m.within.Type.TypeParams == nil && m.within.Name.Name != "init" && m.within.Name.Name != "_"
}

// build writes the files anew with the mutants that are left.
func (f *finder) build(w *weft) {
	byFunction := map[*ast.FuncDecl][]*mutant{}
	for m := range w.numbers {
		byFunction[m.within] = append(byFunction[m.within], m)
	}
	w.files = map[string][]byte{chosen: fmt.Appendf(nil,
		"package %s\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar chosenMutant, _ = strconv.Atoi(os.Getenv(%q))\n", f.name(), selector)}
	for _, file := range f.files {
		var out, copies bytes.Buffer
		f.source = file.source
		last := 0
		for _, decl := range file.syntax.Decls {
			d, ok := decl.(*ast.FuncDecl)
			if !ok || len(byFunction[d]) == 0 {
				continue
			}
			mutants := byFunction[d]
			slices.SortFunc(mutants, func(a, b *mutant) int { return w.numbers[a] - w.numbers[b] })
			out.Write(file.source[last:f.offset(d.Pos())])
			last = f.offset(d.End())
			out.WriteString(f.dispatcher(d, w, mutants))
			copies.WriteString("\n" + f.copyOf(d, nil, 0) + "\n")
			for _, m := range mutants {
				copies.WriteString("\n" + f.copyOf(d, m, w.numbers[m]) + "\n")
			}
		}
		if last > 0 {
			out.Write(file.source[last:])
			out.Write(copies.Bytes())
			w.files[file.name] = out.Bytes()
		}
	}
}

func copyName(d *ast.FuncDecl, number int) string {
	return d.Name.Name + "__mutant" + strconv.Itoa(number)
}

// copyOf is the function under another name, changed by the mutant if there is one.
func (f *finder) copyOf(d *ast.FuncDecl, m *mutant, number int) string {
	from, to := f.offset(d.Pos()), f.offset(d.End())
	head := string(f.source[from:f.offset(d.Name.Pos())]) + copyName(d, number)
	rest := f.offset(d.Name.End())
	if m == nil {
		return head + string(f.source[rest:to])
	}
	return head + string(f.source[rest:m.start]) + m.text + string(f.source[m.end:to])
}

// dispatcher is the function that passes its arguments on.
func (f *finder) dispatcher(d *ast.FuncDecl, w *weft, mutants []*mutant) string {
	var head, tail strings.Builder
	head.WriteString("func ")
	target := ""
	if d.Recv != nil {
		fmt.Fprintf(&head, "(receiver %s) ", f.text(d.Recv.List[0].Type))
		target = "receiver."
	}
	head.WriteString(d.Name.Name + "(")
	n := 0
	for _, field := range d.Type.Params.List {
		for range max(1, len(field.Names)) {
			n++
			fmt.Fprintf(&head, "p%d %s, ", n, f.text(field.Type))
			fmt.Fprintf(&tail, "p%d", n)
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				tail.WriteString("...")
			}
			tail.WriteString(", ")
		}
	}
	head.WriteString(") ")
	call := func(number int) string { return target + copyName(d, number) + "(" + tail.String() + ")" }
	if d.Type.Results != nil {
		head.WriteString("(")
		for _, field := range d.Type.Results.List {
			for range max(1, len(field.Names)) {
				head.WriteString(f.text(field.Type) + ", ")
			}
		}
		head.WriteString(") ")
		plain := call
		call = func(number int) string { return "return " + plain(number) }
	}
	head.WriteString("{\n\tswitch chosenMutant {\n")
	for _, m := range mutants {
		fmt.Fprintf(&head, "\tcase %d:\n\t\t%s\n", w.numbers[m], call(w.numbers[m]))
	}
	fmt.Fprintf(&head, "\tdefault:\n\t\t%s\n\t}\n}", call(0))
	return head.String()
}

// check type-checks the woven package and returns the numbers of the mutants that do not compile.
func (f *finder) check(w *weft) (map[int]bool, error) {
	var files []*ast.File
	syntax := map[string]*ast.File{}
	for _, file := range append(slices.Clone(f.files), sourceFile{name: chosen}) {
		source, ok := w.files[file.name]
		if !ok {
			files = append(files, file.syntax)
			continue
		}
		parsed, err := parser.ParseFile(f.fset, "woven/"+file.name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, parsed)
		syntax["woven/"+file.name] = parsed
	}
	wrong := map[int]bool{}
	var other error
	config := types.Config{Importer: f.importer, Error: func(err error) {
		e, ok := err.(types.Error) //nolint:errorlint // The checker reports its errors as they are.
		if number := f.mutantAt(syntax, e.Pos); ok && number > 0 {
			wrong[number] = true
		} else if other == nil {
			other = err
		}
	}}
	// What it returns is the first of the errors that were reported.
	_, _ = config.Check(f.name(), f.fset, files, nil)
	if len(wrong) == 0 {
		return nil, other
	}
	return wrong, nil
}

// mutantAt is the number of the mutant's copy that a position lies in, 0 outside of all.
func (f *finder) mutantAt(syntax map[string]*ast.File, at token.Pos) int {
	file := syntax[f.fset.Position(at).Filename]
	if file == nil {
		return 0
	}
	for _, decl := range file.Decls {
		if d, ok := decl.(*ast.FuncDecl); ok && d.Pos() <= at && at < d.End() {
			_, number, _ := strings.Cut(d.Name.Name, "__mutant")
			n, err := strconv.Atoi(number)
			if err != nil {
				return 0
			}
			return n
		}
	}
	return 0
}
