// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"errors"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// recordTypes are the DNS record types that records and record keys may have.
var recordTypes = [...]string{
	"A", "AAAA", "CAA", "CERT", "CNAME", "DNSKEY", "DS", "HTTPS", "LOC", "MX", "NAPTR", "NS", "OPENPGPKEY",
	"PTR", "SMIMEA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI",
}

// IsRecordType reports whether s is a DNS record type that the model knows, in
// capitals.
func IsRecordType(s string) bool {
	for _, t := range recordTypes {
		if t == s {
			return true
		}
	}
	return false
}

// RecordTypes returns the known DNS record types, sorted. The slice is fresh.
func RecordTypes() []string { return append([]string(nil), recordTypes[:]...) }

// CheckRecordPattern holds what a record key may say (authorization model §5):
// a known type in capitals or "*"; a pattern that is not empty, lower case,
// ASCII, without final dot and without "@".
func CheckRecordPattern(recordType, pattern string) error {
	if recordType != wildcard && !IsRecordType(recordType) {
		return errors.New("the record type must be a known DNS type in capitals, or *")
	}
	switch {
	case pattern == "":
		return errors.New("the record name pattern is empty")
	case len(pattern) > maxRecordName:
		return errors.New("the record name pattern is longer than 255 characters")
	case strings.HasSuffix(pattern, "."):
		return errors.New("the record name pattern must not end in a dot")
	case strings.Contains(pattern, "@"):
		return errors.New("the record name pattern must not hold @: write the zone's name")
	}
	for i := range len(pattern) {
		c := pattern[i]
		if c <= ' ' || c >= 0x7f {
			return errors.New("the record name pattern must be printable ASCII: write internationalized names in punycode")
		}
		if c >= 'A' && c <= 'Z' {
			return errors.New("the record name pattern must be lower case")
		}
	}
	return nil
}

const maxRecordName = 255

// matchPattern compares a pattern with a name in its stored form. A "*" stands
// for one or more characters, dots included; all else is literal. It runs in
// O(len(pattern) × len(name)) at worst and does not allocate.
func matchPattern(pattern, name string) bool {
	// p and n walk the pattern and the name; star and mark remember the last
	// "*" and where in the name the text it stands for ends so far.
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			// One character belongs to the star at once: it never stands
			// for nothing.
			star, mark = p, n+1
			p, n = p+1, n+1
		case p < len(pattern) && pattern[p] == name[n]:
			p, n = p+1, n+1
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	return p == len(pattern)
}

// recordGroups are DNS Read and DNS Write, the two groups that record keys
// serve, by their published identifiers (authorization model §3).
const (
	dnsReadID  = "82e64a83756745bbbb1c9c2701bf816b"
	dnsWriteID = "4755a26eedb94da69e1066d98aa820be"
)

// isRecordGroup reports whether record keys serve the group.
func isRecordGroup(g catalog.GroupIndex) bool { return tables().recordGroups.Has(g) }
