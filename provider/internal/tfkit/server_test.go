// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit_test

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// The explanation that the reference server gives ends up as a grant that can be pasted.
func TestServer_missingGrantAsHCL(t *testing.T) {
	t.Parallel()
	server := mocktest.New(t)
	credential := server.Credential("viewer_read")
	c, err := client.New(client.Options{BaseURL: server.BaseURL, Credential: client.Credential{APIToken: credential.Value}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.User(t.Context())
	d := tfkit.APIError("read", "user", err)
	if d.Summary() != "Not permitted to read user" {
		t.Errorf("summary = %q", d.Summary())
	}
	const want = `    policies = {
      "missing grant" = {
        permission_groups = ["User Details Read"]
        resources         = { user = true }
      }
    }`
	if !strings.Contains(d.Detail(), want) {
		t.Errorf("detail lacks the grant as HCL:\n%s", d.Detail())
	}
}
