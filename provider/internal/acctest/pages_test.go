// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// fence finds the code blocks of a page, by language.
var fence = regexp.MustCompile("(?m)^```([a-z]+)\n((?s:.*?))\n```$")

// snippet is configuration that users are shown.
type snippet struct{ name, text string }

// Whatever is shown to users, in pages and examples, names attributes that exist, down to the deepest: the
// CLIs pass over a misspelt one inside policies, and none at hand reads every kind of block.
func TestPages_attributesExist(t *testing.T) {
	t.Parallel()
	schemas := kindsOf(t)
	shown := snippets(t)
	blocks := 0
	for _, s := range shown {
		file, diags := hclsyntax.ParseConfig([]byte(s.text), s.name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Errorf("%s: %v", s.name, diags)
			continue
		}
		found, problems := schemas.check(file.Body.(*hclsyntax.Body)) //nolint:forcetypeassert // hclsyntax has no other body.
		blocks += found
		for _, problem := range problems {
			t.Errorf("%s: %s", s.name, problem)
		}
	}
	if len(shown) < 40 || blocks < 60 {
		t.Errorf("%d pages and examples with %d blocks of the provider: the search has lost its way", len(shown), blocks)
	}
}

// The check above finds what it is for.
func TestPages_mistakesAreFound(t *testing.T) {
	t.Parallel()
	schemas := kindsOf(t)
	for text, says := range map[string]string{
		`resource "accesscontrol_api_token" "x" { polices = {} }`:                                                        "has no polices",
		`resource "accesscontrol_api_token" "x" { policies = { a = { efect = "deny" } } }`:                               "policies.efect",
		`resource "accesscontrol_api_token" "x" { policies = { a = { resources = { dns_records = [{ zone = 1 }] } } } }`: "policies.resources.dns_records.zone",
		`resource "accesscontrol_token" "x" {}`:                                                                          "no resource accesscontrol_token",
		`data "accesscontrol_zone" "x" { id = "1" }`:                                                                     "has no id",
		`provider "accesscontrol" { url = "x" }`:                                                                         "has no url",
		`ephemeral "accesscontrol_api_token" "x" { expires_on = "x" }`:                                                   "",
		"action \"accesscontrol_api_token_roll\" \"x\" {\n  config {\n    recipient = []\n  }\n}\n":                      "has no recipient",
		`resource "cloudflare_api_token" "x" { anything = 1 }`:                                                           "",
		`resource "accesscontrol_api_token" "x" { count = 2 }`:                                                           "",
	} {
		file, diags := hclsyntax.ParseConfig([]byte(text), "x.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		_, problems := schemas.check(file.Body.(*hclsyntax.Body)) //nolint:forcetypeassert // hclsyntax has no other body.
		if got := strings.Join(problems, "\n"); (got == "") != (says == "") || !strings.Contains(got, says) {
			t.Errorf("%s: %q, want %q", text, got, says)
		}
	}
}

// The world that the guide shows is one that the server takes, with the credential that the guide asks for.
func TestPages_worldIsWhole(t *testing.T) {
	t.Parallel()
	page := page(t, "templates/guides/testing-your-configuration.md.tmpl")
	for _, block := range fence.FindAllStringSubmatch(page, -1) {
		if block[1] == "yaml" && strings.HasPrefix(block[2], "users:") {
			server := mocktest.New(t, mocktest.WithSeed(block[2]))
			if status, reply := server.Do(acctest.Terraform, "GET", "/user/tokens", nil); status != 200 {
				t.Errorf("the token of the guide's world cannot list tokens: %d %v", status, reply.Errors)
			}
			return
		}
	}
	t.Error("the guide shows no world")
}

// A link of a page leads to a page that exists.
func TestPages_linksLead(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\((\.\.?/)?([a-z_/-]+)\.md(#[a-z0-9-]+)?\)`)
	kinds := kindsOf(t)
	count := 0
	for name, text := range tree(t, "templates", ".md", ".tmpl") {
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			count++
			directory := "docs"
			if strings.Contains(name, "guides/") && match[1] != "../" {
				directory = "docs/guides"
			}
			target := strings.TrimPrefix(directory+"/"+match[2], "docs/")
			kind, noun, _ := strings.Cut(target, "/")
			known := false
			switch kind {
			case "guides":
				_, plain := pages(t)["templates/guides/"+noun+".md"]
				_, template := pages(t)["templates/guides/"+noun+".md.tmpl"]
				known = plain || template
			case "resources", "data-sources", "ephemeral-resources", "actions", "list-resources":
				block := map[string]string{"resources": "resource", "data-sources": "data", "ephemeral-resources": "ephemeral", "actions": "action", "list-resources": "list"}[kind]
				_, known = kinds[block]["accesscontrol_"+noun]
			case "functions", "index":
				known = true
			}
			if !known {
				t.Errorf("%s: %s leads nowhere", name, match[0])
			}
		}
	}
	if count < 20 {
		t.Errorf("%d links: the search has lost its way", count)
	}
}

// The table of features says what the tests go by.
func TestPages_versions(t *testing.T) {
	t.Parallel()
	index := page(t, "templates/index.md.tmpl")
	for capability, row := range map[acctest.Capability]string{
		acctest.Move: "`moved` from", acctest.Ephemeral: "ephemeral resource", acctest.Identity: "resource identity",
		acctest.Query: "list resources", acctest.Actions: "actions",
	} {
		openTofu := capability.OpenTofu
		if openTofu == "" {
			openTofu = "none"
		}
		want := regexp.MustCompile(`(?m)^\| ` + row + `.* \| ` + capability.Terraform + ` \| ` + openTofu + ` \|$`)
		if !want.MatchString(index) {
			t.Errorf("the table does not say that %s came with Terraform %s and OpenTofu %s", capability.Name, capability.Terraform, openTofu)
		}
	}
}

// kinds are the types of attributes, by kind of block and by type.
type kinds map[string]map[string]tftypes.Type

func kindsOf(t *testing.T) kinds {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typed := func(from map[string]*tfprotov6.Schema) map[string]tftypes.Type {
		out := make(map[string]tftypes.Type, len(from))
		for name, schema := range from {
			out[name] = schema.ValueType()
		}
		return out
	}
	all := kinds{
		"resource": typed(schemas.ResourceSchemas), "data": typed(schemas.DataSourceSchemas),
		"ephemeral": typed(schemas.EphemeralResourceSchemas), "list": typed(schemas.ListResourceSchemas),
		"action":   {},
		"provider": {provider.TypeName: schemas.Provider.ValueType()},
	}
	for name, action := range schemas.ActionSchemas {
		all["action"][name] = action.Schema.ValueType()
	}
	return all
}

// check walks the top level of a file and returns how many blocks are the provider's.
func (k kinds) check(body *hclsyntax.Body) (found int, problems []string) {
	for _, block := range body.Blocks {
		types, ours := k[block.Type]
		if !ours || len(block.Labels) == 0 || !strings.HasPrefix(block.Labels[0], provider.TypeName) {
			continue
		}
		found++
		name := block.Labels[0]
		kind, known := types[name]
		if !known {
			problems = append(problems, fmt.Sprintf("there is no %s %s", block.Type, name))
			continue
		}
		attributes := block.Body.Attributes
		if block.Type == "list" || block.Type == "action" {
			// Both keep the provider's attributes in a block of their own.
			attributes = hclsyntax.Attributes{}
			for _, inner := range block.Body.Blocks {
				if inner.Type == "config" {
					attributes = inner.Body.Attributes
				}
			}
		}
		object, _ := kind.(tftypes.Object)
		for _, attribute := range slices.Sorted(maps.Keys(attributes)) {
			if slices.Contains([]string{"count", "for_each", "depends_on", "provider", "alias"}, attribute) {
				continue
			}
			inner, known := object.AttributeTypes[attribute]
			if !known {
				problems = append(problems, fmt.Sprintf("%s %s has no %s", block.Type, name, attribute))
				continue
			}
			problems = append(problems, unknownKeys(attributes[attribute].Expr, inner, attribute)...)
		}
	}
	return found, problems
}

// unknownKeys lists keys of object literals that the type does not have.
func unknownKeys(expr hclsyntax.Expression, kind tftypes.Type, path string) []string {
	var problems []string
	switch e := expr.(type) {
	case *hclsyntax.TupleConsExpr:
		element := elementOf(kind)
		for _, item := range e.Exprs {
			problems = append(problems, unknownKeys(item, element, path)...)
		}
	case *hclsyntax.ObjectConsExpr:
		object, isObject := kind.(tftypes.Object)
		for _, item := range e.Items {
			if !isObject {
				problems = append(problems, unknownKeys(item.ValueExpr, elementOf(kind), path)...)
				continue
			}
			key := hcl.ExprAsKeyword(item.KeyExpr)
			inner, known := object.AttributeTypes[key]
			if !known {
				problems = append(problems, fmt.Sprintf("%s.%s does not exist", path, key))
				continue
			}
			problems = append(problems, unknownKeys(item.ValueExpr, inner, path+"."+key)...)
		}
	}
	return problems
}

func elementOf(kind tftypes.Type) tftypes.Type {
	switch kind := kind.(type) {
	case tftypes.Map:
		return kind.ElementType
	case tftypes.Set:
		return kind.ElementType
	case tftypes.List:
		return kind.ElementType
	default:
		return tftypes.DynamicPseudoType
	}
}

// snippets are the configurations of pages and examples.
func snippets(t *testing.T) []snippet {
	t.Helper()
	var found []snippet
	for name, text := range pages(t) {
		for i, block := range fence.FindAllStringSubmatch(text, -1) {
			if block[1] == "terraform" || block[1] == "hcl" {
				found = append(found, snippet{fmt.Sprintf("%s, block %d", name, i+1), block[2]})
			}
		}
	}
	for name, text := range tree(t, "examples", ".tf", ".hcl") {
		found = append(found, snippet{name, text})
	}
	return found
}

// pages are the templates of the documentation and the README, by path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := tree(t, "templates", ".md", ".tmpl")
	all["README.md"] = page(t, "README.md")
	return all
}

func page(t *testing.T, name string) string {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tree reads the files below a directory of the repository with one of the endings.
func tree(t *testing.T, directory string, endings ...string) map[string]string {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	err = fs.WalkDir(os.DirFS(root), directory, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains(endings, filepath.Ext(path)) {
			all[path] = page(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
