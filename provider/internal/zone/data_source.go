// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package zone is the data sources accesscontrol_zone, one zone by name or id, and accesscontrol_zones, the
// list of them, for the resources of a token's policies. It manages nothing. Start reading at data_source.go.
package zone

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TypeName is the name of the data source type.
const TypeName = "accesscontrol_zone"

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource)(nil)
)

type dataSource struct {
	tfkit.DataSourceBase
}

// NewDataSource returns the data source, not yet configured.
func NewDataSource() datasource.DataSource { return &dataSource{} }

// Metadata names the data source type.
func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = TypeName
}

// Schema describes the data source.
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One zone, by name or id. A token needs `Zone Read` on the zone; by id, other permissions on " +
			"the zone open it as well.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Name of the zone in ASCII, compared without letter case and final dot. A name that " +
					"zones of several accounts have is refused unless `account_id` settles it. Exactly one of `name` and " +
					"`zone_id` is required.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"zone_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Id of the zone, 32 lower-case hexadecimal digits. Exactly one of `name` and `zone_id` is required.",
				Validators:          []validator.String{tfkit.IDOf("zone")},
			},
			"account_id": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Id of the account that the zone lies in, 32 lower-case hexadecimal digits. When it is set, " +
					"a zone of another account is refused. Defaults to any account that the caller sees.",
				Validators: []validator.String{tfkit.IDOf("account")},
			},
			"account_name": text("Name of the account that the zone lies in."),
			"status":       text("Status of the zone: `initializing`, `pending`, `active` or `moved`."),
			"type":         text("Type of the zone, for example `full` or `partial`."),
			"paused": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the zone is paused, so that it serves DNS alone.",
			},
			"name_servers": schema.ListAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Name servers that the zone is to be delegated to, sorted.",
			},
		},
	}
}

// ConfigValidators require that the zone is named in one way.
func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("zone_id")),
	}
}

// Read finds the zone.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config zoneModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	zone, problem := d.find(ctx, &config)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	config.fromAPI(zone)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

func (d *dataSource) find(ctx context.Context, config *zoneModel) (*client.Zone, diag.Diagnostic) {
	accountID := config.AccountID.ValueString()
	if config.ZoneID.IsNull() {
		name := normal(config.Name.ValueString())
		zones, err := d.Data.Client.ZonesByName(ctx, name, accountID)
		if err != nil {
			return nil, tfkit.APIError("list", "zones", err)
		}
		return choose(zones, name, accountID)
	}
	zone, err := d.Data.Client.Zone(ctx, config.ZoneID.ValueString())
	if err != nil {
		return nil, tfkit.APIErrorAt(path.Root("zone_id"), "read", "zone", err)
	}
	if accountID != "" && zone.Account.ID != accountID {
		return nil, diag.NewAttributeErrorDiagnostic(path.Root("account_id"), "Zone lies in another account", fmt.Sprintf(
			"Zone %s (%s) lies in account %s, and not in %s.\n\nCorrect account_id, or leave it out.",
			zone.Name, zone.ID, zone.Account.ID, accountID))
	}
	return zone, nil
}

// normal is a name as the API stores it, for a name in ASCII.
func normal(name string) string {
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// choose is the one zone of that name. The filter of the list is not trusted: an endpoint that does
// not know it would answer with every zone.
func choose(zones []client.Zone, name, accountID string) (*client.Zone, diag.Diagnostic) {
	zones = slices.DeleteFunc(zones, func(z client.Zone) bool {
		return normal(z.Name) != name || accountID != "" && z.Account.ID != accountID
	})
	switch len(zones) {
	case 1:
		return &zones[0], nil
	case 0:
		where := "in any account that the caller sees"
		if accountID != "" {
			where = "in account " + accountID
		}
		return nil, diag.NewAttributeErrorDiagnostic(path.Root("name"), "No such zone", fmt.Sprintf(
			"There is no zone %s %s, or the credential may not list it.\n\nCheck the name, that a token has `Zone Read` on the zone, and that API access to its account is not switched off.",
			name, where))
	default:
		lines := make([]string, len(zones))
		for i := range zones {
			lines[i] = fmt.Sprintf("  - %s in account %s (%s)", zones[i].ID, zones[i].Account.ID, zones[i].Account.Name)
		}
		slices.Sort(lines)
		return nil, diag.NewAttributeErrorDiagnostic(path.Root("name"), "Several zones have this name", fmt.Sprintf(
			"%d zones are called %s. Set account_id, or name one of them by zone_id:\n%s",
			len(zones), name, strings.Join(lines, "\n")))
	}
}
