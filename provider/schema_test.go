// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
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
	keep := func(name, description string, of any) {
		descriptions[name] = description
		attributes[name] = walk(reflect.ValueOf(of), "", false)
	}
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
	return attributes, descriptions
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
	want := []string{"provider api_key", "provider api_token", "resource accesscontrol_api_token value"}
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

func TestRegistry_sortedByTypeName(t *testing.T) {
	t.Parallel()
	var names []string
	for _, construct := range resources() {
		var meta resource.MetadataResponse
		construct().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		names = append(names, meta.TypeName)
	}
	want := []string{"accesscontrol_account_api_access", "accesscontrol_account_member_api_access", "accesscontrol_api_token"}
	if !slices.Equal(names, want) {
		t.Errorf("resources = %q, want %q", names, want)
	}
	names = nil
	for _, construct := range dataSources() {
		var meta datasource.MetadataResponse
		construct().Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: TypeName}, &meta)
		names = append(names, meta.TypeName)
	}
	want = []string{
		"accesscontrol_account", "accesscontrol_account_member", "accesscontrol_permission_group",
		"accesscontrol_permission_groups", "accesscontrol_zone",
	}
	if !slices.Equal(names, want) {
		t.Errorf("data sources = %q, want %q", names, want)
	}
}
