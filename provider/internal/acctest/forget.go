// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// Forget is a block that takes the resource with that address out of state and leaves the object alone. It is
// written for the CLI that the environment names: OpenTofu before 1.9 knows no lifecycle in it, and forgets
// without. Like [NeedsCLI], it passes the test over where acceptance tests are switched off.
func Forget(tb testing.TB, address string) string {
	tb.Helper()
	tool := NeedsCLI(tb)
	if tool.Engine == cli.OpenTofu && tool.Version.Compare(cli.Version{Major: 1, Minor: 9}) < 0 {
		return fmt.Sprintf("removed {\n  from = %s\n}\n", address)
	}
	return fmt.Sprintf("removed {\n  from = %s\n\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
}
