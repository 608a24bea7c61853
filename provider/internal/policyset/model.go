// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// model is one policy as configuration, plan and state hold it.
type model struct {
	Effect           types.String `tfsdk:"effect"`
	PermissionGroups types.Set    `tfsdk:"permission_groups"`
	Resources        types.Object `tfsdk:"resources"`
}

type resourcesModel struct {
	Zones              types.Set  `tfsdk:"zones"`
	Accounts           types.Set  `tfsdk:"accounts"`
	AllZonesOfAccounts types.Set  `tfsdk:"all_zones_of_accounts"`
	AllZones           types.Bool `tfsdk:"all_zones"`
	AllAccounts        types.Bool `tfsdk:"all_accounts"`
	User               types.Bool `tfsdk:"user"`
	R2Buckets          types.Set  `tfsdk:"r2_buckets"`
	DNSRecords         types.Set  `tfsdk:"dns_records"`
	Other              types.Set  `tfsdk:"other"`
}

type recordModel struct {
	ZoneID types.String `tfsdk:"zone_id"`
	Type   types.String `tfsdk:"type"`
	Name   types.String `tfsdk:"name"`
}

type otherModel struct {
	Within types.String `tfsdk:"within"`
	Key    types.String `tfsdk:"key"`
}

// The object types of the nested attributes; a test holds them against the schema.
var (
	recordType    = types.ObjectType{AttrTypes: map[string]attr.Type{"zone_id": types.StringType, "type": types.StringType, "name": types.StringType}}
	otherType     = types.ObjectType{AttrTypes: map[string]attr.Type{"within": types.StringType, "key": types.StringType}}
	stringSetType = types.SetType{ElemType: types.StringType}
	resourcesType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"zones": stringSetType, "accounts": stringSetType, "all_zones_of_accounts": stringSetType,
		"all_zones": types.BoolType, "all_accounts": types.BoolType, "user": types.BoolType, "r2_buckets": stringSetType,
		"dns_records": types.SetType{ElemType: recordType}, "other": types.SetType{ElemType: otherType},
	}}

	// PolicyType is the type of one policy, of which the attribute is a map. It is shared and must not
	// be changed.
	PolicyType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"effect": types.StringType, "permission_groups": stringSetType, "resources": resourcesType,
	}}
)
