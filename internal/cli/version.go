// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is the numeric core of a CLI's version. A suffix such as "-dev" or "-rc1" does not take part:
// an OpenTofu that was built from source calls itself 1.12.6-dev and behaves as 1.12.6.
// The zero value is older than every release.
type Version struct {
	Major, Minor, Patch int
}

// Minimum returns the oldest version, of either engine, that the provider is meant to work with.
func Minimum() Version {
	return Version{Major: 1, Minor: 8}
}

// ParseVersion reads "1.12.6", "v1.12.6" or "1.12.6-dev". Anything without three numbers is an error.
func ParseVersion(text string) (Version, error) {
	core, _, _ := strings.Cut(strings.TrimPrefix(text, "v"), "-")
	core, _, _ = strings.Cut(core, "+")
	parts := strings.Split(core, ".")
	if len(parts) != 3 {
		return Version{}, fmt.Errorf("version %q is not of the form 1.2.3", text)
	}
	var numbers [3]int
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return Version{}, fmt.Errorf("version %q is not of the form 1.2.3", text)
		}
		numbers[i] = n
	}
	return Version{Major: numbers[0], Minor: numbers[1], Patch: numbers[2]}, nil
}

// Compare returns a negative number if v is older than other, zero if they are equal, and a positive
// number if v is newer.
func (v Version) Compare(other Version) int {
	return cmp.Or(
		cmp.Compare(v.Major, other.Major),
		cmp.Compare(v.Minor, other.Minor),
		cmp.Compare(v.Patch, other.Patch),
	)
}

// String returns the version as "1.12.6".
func (v Version) String() string {
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}
