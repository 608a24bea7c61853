// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
)

// module is the path of this module; packages in it are named without it below ("mockserver/authz", and
// "." for the root), all others by their import path.
const module = "github.com/accesscontrol/terraform-provider-accesscontrol"

// kind says where a package comes from.
type kind int

const (
	standard kind = iota + 1 // the standard library
	ours                     // this module
	foreign                  // another module
)

// node is a package and what it imports.
type node struct {
	name    string
	kind    kind
	imports []string // names, of production code
	tests   []string // names, of its tests alone, both inside and outside of the package
}

// graph is every package of this module with everything it depends on.
type graph struct {
	nodes map[string]*node
}

// listed is the part of go list's answer that is asked for.
type listed struct {
	ImportPath                         string
	Standard                           bool
	Imports, TestImports, XTestImports []string
}

// load asks the go command for the graph of the module at root.
func load(ctx context.Context, root string) (*graph, error) {
	command := exec.CommandContext(ctx, "go", "list", "-deps",
		"-json=ImportPath,Standard,Imports,TestImports,XTestImports", "./...")
	command.Dir = root
	output, err := command.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			return nil, fmt.Errorf("go list: %w\n%s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("go list: %w", err)
	}
	return read(strings.NewReader(string(output)))
}

// read decodes the stream of objects that go list prints.
func read(stream io.Reader) (*graph, error) {
	g := &graph{nodes: map[string]*node{}}
	decoder := json.NewDecoder(stream)
	for {
		var l listed
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read the answer of go list: %w", err)
		}
		n := &node{
			name:    short(l.ImportPath),
			kind:    kindOf(l),
			imports: shortAll(l.Imports),
			tests:   shortAll(slices.Concat(l.TestImports, l.XTestImports)),
		}
		g.nodes[n.name] = n
	}
	if len(g.nodes) == 0 {
		return nil, errors.New("go list named no packages")
	}
	return g, nil
}

// kindOf tells where a listed package comes from.
func kindOf(l listed) kind {
	switch {
	case l.Standard:
		return standard
	case l.ImportPath == module, strings.HasPrefix(l.ImportPath, module+"/"):
		return ours
	default:
		return foreign
	}
}

// short strips the module's path.
func short(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

// shortAll strips the module's path from a list.
func shortAll(importPaths []string) []string {
	names := make([]string, len(importPaths))
	for i, path := range importPaths {
		names[i] = short(path)
	}
	return names
}

// violation is a chain of imports from a package that a rule speaks of to one it may not reach.
type violation struct {
	chain []string
}

// check returns how many packages the rule speaks of and the violations, in a stable order.
func (g *graph) check(r rule) (held int, violations []violation) {
	for _, name := range slices.Sorted(maps.Keys(g.nodes)) {
		from := g.nodes[name]
		if from.kind != ours || !r.from(from) {
			continue
		}
		held++
		violations = append(violations, g.walk(r, from)...)
	}
	return held, violations
}

// walk looks at what one package imports, as deep as the rule's reach goes. Breadth first, so that the
// chain it reports is a shortest one; each forbidden package is reported once and not looked behind.
func (g *graph) walk(r rule, from *node) []violation {
	type step struct {
		node  *node
		chain []string
	}
	var violations []violation
	seen := map[string]bool{from.name: true}
	queue := []step{{node: from, chain: []string{from.name}}}
	for len(queue) > 0 {
		current := queue[0]
		queue = queue[1:]
		for _, name := range g.edges(r.reach, from, current.node) {
			if seen[name] {
				continue
			}
			seen[name] = true
			target := g.node(name)
			chain := append(slices.Clone(current.chain), name)
			switch {
			case r.forbids(from, target):
				violations = append(violations, violation{chain: chain})
			case r.reach == deep && target.kind != standard:
				queue = append(queue, step{node: target, chain: chain})
			}
		}
	}
	return violations
}

// edges returns the imports that count for a rule. Imports of tests count for the package itself only:
// a package that is imported leaves its tests behind.
func (g *graph) edges(reach reach, from, current *node) []string {
	if reach == directAndTests && current == from {
		return slices.Concat(current.imports, current.tests)
	}
	return current.imports
}

// node returns the package of a name. What a test alone imports is not among what -deps lists: then the
// first element of the path tells where it comes from, since only the standard library's has no dot.
func (g *graph) node(name string) *node {
	if n, ok := g.nodes[name]; ok {
		return n
	}
	first, _, _ := strings.Cut(name, "/")
	if strings.Contains(first, ".") {
		return &node{name: name, kind: foreign}
	}
	return &node{name: name, kind: standard}
}
