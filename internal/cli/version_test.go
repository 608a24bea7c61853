// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import "testing"

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		want Version
		bad  bool
	}{
		{text: "1.8.0", want: Version{1, 8, 0}},
		{text: "v1.12.6-dev", want: Version{1, 12, 6}},
		{text: "1.9.0+meta", want: Version{1, 9, 0}},
		{text: "1.8", bad: true},
		{text: "1.8.x", bad: true},
		{text: "1.-8.0", bad: true},
		{text: "", bad: true},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			got, err := ParseVersion(test.text)
			if (err != nil) != test.bad {
				t.Fatalf("error %v, want an error: %t", err, test.bad)
			}
			if got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestVersion_Compare(t *testing.T) {
	t.Parallel()
	ascending := []Version{{}, {0, 9, 9}, {1, 7, 12}, {1, 8, 0}, {1, 8, 1}, {1, 12, 0}, {2, 0, 0}}
	for i, a := range ascending {
		for j, b := range ascending {
			got := a.Compare(b)
			if (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%v against %v: got %d", a, b, got)
			}
		}
	}
}
