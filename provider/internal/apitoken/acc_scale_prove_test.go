// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build prove

package apitoken_test

import "testing"

// A thousand tokens of one user, whose quota is lifted: a list of twenty pages.
func TestProveAPIToken_thousandOfAUser(t *testing.T) {
	t.Parallel()
	newFleet(t, scaleCount).wholeLife()
}

// A thousand and five thousand tokens are refreshed and planned, of the user and of one, two and ten accounts.
func TestProveAPIToken_planRequests(t *testing.T) {
	t.Parallel()
	planFleets(t, scaleCount, 5*scaleCount)
}
