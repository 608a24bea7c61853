// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// ComputedPolicyAttributes are [PolicyAttributes] in the schema of a data source that reads policies: the
// same names and types, so that what is read can be written into a resource, and nothing to configure. The
// map is fresh.
func ComputedPolicyAttributes() map[string]datasource.Attribute {
	return computed(PolicyAttributes())
}

// computed rewrites attributes of the kinds that a policy is made of. Another kind is a mistake of the
// schema, which every test of it finds.
func computed(attributes map[string]schema.Attribute) map[string]datasource.Attribute {
	out := make(map[string]datasource.Attribute, len(attributes))
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			out[name] = datasource.StringAttribute{Computed: true, MarkdownDescription: a.MarkdownDescription}
		case schema.BoolAttribute:
			out[name] = datasource.BoolAttribute{Computed: true, MarkdownDescription: a.MarkdownDescription}
		case schema.SetAttribute:
			out[name] = datasource.SetAttribute{Computed: true, ElementType: a.ElementType, MarkdownDescription: a.MarkdownDescription}
		case schema.SingleNestedAttribute:
			out[name] = datasource.SingleNestedAttribute{
				Computed: true, Attributes: computed(a.Attributes), MarkdownDescription: a.MarkdownDescription,
			}
		case schema.SetNestedAttribute:
			out[name] = datasource.SetNestedAttribute{
				Computed: true, MarkdownDescription: a.MarkdownDescription,
				NestedObject: datasource.NestedAttributeObject{Attributes: computed(a.NestedObject.Attributes)},
			}
		default:
			panic(fmt.Sprintf("policyset: attribute %q is a %T, which data sources have no form of here", name, attribute))
		}
	}
	return out
}
