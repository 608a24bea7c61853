// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// describe writes a shape as one line of the golden file.
func (s *documentShape) describe() string {
	parts := segments(s.operation.Route)
	text := fmt.Sprintf("%-10s %-6s %s", s.form, s.verb, s.operation.Name())
	if s.place < len(parts) && s.form == formCollection {
		text += " in /" + strings.Join(parts[:s.place], "/")
	}
	if s.upsert {
		text += ", makes it"
	}
	if s.verb == verbCreate && len(s.natural) > 0 {
		text += ", named by " + strings.Join(s.natural, " or ")
	}
	needs := ""
	if len(s.parents) > 0 {
		var names []string
		for _, i := range s.parents {
			names = append(names, parts[i])
		}
		needs = ", needs " + strings.Join(names, ", ")
	}
	return text + needs
}

// TestDocumentShapes pins the shape of every row, so that none changes unseen,
// and counts them.
func TestDocumentShapes(t *testing.T) {
	t.Parallel()
	shapes := loadShapes()
	var got strings.Builder
	counts := map[string]int{}
	for _, operation := range catalog.Operations() {
		if s := shapes[operation.Name()]; s != nil {
			counts[string(s.form)+" "+string(s.verb)]++
			got.WriteString(s.describe() + "\n")
		}
	}
	const file = "testdata/document_shapes.txt"
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("shapes changed (-want +got):\n%s", diff)
	}
	wantCounts := map[string]int{
		"collection list": 237, "collection create": 194, "collection write": 13, "collection merge": 5, "collection remove": 10,
		"item read": 165, "item write": 110, "item merge": 59, "item remove": 169,
		"single read": 137, "single write": 150, "single merge": 31, "single remove": 20,
	}
	if diff := cmp.Diff(wantCounts, counts); diff != "" {
		t.Errorf("the number of rows of each shape changed (-want +got):\n%s", diff)
	}
}
