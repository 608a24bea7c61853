// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package attacks

// rule is one grant or denial of a token: of DNS Read or DNS Write, on a zone or on some of its records.
type rule struct {
	deny  bool
	write bool
	zone  string // the zone's name
	// recordType is a type or "*", pattern the pattern of names; both are empty for the whole zone.
	recordType, pattern string
}

// covers reports whether the rule is about a record, in words of authorization model §5 alone.
func (r rule) covers(rec record) bool {
	if r.zone != rec.zone {
		return false
	}
	if r.pattern == "" {
		return true
	}
	return (r.recordType == "*" || r.recordType == rec.recordType) && matches(r.pattern, rec.name)
}

// matches compares a name with a pattern, one character after the other: "*" stands for one or more
// characters, all else for itself.
func matches(pattern, name string) bool {
	if pattern == "" {
		return name == ""
	}
	if pattern[0] != '*' {
		return name != "" && name[0] == pattern[0] && matches(pattern[1:], name[1:])
	}
	for n := 1; n <= len(name); n++ {
		if matches(pattern[1:], name[n:]) {
			return true
		}
	}
	return false
}

// record is what grants speak of: a record by its zone, type and stored name.
type record struct {
	zone, recordType, name string
}

// token is one of a scenario's tokens.
type token struct {
	ref    string
	secret string
	rules  []rule
}

func (t *token) any(rec record, deny, write bool) bool {
	for _, r := range t.rules {
		if r.deny == deny && r.write == write && r.covers(rec) {
			return true
		}
	}
	return false
}

// mayRead holds §6 for the rows that read records, which accept DNS Read and DNS Write: a denial of Read
// strikes Write too, one of Write strikes Write alone.
func (t *token) mayRead(rec record) bool {
	if t.any(rec, true, false) {
		return false
	}
	return t.any(rec, false, false) || t.any(rec, false, true) && !t.any(rec, true, true)
}

// mayWrite holds §6 for the rows that write records, which accept DNS Write alone.
func (t *token) mayWrite(rec record) bool {
	return t.any(rec, false, true) && !t.any(rec, true, true)
}

// onRecordsOnly reports whether the token holds nothing on a whole zone, and so may do nothing but what
// concerns records.
func (t *token) onRecordsOnly() bool {
	for _, r := range t.rules {
		if !r.deny && r.pattern == "" {
			return false
		}
	}
	return true
}
