// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// Listing is a data source that reads what the API lists and passes the filters of its configuration. M is the
// model of configuration and state. Every field but the base is required.
type Listing[M any] struct {
	DataSourceBase

	// Name is the data source's type in configurations.
	Name string
	// Layout describes the data source.
	Layout func() schema.Schema
	// Fill reads the list into the model, which holds the configuration. It returns nil, or what went wrong;
	// the model is then not kept.
	Fill func(ctx context.Context, api *client.Client, model *M) diag.Diagnostic
}

var _ datasource.DataSourceWithConfigure = (*Listing[struct{}])(nil)

// Metadata names the data source type.
func (l *Listing[M]) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = l.Name
}

// Schema describes the data source.
func (l *Listing[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = l.Layout()
}

// Read reads the list.
func (l *Listing[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if problem := l.Fill(ctx, l.Data.Client, &model); problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// Passes says whether a value is the one that a filter asks for. A null filter asks for nothing.
func Passes(filter types.String, value string) bool {
	return filter.IsNull() || filter.ValueString() == value
}

// Contains says whether a text contains what a filter asks for, compared without letter case. A null filter asks
// for nothing.
func Contains(filter types.String, text string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(filter.ValueString()))
}

// ComputedText is a text that a data source reads.
func ComputedText(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
