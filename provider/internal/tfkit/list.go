// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	lists "github.com/hashicorp/terraform-plugin-framework/list"
)

// ListItem is one object that a list resource found.
type ListItem struct {
	// DisplayName is how people know it.
	DisplayName string
	// Identity and Resource are models of the resource's identity and state.
	Identity, Resource any
}

// ListResults hands out the objects one by one, no more than the request's limit where it has one, and their
// state only where it asks for that. A model is made when its object's turn comes.
func ListResults[T any](
	ctx context.Context, req lists.ListRequest, objects []T, item func(T) (ListItem, diag.Diagnostics),
) iter.Seq[lists.ListResult] {
	return func(push func(lists.ListResult) bool) {
		for i, object := range objects {
			if req.Limit > 0 && int64(i) >= req.Limit {
				return
			}
			found, diags := item(object)
			result := req.NewListResult(ctx)
			result.DisplayName = found.DisplayName
			result.Diagnostics.Append(diags...)
			result.Diagnostics.Append(result.Identity.Set(ctx, found.Identity)...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, found.Resource)...)
			}
			if !push(result) {
				return
			}
		}
	}
}
