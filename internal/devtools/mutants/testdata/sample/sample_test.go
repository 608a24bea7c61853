// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package sample

import "testing"

func TestLeast(t *testing.T) {
	t.Parallel()
	if got := Least(1, 2, 0); got != 1 {
		t.Errorf("got %d", got)
	}
	if got := Least(3, 2, 0); got != 2 {
		t.Errorf("got %d", got)
	}
}

func TestForever(t *testing.T) {
	t.Parallel()
	if got := Forever(3); got != 3 {
		t.Errorf("got %d", got)
	}
}

// TestProperty_bound is no table test, so what it alone would kill survives.
func TestProperty_bound(t *testing.T) {
	t.Parallel()
	if got := Least(1, 2, 5); got != 5 {
		t.Errorf("got %d", got)
	}
}
