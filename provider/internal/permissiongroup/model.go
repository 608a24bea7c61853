// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package permissiongroup

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// groupModel is one permission group, as an element of the list.
type groupModel struct {
	ID        types.String   `tfsdk:"id"`
	Name      types.String   `tfsdk:"name"`
	Reference types.String   `tfsdk:"reference"`
	Scope     types.String   `tfsdk:"scope"`
	Scopes    []types.String `tfsdk:"scopes"`
	Family    types.String   `tfsdk:"family"`
	Level     types.String   `tfsdk:"level"`
	Aliases   []types.String `tfsdk:"aliases"`
}

func groupOf(g *catalog.Group) groupModel {
	return groupModel{
		ID:        types.StringValue(g.ID),
		Name:      types.StringValue(g.Name),
		Reference: types.StringValue(g.Ref()),
		Scope:     types.StringValue(g.Scope.String()),
		Scopes:    []types.String{types.StringValue(g.Scope.Wire())},
		Family:    types.StringValue(g.Family),
		Level:     types.StringValue(g.Level),
		Aliases:   texts(g.Aliases),
	}
}

// texts is never nil: a list without elements is empty and not null.
func texts(values []string) []types.String {
	out := make([]types.String, len(values))
	for i, v := range values {
		out[i] = types.StringValue(v)
	}
	return out
}
