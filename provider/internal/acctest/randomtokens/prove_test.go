// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build prove

package randomtokens_test

import "testing"

// Two thousand random tokens in twenty configurations: no plan shows a change.
func TestProveAccRandomTokens(t *testing.T) {
	t.Parallel()
	applyConfigurations(t, 0, configurations)
}

// Five hundred more over the plugin protocol, with every set of a configuration in another order for each plan.
func TestProveRandomTokens_protocol(t *testing.T) {
	t.Parallel()
	const count, seed = 500, 2
	stayUnchanged(t, count, seed)
}
