// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxName is the longest domain name in characters.
const maxName = 253

// profile turns names into punycode without judging the characters of host
// names: record names hold underscores and asterisks.
var profile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.CheckHyphens(false), idna.VerifyDNSLength(false))

// NormalizeRecordName returns a record's full name as it is stored
// (authorization model §5): one trailing dot dropped, lower case, punycode;
// then "@" is the zone, the zone and what ends in "." and the zone stay, and
// all else is completed with the zone. The zone must be in its stored form.
// It is the one place that does so: decisions compare what it returns.
func NormalizeRecordName(zone, name string) (string, error) {
	stored, err := normalizeName(name)
	if err != nil {
		return "", err
	}
	switch {
	case stored == "@":
		stored = zone
	case stored == zone, strings.HasSuffix(stored, "."+zone):
	default:
		stored += "." + zone
	}
	return stored, checkLabels(stored)
}

// NormalizeAbsoluteName returns a name that stands for itself, as names with a
// final dot do in zone files, in the form of [NormalizeRecordName]. It refuses
// one that lies outside of the zone, which NormalizeRecordName would complete
// to another.
func NormalizeAbsoluteName(zone, name string) (string, error) {
	stored, err := normalizeName(name)
	if err != nil {
		return "", err
	}
	if stored != zone && !strings.HasSuffix(stored, "."+zone) {
		return "", fmt.Errorf("%q lies outside of the zone %s", name, zone)
	}
	return stored, checkLabels(stored)
}

// NormalizeZoneName returns a zone's name as it is stored: one trailing dot
// dropped, lower case, punycode, at least two labels of letters, digits and
// hyphens.
func NormalizeZoneName(name string) (string, error) {
	stored, err := normalizeName(name)
	if err != nil {
		return "", err
	}
	if err := checkLabels(stored); err != nil {
		return "", err
	}
	if !strings.Contains(stored, ".") {
		return "", fmt.Errorf("%q is not a domain with at least two labels", name)
	}
	for label := range strings.SplitSeq(stored, ".") {
		if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || label[0] == '-' || label[len(label)-1] == '-' {
			return "", fmt.Errorf("%q is not a domain: labels hold letters, digits and hyphens", name)
		}
	}
	return stored, nil
}

func normalizeName(name string) (string, error) {
	if lower, plain := plainName(name); plain {
		return strings.TrimSuffix(lower, "."), nil
	}
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("%q is not a domain name: it is not UTF-8", name)
	}
	stored, err := profile.ToASCII(name)
	if err != nil {
		return "", fmt.Errorf("%q is not a domain name: %w", name, err)
	}
	stored = strings.ToLower(stored)
	// A stored name must be its own stored form, or one record would have two
	// names for decisions.
	if again, err := profile.ToASCII(stored); err != nil || again != stored {
		return "", fmt.Errorf("%q is not a domain name: its punycode form %q is not valid", name, stored)
	}
	// The mapping turns other scripts' full stops into dots, so the trailing
	// dot is dropped after it.
	return strings.TrimSuffix(stored, "."), nil
}

// plainName returns an ASCII name in lower case and whether it holds no
// punycode, so that there is nothing to map.
func plainName(name string) (lower string, plain bool) {
	for i := range len(name) {
		if name[i] >= 0x80 {
			return "", false
		}
	}
	lower = strings.ToLower(name)
	return lower, !strings.Contains(lower, "xn--")
}

// masterFile are the characters that mean something else in a zone file: a
// name that held one would come back from an export as another.
const masterFile = `@\"();$`

// checkLabels holds what every stored name is: labels of 1 to 63 printable
// ASCII characters, 253 in all, and none that zone files give a meaning.
func checkLabels(stored string) error {
	if len(stored) > maxName {
		return fmt.Errorf("a name has at most %d characters", maxName)
	}
	for label := range strings.SplitSeq(stored, ".") {
		if label == "" || len(label) > 63 {
			return fmt.Errorf("%q is not a domain name: labels have 1 to 63 characters", stored)
		}
		for i := range len(label) {
			if c := label[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(masterFile, c) >= 0 {
				return fmt.Errorf("%q is not a domain name: it holds the character %q", stored, c)
			}
		}
	}
	return nil
}
