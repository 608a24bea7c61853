// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

const maxTokenName = 120

// CheckDefinition judges a token's definition (authorization model §3) and
// returns its policies in canonical form together with every problem found;
// the policies are usable only without problems. An update is judged only on
// the (effect, group, key) triples and times that the stored definition does
// not already hold.
func CheckDefinition(w World, c *Check, name string, in []PolicyInput, ipIn, ipNotIn []string, notBefore, expiresOn time.Time) ([]Policy, []*Problem) {
	k := &checker{world: w, check: c, stored: triplesOf(c.Stored)}
	if n := utf8.RuneCountInString(name); n < 1 || n > maxTokenName || !utf8.ValidString(name) {
		k.field("name", "name must have a length between 1 and 120 characters")
	}
	k.condition(ipIn, ipNotIn)
	k.times(notBefore, expiresOn)
	if len(in) == 0 {
		k.field("policies", "a token needs at least one policy")
	}
	policies := make([]Policy, 0, len(in))
	for i := range in {
		policies = append(policies, k.policy(i, &in[i]))
	}
	return policies, k.problems
}

// triple is what an update compares: an effect, a group and one key.
type triple struct {
	effect Effect
	group  catalog.GroupIndex
	key    Key
}

func triplesOf(d *Definition) map[triple]bool {
	if d == nil {
		return nil
	}
	set := make(map[triple]bool)
	for _, p := range d.Policies {
		for _, r := range p.Resources {
			keys, _ := ParseResource(r) // what is no key gives none
			for _, key := range keys {
				for _, g := range p.Groups {
					set[triple{p.Effect, g, key}] = true
				}
			}
		}
	}
	return set
}

// checker collects the problems of one definition.
type checker struct {
	world    World
	check    *Check
	stored   map[triple]bool
	problems []*Problem
}

// add notes a problem. Nobody reads more than the first thousand, and a
// definition of many groups and keys must not cost their product.
func (k *checker) add(p Problem) {
	const most = 1000
	if len(k.problems) < most {
		k.problems = append(k.problems, &p)
	}
}

func (k *checker) field(field, message string) {
	k.add(Problem{Policy: -1, Field: field, Message: message})
}

func (k *checker) condition(in, notIn []string) {
	for _, list := range []struct {
		field  string
		ranges []string
	}{{"condition.request_ip.in", in}, {"condition.request_ip.not_in", notIn}} {
		for i, s := range list.ranges {
			if _, err := ParsePrefix(s); err != nil {
				k.field(fmt.Sprintf("%s[%d]", list.field, i), fmt.Sprintf("%q: %v", s, err))
			}
		}
	}
}

func (k *checker) times(notBefore, expiresOn time.Time) {
	if k.check.Mode == ModeSeed || expiresOn.IsZero() {
		return
	}
	if s := k.check.Stored; s != nil && s.ExpiresOn.Equal(expiresOn) && s.NotBefore.Equal(notBefore) {
		return
	}
	if !notBefore.IsZero() && !expiresOn.After(notBefore) {
		k.field("expires_on", "expires_on must be after not_before")
	}
	if s := k.check.Stored; s != nil && s.ExpiresOn.Equal(expiresOn) {
		return
	}
	if !expiresOn.After(k.check.Now) {
		k.field("expires_on", "expires_on is in the past")
	}
}

func (k *checker) policy(i int, in *PolicyInput) Policy {
	p := Policy{Effect: in.Effect}
	if in.Effect != Allow && in.Effect != Deny {
		k.add(Problem{Policy: i, Field: "effect", Message: "effect must be allow or deny"})
	}
	if len(in.Groups) == 0 {
		k.add(Problem{Policy: i, Field: "permission_groups", Message: "a policy needs at least one permission group"})
	}
	if len(in.Resources) == 0 {
		k.add(Problem{Policy: i, Field: "resources", Message: "a policy needs at least one resource"})
	}
	for _, id := range in.Groups {
		g, ok := catalog.GroupByID(id)
		if !ok {
			k.add(Problem{Policy: i, Group: id, Message: "Permission group is not known"})
			continue
		}
		p.Groups = append(p.Groups, g.Index)
	}
	keys, sound := k.resources(i, in, &p)
	p.Canonicalize()
	k.match(i, &p, keys, sound)
	return p
}

// resources parses the resources of policy i into p and returns their keys.
// It reports false when some key is no key at all, in which case nothing can
// be said about a group that no other key serves.
func (k *checker) resources(i int, in *PolicyInput, p *Policy) ([]Key, bool) {
	var all []Key
	sound := true
	seen := make(map[string]bool, len(in.Resources))
	for _, r := range in.Resources {
		if seen[r.Key] {
			k.add(Problem{Policy: i, Key: r.Key, Message: "the key stands twice"})
			sound = false
			continue
		}
		seen[r.Key] = true
		keys, err := ParseResource(r)
		if err != nil {
			k.add(Problem{Policy: i, Key: r.Key, Message: err.Error()})
			sound = false
			continue
		}
		all = append(all, keys...)
		p.Resources = append(p.Resources, Resource{Key: r.Key, Nested: slices.Clone(r.Nested)})
	}
	return all, sound
}

// match judges groups and keys against each other and against the world; sound
// is false when some resource gave no key.
func (k *checker) match(i int, p *Policy, keys []Key, sound bool) {
	groups := catalog.Groups()
	for _, key := range keys {
		if k.isStored(p, key) {
			continue
		}
		if message := k.keyProblem(key); message != "" {
			k.add(Problem{Policy: i, Key: key.String(), Message: message})
		}
	}
	for _, index := range p.Groups {
		g := &groups[index]
		if g.Scope == catalog.ScopeUser && !k.check.Owner.Account.IsZero() {
			k.add(Problem{Policy: i, Group: g.Name, Message: "an account-owned token cannot hold user permission groups"})
			continue
		}
		served := false
		for _, key := range keys {
			if !key.Serves(g) {
				continue
			}
			served = true
			k.right(i, p.Effect, g, key)
		}
		if !served && sound && len(keys) > 0 {
			k.add(Problem{Policy: i, Group: g.Name, Message: "no resource of this policy can serve a permission group of scope " + g.Scope.String() + ": it has only " + nameKeys(keys) + "; " + wantedResource(g)})
		}
		k.management(i, p.Effect, g, keys)
	}
}

// nameKeys names the first of some keys, and how many there are beside them.
func nameKeys(keys []Key) string {
	const most = 3
	names := make([]string, 0, most)
	for _, key := range keys[:min(len(keys), most)] {
		names = append(names, key.String())
	}
	text := strings.Join(names, ", ")
	if more := len(keys) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// isStored reports whether the stored definition holds the key with every
// group of the policy, so that it is not judged again.
func (k *checker) isStored(p *Policy, key Key) bool {
	for _, g := range p.Groups {
		if !k.stored[triple{p.Effect, g, key}] {
			return false
		}
	}
	return len(p.Groups) > 0
}

// unknownID is the one text for an identifier that does not exist and one
// that is not the owner's to name.
const unknownID = "no such user, account or zone among those the token's owner belongs to"

// keyProblem judges one key's owner and identifiers; "" is no problem.
func (k *checker) keyProblem(key Key) string {
	owner := k.check.Owner
	accountOwned := !owner.Account.IsZero()
	switch key.Form {
	case KeyAllAccounts:
		if accountOwned {
			return "an account-owned token cannot reach other accounts: name its own account"
		}
	case KeyAllZones:
		if accountOwned {
			return "Must specify a zone for account owned tokens, or nest zone under specific account resource"
		}
	case KeyUser:
		// An account-owned token's owner is no user at all.
		if key.User != owner.User {
			return unknownID
		}
	case KeyAccount, KeyAccountAllZones, KeyBucket:
		if !k.knownAccount(key.Account) {
			return unknownID
		}
	case KeyZone, KeyRecord:
		zone := k.world.Zone(key.Zone)
		if zone == nil || !k.knownAccount(zone.Account) {
			return unknownID
		}
	case KeyAccountZone:
		zone := k.world.Zone(key.Zone)
		if zone == nil || !k.knownAccount(key.Account) || zone.Account != key.Account {
			return unknownID
		}
	}
	return ""
}

// knownAccount reports whether the account exists and is the owner's own, or
// one the owner is an accepted member of. A seed may describe an owner who has
// left.
func (k *checker) knownAccount(id ID) bool {
	if k.world.Account(id) == nil {
		return false
	}
	if owner := k.check.Owner; !owner.Account.IsZero() {
		return owner.Account == id
	}
	if k.check.Mode == ModeSeed {
		return true
	}
	m := k.world.Membership(k.check.Owner.User, id)
	return m != nil && m.Accepted
}

// right refuses a right that the calling user does not hold.
func (k *checker) right(i int, effect Effect, g *catalog.Group, key Key) {
	if effect != Allow || k.check.Mode == ModeSeed || k.stored[triple{effect, g.Index, key}] {
		return
	}
	if !Holds(k.world, k.check.Caller, g, key) {
		k.add(Problem{
			Policy: i, Group: g.Name, Key: key.String(),
			Message: fmt.Sprintf("Failed common permission check against resources. (Permission group: %q)", g.Name),
		})
	}
}

// management refuses a token that lets its holder manage tokens when the
// caller is itself a token.
func (k *checker) management(i int, effect Effect, g *catalog.Group, keys []Key) {
	if effect != Allow || k.check.Mode == ModeSeed || !k.check.CallerIsToken || !TokenManagementGroups().Has(g.Index) {
		return
	}
	for _, key := range keys {
		if key.Serves(g) && !k.stored[triple{effect, g.Index, key}] {
			k.add(Problem{Policy: i, Group: g.Name, Message: "sub-token is not allowed to have permissions to manage other tokens"})
			return
		}
	}
}

// wantedResource says which resource a group of a scope needs.
func wantedResource(g *catalog.Group) string {
	switch g.Scope {
	case catalog.ScopeUser:
		return "add com.cloudflare.api.user.<id of the owner>"
	case catalog.ScopeAccount:
		return "add com.cloudflare.api.account.<id>"
	case catalog.ScopeZone:
		return "add com.cloudflare.api.account.zone.<id>, or an account for all its zones"
	default:
		return "add com.cloudflare.edge.r2.bucket.<account id>_<jurisdiction>_<bucket>"
	}
}
