// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package permissiongroup_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

func TestFunction(t *testing.T) {
	t.Parallel()
	call := acctest.Functions(t)
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	null := tftypes.NewValue(tftypes.String, nil)
	for name, test := range map[string]struct {
		scope tftypes.Value
		name  string
		id    string
		// argument and says are those of an error.
		argument int64
		says     string
	}{
		"the API's name":           {text("zone"), "DNS Write", dnsWrite, 0, ""},
		"the dashboard's":          {text("zone"), "DNS Edit", dnsWrite, 0, ""},
		"the id":                   {text("zone"), dnsWrite, dnsWrite, 0, ""},
		"the scope twice":          {text("zone"), "zone:DNS Write", dnsWrite, 0, ""},
		"any scope":                {null, "DNS Write", dnsWrite, 0, ""},
		"a name of several scopes": {text("zone"), "Logs Read", "c4a30cd58c5d42619c86a3c36c441e2d", 0, ""},
		"ambiguous":                {null, "Logs Read", "", 1, `"zone:Logs Read"`},
		"another scope's":          {text("account"), "DNS Write", "", 0, "is a permission group of scope zone"},
		"no scope":                 {text("dns"), "DNS Write", "", 0, `"dns" is no scope; there are user, account, zone, r2`},
		"unknown":                  {text("zone"), "DNS Writ", "", 1, `"DNS Write"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, problem := call("permission_group", test.scope, text(test.name))
			if test.id == "" {
				if problem == nil || problem.FunctionArgument == nil || *problem.FunctionArgument != test.argument || !strings.Contains(problem.Text, test.says) {
					t.Errorf("got %v, %+v; want an error at argument %d that says %q", result, problem, test.argument, test.says)
				}
				return
			}
			var id string
			if problem != nil || result.As(&id) != nil || id != test.id {
				t.Errorf("got %q, %+v; want %q", id, problem, test.id)
			}
		})
	}
}
