// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"maps"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// successor draws what the configuration of a token becomes: another name, condition, life or status, each by chance,
// and of its policies some kept, if in other words, some taken away, some written anew under their key and some added. Owner and secret
// stay: a change of those makes another token, or needs a new secret.
func (g *generator) successor(old token) token {
	next := token{attributes: maps.Clone(old.attributes), policies: map[string]string{}, means: old.means}
	if g.chance(2) {
		g.rename(&next)
	}
	if g.chance(2) {
		delete(next.attributes, "condition")
		next.means.In, next.means.NotIn = nil, nil
		g.condition(&next)
	}
	if g.chance(2) {
		delete(next.attributes, "not_before")
		delete(next.attributes, "expires_on")
		next.means.NotBefore, next.means.ExpiresOn = "", ""
		g.times(&next)
	}
	if g.chance(2) {
		// Left out, it stays as it is.
		delete(next.attributes, "status")
		g.status(&next)
	}
	before, _ := old.attributes["policies"].(map[string]any)
	after := map[string]any{}
	next.attributes["policies"], next.means.Policies = after, nil
	var anew []string
	for _, key := range sortedKeys(before) {
		switch g.IntN(3) {
		case 0:
			after[key], next.policies[key] = g.respelled(before[key]), old.policies[key]
			next.means.Policies = append(next.means.Policies, old.policies[key])
		case 1:
			anew = append(anew, key)
		}
	}
	for _, key := range anew {
		g.putPolicy(&next, key)
	}
	g.policies(&next)
	slices.Sort(next.means.Policies)
	return next
}

// respelled is a policy of the same meaning in other words: permission groups by other names, an effect of allow left
// out or written out, and empty sets in the place of none.
func (g *generator) respelled(policy any) any {
	before, _ := policy.(map[string]any)
	after := maps.Clone(before)
	switch {
	case before["effect"] == nil && g.chance(2):
		after["effect"] = "allow"
	case before["effect"] == "allow" && g.chance(2):
		delete(after, "effect")
	}
	var refs []any
	held, _ := before["permission_groups"].([]any)
	for _, i := range g.Perm(len(held)) {
		ref, _ := held[i].(string)
		if found, err := catalog.LookupGroup(ref); err == nil && g.chance(2) {
			ref = g.call(g.groups[found.Index])
		}
		if !slices.Contains(refs, any(ref)) {
			refs = append(refs, ref)
		}
	}
	after["permission_groups"] = refs
	resources, _ := before["resources"].(map[string]any)
	resources = maps.Clone(resources)
	for _, name := range setsOfResources {
		switch list, _ := resources[name].([]any); {
		case len(list) > 0 || g.chance(2):
		case list == nil:
			resources[name] = []any{}
		default:
			resources[name] = nil
		}
	}
	after["resources"] = resources
	return g.shuffled(after)
}
