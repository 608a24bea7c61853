// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package leak finds secrets in what a run of Terraform leaves behind: state, plan files, logs, output. It
// knows the forms that a secret takes on its way there, so that one which was encoded is found as well. It is
// for tests, and it never shows what it finds. Start reading at [Tree].
package leak

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// Secret is what must not be found.
type Secret struct {
	// Name is what a finding calls it.
	Name string
	// Value is the secret in plain, 16 bytes at least: anything shorter is found everywhere.
	Value string
}

// Finding is one form of a secret in one place.
type Finding struct {
	// Secret is the name of the secret.
	Secret string
	// File is the path below the root; an entry of an archive follows after an exclamation mark.
	File string
	// Form says how the secret is written there, such as "base64".
	Form string
}

// String names the three, and nothing of the secret itself.
func (f Finding) String() string { return fmt.Sprintf("%s: %s, as %s", f.File, f.Secret, f.Form) }

// deepest bounds archives within archives.
const deepest = 4

// Tree looks through every file below the root, and into zip archives, which plan files are. The findings are
// in the order of the paths, and name each form of a secret once for each place.
func Tree(root string, secrets []Secret) ([]Finding, error) {
	var found []Finding
	directory := os.DirFS(root)
	err := fs.WalkDir(directory, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := fs.ReadFile(directory, name)
		if err != nil {
			return err
		}
		in, err := Data(name, data, secrets)
		found = append(found, in...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for secrets below %s: %w", root, err)
	}
	return found, nil
}

// Data looks through the content of one file, and into it if it is a zip archive. An archive that cannot be
// read to its end is an error, since what it holds is then not known.
func Data(name string, data []byte, secrets []Secret) ([]Finding, error) {
	return within(name, data, prepare(secrets), 0)
}

func within(name string, data []byte, wanted []wanted, depth int) ([]Finding, error) {
	found := search(name, data, wanted)
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return found, nil
	}
	if depth == deepest {
		return nil, fmt.Errorf("%s: more than %d archives in one another", name, deepest)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, file := range archive.File {
		content, err := unpack(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, file.Name, err)
		}
		inner, err := within(name+"!"+path.Clean(file.Name), content, wanted, depth+1)
		if err != nil {
			return nil, err
		}
		found = append(found, inner...)
	}
	return found, nil
}

func unpack(file *zip.File) ([]byte, error) {
	reader, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return io.ReadAll(reader)
}

// breaks are the line breaks that encoders put into long texts, as they are and as JSON and Go write them.
var breaks = [][]byte{[]byte("\r"), []byte("\n"), []byte(`\r`), []byte(`\n`)}

func search(name string, data []byte, wanted []wanted) []Finding {
	joined := data
	for _, ending := range breaks {
		joined = bytes.ReplaceAll(joined, ending, nil)
	}
	var found []Finding
	for _, secret := range wanted {
		for _, form := range secret.forms {
			for _, text := range form.texts {
				if bytes.Contains(data, text) || bytes.Contains(joined, text) {
					found = append(found, Finding{Secret: secret.name, File: name, Form: form.name})
					break
				}
			}
		}
	}
	return found
}
