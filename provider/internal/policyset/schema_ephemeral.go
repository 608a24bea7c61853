// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"fmt"

	ephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// EphemeralPolicyAttributes are [PolicyAttributes] in an ephemeral resource's schema. The map is fresh.
func EphemeralPolicyAttributes() map[string]ephemeral.Attribute {
	return forEphemeral(PolicyAttributes())
}

// forEphemeral rewrites attributes of the kinds that a policy is made of. Another kind is a mistake of the
// schema, which every test of it finds.
func forEphemeral(attributes map[string]schema.Attribute) map[string]ephemeral.Attribute {
	out := make(map[string]ephemeral.Attribute, len(attributes))
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			out[name] = ephemeral.StringAttribute{Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription}
		case schema.BoolAttribute:
			out[name] = ephemeral.BoolAttribute{Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription}
		case schema.SetAttribute:
			out[name] = ephemeral.SetAttribute{
				Required: a.Required, Optional: a.Optional, ElementType: a.ElementType, MarkdownDescription: a.MarkdownDescription,
			}
		case schema.SingleNestedAttribute:
			out[name] = ephemeral.SingleNestedAttribute{
				Required: a.Required, Optional: a.Optional, Attributes: forEphemeral(a.Attributes), MarkdownDescription: a.MarkdownDescription,
			}
		case schema.SetNestedAttribute:
			out[name] = ephemeral.SetNestedAttribute{
				Required: a.Required, Optional: a.Optional, MarkdownDescription: a.MarkdownDescription,
				NestedObject: ephemeral.NestedAttributeObject{Attributes: forEphemeral(a.NestedObject.Attributes)},
			}
		default:
			panic(fmt.Sprintf("policyset: attribute %q is a %T, which ephemeral resources have no form of here", name, attribute))
		}
	}
	return out
}
