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

// List answers a list block whose configuration is an M: it reads that, finds the objects that pass, in the order
// in which they are shown, and hands them out one by one, no more than the request's limit where it has one, and
// their state only where it asks for that. A model is made when its object's turn comes.
func List[M, T any](
	ctx context.Context, req lists.ListRequest, stream *lists.ListResultsStream,
	find func(config *M) ([]T, diag.Diagnostic), item func(config *M, object T) (ListItem, diag.Diagnostics),
) {
	var config M
	diags := req.Config.Get(ctx, &config)
	if diags.HasError() {
		stream.Results = lists.ListResultsStreamDiagnostics(diags)
		return
	}
	objects, problem := find(&config)
	if problem != nil {
		stream.Results = lists.ListResultsStreamDiagnostics(append(diags, problem))
		return
	}
	stream.Results = listResults(ctx, req, objects, func(object T) (ListItem, diag.Diagnostics) { return item(&config, object) })
}

func listResults[T any](
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
