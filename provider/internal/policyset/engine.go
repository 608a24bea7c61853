// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"maps"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// ForEngine is a policy in the form that the engine decides on.
type ForEngine struct {
	// Policy holds the groups and keys that the engine knows. Without any of one of the two it neither
	// allows nor denies.
	Policy authz.Policy
	// Unlisted are the ids of groups that the embedded catalogue does not know.
	Unlisted []string
	// Unread are resource keys of a form that the model does not know. They are not part of Policy: what
	// they reach cannot be judged.
	Unread []Key
}

// ForEngine turns the policy into what the engine decides on; user replaces the key of the token's own
// user.
func (p Policy) ForEngine(user authz.ID) ForEngine {
	out := ForEngine{Policy: authz.Policy{Effect: authz.Allow}}
	if p.Effect != client.EffectAllow {
		// Whatever is not known to allow is taken for what takes away.
		out.Policy.Effect = authz.Deny
	}
	for _, id := range p.Groups {
		if g, ok := catalog.GroupByID(id); ok {
			out.Policy.Groups = append(out.Policy.Groups, g.Index)
			continue
		}
		out.Unlisted = append(out.Unlisted, id)
	}
	nested := map[string][]string{}
	for _, k := range p.Keys {
		key, known := k.Parse()
		switch {
		case !known:
			out.Unread = append(out.Unread, k)
		case key.Form == authz.KeyUser:
			key.User = user
			out.Policy.Resources = append(out.Policy.Resources, key.Resource())
		case k.Inner == "":
			out.Policy.Resources = append(out.Policy.Resources, authz.Resource{Key: k.Outer})
		default:
			nested[k.Outer] = append(nested[k.Outer], k.Inner)
		}
	}
	for _, outer := range slices.Sorted(maps.Keys(nested)) {
		resource := authz.Resource{Key: outer, Nested: nested[outer]}
		if _, err := authz.ParseResource(resource); err != nil {
			// Entries that do not go together are refused when a token is written; an endpoint that
			// holds some all the same means something that the model does not know.
			for _, inner := range resource.Nested {
				out.Unread = append(out.Unread, Key{Outer: outer, Inner: inner})
			}
			continue
		}
		out.Policy.Resources = append(out.Policy.Resources, resource)
	}
	out.Policy.Canonicalize()
	return out
}

// Named gives the policies of a reply the keys that an import would give them, sorted by key. The order of
// the reply plays no part, and equal policies in it are one.
func Named(reply []client.Policy) []Keyed {
	byMeaning := map[string]Policy{}
	for _, p := range reply {
		read := FromAPI(p)
		byMeaning[read.Canonical()] = read
	}
	taken := map[string]Policy{}
	for _, canonical := range slices.Sorted(maps.Keys(byMeaning)) {
		p := byMeaning[canonical]
		taken[freeKey(p, taken)] = p
	}
	list := make([]Keyed, 0, len(taken))
	for key, p := range taken {
		list = append(list, Keyed{Key: key, Policy: p})
	}
	sortPolicies(list)
	return list
}
