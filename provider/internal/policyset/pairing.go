// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// heldPolicy is a policy as state holds it: its key, its spelling and, where
// that can be read, its meaning.
type heldPolicy struct {
	key     string
	element attr.Value
	model   model
	policy  Policy
	known   bool
}

// holdPolicies reads the policies of a state, sorted by key. A policy whose
// spelling no longer resolves is known by its key alone.
func holdPolicies(ctx context.Context, policies types.Map, own Owner) []heldPolicy {
	elements := policies.Elements()
	held := make([]heldPolicy, 0, len(elements))
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		h := heldPolicy{key: key, element: elements[key]}
		if obj, ok := h.element.(types.Object); ok && !obj.IsNull() && !obj.IsUnknown() {
			var diags diag.Diagnostics
			h.policy, h.known = compileOne(ctx, path.Root("policies").AtMapKey(key), obj, own, &diags)
			h.model, _ = tfkit.As[model](ctx, obj, &diags)
		}
		held = append(held, h)
	}
	return held
}

// Pair shows the policies of a reply under the keys that state gives
// them. A policy that means what a held one means keeps that one's key and
// spelling; the rest is paired by greatest overlap; what is left is named from
// its groups. The order of the reply plays no part, and equal policies in it
// are one.
func Pair(ctx context.Context, prior types.Map, reply []client.Policy, own Owner, diags *diag.Diagnostics) types.Map {
	replies := map[string]Policy{}
	for _, p := range reply {
		read := FromAPI(p)
		replies[read.Canonical()] = read
	}
	shown := map[string]attr.Value{}
	var open []heldPolicy
	for _, h := range holdPolicies(ctx, prior, own) {
		canonical := h.policy.Canonical()
		if _, found := replies[canonical]; h.known && found {
			shown[h.key] = h.element
			delete(replies, canonical)
			continue
		}
		open = append(open, h)
	}
	for _, m := range bestMatches(open, replies) {
		shown[m.held.key] = spellPolicy(ctx, replies[m.canonical], &m.held.model, own, diags)
		delete(replies, m.canonical)
	}
	for _, canonical := range slices.Sorted(maps.Keys(replies)) {
		p := replies[canonical]
		shown[freeKey(p, shown)] = spellPolicy(ctx, p, nil, own, diags)
	}
	out, ds := types.MapValue(PolicyType, shown)
	diags.Append(ds...)
	return out
}

// match pairs a held policy with a reply's.
type match struct {
	held      heldPolicy
	canonical string
	overlap   int
}

// bestMatches pairs greedily, greatest overlap first; ties fall by key, then
// by canonical form, so that equal inputs pair equally.
func bestMatches(open []heldPolicy, replies map[string]Policy) []match {
	var all []match
	for _, h := range open {
		if !h.known {
			continue
		}
		for canonical, p := range replies {
			if n := overlap(h.policy, p); n > 0 {
				all = append(all, match{held: h, canonical: canonical, overlap: n})
			}
		}
	}
	slices.SortFunc(all, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.overlap, a.overlap), cmp.Compare(a.held.key, b.held.key), cmp.Compare(a.canonical, b.canonical))
	})
	var chosen []match
	heldTaken, replyTaken := map[string]bool{}, map[string]bool{}
	for _, m := range all {
		if !heldTaken[m.held.key] && !replyTaken[m.canonical] {
			heldTaken[m.held.key], replyTaken[m.canonical] = true, true
			chosen = append(chosen, m)
		}
	}
	return chosen
}

// overlap counts the groups and keys that two policies share. An equal effect
// decides between policies that share as much.
func overlap(a, b Policy) int {
	n := 0
	for _, g := range a.Groups {
		if slices.Contains(b.Groups, g) {
			n += 2
		}
	}
	for _, k := range a.Keys {
		if slices.Contains(b.Keys, k) {
			n += 2
		}
	}
	if n > 0 && a.Effect == b.Effect {
		n++
	}
	return n
}
