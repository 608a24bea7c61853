// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// compare returns one line for each file that differs between two directories, sorted by path. A
// directory that does not exist is an empty one.
func compare(committed, fresh string) ([]string, error) {
	have, err := readTree(committed)
	if err != nil {
		return nil, err
	}
	want, err := readTree(fresh)
	if err != nil {
		return nil, err
	}
	var differences []string
	all := maps.Clone(have)
	maps.Copy(all, want)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		old, inHave := have[path]
		wanted, inWant := want[path]
		switch {
		case !inHave:
			differences = append(differences, path+": missing")
		case !inWant:
			differences = append(differences, path+": nothing generates it")
		case !bytes.Equal(old, wanted):
			differences = append(differences, path+": differs")
		}
	}
	return differences, nil
}

// readTree returns the content of every file below a directory by its relative path with slashes.
func readTree(directory string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(directory, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(relative)] = content
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return files, nil
	}
	return files, err
}
