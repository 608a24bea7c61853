// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Effect is what a policy does with what it names.
type Effect string

// The effects of a policy.
const (
	Allow Effect = "allow"
	Deny  Effect = "deny"
)

// Policy is one policy of a token in canonical form: groups sorted by id,
// resources sorted by key, nested keys sorted (authorization model §3).
type Policy struct {
	// ID identifies the policy in replies; it plays no part in decisions.
	ID ID
	// Effect is Allow or Deny.
	Effect Effect
	// Groups are catalogue indexes in ascending order, without repetition.
	Groups []catalog.GroupIndex
	// Resources are the entries, sorted by key, each key once.
	Resources []Resource
}

// Canonicalize sorts the policy's groups, resources and nested keys and drops
// repeated groups. It works in place.
func (p *Policy) Canonicalize() {
	slices.Sort(p.Groups)
	p.Groups = slices.Compact(p.Groups)
	slices.SortFunc(p.Resources, func(a, b Resource) int { return strings.Compare(a.Key, b.Key) })
	for i := range p.Resources {
		slices.Sort(p.Resources[i].Nested)
	}
}

// ComparePolicies orders policies canonically: allow before deny, then by
// groups, then by resource keys. It ignores the ids of policies.
func ComparePolicies(a, b Policy) int {
	return cmp.Or(
		strings.Compare(string(a.Effect), string(b.Effect)),
		slices.Compare(a.Groups, b.Groups),
		slices.CompareFunc(a.Resources, b.Resources, func(x, y Resource) int {
			return cmp.Or(strings.Compare(x.Key, y.Key), slices.Compare(x.Nested, y.Nested))
		}),
	)
}

// Policies are the compiled policies of one token: immutable, safe for
// concurrent use. The zero value grants nothing.
type Policies struct {
	list []policy
	// denies is true when some policy denies; most tokens have none.
	denies bool
}

// policy is one compiled policy. The slices are sorted, so that a decision
// takes logarithmic time in the number of keys.
type policy struct {
	deny        bool
	user        ID   // user.<id>
	allAccounts bool // account.*
	allZones    bool // zone.*
	index       int
	groups      catalog.GroupSet
	accounts    []ID // account.<id>: "*"
	nestedAll   []ID // account.<id> with zone.*
	zones       []ID // zone.<id>: "*"
	nested      []accountZone
	records     []recordKey
	buckets     []bucketKey
}

// accountZone is account.<id> with a nested zone.<id>.
type accountZone struct{ account, zone ID }

// recordKey is zone.<id> with a nested record key.
type recordKey struct {
	zone                ID
	recordType, pattern string
}

// bucketKey is a bucket of an account.
type bucketKey struct {
	account ID
	bucket  string
}

func compareAccountZone(a, b accountZone) int {
	return cmp.Or(a.account.Compare(b.account), a.zone.Compare(b.zone))
}

func compareRecordKey(a, b recordKey) int {
	return cmp.Or(a.zone.Compare(b.zone), strings.Compare(a.recordType, b.recordType), strings.Compare(a.pattern, b.pattern))
}

func compareBucketKey(a, b bucketKey) int {
	return cmp.Or(a.account.Compare(b.account), strings.Compare(a.bucket, b.bucket))
}

// Compile turns policies that passed [CheckDefinition] into the form that
// decisions read, whatever their order. A resource of unknown form is an error:
// dropped from a deny policy it would allow more.
func Compile(policies []Policy) (*Policies, error) {
	compiled := &Policies{list: make([]policy, 0, len(policies))}
	for i, in := range policies {
		p := policy{deny: in.Effect != Allow, index: i}
		for _, g := range in.Groups {
			p.groups.Add(g)
		}
		for _, r := range in.Resources {
			keys, err := ParseResource(r)
			if err != nil {
				return nil, &Problem{Policy: i, Key: r.Key, Message: err.Error()}
			}
			for _, k := range keys {
				p.add(k)
			}
		}
		p.sort()
		compiled.denies = compiled.denies || p.deny
		compiled.list = append(compiled.list, p)
	}
	return compiled, nil
}

func (p *policy) add(k Key) {
	switch k.Form {
	case KeyUser:
		p.user = k.User
	case KeyAccount:
		p.accounts = append(p.accounts, k.Account)
	case KeyAllAccounts:
		p.allAccounts = true
	case KeyZone:
		p.zones = append(p.zones, k.Zone)
	case KeyAllZones:
		p.allZones = true
	case KeyAccountAllZones:
		p.nestedAll = append(p.nestedAll, k.Account)
	case KeyAccountZone:
		p.nested = append(p.nested, accountZone{k.Account, k.Zone})
	case KeyRecord:
		p.records = append(p.records, recordKey{k.Zone, k.RecordType, k.Pattern})
	case KeyBucket:
		p.buckets = append(p.buckets, bucketKey{k.Account, k.Bucket})
	}
}

func (p *policy) sort() {
	slices.SortFunc(p.accounts, ID.Compare)
	slices.SortFunc(p.nestedAll, ID.Compare)
	slices.SortFunc(p.zones, ID.Compare)
	slices.SortFunc(p.nested, compareAccountZone)
	slices.SortFunc(p.records, compareRecordKey)
	slices.SortFunc(p.buckets, compareBucketKey)
	p.accounts, p.nestedAll, p.zones = slices.Clip(p.accounts), slices.Clip(p.nestedAll), slices.Clip(p.zones)
	p.nested, p.records, p.buckets = slices.Clip(p.nested), slices.Clip(p.records), slices.Clip(p.buckets)
}

// hasID looks an identifier up in a sorted list; comparing a few for equality
// is quicker than searching among them.
func hasID(sorted []ID, id ID) bool {
	const few = 8
	if len(sorted) <= few {
		return slices.Contains(sorted, id)
	}
	_, found := slices.BinarySearchFunc(sorted, id, ID.Compare)
	return found
}
