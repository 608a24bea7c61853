// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"errors"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// The fixed parts of resource keys (authorization model §3).
const (
	userPrefix    = "com.cloudflare.api.user."
	accountPrefix = "com.cloudflare.api.account."
	zonePrefix    = "com.cloudflare.api.account.zone."
	recordPrefix  = "com.cloudflare.api.account.zone.dns_record."
	bucketPrefix  = "com.cloudflare.edge.r2.bucket."
	wildcard      = "*"
)

// Resource is one entry of a policy's resources as it stands on the wire: a
// key with either the value "*" (Nested is nil) or a map of nested keys, each
// with the value "*".
type Resource struct {
	// Key is the outer key.
	Key string
	// Nested are the keys of the nested map; nil stands for the value "*",
	// and an empty non-nil slice for an empty map, which is refused.
	Nested []string
}

// KeyForm tells the forms of resource key apart (authorization model §3).
type KeyForm uint8

// The forms of resource key.
const (
	// KeyUser is user.<id>: "*".
	KeyUser KeyForm = iota + 1
	// KeyAccount is account.<id>: "*".
	KeyAccount
	// KeyAllAccounts is account.*: "*".
	KeyAllAccounts
	// KeyZone is account.zone.<id>: "*".
	KeyZone
	// KeyAllZones is account.zone.*: "*".
	KeyAllZones
	// KeyAccountAllZones is account.<id> with the nested zone.*.
	KeyAccountAllZones
	// KeyAccountZone is account.<id> with a nested zone.<id>.
	KeyAccountZone
	// KeyRecord is account.zone.<id> with a nested dns_record.<TYPE>.<pattern>.
	KeyRecord
	// KeyBucket is r2.bucket.<account>_<jurisdiction>_<bucket>: "*".
	KeyBucket
)

// Key is one parsed resource key; a nested map gives one Key an entry.
type Key struct {
	Form KeyForm
	// User, Account and Zone are the identifiers in the key; those that the
	// form does not hold are zero.
	User, Account, Zone ID
	// RecordType is a DNS type in capitals or "*", Pattern the pattern of
	// names (authorization model §5); KeyRecord only.
	RecordType, Pattern string
	// Bucket is "<jurisdiction>_<name>"; KeyBucket only.
	Bucket string
}

// errKeyForm is what every key or value of another form is refused with.
var errKeyForm = errors.New("not a resource key of a known form with the value \"*\" or one nested map of \"*\"")

// errKeyKinds refuses a nested map whose entries are of several kinds.
var errKeyKinds = errors.New("a nested map must hold entries of one kind")

// ParseResource reads a resource entry into its keys, one for "*" and one for
// every nested entry. It checks the form alone: whether identifiers exist is
// for [CheckDefinition]. The error says what is wrong without repeating the key.
func ParseResource(r Resource) ([]Key, error) {
	if r.Nested == nil {
		key, err := parseFlat(r.Key)
		if err != nil {
			return nil, err
		}
		return []Key{key}, nil
	}
	if len(r.Nested) == 0 {
		return nil, errors.New("the nested map is empty")
	}
	keys := make([]Key, 0, len(r.Nested))
	seen := make(map[string]bool, len(r.Nested))
	for _, nested := range r.Nested {
		if seen[nested] {
			return nil, errors.New("a nested key stands twice")
		}
		seen[nested] = true
		key, err := parseNested(r.Key, nested)
		if err != nil {
			return nil, err
		}
		if len(keys) > 0 && keys[0].Form != key.Form {
			return nil, errKeyKinds
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// parseFlat reads a key whose value is "*".
func parseFlat(s string) (Key, error) {
	switch {
	case strings.HasPrefix(s, bucketPrefix):
		return parseBucket(s[len(bucketPrefix):])
	case strings.HasPrefix(s, userPrefix):
		if id, ok := ParseID(s[len(userPrefix):]); ok {
			return Key{Form: KeyUser, User: id}, nil
		}
	case strings.HasPrefix(s, zonePrefix):
		if s[len(zonePrefix):] == wildcard {
			return Key{Form: KeyAllZones}, nil
		}
		if id, ok := ParseID(s[len(zonePrefix):]); ok {
			return Key{Form: KeyZone, Zone: id}, nil
		}
	case strings.HasPrefix(s, accountPrefix):
		if s[len(accountPrefix):] == wildcard {
			return Key{Form: KeyAllAccounts}, nil
		}
		if id, ok := ParseID(s[len(accountPrefix):]); ok {
			return Key{Form: KeyAccount, Account: id}, nil
		}
	}
	return Key{}, errKeyForm
}

// parseNested reads a key whose value is a map with that nested key.
func parseNested(outer, nested string) (Key, error) {
	if rest, ok := strings.CutPrefix(outer, zonePrefix); ok {
		zone, idOK := ParseID(rest)
		record, recordOK := strings.CutPrefix(nested, recordPrefix)
		if !idOK || !recordOK {
			return Key{}, errKeyForm
		}
		recordType, pattern, found := strings.Cut(record, ".")
		if !found {
			return Key{}, errKeyForm
		}
		if err := CheckRecordPattern(recordType, pattern); err != nil {
			return Key{}, err
		}
		return Key{Form: KeyRecord, Zone: zone, RecordType: recordType, Pattern: pattern}, nil
	}
	rest, ok := strings.CutPrefix(outer, accountPrefix)
	if !ok {
		return Key{}, errKeyForm
	}
	account, ok := ParseID(rest)
	if !ok {
		return Key{}, errKeyForm
	}
	zone, ok := strings.CutPrefix(nested, zonePrefix)
	if !ok {
		return Key{}, errKeyForm
	}
	if zone == wildcard {
		return Key{Form: KeyAccountAllZones, Account: account}, nil
	}
	id, ok := ParseID(zone)
	if !ok {
		return Key{}, errKeyForm
	}
	return Key{Form: KeyAccountZone, Account: account, Zone: id}, nil
}

// parseBucket reads <account>_<jurisdiction>_<bucket>.
func parseBucket(s string) (Key, error) {
	account, rest, _ := strings.Cut(s, "_")
	id, ok := ParseID(account)
	jurisdiction, name, _ := strings.Cut(rest, "_")
	if !ok || !isJurisdiction(jurisdiction) || !isBucketName(name) {
		return Key{}, errors.New("a bucket key is <account id>_<jurisdiction>_<bucket name>, the name 3 to 63 lower-case letters, digits and hyphens")
	}
	return Key{Form: KeyBucket, Account: id, Bucket: rest}, nil
}

func isJurisdiction(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// isBucketName holds the public naming rule of buckets.
func isBucketName(s string) bool {
	if len(s) < 3 || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Serves reports whether the key can serve groups of the scope at all, and
// for record keys the very group (authorization model §3, §5).
func (k Key) Serves(g *catalog.Group) bool {
	switch k.Form {
	case KeyUser:
		return g.Scope == catalog.ScopeUser
	case KeyAccount:
		return g.Scope == catalog.ScopeAccount || g.Scope == catalog.ScopeZone
	case KeyAllAccounts:
		return g.Scope == catalog.ScopeAccount
	case KeyZone, KeyAllZones, KeyAccountAllZones, KeyAccountZone:
		return g.Scope == catalog.ScopeZone
	case KeyRecord:
		return isRecordGroup(g.Index)
	case KeyBucket:
		return g.Scope == catalog.ScopeR2Bucket
	default:
		return false
	}
}

// Resource returns the key in its wire form.
func (k Key) Resource() Resource {
	switch k.Form {
	case KeyUser:
		return Resource{Key: userPrefix + k.User.String()}
	case KeyAccount:
		return Resource{Key: accountPrefix + k.Account.String()}
	case KeyAllAccounts:
		return Resource{Key: accountPrefix + wildcard}
	case KeyZone:
		return Resource{Key: zonePrefix + k.Zone.String()}
	case KeyAllZones:
		return Resource{Key: zonePrefix + wildcard}
	case KeyAccountAllZones:
		return Resource{Key: accountPrefix + k.Account.String(), Nested: []string{zonePrefix + wildcard}}
	case KeyAccountZone:
		return Resource{Key: accountPrefix + k.Account.String(), Nested: []string{zonePrefix + k.Zone.String()}}
	case KeyRecord:
		return Resource{Key: zonePrefix + k.Zone.String(), Nested: []string{recordPrefix + k.RecordType + "." + k.Pattern}}
	case KeyBucket:
		return Resource{Key: bucketPrefix + k.Account.String() + "_" + k.Bucket}
	default:
		return Resource{}
	}
}

// String returns the wire form on one line; a nested key follows its outer
// key after an arrow.
func (k Key) String() string {
	r := k.Resource()
	if len(r.Nested) == 0 {
		return r.Key
	}
	return r.Key + " → " + r.Nested[0]
}
