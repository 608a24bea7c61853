// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// rotation says whether a token is to get a new secret.
type rotation int

const (
	rotationNone rotation = iota
	// rotationOpen waits for a value that only the apply knows.
	rotationOpen
	rotationDue
)

// rotationOf compares rotate_triggers with those in state, and names the ones that call for a new
// secret, sorted: those that are added or hold another value. One that is taken away calls for nothing,
// so that nobody's secret dies of tidying up; null is none.
func rotationOf(planned, held types.Map) (rotation, []string) {
	if planned.IsUnknown() {
		return rotationOpen, nil
	}
	before := held.Elements()
	var due []string
	open := false
	elements := planned.Elements()
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		switch value := elements[key]; {
		case value.IsUnknown():
			open = true
		case value.IsNull():
		case before[key] == nil || !value.Equal(before[key]):
			due = append(due, key)
		}
	}
	switch {
	case len(due) > 0:
		return rotationDue, due
	case open:
		return rotationOpen, nil
	default:
		return rotationNone, nil
	}
}
