// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// described is what the walk needs of an attribute, of whatever kind of schema.
type described interface {
	GetMarkdownDescription() string
	GetDescription() string
	IsSensitive() bool
}

// place is an attribute with its way through the schema.
type place struct {
	name      string
	attribute described
	// inSet says whether a set of nested objects lies above it.
	inSet bool
}

// schemas lists the attributes of every schema of the provider, by the name of the schema.
func schemas(t *testing.T) (attributes map[string][]place, descriptions map[string]string) {
	t.Helper()
	attributes, descriptions = map[string][]place{}, map[string]string{}
	visit(t, func(name, description string, of any) {
		descriptions[name] = description
		attributes[name] = walk(reflect.ValueOf(of), "", false)
	})
	return attributes, descriptions
}

// visit shows every schema of the provider in the order of the registry: its kind and type name, its
// description, and its attributes.
func visit(t *testing.T, keep func(name, description string, attributes any)) {
	t.Helper()
	config := configSchema()
	keep("provider", config.MarkdownDescription, config.Attributes)
	for _, construct := range resources() {
		var meta resource.MetadataResponse
		var schema resource.SchemaResponse
		r := construct()
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
		keep("resource "+meta.TypeName, schema.Schema.MarkdownDescription, schema.Schema.Attributes)
	}
	for _, construct := range dataSources() {
		var meta datasource.MetadataResponse
		var schema datasource.SchemaResponse
		d := construct()
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		keep("data source "+meta.TypeName, schema.Schema.MarkdownDescription, schema.Schema.Attributes)
	}
	for _, construct := range ephemeralResources() {
		var meta ephemeral.MetadataResponse
		var schema ephemeral.SchemaResponse
		e := construct()
		e.Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		e.Schema(t.Context(), ephemeral.SchemaRequest{}, &schema)
		keep("ephemeral "+meta.TypeName, schema.Schema.MarkdownDescription, schema.Schema.Attributes)
	}
	for _, construct := range listResources() {
		var meta resource.MetadataResponse
		var schema list.ListResourceSchemaResponse
		l := construct()
		l.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		l.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &schema)
		keep("list "+meta.TypeName, schema.Schema.MarkdownDescription, schema.Schema.Attributes)
	}
	for _, construct := range actions() {
		var meta action.MetadataResponse
		var schema action.SchemaResponse
		a := construct()
		a.Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		a.Schema(t.Context(), action.SchemaRequest{}, &schema)
		keep("action "+meta.TypeName, schema.Schema.MarkdownDescription, schema.Schema.Attributes)
	}
}

// walk lists the attributes of a map and of all objects nested in it. The three kinds of schema have
// their own types with the same field names, so it goes by those.
func walk(attributes reflect.Value, prefix string, inSet bool) []place {
	var places []place
	for _, key := range attributes.MapKeys() {
		value := attributes.MapIndex(key).Elem()
		name := prefix + key.String()
		attribute, ok := reflect.TypeAssert[described](value)
		if !ok {
			panic("attribute " + name + " cannot be walked")
		}
		places = append(places, place{name, attribute, inSet})
		set := inSet || strings.HasPrefix(value.Type().Name(), "SetNested")
		if object := value.FieldByName("NestedObject"); object.IsValid() {
			places = append(places, walk(object.FieldByName("Attributes"), name+".", set)...)
		} else if nested := value.FieldByName("Attributes"); nested.IsValid() {
			places = append(places, walk(nested, name+".", set)...)
		}
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.name, b.name) })
	return places
}

// sentence is a text that begins with a capital or code and ends with a period.
var sentence = regexp.MustCompile("(?s)^(?:[A-Z]|`).{15,}\\.$")

func TestSchema_descriptions(t *testing.T) {
	t.Parallel()
	attributes, descriptions := schemas(t)
	for schema, description := range descriptions {
		if !sentence.MatchString(description) {
			t.Errorf("%s: the description is no full sentence: %q", schema, description)
		}
	}
	walked := 0
	for schema, places := range attributes {
		if len(places) == 0 {
			t.Errorf("%s has no attributes", schema)
		}
		for _, p := range places {
			walked++
			if text := p.attribute.GetMarkdownDescription(); !sentence.MatchString(text) {
				t.Errorf("%s, %s: the description is no full sentence: %q", schema, p.name, text)
			}
			if p.attribute.GetDescription() != "" {
				t.Errorf("%s, %s: has a plain description beside the Markdown one", schema, p.name)
			}
		}
	}
	if walked < 20 {
		t.Errorf("walked %d attributes: the walk misses most of them", walked)
	}
}

// Exactly the attributes that hold a secret are sensitive: one that is not would be printed, and one
// too many would hide what a reviewer must see.
func TestSchema_sensitive(t *testing.T) {
	t.Parallel()
	want := []string{"ephemeral accesscontrol_api_token value", "provider api_key", "provider api_token", "resource accesscontrol_api_token value"}
	var got []string
	attributes, _ := schemas(t)
	for schema, places := range attributes {
		for _, p := range places {
			if p.attribute.IsSensitive() {
				got = append(got, schema+" "+p.name)
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("sensitive: %q, want %q", got, want)
	}
}

// The framework mixes up the elements of a set of objects in which something has a default.
func TestSchema_noDefaultsInSets(t *testing.T) {
	t.Parallel()
	attributes, _ := schemas(t)
	for schema, places := range attributes {
		for _, p := range places {
			if p.inSet && hasDefault(p.attribute) {
				t.Errorf("%s, %s: has a default inside a set of nested objects", schema, p.name)
			}
		}
	}
}

func hasDefault(attribute any) bool {
	field := reflect.ValueOf(attribute).FieldByName("Default")
	return field.IsValid() && !field.IsNil()
}

// A function's summary is a title, all else of it is sentences; functions are sorted by name.
func TestFunctions(t *testing.T) {
	t.Parallel()
	var names []string
	for _, construct := range functions() {
		var meta function.MetadataResponse
		var definition function.DefinitionResponse
		f := construct()
		f.Metadata(t.Context(), function.MetadataRequest{}, &meta)
		f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
		names = append(names, meta.Name)
		d := definition.Definition
		if d.Summary == "" || strings.HasSuffix(d.Summary, ".") || len(d.Summary) > 60 {
			t.Errorf("%s: the summary is no title: %q", meta.Name, d.Summary)
		}
		if !sentence.MatchString(d.MarkdownDescription) {
			t.Errorf("%s: the description is no full sentence: %q", meta.Name, d.MarkdownDescription)
		}
		for _, p := range d.Parameters {
			if text := p.GetMarkdownDescription(); !sentence.MatchString(text) {
				t.Errorf("%s, %s: the description is no full sentence: %q", meta.Name, p.GetName(), text)
			}
		}
	}
	if want := []string{"can", "explain", "permission_group"}; !slices.Equal(names, want) {
		t.Errorf("functions = %q, want %q", names, want)
	}
}

func TestRegistry_sortedByTypeName(t *testing.T) {
	t.Parallel()
	got := map[string][]string{}
	visit(t, func(name, _ string, _ any) {
		if kind, typeName, ok := strings.Cut(name, " accesscontrol_"); ok {
			got[kind] = append(got[kind], typeName)
		}
	})
	want := map[string][]string{
		"resource": {"account_api_access", "account_member_api_access", "api_token"},
		"data source": {
			"access_simulation", "account", "account_api_access_report", "account_member", "account_members", "accounts",
			"api_token", "api_tokens", "permission_group", "permission_groups", "zone", "zones",
		},
		"ephemeral": {"api_token"},
		"list":      {"account_api_access", "account_member_api_access", "api_token"},
		"action":    {"api_token_revoke", "api_token_roll"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Every resource can be found by a query and imported by what that finds.
func TestRegistry_identities(t *testing.T) {
	t.Parallel()
	for _, construct := range resources() {
		r := construct()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		identified, ok := r.(resource.ResourceWithIdentity)
		if !ok {
			t.Errorf("%s has no identity", meta.TypeName)
			continue
		}
		var schema resource.IdentitySchemaResponse
		identified.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &schema)
		for name, attribute := range schema.IdentitySchema.Attributes {
			if !sentence.MatchString(attribute.GetDescription()) {
				t.Errorf("%s, %s: the description is no full sentence: %q", meta.TypeName, name, attribute.GetDescription())
			}
		}
	}
}
