// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build prove

package acctest_test

import "testing"

// A thousand tokens against the limits as they are published: 1,200 requests in five minutes for the caller
// and 200 in a second for the address. Creating and deleting them takes more than one window.
func TestProveFleet_published(t *testing.T) {
	t.Parallel()
	applyFleet(t, 1000, "published")
}
