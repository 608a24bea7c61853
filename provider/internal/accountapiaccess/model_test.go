// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func TestAccountAPIAccessModel_roundTrip(t *testing.T) {
	t.Parallel()
	for name, enabled := range map[string]types.Bool{
		"on": types.BoolValue(true), "off": types.BoolValue(false), "never set": types.BoolNull(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := accountAPIAccessModel{
				AccountID: types.StringValue("a1"), Enabled: enabled, AllowSelfLockout: types.BoolValue(true),
			}
			got := want
			got.Enabled = types.BoolUnknown()
			got.fromAPI(&client.Account{ID: "a1", Settings: client.AccountSettings{APIAccessEnabled: want.toAPI()}})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
