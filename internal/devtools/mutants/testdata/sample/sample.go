// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package sample is broken by the tests of the command.
package sample

// Least returns the smaller number, and bound when it is too small.
func Least(a, b, bound int) int {
	if b < a {
		a = b
	}
	return max(a, bound)
}

// Forever counts down to nothing.
func Forever(n int) (steps int) {
	for n > 0 {
		n--
		steps++
	}
	return steps
}
