// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// committed is the repository's root and the text of its configuration.
func committed(t *testing.T) (root, text string) {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(root, ".goreleaser.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return root, string(raw)
}

func TestConfig_committed(t *testing.T) {
	t.Parallel()
	root, text := committed(t)
	c, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string(nil), c.problems()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string(nil), files(root, c)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	var targets []string
	for _, target := range c.Builds[0].targets() {
		targets = append(targets, target.String())
	}
	want := strings.Fields(`linux/amd64 linux/386 linux/arm linux/arm64 darwin/amd64 darwin/arm64
		windows/amd64 windows/386 windows/arm64 freebsd/amd64 freebsd/386 freebsd/arm freebsd/arm64`)
	if diff := cmp.Diff(want, targets); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.Builds[0].targets(), c.Builds[1].targets()); diff != "" {
		t.Errorf("the two programs have different targets:\n%s", diff)
	}
}

// Each rule is broken once in the committed file, and found.
func TestConfig_problems(t *testing.T) {
	t.Parallel()
	_, text := committed(t)
	tests := []struct{ name, old, broken, says string }{
		{"version", "version: 2\n", "version: 1\n", "version is 1"},
		{"project", "project_name: terraform-provider-accesscontrol", "project_name: accesscontrol", "project_name"},
		{"workspace", "- GOWORK=off", "- GOWORK=auto", "GOWORK=off"},
		{"binary", `"{{ .ProjectName }}_v{{ .Version }}"`, `"{{ .ProjectName }}"`, "no build"},
		{"cgo", "CGO_ENABLED=0", "CGO_ENABLED=1", "build mockserver links C"},
		{"paths", "- -trimpath", "- -v", "-trimpath is missing"},
		{"time", `mod_timestamp: "{{ .CommitTimestamp }}"`, `mod_timestamp: ""`, "mod_timestamp is missing"},
		{"program's version", "-X main.version={{ .Version }}", "", "does not know its version"},
		{"targets", "[linux, darwin, windows, freebsd]", "[]", "has no target"},
		{"archive of its own", "ids: [mockserver]", "ids: [provider]", "build mockserver has no archive of its own"},
		{"format", "formats: [zip]", "formats: [tar.gz]", "is not a zip file"},
		{"archive's name", "{{ .Version }}_{{ .Os }}_{{ .Arch }}\"\n    files: [LICENSE, README.md", "{{ .Os }}\"\n    files: [LICENSE, README.md", "archive provider is named"},
		{"server's archive", "accesscontrol-mockserver_{{ .Version }}", "{{ .ProjectName }}-server_{{ .Version }}", "taken for a provider"},
		{"checksums", "_SHA256SUMS", "_checksums.txt", "the checksums are sha256 in"},
		{"checksums of everything", "  ids: [provider, mockserver]\n", "", "their own signature"},
		{"checksums of one archive", "ids: [provider, mockserver]", "ids: [provider]", "leave out archive mockserver"},
		{"manifest", "_manifest.json", ".json", "leave out the manifest"},
		{"signature", "--detach-sign", "--sign", "detached signature"},
		{"changelog", "disable: true", "disable: false", "commit messages"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			broken := strings.ReplaceAll(text, test.old, test.broken)
			if broken == text {
				t.Fatalf("the committed file does not hold %q", test.old)
			}
			c, err := parse([]byte(broken))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(c.problems(), "\n"); !strings.Contains(got, test.says) {
				t.Errorf("problems %q, want one that says %q", got, test.says)
			}
		})
	}
}

func TestParse_refuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"misspelt key":      "version: 2\nbuild: []\n",
		"repeated key":      "version: 2\nversion: 2\n",
		"misspelt in depth": "builds:\n  - id: x\n    ldflag: [-s]\n",
		"no YAML":           "version: [\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c, err := parse([]byte(text)); err == nil {
				t.Errorf("parsed as %+v", c)
			}
		})
	}
}

func TestFiles_missing(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	for name, text := range map[string]string{
		"main.go":      "package main\n\nvar other = \"\"\n\nvar _ = opts{ProtocolVersion: 5}\n",
		manifestFile:   `{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}`,
		"main_test.go": "package main\n\nvar version = \"\"\n",
	} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := strings.Join(files(directory, &config{
		Builds:   []program{{ID: "a", Main: ".", LDFlags: []string{"-s -X main.version={{ .Version }}"}}, {ID: "b", Main: "./nowhere"}},
		Archives: []archive{{ID: "a", Files: []string{"LICENSE"}}},
	}), "\n")
	for _, says := range []string{"LICENSE", "build a: there is no variable main.version", "build b: ", `protocol_versions is ["6.0"], but the provider serves ["5.0"]`} {
		if !strings.Contains(got, says) {
			t.Errorf("not said: %s\n%s", says, got)
		}
	}
}

func TestCheckManifest(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		`{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}`:        "",
		`{"version": 2, "metadata": {"protocol_versions": ["6.0"]}}`:        "version is 2",
		`{"version": 1, "metadata": {"protocol_versions": ["5.0", "6.0"]}}`: "protocol_versions",
		`{"version": 1}`: "protocol_versions",
		`version: 1`:     "invalid character",
	} {
		err := checkManifest([]byte(text), "6")
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

func TestServedProtocol_missing(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"package main\n", "package main\n\nvar _ = opts{ProtocolVersion: six}\n", "no Go"} {
		if got, err := servedProtocol([]byte(source)); err == nil {
			t.Errorf("%q: %s", source, got)
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":        "module example.com/x\n\ngo 1.26\n",
		"main.go":       "package main\n\nimport _ \"example.com/x/inner\"\n\nfunc main() {}\n",
		"inner/unix.go": "//go:build unix\n\npackage inner\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := program{ID: "x", Main: ".", GOOS: []string{"freebsd"}, GOARCH: []string{"arm"}}
	if err := resolveAll(t.Context(), t.Output(), root, &config{Builds: []program{build}}); err != nil {
		t.Error(err)
	}
	build.GOOS = []string{"windows"}
	build.GOARCH = []string{"amd64"}
	err := resolveAll(t.Context(), t.Output(), root, &config{Builds: []program{build}})
	if err == nil || !strings.Contains(err.Error(), "x for windows/amd64") {
		t.Errorf("a package without a file for the target: %v", err)
	}
	build.GOOS, build.GOARCH = []string{"darwin"}, []string{"386"}
	err = resolveAll(t.Context(), t.Output(), root, &config{Builds: []program{build}})
	if err == nil || !strings.Contains(err.Error(), "x: Go cannot compile for darwin/386") {
		t.Errorf("a target that Go does not have: %v", err)
	}
}

func TestCompileAll_refusesUnlisted(t *testing.T) {
	t.Parallel()
	c := &config{Builds: []program{{ID: "provider", GOOS: []string{"linux"}, GOARCH: []string{"amd64"}}}}
	err := compileAll(t.Context(), t.Output(), t.TempDir(), c, []string{"plan9/amd64"})
	if err == nil || !strings.Contains(err.Error(), "provider is not released for plan9/amd64") {
		t.Errorf("got %v", err)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	const changelog = "# Changelog\n\nSections.\n\n## Unreleased\n\n## 1.2.0 (July 3, 2027)\n\nFEATURES:\n\n* one\n\n### Upgrade\n\n* two\n\n## 1.2.0-rc1\n\n* early\n"
	for version, want := range map[string]string{
		"v1.2.0":     "FEATURES:\n\n* one\n\n### Upgrade\n\n* two",
		"1.2.0-rc1":  "* early",
		"v1.2":       "",
		"unreleased": "",
		"v1.3.0":     "",
	} {
		got, err := notes(changelog, version)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v; want %q", version, got, err, want)
		}
	}
	if _, err := notes("## Unreleased\n\n* this\n", "unreleased"); err != nil {
		t.Error(err)
	}
}
