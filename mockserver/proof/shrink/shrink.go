// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package shrink makes scenes small. It takes away whatever a scene can lose while it still shows what it
// shows, until nothing more can go: a greedy search over all lists, optional values and requests of the scene.
package shrink

import (
	"maps"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// Minimal returns the smallest scene that it finds for which shows is still true; shows is true for s. The
// scene given stays as it is. It takes time that grows with the square of the scene's size.
func Minimal(s *scene.Scene, shows func(*scene.Scene) bool) *scene.Scene {
	current := s.Clone()
	for {
		smaller := round(current, shows)
		if smaller == nil {
			return current
		}
		current = smaller
	}
}

// round goes over all removals once and returns the scene without all that could go, nil when nothing could.
func round(s *scene.Scene, shows func(*scene.Scene) bool) *scene.Scene {
	var smaller *scene.Scene
	// Removals are found by their place, and a place keeps its meaning only until something went: after a
	// success the same place is tried again, for what moved up.
	for place := 0; ; {
		tried := s.Clone()
		if smaller != nil {
			tried = smaller.Clone()
		}
		removals := removalsOf(tried)
		if place >= len(removals) {
			return smaller
		}
		removals[place]()
		if shows(tried) {
			smaller = tried
			continue
		}
		place++
	}
}

// removalsOf lists what can be taken from the scene, the large pieces first. Each changes the scene in place.
func removalsOf(s *scene.Scene) []func() {
	var list []func()
	add := func(remove func()) { list = append(list, remove) }
	w := &s.World
	without(add, &w.Accounts)
	without(add, &w.Zones)
	without(add, &w.Members)
	without(add, &w.TenantAdmins)
	if c := s.Credential; c != nil {
		without(add, &c.Policies)
		without(add, &c.In)
		without(add, &c.NotIn)
		unset(add, &c.NotBefore)
		unset(add, &c.ExpiresOn)
		zero(add, &c.Disabled)
		for i := range c.Policies {
			without(add, &c.Policies[i].Groups)
			withoutResources(add, c.Policies[i].Resources)
		}
	}
	for i := range w.Members {
		m := &w.Members[i]
		unset(add, &m.APIAccess)
		without(add, &m.Roles)
		without(add, &m.Policies)
		for j := range m.Policies {
			without(add, &m.Policies[j].Roles)
			// The last zone stays: without it the policy would cover the whole account.
			if len(m.Policies[j].Zones) > 1 {
				without(add, &m.Policies[j].Zones)
			}
		}
	}
	for i := range w.Accounts {
		unset(add, &w.Accounts[i].APIAccess)
		zero(add, &w.Accounts[i].Enterprise)
	}
	r := &s.Request
	if len(r.Targets) > 1 || r.Mode == scene.ModeRecord {
		without(add, &r.Targets)
	}
	unset(add, &r.Switch)
	unset(add, &r.After)
	return list
}

// without lists the removal of each element of a list.
func without[T any](add func(func()), list *[]T) {
	for i := range *list {
		add(func() { *list = slices.Delete(*list, i, i+1) })
	}
}

// withoutResources lists the removal of each key and of each nested key.
func withoutResources(add func(func()), resources map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(resources)) {
		if len(resources) > 1 {
			add(func() { delete(resources, key) })
		}
		nested, ok := resources[key].(map[string]any)
		if !ok || len(nested) == 1 {
			continue
		}
		for _, inner := range slices.Sorted(maps.Keys(nested)) {
			add(func() { delete(nested, inner) })
		}
	}
}

// unset lists the removal of an optional value that is there.
func unset[T any](add func(func()), value **T) {
	if *value != nil {
		add(func() { *value = nil })
	}
}

// zero lists turning a value off.
func zero(add func(func()), value *bool) {
	if *value {
		add(func() { *value = false })
	}
}
