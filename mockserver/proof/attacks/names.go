// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package attacks

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// The zones of every scenario.
const (
	ownZone   = "example.com"
	otherZone = "victim.example"
)

// labels are what names are made of: what the grants are about, its near misses, and what reads differently
// from how it is stored.
var labels = []string{
	"@", "www", "mail", "secret", "*", "_acme-challenge", "_acme-challenge.www", "_acme-challenge.secret",
	"_acme-challengex", "x_acme-challenge", "a.dyn", "b.c.dyn", "dyn", "*.dyn", "secret.dyn", "bücher", "xn--bcher-kva",
	"straße", "_acme-challenge.bücher", "www." + otherZone, otherZone, ownZone, "www." + ownZone, "com", "_acme-challenge." + otherZone,
}

// recordTypes are the types that attacks use, real ones first.
var recordTypes = []string{"TXT", "A", "CNAME", "AAAA", "MX", "NS", "txt", "Txt", " TXT", "TXT ", "*", "ANY", "", "TXT\u0000", "ＴＸＴ"}

// contents are valid for one type or another. None is that of a record of the seed.
var contents = []string{"198.51.100.7", "2001:db8::7", "host.example.net", "a text", `"quoted"`, "_acme-challenge.www.example.com"}

// plainTypes are types with a content that they take.
var plainTypes = [][2]string{
	{"TXT", "a text"}, {"TXT", `"quoted"`}, {"A", "198.51.100.7"}, {"AAAA", "2001:db8::7"}, {"CNAME", "host.example.net"},
}

// spell writes a name in one of the ways that a parser and a matcher may read differently.
func spell(rng *rand.Rand, name string) string {
	for range 1 + rng.IntN(2) {
		switch rng.IntN(16) {
		case 0, 1:
			name = randomCase(rng, name)
		case 2:
			name += "."
		case 3:
			name += ".."
		case 4, 5:
			name += "." + ownZone
		case 6:
			name += "." + ownZone + "."
		case 7:
			name = strings.ReplaceAll(name, ".", "。")
		case 8:
			name = strings.ReplaceAll(name, "s", "ſ")
		case 9:
			name = wide(name)
		case 10:
			name = "." + name
		case 11:
			name = []string{" ", "\t", "\u00a0", "\u200b", "\u00ad", "\u0000"}[rng.IntN(6)] + name
		case 12:
			name = strings.Replace(name, "-", []string{"\u2010", "\u00ad-", "%2d", `\045`, `\-`}[rng.IntN(5)], 1)
		case 13:
			name = strings.ReplaceAll(name, ".", `\.`)
		case 14:
			name = randomCase(rng, name) + "." + randomCase(rng, otherZone)
		default:
		}
	}
	return name
}

func randomCase(rng *rand.Rand, s string) string {
	return strings.Map(func(r rune) rune {
		if rng.IntN(2) == 0 {
			return r
		}
		upper, _ := utf8.DecodeRuneInString(strings.ToUpper(string(r)))
		return upper
	}, s)
}

// wide writes the first letters in their full-width forms, which the mapping of names folds.
func wide(s string) string {
	n := 0
	return strings.Map(func(r rune) rune {
		n++
		if n < 4 && r >= 'a' && r <= 'z' {
			return r - 'a' + 'ａ'
		}
		return r
	}, s)
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// name is a label, in some other spelling as often as not.
func name(rng *rand.Rand) string {
	label := pick(rng, labels)
	if rng.IntN(2) == 0 {
		return label
	}
	return spell(rng, label)
}

// recordType is one of the real types twice out of three times.
func recordType(rng *rand.Rand) string {
	if rng.IntN(3) > 0 {
		return recordTypes[rng.IntN(4)]
	}
	return pick(rng, recordTypes)
}
