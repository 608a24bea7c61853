// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

func TestSuggestNames(t *testing.T) {
	t.Parallel()

	candidates := []string{"DNS View Read", "DNS Write", "DNS Read", "Zone Read", "Logs Read", "Zone Settings Write"}

	tests := []struct {
		name  string
		limit int
		want  []string
	}{
		{"DNS Raed", 3, []string{"DNS Read"}},
		{"dns read", 3, []string{"DNS Read"}},
		{"DNS", 2, []string{"DNS Read", "DNS Write"}},
		{"dns", 9, []string{"DNS Read", "DNS Write", "DNS View Read"}},
		{"Zone Setings Write", 3, []string{"Zone Settings Write"}},
		{"Zone Settings Write", 3, []string{"Zone Settings Write"}},
		{"  Zone Read ", 3, []string{"Zone Read"}},
		{"Zon", 3, nil},
		{"", 3, nil},
		{"   ", 3, nil},
		{"DNS Read", 0, nil},
		{"DNS Read", -1, nil},
		{strings.Repeat("x", 1_000_000), 3, nil},
	}
	for _, tt := range tests {
		if got := catalog.SuggestNames(tt.name, candidates, tt.limit); !slices.Equal(got, tt.want) {
			t.Errorf("SuggestNames(%.20q, %d) = %q, want %q", tt.name, tt.limit, got, tt.want)
		}
	}

	if got := catalog.SuggestNames("abcd", []string{"abce", "abcf", "abcg"}, 2); !slices.Equal(got, []string{"abce", "abcf"}) {
		t.Errorf("equally similar names do not keep their order: %q", got)
	}

	if got := catalog.SuggestNames("abcd", nil, 2); got != nil {
		t.Errorf("no candidates suggest %q", got)
	}
}
