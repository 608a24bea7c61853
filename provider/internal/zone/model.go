// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package zone

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// zoneModel is the data source in configuration and state.
type zoneModel struct {
	ZoneID      types.String   `tfsdk:"zone_id"`
	Name        types.String   `tfsdk:"name"`
	AccountID   types.String   `tfsdk:"account_id"`
	AccountName types.String   `tfsdk:"account_name"`
	Status      types.String   `tfsdk:"status"`
	Type        types.String   `tfsdk:"type"`
	Paused      types.Bool     `tfsdk:"paused"`
	NameServers []types.String `tfsdk:"name_servers"`
}

// fromAPI takes over the zone. A configured name stays as it is written; name servers are sorted,
// since their order means nothing.
func (m *zoneModel) fromAPI(z *client.Zone) {
	m.ZoneID = types.StringValue(z.ID)
	if m.Name.IsNull() {
		m.Name = types.StringValue(z.Name)
	}
	m.AccountID = types.StringValue(z.Account.ID)
	m.AccountName = types.StringValue(z.Account.Name)
	m.Status = types.StringValue(z.Status)
	m.Type = types.StringValue(z.Type)
	m.Paused = types.BoolValue(z.Paused)
	m.NameServers = make([]types.String, 0, len(z.NameServers))
	for _, server := range slices.Sorted(slices.Values(z.NameServers)) {
		m.NameServers = append(m.NameServers, types.StringValue(server))
	}
}
