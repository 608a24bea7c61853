// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"fmt"
	"strings"
)

// The forms of resource keys (authorization model §3, the table of keys).
const (
	formUser            = iota // user.<id>
	formAccount                // account.<id>: "*"
	formAllAccounts            // account.*
	formZone                   // account.zone.<id>: "*"
	formAllZones               // account.zone.*
	formAccountZone            // account.<id> with zone.<id>
	formAccountAllZones        // account.<id> with zone.*
	formRecord                 // account.zone.<id> with dns_record.<TYPE>.<name pattern>
	formBucket                 // edge.r2.bucket.<account>_<jurisdiction>_<bucket>
)

// key is one resource key of a policy. A nested map becomes one key for each of its entries: its reach is
// their union (authorization model §3).
type key struct {
	form       int
	user       string
	account    string
	zone       string
	recordType string // in capitals, or "*"
	pattern    string
	bucket     string // "<jurisdiction>_<name>"
}

const (
	prefixUser    = "com.cloudflare.api.user."
	prefixAccount = "com.cloudflare.api.account."
	prefixZone    = "com.cloudflare.api.account.zone."
	prefixRecord  = "com.cloudflare.api.account.zone.dns_record."
	prefixBucket  = "com.cloudflare.edge.r2.bucket."
)

// parseKeys reads one entry of a policy's resources (authorization model §3). Any other key or value form is
// an error.
func parseKeys(into []key, text string, value any) ([]key, error) {
	switch v := value.(type) {
	case string:
		if v != "*" {
			return nil, fmt.Errorf("resource key %q has the value %q, not \"*\"", text, v)
		}
		k, err := parseFlatKey(text)
		if err != nil {
			return nil, err
		}
		return append(into, k), nil
	case map[string]any:
		return parseNestedKeys(into, text, v)
	default:
		return nil, fmt.Errorf("resource key %q has a value that is neither \"*\" nor a map", text)
	}
}

// parseFlatKey reads a key whose value is "*".
func parseFlatKey(text string) (key, error) {
	switch {
	case strings.HasPrefix(text, prefixUser):
		id := text[len(prefixUser):]
		return key{form: formUser, user: id}, needID(text, id)
	case text == prefixZone+"*":
		return key{form: formAllZones}, nil
	case strings.HasPrefix(text, prefixZone):
		id := text[len(prefixZone):]
		return key{form: formZone, zone: id}, needID(text, id)
	case text == prefixAccount+"*":
		return key{form: formAllAccounts}, nil
	case strings.HasPrefix(text, prefixAccount):
		id := text[len(prefixAccount):]
		return key{form: formAccount, account: id}, needID(text, id)
	case strings.HasPrefix(text, prefixBucket):
		return parseBucketKey(text)
	}
	return key{}, fmt.Errorf("resource key %q has no known form", text)
}

// parseBucketKey reads <account>_<jurisdiction>_<bucket>. The bucket need not exist.
func parseBucketKey(text string) (key, error) {
	account, bucket, _ := strings.Cut(text[len(prefixBucket):], "_")
	if err := needID(text, account); err != nil {
		return key{}, err
	}
	jurisdiction, name, _ := strings.Cut(bucket, "_")
	if jurisdiction == "" || name == "" {
		return key{}, fmt.Errorf("resource key %q does not name a jurisdiction and a bucket", text)
	}
	return key{form: formBucket, account: account, bucket: bucket}, nil
}

// parseNestedKeys reads a key with a map: zones below an account, or records below a zone. One or more entries
// of one kind, each with "*"; nothing nests deeper.
func parseNestedKeys(into []key, text string, entries map[string]any) ([]key, error) {
	if len(entries) == 0 {
		return nil, fmt.Errorf("resource key %q has an empty map", text)
	}
	outer, err := parseFlatKey(text)
	if err != nil {
		return nil, err
	}
	for inner, value := range entries {
		if value != "*" {
			return nil, fmt.Errorf("resource key %q in %q does not have the value \"*\"", inner, text)
		}
		var k key
		switch outer.form {
		case formAccount:
			k, err = parseZoneEntry(outer.account, inner)
		case formZone:
			k, err = parseRecordEntry(outer.zone, inner)
		default:
			err = fmt.Errorf("resource key %q takes no map", text)
		}
		if err != nil {
			return nil, err
		}
		into = append(into, k)
	}
	return into, nil
}

// parseZoneEntry reads zone.* or zone.<id> below an account.
func parseZoneEntry(account, text string) (key, error) {
	k, err := parseFlatKey(text)
	if err != nil {
		return key{}, err
	}
	switch k.form {
	case formAllZones:
		return key{form: formAccountAllZones, account: account}, nil
	case formZone:
		return key{form: formAccountZone, account: account, zone: k.zone}, nil
	}
	return key{}, fmt.Errorf("resource key %q cannot stand below an account", text)
}

// parseRecordEntry reads dns_record.<TYPE>.<name pattern> below a zone (authorization model §5). A pattern is
// lower case, ASCII, without final dot, without @, and not empty. Which DNS types are known the model does
// not list: any word of capitals and digits is taken for one.
func parseRecordEntry(zone, text string) (key, error) {
	rest, ok := strings.CutPrefix(text, prefixRecord)
	if !ok {
		return key{}, fmt.Errorf("resource key %q cannot stand below a zone", text)
	}
	recordType, pattern, _ := strings.Cut(rest, ".")
	if !isRecordType(recordType) {
		return key{}, fmt.Errorf("resource key %q: %q is no DNS type", text, recordType)
	}
	if pattern == "" || strings.HasSuffix(pattern, ".") {
		return key{}, fmt.Errorf("resource key %q: the name pattern is empty or ends in a dot", text)
	}
	for _, c := range []byte(pattern) {
		if c == '@' || c >= 0x80 || 'A' <= c && c <= 'Z' {
			return key{}, fmt.Errorf("resource key %q: the name pattern is not lower-case ASCII without @", text)
		}
	}
	return key{form: formRecord, zone: zone, recordType: recordType, pattern: pattern}, nil
}

func isRecordType(text string) bool {
	if text == "*" {
		return true
	}
	for _, c := range []byte(text) {
		if (c < 'A' || 'Z' < c) && (c < '0' || '9' < c) {
			return false
		}
	}
	return text != ""
}

// needID refuses what is not 32 lower-case hexadecimal digits.
func needID(text, id string) error {
	if !isID(id) {
		return fmt.Errorf("resource key %q: %q is not an id of 32 lower-case hexadecimal digits", text, id)
	}
	return nil
}

func isID(id string) bool {
	for _, c := range []byte(id) {
		if (c < '0' || '9' < c) && (c < 'a' || 'f' < c) {
			return false
		}
	}
	return len(id) == 32
}

// serves says whether a key of this form is for groups of this kind (authorization model §3, the last column
// of the table of keys). Flat account.* and zone.* are for user-owned tokens only.
func (o *Oracle) serves(k *key, g *group, userOwned bool) bool {
	switch k.form {
	case formUser:
		return g.scope == "user"
	case formAccount:
		return g.scope == "account" || g.scope == "zone"
	case formAllAccounts:
		return g.scope == "account" && userOwned
	case formAllZones:
		return g.scope == "zone" && userOwned
	case formZone, formAccountZone, formAccountAllZones:
		return g.scope == "zone"
	case formRecord:
		return g == o.dnsRead || g == o.dnsWrite
	default: // formBucket
		return g.scope == "r2"
	}
}

// patternMatches compares a record pattern with a name in stored form: * stands for one or more characters,
// dots included; all else is literal (authorization model §5).
func patternMatches(pattern, name string) bool {
	// reached[n] says whether the pattern so far can stand for the first n characters of the name.
	reached := make([]bool, len(name)+1)
	reached[0] = true
	for _, c := range []byte(pattern) {
		if c == '*' {
			before := false // whether fewer than n characters were reached
			for n := range reached {
				reached[n], before = before, before || reached[n]
			}
			continue
		}
		for n := len(name); n > 0; n-- {
			reached[n] = reached[n-1] && name[n-1] == c
		}
		reached[0] = false
	}
	return reached[len(name)]
}
