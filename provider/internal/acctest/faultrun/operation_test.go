// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// TestOperations_unharmed holds that each operation does what it is to do where nothing goes wrong, by no
// fewer requests than faults are aimed at.
func TestOperations_unharmed(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			requests, writes := 0, 0
			scenario := Scenario{operation: op, storage: storageState, retries: 1}
			result := run(t, scenario, func(w *world, _ subject) {
				terraform := mocktest.By(acctest.Terraform)
				requests, writes = len(w.Server.Journal(terraform)), len(w.Server.Journal(terraform, mocktest.Writes))
			})
			if !result.Clean() || result.Failed {
				t.Error(result)
			}
			if requests < op.requests || requests-writes < op.reads {
				t.Errorf("requests: %d, reads: %d; the list aims at %d, %d", requests, requests-writes, op.requests, op.reads)
			}
			if (op.write.Method != "") != (writes > 0) {
				t.Errorf("%d writes, and the list aims at %q", writes, op.write.Method)
			}
		})
	}
}
