// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// files lists what is wrong with the files that a release is made of.
func files(root string, c *config) []string {
	var found []string
	for _, a := range c.Archives {
		for _, name := range a.Files {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				found = append(found, fmt.Sprintf("archive %s: %v", a.ID, err))
			}
		}
	}
	for _, b := range c.Builds {
		set, err := packageVariables(filepath.Join(root, filepath.FromSlash(b.Main)))
		if err != nil {
			found = append(found, fmt.Sprintf("build %s: %v", b.ID, err))
			continue
		}
		for _, name := range b.variables() {
			// The linker passes over a variable that does not exist.
			if !slices.Contains(set, strings.TrimPrefix(name, "main.")) {
				found = append(found, fmt.Sprintf("build %s: there is no variable %s for the linker to set", b.ID, name))
			}
		}
	}
	manifest, err := os.ReadFile(filepath.Join(root, manifestFile))
	if err != nil {
		return append(found, err.Error())
	}
	program, err := os.ReadFile(filepath.Join(root, "main.go"))
	if err != nil {
		return append(found, err.Error())
	}
	served, err := servedProtocol(program)
	if err != nil {
		return append(found, err.Error())
	}
	if err := checkManifest(manifest, served); err != nil {
		found = append(found, fmt.Sprintf("%s: %v", manifestFile, err))
	}
	return found
}

// packageVariables lists the variables of the package in a directory, tests left out.
func packageVariables(directory string) ([]string, error) {
	matches, err := filepath.Glob(filepath.Join(directory, "*.go"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range matches {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if tree.Name.Name != "main" {
			return nil, fmt.Errorf("%s is no program", directory)
		}
		for _, declaration := range tree.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.VAR {
				continue
			}
			for _, spec := range general.Specs {
				if value, ok := spec.(*ast.ValueSpec); ok {
					for _, name := range value.Names {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	if len(matches) == 0 {
		return nil, fmt.Errorf("%s holds no Go file", directory)
	}
	return names, nil
}

// servedProtocol reads the version of the plugin protocol out of the provider's main.go, where it is the
// literal beside the key ProtocolVersion.
func servedProtocol(source []byte) (string, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), "main.go", source, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	version := ""
	ast.Inspect(tree, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, isName := pair.Key.(*ast.Ident)
		value, isLiteral := pair.Value.(*ast.BasicLit)
		if isName && isLiteral && key.Name == "ProtocolVersion" {
			version = value.Value
		}
		return true
	})
	if version == "" {
		return "", errors.New("main.go: no ProtocolVersion is given")
	}
	return version, nil
}

// checkManifest compares the registry's manifest with the protocol that the program serves.
func checkManifest(text []byte, served string) error {
	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return err
	}
	if manifest.Version != 1 {
		return fmt.Errorf("version is %d, want 1", manifest.Version)
	}
	if want := []string{served + ".0"}; !slices.Equal(manifest.Metadata.ProtocolVersions, want) {
		return fmt.Errorf("protocol_versions is %q, but the provider serves %q", manifest.Metadata.ProtocolVersions, want)
	}
	return nil
}
