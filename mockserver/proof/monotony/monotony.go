// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package monotony lists changes that make access stricter: what they may never do is allow more
// (authorization model §10). Each works on a copy of a random world or of a credential in it.
package monotony

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/worlds"
)

// Change is one way of making access stricter.
type Change struct {
	// Name says what is done.
	Name string
	// apply changes its own copy of a world and a credential, and reports whether there was anything to
	// change.
	apply func(d *draft) bool
}

// draft is a copy to change.
type draft struct {
	generator  *worlds.Generator
	rng        *rand.Rand
	world      *scene.World
	credential *scene.Credential // never nil
}

// Apply returns the stricter world and credential; ok is false when the change has nothing to work on. What is
// given stays as it is. The generator gives chance and makes what is added.
func (c *Change) Apply(g *worlds.Generator, w *scene.World, credential *scene.Credential) (world *scene.World, changed *scene.Credential, ok bool) {
	if credential == nil {
		return nil, nil, false
	}
	d := &draft{generator: g, rng: g.Rand(), world: w.Clone(), credential: credential.Clone()}
	if !c.apply(d) {
		return nil, nil, false
	}
	return d.world, d.credential, true
}

// Changes are all changes, those of tokens first.
func Changes() []Change {
	return slices.Concat([]Change{
		{"removing an allow policy", (*draft).removeAllow},
		{"removing a group from an allow policy", (*draft).removeGroup},
		{"removing a key from an allow policy", (*draft).removeKey},
		{"narrowing an allow policy's resource", (*draft).narrowResource},
		{"adding a deny policy", (*draft).addDeny},
		{"adding a group to a deny policy", (*draft).widenDenyGroups},
		{"adding a key to a deny policy", (*draft).widenDenyKeys},
		{"denying on a whole account", (*draft).widenDenyToAccount},
		{"adding the first permitted range", (*draft).addFirstRange},
		{"removing one of several permitted ranges", (*draft).removeRange},
		{"narrowing a permitted range", (*draft).narrowRange},
		{"adding a refused range", (*draft).addRefusedRange},
		{"expiring now", (*draft).expire},
		{"expiring earlier", (*draft).expireEarlier},
		{"beginning later", (*draft).beginLater},
		{"disabling", (*draft).disable},
	}, memberChanges())
}

// isToken reports whether the credential has policies and a life.
func (d *draft) isToken() bool {
	return d.credential.Kind == scene.UserToken || d.credential.Kind == scene.AccountToken
}

// policy picks a policy with the effect, nil when there is none.
func (d *draft) policy(effect string) *scene.Policy {
	var list []*scene.Policy
	for i := range d.credential.Policies {
		if d.credential.Policies[i].Effect == effect {
			list = append(list, &d.credential.Policies[i])
		}
	}
	return pick(d, list)
}

// pick returns one of the list, the zero value when it is empty.
func pick[T any](d *draft, list []T) T {
	var none T
	if len(list) == 0 {
		return none
	}
	return list[d.rng.IntN(len(list))]
}

func (d *draft) removeAllow() bool {
	at := slices.IndexFunc(d.credential.Policies, func(p scene.Policy) bool { return p.Effect == "allow" })
	if at < 0 {
		return false
	}
	d.credential.Policies = slices.Delete(d.credential.Policies, at, at+1)
	return true
}

func (d *draft) removeGroup() bool {
	p := d.policy("allow")
	if p == nil || len(p.Groups) < 2 {
		return false
	}
	at := d.rng.IntN(len(p.Groups))
	p.Groups = slices.Delete(p.Groups, at, at+1)
	return true
}

func (d *draft) removeKey() bool {
	p := d.policy("allow")
	if p == nil || len(p.Resources) < 2 {
		return false
	}
	delete(p.Resources, d.key(p))
	return true
}

// made is a policy for the token with another effect.
func (d *draft) made(effect string) scene.Policy {
	p := d.generator.Policy(d.credential)
	p.Effect = effect
	return p
}

func (d *draft) addDeny() bool {
	if !d.isToken() {
		return false
	}
	d.credential.Policies = append(d.credential.Policies, d.made("deny"))
	return true
}

func (d *draft) widenDenyGroups() bool {
	p := d.policy("deny")
	if p == nil {
		return false
	}
	p.Groups = append(p.Groups, d.made("deny").Groups...)
	return true
}

func (d *draft) widenDenyKeys() bool {
	p := d.policy("deny")
	if p == nil {
		return false
	}
	changed := false
	for key, value := range d.made("deny").Resources {
		// A flat key is never replaced by nested ones: that would narrow it.
		if old, taken := p.Resources[key]; !taken || value == scene.Any && isNested(old) {
			p.Resources[key] = value
			changed = true
		}
	}
	return changed
}

// isNested reports whether "*" in the place of the value reaches more: nested zones lie in the account, and
// nested records in the zone.
func isNested(value any) bool {
	_, nested := value.(map[string]any)
	return nested
}

func (d *draft) widenDenyToAccount() bool {
	p := d.policy("deny")
	key := scene.AccountPrefix + pick(d, d.world.Accounts).ID
	if p == nil || p.Resources[key] == scene.Any {
		return false
	}
	p.Resources[key] = scene.Any
	return true
}

func (d *draft) expire() bool {
	if !d.isToken() {
		return false
	}
	now := d.generator.Now()
	if before := d.credential.ExpiresOn; before != nil && !before.After(now) {
		return false
	}
	d.credential.ExpiresOn = &now
	return true
}

func (d *draft) expireEarlier() bool {
	if d.credential.ExpiresOn == nil {
		return false
	}
	earlier := d.credential.ExpiresOn.Add(-time.Duration(1 + d.rng.IntN(3)))
	d.credential.ExpiresOn = &earlier
	return true
}

func (d *draft) beginLater() bool {
	if !d.isToken() {
		return false
	}
	later := d.generator.Now().Add(time.Duration(d.rng.IntN(3)))
	if before := d.credential.NotBefore; before != nil && !later.After(*before) {
		later = before.Add(1)
	}
	d.credential.NotBefore = &later
	return true
}

func (d *draft) disable() bool {
	if !d.isToken() || d.credential.Disabled {
		return false
	}
	d.credential.Disabled = true
	return true
}
