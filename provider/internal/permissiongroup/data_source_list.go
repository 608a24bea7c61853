// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package permissiongroup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// ListTypeName is the name of the data source for the list.
const ListTypeName = "accesscontrol_permission_groups"

var _ datasource.DataSourceWithValidateConfig = (*listDataSource)(nil)

type listDataSource struct{}

// listModel is the list in configuration and state.
type listModel struct {
	Scope            types.String `tfsdk:"scope"`
	NameContains     types.String `tfsdk:"name_contains"`
	Family           types.String `tfsdk:"family"`
	Level            types.String `tfsdk:"level"`
	PermissionGroups []groupModel `tfsdk:"permission_groups"`
}

// NewListDataSource returns the data source for the filtered list.
func NewListDataSource() datasource.DataSource { return &listDataSource{} }

// Metadata names the data source type.
func (d *listDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = ListTypeName
}

// Schema describes the data source.
func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The permission groups of API tokens that pass every given filter. " + fromCatalogue,
		Attributes: map[string]schema.Attribute{
			"scope": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only groups that act on this: `user`, `account`, `zone` or `r2`. Defaults to all.",
				Validators:          []validator.String{stringvalidator.OneOf(scopes()...)},
			},
			"name_contains": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only groups whose name, or one of whose aliases, contains this text, compared " +
					"without letter case. Defaults to all.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"family": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only groups of this family, for example `DNS`, written exactly. A family that " +
					"does not exist is an error that names the nearest. Defaults to all.",
			},
			"level": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("Only groups of this level: `%s`. Defaults to all.",
					strings.Join(levels(), "`, `")),
				Validators: []validator.String{stringvalidator.OneOf(levels()...)},
			},
			"permission_groups": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The groups, sorted by name, then by scope. Empty when none passes.",
				NestedObject:        schema.NestedAttributeObject{Attributes: groupAttributes()},
			},
		},
	}
}

func groupAttributes() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	list := func(description string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"id":        text("Id of the group, 32 lower-case hexadecimal digits."),
		"name":      text("The API's name of the group."),
		"reference": text("Scope and API name, as in `zone:DNS Write`: a name that is never ambiguous."),
		"scope":     text("What the group acts on: `user`, `account`, `zone` or `r2`."),
		"scopes":    list("The scope as the API spells it, for example `com.cloudflare.api.account.zone`."),
		"family":    text("What the group is about, without the level, for example `DNS`."),
		"level":     text("What of the family the group opens, for example `read` or `write`. No level implies another."),
		"aliases":   list("Other names of the group, sorted."),
	}
}

// ValidateConfig refuses a family that does not exist, instead of answering with an empty list.
func (d *listDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var config listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Family.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(checkFamily(config.Family)...)
}

// Read answers from the catalogue.
func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(checkFamily(config.Family)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found := filter{
		scope:        config.Scope.ValueString(),
		nameContains: config.NameContains.ValueString(),
		family:       config.Family.ValueString(),
		level:        config.Level.ValueString(),
	}.list()
	config.PermissionGroups = make([]groupModel, len(found))
	for i, group := range found {
		config.PermissionGroups[i] = groupOf(group)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

func checkFamily(family types.String) diag.Diagnostics {
	if family.IsNull() || slices.Contains(families(), family.ValueString()) {
		return nil
	}
	advice := "Leave the filter out to see all families."
	if nearest := catalog.SuggestNames(family.ValueString(), families(), 3); len(nearest) > 0 {
		advice = "The nearest families are:\n  - " + strings.Join(nearest, "\n  - ")
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("family"), "Unknown family of permission groups",
		fmt.Sprintf("No permission group is of the family %q. %s", family.ValueString(), advice))}
}
