// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// form makes attributes of another kind of schema out of a resource's, one function for each kind of attribute
// that a policy is made of. What is nested comes rewritten.
type form[A any] struct {
	text   func(schema.StringAttribute) A
	flag   func(schema.BoolAttribute) A
	set    func(schema.SetAttribute) A
	object func(schema.SingleNestedAttribute, map[string]A) A
	nested func(schema.SetNestedAttribute, map[string]A) A
}

// rewrite gives attributes the form. Another kind of attribute is a mistake of the schema, which every test of it
// finds.
func rewrite[A any](attributes map[string]schema.Attribute, to form[A]) map[string]A {
	out := make(map[string]A, len(attributes))
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			out[name] = to.text(a)
		case schema.BoolAttribute:
			out[name] = to.flag(a)
		case schema.SetAttribute:
			out[name] = to.set(a)
		case schema.SingleNestedAttribute:
			out[name] = to.object(a, rewrite(a.Attributes, to))
		case schema.SetNestedAttribute:
			out[name] = to.nested(a, rewrite(a.NestedObject.Attributes, to))
		default:
			panic(fmt.Sprintf("policyset: attribute %q is a %T, which other schemas have no form of here", name, attribute))
		}
	}
	return out
}

// DataSourcePolicyAttributes are [PolicyAttributes] in a data source's schema, so that whatever a resource holds
// can be asked about as it stands. The map is fresh.
func DataSourcePolicyAttributes() map[string]datasource.Attribute {
	return rewrite(PolicyAttributes(), dataSourceForm(false))
}

// ComputedPolicyAttributes are [PolicyAttributes] in the schema of a data source that reads policies: the same
// names and types, so that what is read can be written into a resource, and nothing to configure. The map is fresh.
func ComputedPolicyAttributes() map[string]datasource.Attribute {
	return rewrite(PolicyAttributes(), dataSourceForm(true))
}

// dataSourceForm is the form of what is configured, or of what is read.
func dataSourceForm(reads bool) form[datasource.Attribute] {
	return form[datasource.Attribute]{
		text: func(a schema.StringAttribute) datasource.Attribute {
			return datasource.StringAttribute{Required: a.Required && !reads, Optional: a.Optional && !reads, Computed: reads, MarkdownDescription: a.MarkdownDescription}
		},
		flag: func(a schema.BoolAttribute) datasource.Attribute {
			return datasource.BoolAttribute{Required: a.Required && !reads, Optional: a.Optional && !reads, Computed: reads, MarkdownDescription: a.MarkdownDescription}
		},
		set: func(a schema.SetAttribute) datasource.Attribute {
			return datasource.SetAttribute{
				Required: a.Required && !reads, Optional: a.Optional && !reads, Computed: reads, ElementType: a.ElementType, MarkdownDescription: a.MarkdownDescription,
			}
		},
		object: func(a schema.SingleNestedAttribute, within map[string]datasource.Attribute) datasource.Attribute {
			return datasource.SingleNestedAttribute{
				Required: a.Required && !reads, Optional: a.Optional && !reads, Computed: reads, Attributes: within, MarkdownDescription: a.MarkdownDescription,
			}
		},
		nested: func(a schema.SetNestedAttribute, within map[string]datasource.Attribute) datasource.Attribute {
			return datasource.SetNestedAttribute{
				Required: a.Required && !reads, Optional: a.Optional && !reads, Computed: reads, MarkdownDescription: a.MarkdownDescription,
				NestedObject: datasource.NestedAttributeObject{Attributes: within},
			}
		},
	}
}

// EphemeralPolicyAttributes are [PolicyAttributes] in an ephemeral resource's schema. The map is fresh.
func EphemeralPolicyAttributes() map[string]ephemeral.Attribute {
	return rewrite(PolicyAttributes(), form[ephemeral.Attribute]{
		text: func(a schema.StringAttribute) ephemeral.Attribute {
			return ephemeral.StringAttribute{Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription}
		},
		flag: func(a schema.BoolAttribute) ephemeral.Attribute {
			return ephemeral.BoolAttribute{Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription}
		},
		set: func(a schema.SetAttribute) ephemeral.Attribute {
			return ephemeral.SetAttribute{Required: a.Required, Optional: a.Optional, ElementType: a.ElementType, MarkdownDescription: a.MarkdownDescription}
		},
		object: func(a schema.SingleNestedAttribute, within map[string]ephemeral.Attribute) ephemeral.Attribute {
			return ephemeral.SingleNestedAttribute{Required: a.Required, Optional: a.Optional, Attributes: within, MarkdownDescription: a.MarkdownDescription}
		},
		nested: func(a schema.SetNestedAttribute, within map[string]ephemeral.Attribute) ephemeral.Attribute {
			return ephemeral.SetNestedAttribute{
				Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription,
				NestedObject: ephemeral.NestedAttributeObject{Attributes: within},
			}
		},
	})
}
