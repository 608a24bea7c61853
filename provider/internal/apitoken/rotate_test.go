// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/plainvalue"
)

// triggers builds rotate_triggers; nil is null.
func triggers(t *testing.T, in map[string]any) types.Map {
	t.Helper()
	if in == nil {
		return types.MapNull(types.StringType)
	}
	return plainvalue.Map(t, types.StringType, in)
}

func TestRotationOf(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	for name, test := range map[string]struct {
		planned, held m
		want          rotation
		due           []string
	}{
		"none at all":              {nil, nil, rotationNone, nil},
		"unchanged":                {m{"a": "1"}, m{"a": "1"}, rotationNone, nil},
		"the first":                {m{"a": "1"}, nil, rotationDue, []string{"a"}},
		"another":                  {m{"a": "1", "b": "1"}, m{"a": "1"}, rotationDue, []string{"b"}},
		"another value":            {m{"a": "2", "b": "1"}, m{"a": "1", "b": "1"}, rotationDue, []string{"a"}},
		"two, one of them new":     {m{"b": "2", "a": "1"}, m{"b": "1"}, rotationDue, []string{"a", "b"}},
		"one removed":              {m{"a": "1"}, m{"a": "1", "b": "1"}, rotationNone, nil},
		"all removed":              {nil, m{"a": "1"}, rotationNone, nil},
		"emptied":                  {m{}, m{"a": "1"}, rotationNone, nil},
		"empty in place of none":   {m{}, nil, rotationNone, nil},
		"set to null":              {m{"a": nil}, m{"a": "1"}, rotationNone, nil},
		"null, and no such before": {m{"a": nil}, nil, rotationNone, nil},
		"null before":              {m{"a": "1"}, m{"a": nil}, rotationDue, []string{"a"}},
		"empty text is a value":    {m{"a": ""}, nil, rotationDue, []string{"a"}},
		"unknown":                  {m{"a": unknown}, m{"a": "1"}, rotationOpen, nil},
		"unknown and new":          {m{"a": unknown}, nil, rotationOpen, nil},
		"unknown beside a changed": {m{"a": unknown, "b": "2"}, m{"a": "1", "b": "1"}, rotationDue, []string{"b"}},
	} {
		got, due := rotationOf(triggers(t, test.planned), triggers(t, test.held))
		if diff := cmp.Diff(test.due, due); got != test.want || diff != "" {
			t.Errorf("%s: %d, want %d; due (-want +got):\n%s", name, got, test.want, diff)
		}
	}
	if got, _ := rotationOf(types.MapUnknown(types.StringType), types.MapNull(types.StringType)); got != rotationOpen {
		t.Errorf("unknown as a whole: %d, want %d", got, rotationOpen)
	}
}
