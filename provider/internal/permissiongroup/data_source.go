// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package permissiongroup holds the data sources about permission groups: one by name or id, and the
// filtered list. Both answer from the catalogue that is built into the provider and never make a
// request. Start reading at data_source.go.
package permissiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TypeName is the name of the data source for one permission group.
const TypeName = "accesscontrol_permission_group"

const fromCatalogue = "The answer comes from the catalogue that is built into the provider: no request is made and " +
	"no permission is needed. A group that the API has introduced since is not in it; such a group can be used " +
	"in a token's policies by its id."

var (
	_ datasource.DataSourceWithConfigValidators = (*dataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*dataSource)(nil)
)

type dataSource struct{}

// oneModel is the data source in configuration and state.
type oneModel struct {
	ID        types.String   `tfsdk:"id"`
	Name      types.String   `tfsdk:"name"`
	Scope     types.String   `tfsdk:"scope"`
	APIName   types.String   `tfsdk:"api_name"`
	Reference types.String   `tfsdk:"reference"`
	Scopes    []types.String `tfsdk:"scopes"`
	Family    types.String   `tfsdk:"family"`
	Level     types.String   `tfsdk:"level"`
	Aliases   []types.String `tfsdk:"aliases"`
}

// NewDataSource returns the data source for one permission group.
func NewDataSource() datasource.DataSource { return &dataSource{} }

// Metadata names the data source type.
func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = TypeName
}

// Schema describes the data source.
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One permission group of API tokens, by name or id. " + fromCatalogue,
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Name of the group: the API's (`DNS Write`), the dashboard's (`DNS Edit`), one of " +
					"the public documentation or an old one, alone or behind its scope and a colon " +
					"(`zone:DNS Write`); an id is accepted as well. A name that groups of several scopes have is " +
					"refused unless the scope is given. Exactly one of `name` and `id` is required; with `id`, this " +
					"is the API's name.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Id of the group, 32 lower-case hexadecimal digits. Exactly one of `name` and `id` is required.",
			},
			"scope": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "What the group acts on: `user`, `account`, `zone` or `r2`. Needed beside a " +
					"name that groups of several scopes have; defaults to the scope of the group that was found.",
				Validators: []validator.String{stringvalidator.OneOf(scopes()...)},
			},
			"api_name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The API's name of the group, whatever spelling was asked for.",
			},
			"reference": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Scope and API name, as in `zone:DNS Write`: a name that is never ambiguous, for the " +
					"policies of `accesscontrol_api_token`.",
			},
			"scopes": schema.ListAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "The scope as the API spells it, for example `com.cloudflare.api.account.zone`.",
			},
			"family": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "What the group is about, without the level, for example `DNS`.",
			},
			"level": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "What of the family the group opens, for example `read` or `write`. No level implies another.",
			},
			"aliases": schema.ListAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Other names of the group, sorted.",
			},
		},
	}
}

// ConfigValidators require that the group is named in one way.
func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("id")),
	}
}

// ValidateConfig looks the group up, so that a misspelled name is found before anything is read.
func (d *dataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var config oneModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Name.IsUnknown() || config.ID.IsUnknown() || config.Scope.IsUnknown() ||
		config.Name.IsNull() == config.ID.IsNull() {
		return
	}
	_, problem := config.group()
	resp.Diagnostics.Append(noneIfNil(problem)...)
}

// Read answers from the catalogue.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config oneModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, problem := config.group()
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	config.fromCatalog(group)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// group is the group that the configuration names, all of it known.
func (m *oneModel) group() (*catalog.Group, diag.Diagnostic) {
	if m.ID.IsNull() {
		return byName(m.Name.ValueString(), m.Scope.ValueString())
	}
	group, problem := byID(m.ID.ValueString())
	if problem == nil && !m.Scope.IsNull() && m.Scope.ValueString() != group.Scope.String() {
		return byName(m.ID.ValueString(), m.Scope.ValueString())
	}
	return group, problem
}

// fromCatalog fills in what the configuration left open. A configured name stays as it is written.
func (m *oneModel) fromCatalog(g *catalog.Group) {
	all := groupOf(g)
	if m.Name.IsNull() {
		m.Name = all.Name
	}
	m.ID, m.Scope, m.APIName, m.Reference = all.ID, all.Scope, all.Name, all.Reference
	m.Scopes, m.Family, m.Level, m.Aliases = all.Scopes, all.Family, all.Level, all.Aliases
}

func noneIfNil(d diag.Diagnostic) diag.Diagnostics {
	if d == nil {
		return nil
	}
	return diag.Diagnostics{d}
}
