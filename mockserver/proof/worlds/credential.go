// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package worlds

import (
	"maps"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// credential makes a credential, nil for an unknown one.
func (g *Generator) credential() *scene.Credential {
	c := &scene.Credential{User: pick(g, g.users)}
	switch n := g.rng.IntN(100); {
	case n < 3:
		return nil
	case n < 10:
		c.Kind = scene.GlobalKey
		return c
	case n < 14:
		c.Kind = scene.OriginCAKey
		return c
	case n < 20:
		c.Kind = scene.ConsoleSession
		return c
	case n < 38:
		c.Kind, c.User, c.Account = scene.AccountToken, "", pick(g, g.world.Accounts).ID
	default:
		c.Kind = scene.UserToken
	}
	c.Disabled = g.chance(2)
	c.NotBefore, c.ExpiresOn = g.bound(-time.Hour), g.bound(time.Hour)
	if g.chance(25) {
		c.In, c.NotIn = g.ranges(3), g.ranges(2)
	}
	for range 1 + g.rng.IntN(4) {
		c.Policies = append(c.Policies, g.Policy(c))
	}
	return c
}

// bound is an end of a token's life: mostly none or so far away from now, on the side that lets it live, and
// sometimes at or beside now.
func (g *Generator) bound(away time.Duration) *time.Time {
	if g.chance(60) {
		return nil
	}
	t := g.now.Add(away)
	if g.chance(25) {
		t = g.now.Add(time.Duration(g.rng.IntN(5) - 2))
	}
	return &t
}

var addressRanges = []string{
	"192.0.2.0/24", "192.0.2.7", "192.0.2.6/31", "0.0.0.0/0", "198.51.100.0/25", "2001:db8::/32", "2001:db8::7", "::ffff:192.0.2.0/124", "::/0", "10.1.2.3/8",
}

func (g *Generator) ranges(most int) []string {
	var list []string
	for range g.rng.IntN(most) {
		list = append(list, pick(g, addressRanges))
	}
	return list
}

var addresses = []string{"192.0.2.7", "192.0.2.8", "::ffff:192.0.2.7", "198.51.100.200", "2001:db8::7", "10.200.0.1"}

// Policy makes a policy for a token, in which every group has a key that can serve it.
func (g *Generator) Policy(c *scene.Credential) scene.Policy {
	p := scene.Policy{Effect: "allow", Resources: make(map[string]any)}
	if g.chance(25) {
		p.Effect = "deny"
	}
	for range 1 + g.rng.IntN(4) {
		group := pick(g, g.groups)
		if g.chance(10) {
			group = pick(g, material.Groups())
		}
		if c.Kind == scene.AccountToken && group.Scope == material.ScopeUser {
			continue
		}
		if g.addKey(p.Resources, c, group) {
			p.Groups = append(p.Groups, group.ID)
		}
	}
	if len(p.Groups) == 0 {
		group := material.GroupNamed(material.ScopeZone, "DNS Write")
		g.addKey(p.Resources, c, group)
		p.Groups = append(p.Groups, group.ID)
	}
	return p
}

// addKey adds a key that serves the group, and reports whether it found one that goes with those there are: a
// key that is there already stays as it is, or gets further nested entries of its kind.
func (g *Generator) addKey(resources map[string]any, c *scene.Credential, group *material.Group) bool {
	const tries = 8
	for range tries {
		for outer, value := range g.key(c, group) {
			old, taken := resources[outer]
			if !taken {
				resources[outer] = value
				return true
			}
			_, wasFlat := old.(string)
			_, isFlat := value.(string)
			if wasFlat == isFlat && (isFlat || sameKind(old, value)) {
				merge(old, value)
				return true
			}
		}
	}
	return false
}

// sameKind reports whether two nested maps hold entries of one kind: records, single zones, or all zones.
func sameKind(a, b any) bool { return kindOf(a) == kindOf(b) }

func kindOf(value any) string {
	nested, _ := value.(map[string]any)
	for key := range nested {
		switch {
		case strings.HasPrefix(key, scene.RecordPrefix):
			return scene.RecordPrefix
		case key == scene.ZonePrefix+scene.Any:
			return key
		}
	}
	return scene.ZonePrefix
}

// merge adds the entries of a nested map to another; flat values are equal.
func merge(into, from any) {
	to, ok := into.(map[string]any)
	if !ok {
		return
	}
	nested, _ := from.(map[string]any)
	maps.Copy(to, nested)
}

// key makes one resource that serves the group.
func (g *Generator) key(c *scene.Credential, group *material.Group) map[string]any {
	account := scene.AccountPrefix + g.account(c)
	anyOwned := c.Kind == scene.UserToken
	switch group.Scope {
	case material.ScopeUser:
		return scene.Flat(scene.UserPrefix + c.User)
	case material.ScopeBucket:
		return scene.Flat(scene.BucketPrefix + g.account(c) + "_" + pick(g, buckets))
	case material.ScopeAccount:
		if anyOwned && g.chance(25) {
			return scene.Flat(scene.AccountPrefix + scene.Any)
		}
		return scene.Flat(account)
	}
	zone := pick(g, g.world.Zones)
	if group.Name == "DNS Read" || group.Name == "DNS Write" {
		if g.chance(45) {
			inner := make([]string, 0, 2)
			for range 1 + g.rng.IntN(2) {
				inner = append(inner, scene.RecordKey(pick(g, recordTypes), g.pattern(zone.Name)))
			}
			return scene.Nested(scene.ZonePrefix+zone.ID, inner...)
		}
	}
	switch n := g.rng.IntN(100); {
	case n < 20 && anyOwned:
		return scene.Flat(scene.ZonePrefix + scene.Any)
	case n < 40:
		return scene.Flat(account)
	case n < 55:
		return scene.Nested(account, scene.ZonePrefix+scene.Any)
	case n < 75:
		return scene.Nested(scene.AccountPrefix+zone.Account, scene.ZonePrefix+zone.ID)
	default:
		return scene.Flat(scene.ZonePrefix + zone.ID)
	}
}

// account is mostly the credential's own, or any of its world.
func (g *Generator) account(c *scene.Credential) string {
	if c.Account != "" && g.chance(85) {
		return c.Account
	}
	return pick(g, g.world.Accounts).ID
}

var (
	buckets     = []string{"default_bucket-a", "default_bucket-b", "eu_bucket-a"}
	recordTypes = []string{"A", "TXT", "CNAME", scene.Any}
)

// recordName makes the name of a record of a zone, in stored form.
func (g *Generator) recordName(zone string) string {
	label := pick(g, []string{"", "a.", "b.a.", "aa.", "*.", "_acme-challenge.", "_acme-challenge.a.", "xn--bcher-kva."})
	return label + zone
}

// pattern makes a pattern of names: a name in which up to two pieces are replaced.
func (g *Generator) pattern(zone string) string {
	name := g.recordName(zone)
	for range g.rng.IntN(3) {
		from := g.rng.IntN(len(name))
		to := from + g.rng.IntN(len(name)-from+1)
		name = name[:from] + scene.Any + name[to:]
	}
	if strings.HasSuffix(name, ".") {
		return name + scene.Any
	}
	return name
}
