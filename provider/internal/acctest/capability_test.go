// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

func TestCapability_In(t *testing.T) {
	t.Parallel()
	tests := []struct {
		engine     cli.Engine
		version    string
		capability Capability
		want       bool
	}{
		{cli.Terraform, "1.11.4", Ephemeral, true},
		{cli.Terraform, "1.11.4", Identity, false},
		{cli.Terraform, "1.12.0", Identity, true},
		{cli.Terraform, "1.13.9", Actions, false},
		{cli.Terraform, "1.14.0", Query, true},
		{cli.OpenTofu, "1.9.0", Move, false},
		{cli.OpenTofu, "1.10.0", Move, true},
		{cli.OpenTofu, "1.12.6", Identity, true},
		{cli.OpenTofu, "1.99.0", Actions, false},
		{cli.OpenTofu, "1.8.0", Encryption, true},
		{cli.Terraform, "1.99.0", Encryption, false},
	}
	for _, test := range tests {
		version, err := cli.ParseVersion(test.version)
		if err != nil {
			t.Fatal(err)
		}
		got, err := test.capability.In(cli.Tool{Engine: test.engine, Version: version})
		if err != nil || got != test.want {
			t.Errorf("%s in %s %s: %t, %v; want %t", test.capability.Name, test.engine, test.version, got, err, test.want)
		}
	}
}
