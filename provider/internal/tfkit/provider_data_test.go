// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func TestConfigure(t *testing.T) {
	t.Parallel()
	data := &ProviderData{AllowSelfLockout: true}
	tests := []struct {
		name    string
		given   any
		want    *ProviderData
		wantErr bool
	}{
		{"not configured yet", nil, nil, false},
		{"the provider's data", data, data, false},
		{"something else", "text", nil, true},
	}
	bases := map[string]func(any) (*ProviderData, diag.Diagnostics){
		"resource": func(given any) (*ProviderData, diag.Diagnostics) {
			var base ResourceBase
			var resp resource.ConfigureResponse
			base.Configure(t.Context(), resource.ConfigureRequest{ProviderData: given}, &resp)
			return base.Data, resp.Diagnostics
		},
		"data source": func(given any) (*ProviderData, diag.Diagnostics) {
			var base DataSourceBase
			var resp datasource.ConfigureResponse
			base.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: given}, &resp)
			return base.Data, resp.Diagnostics
		},
	}
	for kind, configure := range bases {
		for _, tt := range tests {
			t.Run(kind+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				got, diags := configure(tt.given)
				if got != tt.want || diags.HasError() != tt.wantErr {
					t.Errorf("data, diagnostics = %v, %v; want %v, error: %v", got, diags, tt.want, tt.wantErr)
				}
				for _, d := range diags {
					checkShape(t, d)
				}
			})
		}
	}
}
