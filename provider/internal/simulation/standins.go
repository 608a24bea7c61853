// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// recordName is a record of a zone by its type and whole name; the zero value is none.
type recordName struct{ kind, name string }

// The bounds of names in the domain name system.
const (
	maxName  = 253
	maxLabel = 63
)

// standIns are records of a zone that stand for all others: whatever record there may be, one of them is matched
// by no more of the keys than it is, and one that is matched by a given key of its. Since a further allow never
// refuses and a further deny never allows, policies that say the same of all of them say it of every record.
//
// Such a record comes of a pattern by putting a character that no pattern holds in the place of every "*": another
// pattern that matches this name does so by its own "*", and then matches whatever else may stand there. What a
// pattern has to do with the zone is worked out first. Without the zone's name, which then is empty, all names
// there are stand for the zone's.
//
// complete is false where no such records can be told, so that nothing follows from them.
func standIns(zone string, keys []heldKey) (records []recordName, complete bool) {
	fresh, complete := freshCharacter(keys)
	suffix := ""
	plain := []string{fresh}
	if zone != "" {
		suffix = "." + zone
		plain = []string{zone, fresh + suffix}
	}
	seen := map[recordName]bool{}
	add := func(kind, name string) {
		if record := (recordName{kind, name}); !seen[record] {
			seen[record] = true
			records = append(records, record)
		}
	}
	for _, kind := range kindsOf(keys) {
		for _, name := range plain {
			add(kind, name)
		}
		for _, key := range keys {
			if key.RecordType != wildcard && key.RecordType != kind {
				continue
			}
			for _, part := range below(key.Pattern, suffix) {
				pattern := part + suffix
				valid, told := validity(pattern)
				if complete = complete && told; valid {
					add(kind, strings.ReplaceAll(pattern, wildcard, fresh))
				}
			}
		}
	}
	return records, complete
}

// kindsOf are the types that keys name, and one for all others, if there are any.
func kindsOf(keys []heldKey) []string {
	named := map[string]bool{}
	for _, key := range keys {
		named[key.RecordType] = true
	}
	var kinds []string
	others := false
	for _, kind := range authz.RecordTypes() {
		if named[kind] || !others {
			kinds = append(kinds, kind)
		}
		others = others || !named[kind]
	}
	return kinds
}

// freshCharacter is a character of names that no pattern holds; ok is false where they hold all.
func freshCharacter(keys []heldKey) (fresh string, ok bool) {
	const candidates = "xyzwvutsrqponmlkjihgfedcba0123456789-_!#$%&'()+,/:;<=>?[]^`{|}~\"\\"
	held := strings.Builder{}
	for _, key := range keys {
		held.WriteString(key.Pattern)
	}
	for _, c := range candidates {
		if !strings.ContainsRune(held.String(), c) {
			return string(c), true
		}
	}
	return candidates[:1], false
}

// below gives, for the names that a pattern matches and that end in the suffix behind something, patterns of that
// something. Each is a beginning of the pattern: its last "*" may stand for the suffix or a part of it.
func below(pattern, suffix string) []string {
	// reached[i][j] says that the rest of the pattern from i on can match the suffix from j on.
	reached := make([][]bool, len(pattern)+1)
	for i := range reached {
		reached[i] = make([]bool, len(suffix)+1)
	}
	reached[len(pattern)][len(suffix)] = true
	var out []string
	for i := len(pattern); i > 0; i-- {
		for j := len(suffix); j > 0; j-- {
			switch {
			case !reached[i][j]:
			case pattern[i-1] == '*': // stands for this character, and perhaps for ones before it
				reached[i][j-1], reached[i-1][j-1] = true, true
			case pattern[i-1] == suffix[j-1]:
				reached[i-1][j-1] = true
			}
		}
		if reached[i][0] {
			out = append(out, pattern[:i])
		}
	}
	return out
}

// validity reports whether the shortest names of a pattern are valid ones. If they are not, then none of its names
// is, or told is false: a label may be too long with one character for a "*" and not with a dot among several.
func validity(pattern string) (valid, told bool) {
	if len(pattern) > maxName {
		return false, true
	}
	valid, told = true, true
	for label := range strings.SplitSeq(pattern, ".") {
		if label == "" {
			return false, true
		}
		if len(label) > maxLabel {
			valid, told = false, told && !strings.Contains(label, wildcard)
		}
	}
	return valid, told
}
