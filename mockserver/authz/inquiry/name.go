// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"errors"
	"strings"
)

// The bounds of names in the domain name system.
const (
	maxName  = 253
	maxLabel = 63
)

// storedName brings a record's name into its stored form (authorization model
// §5): one trailing dot dropped, lower case; "@" is the zone; the zone and what
// ends in a dot and the zone stay; all else is completed with the zone.
// Internationalized names are to be given in punycode: translating them is not
// this package's work, and guessing would decide on another name than a server.
// The error completes a sentence that begins with the name.
func storedName(zone, name string) (string, error) {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f {
			return "", errors.New("must be printable ASCII: write internationalized names in punycode")
		}
	}
	stored := strings.ToLower(strings.TrimSuffix(name, "."))
	switch {
	case stored == "@":
		stored = zone
	case stored == zone, strings.HasSuffix(stored, "."+zone):
	default:
		stored += "." + zone
	}
	if strings.Contains(stored, "@") {
		return "", errors.New("holds @, which stands for the zone only by itself")
	}
	if len(stored) > maxName {
		return "", errors.New("is longer than 253 characters")
	}
	for label := range strings.SplitSeq(stored, ".") {
		if label == "" || len(label) > maxLabel {
			return "", errors.New("is not a domain name: labels have 1 to 63 characters")
		}
	}
	return stored, nil
}
