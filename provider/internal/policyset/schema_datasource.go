// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// DataSourcePolicyAttributes are [PolicyAttributes] in a data source's schema, so that whatever a
// resource holds can be asked about as it stands. The map is fresh.
func DataSourcePolicyAttributes() map[string]datasource.Attribute {
	return forDataSource(PolicyAttributes())
}

// forDataSource rewrites attributes of the kinds that a policy is made of. Another kind is a mistake of
// the schema, which every test of it finds.
func forDataSource(attributes map[string]schema.Attribute) map[string]datasource.Attribute {
	out := make(map[string]datasource.Attribute, len(attributes))
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			out[name] = datasource.StringAttribute{Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription}
		case schema.BoolAttribute:
			out[name] = datasource.BoolAttribute{Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription}
		case schema.SetAttribute:
			out[name] = datasource.SetAttribute{
				Required: a.Required, Optional: a.Optional, ElementType: a.ElementType, MarkdownDescription: a.MarkdownDescription,
			}
		case schema.SingleNestedAttribute:
			out[name] = datasource.SingleNestedAttribute{
				Required: a.Required, Optional: a.Optional, Attributes: forDataSource(a.Attributes), MarkdownDescription: a.MarkdownDescription,
			}
		case schema.SetNestedAttribute:
			out[name] = datasource.SetNestedAttribute{
				Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription,
				NestedObject: datasource.NestedAttributeObject{Attributes: forDataSource(a.NestedObject.Attributes)},
			}
		default:
			panic(fmt.Sprintf("policyset: attribute %q is a %T, which data sources have no form of here", name, attribute))
		}
	}
	return out
}
