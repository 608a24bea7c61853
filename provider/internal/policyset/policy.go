// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
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

// Key is one resource key of a policy: a key whose value is "*" (Inner is
// empty), or one entry of the map nested under Outer.
type Key struct{ Outer, Inner string }

// selfKey stands for the key of the token's own user. Its id is not part of a
// definition: a user-owned token may name no other user, so any user key read
// from the API means this one, and the id is filled in when a request is made.
var selfKey = Key{Outer: userPrefix + "<self>"}

// String writes a nested key after its outer key and an arrow, as the API's
// explanations do.
func (k Key) String() string {
	if k.Inner == "" {
		return k.Outer
	}
	return k.Outer + " → " + k.Inner
}

// Parse reads the key's form as the engine does; it reports false for a key
// that the model does not know, such as one of a product added to the API
// later. The id in the key of the token's own user is zero.
func (k Key) Parse() (authz.Key, bool) {
	if k == selfKey {
		return authz.Key{Form: authz.KeyUser}, true
	}
	resource := authz.Resource{Key: k.Outer}
	if k.Inner != "" {
		resource.Nested = []string{k.Inner}
	}
	keys, err := authz.ParseResource(resource)
	if err != nil || len(keys) != 1 {
		return authz.Key{}, false
	}
	return keys[0], true
}

// serves reports whether the key can serve the group. A key or a group that
// the catalogue does not know is given the benefit of the doubt: the API
// judges it. A nil group is such a group.
func (k Key) serves(g *catalog.Group) bool {
	if g == nil {
		return true
	}
	key, ok := k.Parse()
	return !ok || key.Serves(g)
}

func compareKeys(a, b Key) int {
	if c := strings.Compare(a.Outer, b.Outer); c != 0 {
		return c
	}
	return strings.Compare(a.Inner, b.Inner)
}

// Policy is what one policy means, however it is spelled: the one form in
// which policies are compared. Groups are ids, Keys wire keys; both are sorted
// and hold nothing twice.
type Policy struct {
	Effect client.Effect
	Groups []string
	Keys   []Key
}

// Keyed is a policy with the key that the configuration gives it.
type Keyed struct {
	Key    string
	Policy Policy
}

// sortPolicies orders by key, which is the order that requests have.
func sortPolicies(list []Keyed) {
	slices.SortFunc(list, func(a, b Keyed) int { return strings.Compare(a.Key, b.Key) })
}

// newPolicy sorts and compacts what it is given; it keeps neither slice.
func newPolicy(effect client.Effect, groups []string, keys []Key) Policy {
	p := Policy{Effect: effect, Groups: slices.Sorted(slices.Values(groups)), Keys: slices.SortedFunc(slices.Values(keys), compareKeys)}
	p.Groups = slices.Compact(p.Groups)
	p.Keys = slices.Compact(p.Keys)
	return p
}

// Canonical is the policy as a string: equal exactly where two policies mean
// the same. Every part is quoted, so that no text in a key can pass for two.
func (p Policy) Canonical() string {
	b := []byte(p.Effect)
	for _, g := range p.Groups {
		b = strconv.AppendQuote(b, g)
	}
	for _, k := range p.Keys {
		b = append(b, '/')
		b = strconv.AppendQuote(b, k.Outer)
		b = strconv.AppendQuote(b, k.Inner)
	}
	return string(b)
}

// NeedsUser reports whether a request that carries the policy needs the id of
// the token's user.
func (p Policy) NeedsUser() bool { return slices.Contains(p.Keys, selfKey) }

// ToAPI builds the wire form. userID replaces the key of the token's own user;
// it may be empty where [Policy.NeedsUser] is false.
func (p Policy) ToAPI(userID string) client.Policy {
	out := client.Policy{Effect: p.Effect, Resources: make(map[string]client.ResourceValue, len(p.Keys))}
	for _, g := range p.Groups {
		out.Groups = append(out.Groups, client.PolicyGroup{ID: g})
	}
	for _, k := range p.Keys {
		switch {
		case k == selfKey:
			out.Resources[userPrefix+userID] = client.ResourceValue{}
		case k.Inner == "":
			out.Resources[k.Outer] = client.ResourceValue{}
		default:
			value := out.Resources[k.Outer]
			value.Nested = append(value.Nested, k.Inner)
			out.Resources[k.Outer] = value
		}
	}
	return out
}

// FromAPI reads the wire form. A user key of any id is that of the token's own
// user; one without an id is a key like any other, and not shown as less.
func FromAPI(p client.Policy) Policy {
	groups := make([]string, 0, len(p.Groups))
	for _, g := range p.Groups {
		groups = append(groups, g.ID)
	}
	var keys []Key
	for outer, value := range p.Resources {
		switch {
		case value.Nested != nil:
			for _, inner := range value.Nested {
				keys = append(keys, Key{Outer: outer, Inner: inner})
			}
		case strings.HasPrefix(outer, userPrefix) && isID(outer[len(userPrefix):]):
			keys = append(keys, selfKey)
		default:
			keys = append(keys, Key{Outer: outer})
		}
	}
	return newPolicy(p.Effect, groups, keys)
}
