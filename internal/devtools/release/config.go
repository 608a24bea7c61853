// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// config is the part of GoReleaser's configuration that this project uses. A key that is not here is
// refused: a misspelt one would change a release in silence.
type config struct {
	Version     int       `yaml:"version"`
	ProjectName string    `yaml:"project_name"`
	Env         []string  `yaml:"env"`
	Builds      []program `yaml:"builds"`
	Archives    []archive `yaml:"archives"`
	Checksum    checksum  `yaml:"checksum"`
	Signs       []sign    `yaml:"signs"`
	Release     struct {
		ExtraFiles []extraFile `yaml:"extra_files"`
	} `yaml:"release"`
	Changelog struct {
		Disable bool `yaml:"disable"`
	} `yaml:"changelog"`
}

// program is one program and the targets it is compiled for.
type program struct {
	ID           string   `yaml:"id"`
	Main         string   `yaml:"main"`
	Binary       string   `yaml:"binary"`
	Env          []string `yaml:"env"`
	Flags        []string `yaml:"flags"`
	LDFlags      []string `yaml:"ldflags"`
	ModTimestamp string   `yaml:"mod_timestamp"`
	GOOS         []string `yaml:"goos"`
	GOARCH       []string `yaml:"goarch"`
	Ignore       []target `yaml:"ignore"`
}

// target is a system that a program is compiled for.
type target struct {
	OS   string `yaml:"goos"`
	Arch string `yaml:"goarch"`
}

// String returns, for example, "linux/arm64".
func (t target) String() string { return t.OS + "/" + t.Arch }

type archive struct {
	ID      string   `yaml:"id"`
	IDs     []string `yaml:"ids"`
	Formats []string `yaml:"formats"`
	Name    string   `yaml:"name_template"`
	Files   []string `yaml:"files"`
}

type checksum struct {
	Name       string      `yaml:"name_template"`
	Algorithm  string      `yaml:"algorithm"`
	IDs        []string    `yaml:"ids"`
	ExtraFiles []extraFile `yaml:"extra_files"`
}

type extraFile struct {
	Glob string `yaml:"glob"`
	Name string `yaml:"name_template"`
}

type sign struct {
	Artifacts string   `yaml:"artifacts"`
	Args      []string `yaml:"args"`
}

// parse reads the configuration. Unknown and repeated keys are errors.
func parse(text []byte) (*config, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithKnownFields(), yaml.WithUniqueKeys())
	if err != nil {
		return nil, err
	}
	var c config
	if err := loader.Load(&c); err != nil {
		return nil, err
	}
	return &c, nil
}

// targets lists every combination that is not ignored, systems first.
func (b program) targets() []target {
	var all []target
	for _, system := range b.GOOS {
		for _, arch := range b.GOARCH {
			if t := (target{system, arch}); !slices.Contains(b.Ignore, t) {
				all = append(all, t)
			}
		}
	}
	return all
}

// variables lists the variables that the linker sets, such as "main.version".
func (b program) variables() []string {
	var names []string
	words := strings.Fields(strings.ReplaceAll(strings.Join(b.LDFlags, " "), "{{ .Version }}", "version"))
	for i, word := range words {
		if word == "-X" && i+1 < len(words) {
			name, _, _ := strings.Cut(words[i+1], "=")
			names = append(names, name)
		}
	}
	return names
}

// What the registries look for among the assets of a release, in the words of GoReleaser's templates.
const (
	namePrefix     = "{{ .ProjectName }}_{{ .Version }}_"
	binaryName     = "{{ .ProjectName }}_v{{ .Version }}"
	archiveName    = namePrefix + "{{ .Os }}_{{ .Arch }}"
	checksumsName  = namePrefix + "SHA256SUMS"
	manifestName   = namePrefix + "manifest.json"
	manifestFile   = "terraform-registry-manifest.json"
	providerPrefix = "{{ .ProjectName }}"
	providerID     = "provider"
)

// problems lists, in the file's order, what would make a release that the registries or its users could
// not use. It is empty for a good configuration.
func (c *config) problems() []string {
	var found []string
	expect := func(ok bool, format string, args ...any) {
		if !ok {
			found = append(found, fmt.Sprintf(format, args...))
		}
	}
	expect(c.Version == 2, "version is %d, want 2", c.Version)
	expect(c.ProjectName == "terraform-provider-accesscontrol", "project_name is %q, which is not the provider's", c.ProjectName)
	expect(slices.Contains(c.Env, "GOWORK=off"), "env does not keep a workspace file away (GOWORK=off)")
	expect(slices.ContainsFunc(c.Builds, func(b program) bool { return b.ID == providerID && b.Binary == binaryName }),
		"no build %q makes %s", providerID, binaryName)
	for _, b := range c.Builds {
		expect(slices.Contains(b.Env, "CGO_ENABLED=0"), "build %s links C (CGO_ENABLED=0 is missing)", b.ID)
		expect(slices.Contains(b.Flags, "-trimpath"), "build %s keeps the paths of the machine (-trimpath is missing)", b.ID)
		expect(b.ModTimestamp != "", "build %s takes the time of the build (mod_timestamp is missing)", b.ID)
		expect(slices.Contains(b.variables(), "main.version"), "build %s does not know its version (-X main.version is missing)", b.ID)
		expect(len(b.targets()) > 0, "build %s has no target", b.ID)
		archived := slices.ContainsFunc(c.Archives, func(a archive) bool { return slices.Equal(a.IDs, []string{b.ID}) })
		expect(archived, "build %s has no archive of its own", b.ID)
	}
	for _, a := range c.Archives {
		expect(slices.Equal(a.Formats, []string{"zip"}), "archive %s is not a zip file", a.ID)
		if slices.Contains(a.IDs, providerID) {
			expect(a.Name == archiveName, "archive %s is named %s, want %s", a.ID, a.Name, archiveName)
		} else {
			expect(!strings.HasPrefix(a.Name, providerPrefix), "archive %s would be taken for a provider by its name", a.ID)
		}
	}
	manifest := extraFile{Glob: manifestFile, Name: manifestName}
	expect(c.Checksum.Name == checksumsName && c.Checksum.Algorithm == "sha256",
		"the checksums are %s in %s, want sha256 in %s", c.Checksum.Algorithm, c.Checksum.Name, checksumsName)
	// Without ids the checksums are of all that is uploaded, and written anew after they were signed: with their own
	// signature among them.
	expect(len(c.Checksum.IDs) > 0, "the checksums would hold their own signature (ids are missing)")
	for _, a := range c.Archives {
		expect(slices.Contains(c.Checksum.IDs, a.ID), "the checksums leave out archive %s", a.ID)
	}
	expect(slices.Contains(c.Checksum.ExtraFiles, manifest), "the checksums leave out the manifest as %s", manifestName)
	expect(slices.Contains(c.Release.ExtraFiles, manifest), "the release leaves out the manifest as %s", manifestName)
	signed := slices.ContainsFunc(c.Signs, func(s sign) bool {
		return s.Artifacts == "checksum" && slices.Contains(s.Args, "--detach-sign")
	})
	expect(signed, "nothing makes a detached signature of the checksums")
	expect(c.Changelog.Disable, "the changelog would be made of commit messages; CHANGELOG.md is the one")
	return found
}
