// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	t.Parallel()
	stream := `
{"ImportPath": "fmt", "Standard": true, "Imports": ["os"]}
{"ImportPath": "github.com/gin-gonic/gin"}
{"ImportPath": "github.com/accesscontrol/terraform-provider-accesscontrol",
 "Imports": ["fmt", "github.com/accesscontrol/terraform-provider-accesscontrol/provider"],
 "TestImports": ["testing"], "XTestImports": ["example.com/x"]}
{"ImportPath": "github.com/accesscontrol/terraform-provider-accesscontrol/provider"}
{"ImportPath": "github.com/accesscontrol/terraform-provider-accesscontrol-other"}`
	g, err := read(strings.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*node{
		"fmt":                      {name: "fmt", kind: standard, imports: []string{"os"}, tests: []string{}},
		"github.com/gin-gonic/gin": {name: "github.com/gin-gonic/gin", kind: foreign, imports: []string{}, tests: []string{}},
		".": {
			name: ".", kind: ours, imports: []string{"fmt", "provider"},
			tests: []string{"testing", "example.com/x"},
		},
		"provider": {name: "provider", kind: ours, imports: []string{}, tests: []string{}},
		"github.com/accesscontrol/terraform-provider-accesscontrol-other": {
			name: "github.com/accesscontrol/terraform-provider-accesscontrol-other", kind: foreign, imports: []string{}, tests: []string{},
		},
	}
	if diff := cmp.Diff(want, g.nodes, cmp.AllowUnexported(node{})); diff != "" {
		t.Errorf("graph (-want +got):\n%s", diff)
	}
}

func TestRead_bad(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string]string{"nothing": "", "not JSON": "no packages"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := read(strings.NewReader(stream)); err == nil {
				t.Error("want an error")
			}
		})
	}
}
