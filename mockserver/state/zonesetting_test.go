// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// TestZoneSettings: the list is sorted, every setting is found, and its
// default is a value that it can have.
func TestZoneSettings(t *testing.T) {
	t.Parallel()
	list := state.ZoneSettings()
	if !slices.IsSortedFunc(list, func(a, b state.ZoneSetting) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the settings are not sorted")
	}
	for _, s := range list {
		found, ok := state.FindZoneSetting(s.ID)
		if !ok || found.Default != s.Default {
			t.Errorf("%s is found as %+v", s.ID, found)
		}
		if problem := s.Problem(json.RawMessage(s.Default)); problem != "" {
			t.Errorf("the default of %s %s", s.ID, problem)
		}
	}
	for _, c := range []struct{ id, value, problem string }{
		{"ssl", `"flexible"`, ""},
		{"ssl", `"FULL"`, "must be one of"},
		{"ssl", `true`, "must be one of"},
		{"browser_cache_ttl", `0`, ""},
		{"browser_cache_ttl", `-1`, "whole number"},
		{"browser_cache_ttl", `1.5`, "whole number"},
		{"browser_cache_ttl", `1e3`, "whole number"},
		{"browser_cache_ttl", `4294967296`, "whole number"},
		{"browser_cache_ttl", `"1"`, "must be a number, not a string"},
		{"ciphers", `["A"]`, ""},
		{"ciphers", `{}`, "must be an array, not an object"},
		{"nel", `null`, "must be an object, not null"},
		{"nel", `false`, "must be an object, not a boolean"},
		{"nel", `{`, "must be JSON"},
	} {
		s, ok := state.FindZoneSetting(c.id)
		if !ok {
			t.Fatalf("no setting %s", c.id)
		}
		if got := s.Problem(json.RawMessage(c.value)); (got == "") != (c.problem == "") || !strings.Contains(got, c.problem) {
			t.Errorf("%s %s: %q, want %q", c.id, c.value, got, c.problem)
		}
	}
	if _, ok := state.FindZoneSetting("SSL"); ok {
		t.Error("a setting is found by another spelling")
	}
}
