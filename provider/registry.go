// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/account"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/member"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/permissiongroup"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/zone"
)

// resources are the constructors of all resources, sorted by type name.
func resources() []func() resource.Resource {
	return []func() resource.Resource{
		accountapiaccess.NewResource,
		memberapiaccess.NewResource,
		apitoken.NewResource,
	}
}

// dataSources are the constructors of all data sources, sorted by type name.
func dataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		simulation.NewDataSource,
		account.NewDataSource,
		simulation.NewReportDataSource,
		member.NewDataSource,
		member.NewListDataSource,
		account.NewListDataSource,
		apitoken.NewDataSource,
		apitoken.NewListDataSource,
		permissiongroup.NewDataSource,
		permissiongroup.NewListDataSource,
		zone.NewDataSource,
		zone.NewListDataSource,
	}
}

// functions are the constructors of all functions, sorted by name.
func functions() []func() function.Function {
	return []func() function.Function{
		simulation.NewCanFunction,
		simulation.NewExplainFunction,
		permissiongroup.NewFunction,
	}
}

// ephemeralResources are the constructors of all ephemeral resources, sorted by type name.
func ephemeralResources() []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		apitoken.NewEphemeral,
	}
}

// listResources are the constructors of all list resources, sorted by type name. Every resource has one.
func listResources() []func() list.ListResource {
	return []func() list.ListResource{
		accountapiaccess.NewListResource,
		memberapiaccess.NewListResource,
		apitoken.NewListResource,
	}
}

// actions are the constructors of all actions, sorted by type name.
func actions() []func() action.Action {
	return []func() action.Action{
		apitoken.NewActionRevoke,
		apitoken.NewActionRoll,
	}
}
