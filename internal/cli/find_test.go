// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// machine is what a finder sees: variables, files on PATH or named outright, and the CLI behind each path.
type machine struct {
	variables map[string]string
	path      map[string]string
	clis      map[string]Tool
	buildErr  error

	builds int
	said   []string
}

func (m *machine) finder() finder {
	return finder{
		getenv: func(name string) string { return m.variables[name] },
		lookPath: func(file string) (string, error) {
			if path, ok := m.path[file]; ok {
				return path, nil
			}
			if _, ok := m.clis[file]; ok {
				return file, nil
			}
			return "", exec.ErrNotFound
		},
		identify: func(_ context.Context, path string) (Tool, error) {
			tool, ok := m.clis[path]
			if !ok {
				return Tool{}, errors.New("does not run")
			}
			tool.Path = path
			return tool, nil
		},
		build: func(context.Context) (string, error) {
			m.builds++
			return "/cache/tofu", m.buildErr
		},
		say: func(line string) { m.said = append(m.said, line) },
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	clis := map[string]Tool{
		"/bin/terraform": {Engine: Terraform, Version: Version{1, 11, 4}},
		"/old/terraform": {Engine: Terraform, Version: Version{1, 7, 5}},
		"/bin/tofu":      {Engine: OpenTofu, Version: Version{1, 9, 0}},
		"/cache/tofu":    {Engine: OpenTofu, Version: Version{1, 12, 6}},
		"/linked/tf":     {Engine: OpenTofu, Version: Version{1, 10, 0}},
	}
	both := map[string]string{"terraform": "/bin/terraform", "tofu": "/bin/tofu"}
	for _, test := range []struct {
		name      string
		want      Want
		variables map[string]string
		path      map[string]string
		buildErr  error
		path1     string // the path of the CLI that is found; empty: an error
		errorHas  string
		builds    int
		said      string
	}{
		{name: "Terraform on PATH first", want: WantAny, path: both, path1: "/bin/terraform"},
		{name: "then OpenTofu on PATH", want: WantAny, path: map[string]string{"tofu": "/bin/tofu"}, path1: "/bin/tofu"},
		{name: "nothing on PATH", want: WantAny, path1: "/cache/tofu", builds: 1},
		{
			name: "an old Terraform is passed over", want: WantAny,
			path: map[string]string{"terraform": "/old/terraform", "tofu": "/bin/tofu"}, path1: "/bin/tofu", said: "older than 1.8.0",
		},
		{
			name: "one that does not run is passed over", want: WantAny,
			path: map[string]string{"terraform": "/broken/terraform"}, path1: "/cache/tofu", builds: 1, said: "does not run",
		},
		{name: "TF beats PATH", want: WantAny, variables: map[string]string{"TF": "/linked/tf"}, path: both, path1: "/linked/tf"},
		{name: "TF beats TOFU", want: WantAny, variables: map[string]string{"TF": "/bin/terraform", "TOFU": "/bin/tofu"}, path1: "/bin/terraform"},
		{name: "TOFU beats PATH", want: WantAny, variables: map[string]string{"TOFU": "/bin/tofu"}, path: both, path1: "/bin/tofu"},
		{name: "TF that is too old is refused", want: WantAny, variables: map[string]string{"TF": "/old/terraform"}, path: both, errorHas: "need 1.8.0 or newer"},
		{name: "TF that is not there is refused", want: WantAny, variables: map[string]string{"TF": "/nowhere"}, path: both, errorHas: "TF=/nowhere"},
		{name: "TF that does not run is refused", want: WantAny, variables: map[string]string{"TF": "x"}, path: map[string]string{"x": "/broken/x"}, errorHas: "does not run"},

		{name: "only Terraform", want: WantTerraform, path: both, path1: "/bin/terraform"},
		{name: "only Terraform, none there", want: WantTerraform, path: map[string]string{"tofu": "/bin/tofu"}, errorHas: "make testacc-tofu"},
		{name: "only Terraform, another engine under its name", want: WantTerraform, path: map[string]string{"terraform": "/linked/tf"}, errorHas: "no Terraform"},
		{name: "only Terraform, TF is OpenTofu", want: WantTerraform, variables: map[string]string{"TF": "/linked/tf"}, path: both, errorHas: "need Terraform"},

		{name: "OpenTofu is the pinned one", want: WantOpenTofu, path: both, path1: "/cache/tofu", builds: 1},
		{name: "OpenTofu is TOFU", want: WantOpenTofu, variables: map[string]string{"TOFU": "/bin/tofu"}, path1: "/bin/tofu"},
		{name: "TOFU is Terraform", want: WantOpenTofu, variables: map[string]string{"TOFU": "/bin/terraform"}, errorHas: "need OpenTofu"},

		{name: "pinned whatever there is", want: WantPinned, variables: map[string]string{"TF": "/bin/terraform", "TOFU": "/bin/tofu"}, path: both, path1: "/cache/tofu", builds: 1},
		{name: "pinned does not build", want: WantPinned, buildErr: errors.New("no compiler"), errorHas: "no compiler", builds: 1},

		{name: "unknown", want: "both", errorHas: `unknown kind of CLI "both"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := &machine{variables: test.variables, path: test.path, clis: clis, buildErr: test.buildErr}
			got, err := m.finder().find(t.Context(), test.want)
			switch {
			case test.errorHas != "":
				if err == nil || !strings.Contains(err.Error(), test.errorHas) {
					t.Errorf("error %v, want one with %q", err, test.errorHas)
				}
			case err != nil:
				t.Errorf("unexpected error: %v", err)
			case got.Path != test.path1:
				t.Errorf("got %s, want %s", got, test.path1)
			}
			if m.builds != test.builds {
				t.Errorf("built %d times, want %d", m.builds, test.builds)
			}
			if said := fmt.Sprint(m.said); !strings.Contains(said, test.said) || (test.said == "" && len(m.said) > 0) {
				t.Errorf("said %q, want %q", said, test.said)
			}
		})
	}
}

func TestFind_pinnedIsNotOpenTofu(t *testing.T) {
	t.Parallel()
	m := &machine{clis: map[string]Tool{"/cache/tofu": {Engine: Terraform, Version: Version{1, 11, 4}}}}
	if tool, err := m.finder().find(t.Context(), WantPinned); err == nil {
		t.Errorf("got %s, want an error", tool)
	}
}
