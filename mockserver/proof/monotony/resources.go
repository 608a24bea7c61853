// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package monotony

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// key picks one of the policy's keys.
func (d *draft) key(p *scene.Policy) string {
	return pick(d, slices.Sorted(maps.Keys(p.Resources)))
}

// narrowResource replaces a key by one that reaches less for every group. An `account.*` becomes one account
// only in a policy without zone groups: it serves account groups alone, and an account by its id serves zone
// groups too.
func (d *draft) narrowResource() bool {
	p := d.policy("allow")
	if p == nil {
		return false
	}
	key := d.key(p)
	nested, isNested := p.Resources[key].(map[string]any)
	narrower, value := key, any(nil)
	switch zone := pick(d, d.world.Zones); {
	case isNested:
		narrower, value = key, d.narrowNested(nested, zone)
	case key == scene.AccountPrefix+scene.Any && !holdsZoneGroup(p):
		narrower, value = scene.AccountPrefix+pick(d, d.world.Accounts).ID, scene.Any
	case key == scene.ZonePrefix+scene.Any:
		narrower, value = d.someZones(zone)
	case strings.HasPrefix(key, scene.ZonePrefix):
		value = map[string]any{scene.RecordKey("TXT", "a."+zone.Name): scene.Any}
	case strings.HasPrefix(key, scene.AccountPrefix) && key != scene.AccountPrefix+scene.Any:
		value = map[string]any{scene.ZonePrefix + pick(d, []string{scene.Any, zone.ID}): scene.Any}
	}
	if _, taken := p.Resources[narrower]; value == nil || taken && narrower != key {
		return false
	}
	delete(p.Resources, key)
	p.Resources[narrower] = value
	return true
}

// someZones is less than every zone.
func (d *draft) someZones(zone scene.Zone) (key string, value any) {
	switch d.rng.IntN(3) {
	case 0:
		return scene.ZonePrefix + zone.ID, scene.Any
	case 1:
		return scene.AccountPrefix + zone.Account, map[string]any{scene.ZonePrefix + scene.Any: scene.Any}
	default:
		return scene.AccountPrefix + zone.Account, map[string]any{scene.ZonePrefix + zone.ID: scene.Any}
	}
}

// narrowNested is a nested map that reaches less; nil when it cannot.
func (d *draft) narrowNested(nested map[string]any, zone scene.Zone) any {
	inner := pick(d, slices.Sorted(maps.Keys(nested)))
	smaller := maps.Clone(nested)
	switch rest, isRecord := strings.CutPrefix(inner, scene.RecordPrefix); {
	case len(nested) > 1:
		delete(smaller, inner)
	case inner == scene.ZonePrefix+scene.Any:
		smaller = map[string]any{scene.ZonePrefix + zone.ID: scene.Any}
	case isRecord:
		recordType, pattern, _ := strings.Cut(rest, ".")
		// "*" is one or more characters, so that one more in front of it, or a literal in its place, is less.
		narrower := strings.Replace(pattern, scene.Any, pick(d, []string{"a", "a*", "*.a"}), 1)
		if recordType == scene.Any && d.rng.IntN(2) == 0 {
			recordType = "A"
		} else if narrower == pattern {
			return nil
		}
		smaller = map[string]any{scene.RecordKey(recordType, narrower): scene.Any}
	default:
		return nil
	}
	return smaller
}

func holdsZoneGroup(p *scene.Policy) bool {
	return slices.ContainsFunc(p.Groups, func(id string) bool {
		g := material.GroupByID(id)
		return g != nil && g.Scope == material.ScopeZone
	})
}

func (d *draft) addFirstRange() bool {
	if !d.isToken() || len(d.credential.In) > 0 {
		return false
	}
	d.credential.In = []string{pick(d, []string{"192.0.2.0/29", "192.0.2.8", "2001:db8::/32", "::/0"})}
	return true
}

func (d *draft) removeRange() bool {
	// Without the last one the condition would be lifted, which is no narrowing.
	if len(d.credential.In) < 2 {
		return false
	}
	at := d.rng.IntN(len(d.credential.In))
	d.credential.In = slices.Delete(d.credential.In, at, at+1)
	return true
}

func (d *draft) narrowRange() bool {
	if len(d.credential.In) == 0 {
		return false
	}
	at := d.rng.IntN(len(d.credential.In))
	prefix, err := netip.ParsePrefix(d.credential.In[at])
	if err != nil || prefix.Bits() == prefix.Addr().BitLen() {
		return false
	}
	narrower := netip.PrefixFrom(prefix.Addr(), prefix.Bits()+1+d.rng.IntN(prefix.Addr().BitLen()-prefix.Bits()))
	d.credential.In[at] = narrower.String()
	return true
}

func (d *draft) addRefusedRange() bool {
	if !d.isToken() {
		return false
	}
	d.credential.NotIn = append(d.credential.NotIn, pick(d, []string{"192.0.2.7", "192.0.2.8/29", "2001:db8::/16", "10.0.0.0/8"}))
	return true
}
