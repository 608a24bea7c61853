// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// staticPage is where a kind's pages and examples lie that no CLI at hand can tell the generator about.
type staticPage struct{ title, directory, example, language string }

var staticPages = map[string]staticPage{
	"list":   {"List Resource", "list-resources", "list-resource.tfquery.hcl", "terraform"},
	"action": {"Action", "actions", "action.tf", "terraform"},
}

// TestStaticPages holds the pages of list resources and actions, which are templates that are copied as they are,
// against schema and example.
func TestStaticPages(t *testing.T) {
	t.Parallel()
	pages := 0
	visit(t, func(name, description string, attributes any) {
		kind, typeName, _ := strings.Cut(name, " ")
		page, static := staticPages[kind]
		if !static {
			return
		}
		pages++
		example, err := os.ReadFile(filepath.Join("..", "examples", page.directory, typeName, page.example))
		if err != nil {
			t.Error(err)
			return
		}
		got := page.render(typeName, description, string(example), attributes)
		file := filepath.Join("..", "templates", page.directory, strings.TrimPrefix(typeName, TypeName+"_")+".md")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			return
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s is stale; run this test with -update:\n%s", file, diff)
		}
	})
	if pages != len(listResources())+len(actions()) {
		t.Errorf("%d pages, want one for each list resource and action", pages)
	}
}

func (p staticPage) render(typeName, description, example string, attributes any) string {
	summary, _, _ := strings.Cut(description, "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "---\npage_title: \"%s %s - accesscontrol\"\nsubcategory: \"\"\ndescription: |-\n  %s\n---\n\n", typeName, p.title, summary)
	fmt.Fprintf(&b, "# %s (%s)\n\n%s\n", typeName, p.title, description)
	if p.directory == "list-resources" {
		b.WriteString("\nList blocks stand in files that end in `.tfquery.hcl`, and `terraform query` runs them. With " +
			"`-generate-config-out=generated.tf` it also writes a resource and an import block for everything it found; " +
			"the apply of these imports it all and changes nothing.\n" +
			"\nRequires Terraform 1.14; OpenTofu has no list resources.\n")
	}
	fmt.Fprintf(&b, "\n## Example Usage\n\n```%s\n%s```\n\n## Schema\n", p.language, example)
	values := reflect.ValueOf(attributes)
	for _, heading := range []string{"Required", "Optional"} {
		var lines []string
		for _, key := range values.MapKeys() {
			attribute := values.MapIndex(key).Elem()
			if !attribute.FieldByName(heading).Bool() {
				continue
			}
			lines = append(lines, fmt.Sprintf("- `%s` (%s) %s\n", key, kindOf(attribute.Type().Name()), attribute.FieldByName("MarkdownDescription")))
		}
		if len(lines) > 0 {
			slices.Sort(lines)
			fmt.Fprintf(&b, "\n### %s\n\n%s", heading, strings.Join(lines, ""))
		}
	}
	return b.String()
}

func kindOf(attribute string) string {
	switch attribute {
	case "BoolAttribute":
		return "Boolean"
	case "SetAttribute":
		return "Set of String"
	default:
		return strings.TrimSuffix(attribute, "Attribute")
	}
}
