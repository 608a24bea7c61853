// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build prove

package faultrun_test

import "testing"

// TestProveFaultRuns runs a thousand seeds: every operation under every class of fault, and then what is drawn.
func TestProveFaultRuns(t *testing.T) {
	t.Parallel()
	runAll(t, 1000)
}

// TestProveFaultRuns_cli runs fifty seeds under the CLI at hand.
func TestProveFaultRuns_cli(t *testing.T) {
	t.Parallel()
	runAllCLI(t, 50)
}
