// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package zone

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// ListTypeName is the name of the data source for the list.
const ListTypeName = "accesscontrol_zones"

// listModel is the list in configuration and state.
type listModel struct {
	AccountID    types.String `tfsdk:"account_id"`
	NameContains types.String `tfsdk:"name_contains"`
	Status       types.String `tfsdk:"status"`
	Zones        []zoneModel  `tfsdk:"zones"`
}

// NewListDataSource returns the data source for the filtered list, not yet configured.
func NewListDataSource() datasource.DataSource {
	return &tfkit.Listing[listModel]{Name: ListTypeName, Layout: listSchema, Fill: fillList}
}

// listSchema describes the data source.
func listSchema() schema.Schema {
	text := tfkit.ComputedText
	return schema.Schema{
		MarkdownDescription: "The zones that the caller can list and that pass every given filter, for the resources of a " +
			"token's policies. A token needs `Zone Read` on the zones; others are not in the list.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only zones that lie in the account with this id, 32 lower-case hexadecimal digits. " +
					"Defaults to all accounts that the caller sees.",
				Validators: []validator.String{tfkit.IDOf("account")},
			},
			"name_contains": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only zones whose name contains this text, compared without letter case. Defaults to all.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"status": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only zones of this status: `initializing`, `pending`, `active` or `moved`. Defaults to all.",
				Validators:          []validator.String{stringvalidator.OneOf("initializing", "pending", "active", "moved")},
			},
			"zones": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The zones, sorted by name, then by id. Empty when none passes.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"zone_id":      text("Id of the zone, 32 lower-case hexadecimal digits."),
					"name":         text("Name of the zone in ASCII."),
					"account_id":   text("Id of the account that the zone lies in."),
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
				}},
			},
		},
	}
}

// fillList reads the zones.
func fillList(ctx context.Context, api *client.Client, model *listModel) diag.Diagnostic {
	zones, err := api.Zones(ctx, model.AccountID.ValueString(), model.Status.ValueString())
	if err != nil {
		return tfkit.APIError("list", "zones", err)
	}
	model.fromAPI(zones)
	return nil
}

// fromAPI takes over the zones that pass. The filters of the list are not trusted: an endpoint that does not
// know them would answer with every zone. Nor does its order mean anything.
func (m *listModel) fromAPI(zones []client.Zone) {
	m.Zones = []zoneModel{}
	for i := range zones {
		if !tfkit.Contains(m.NameContains, zones[i].Name) ||
			!tfkit.Passes(m.AccountID, zones[i].Account.ID) || !tfkit.Passes(m.Status, zones[i].Status) {
			continue
		}
		var next zoneModel
		next.fromAPI(&zones[i])
		m.Zones = append(m.Zones, next)
	}
	slices.SortFunc(m.Zones, func(a, b zoneModel) int {
		return cmp.Or(strings.Compare(a.Name.ValueString(), b.Name.ValueString()),
			strings.Compare(a.ZoneID.ValueString(), b.ZoneID.ValueString()))
	})
}
