// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/account"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/member"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/permissiongroup"
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
		account.NewDataSource,
		member.NewDataSource,
		permissiongroup.NewDataSource,
		permissiongroup.NewListDataSource,
		zone.NewDataSource,
	}
}
