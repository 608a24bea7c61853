// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// canonicalDefinition is one text for all ways to write the same policies, condition and times: the
// API sorts groups, may reorder policies and masks host bits. Two tokens with one canonical
// definition grant the same. The name is not part of it.
func canonicalDefinition(policies []Policy, condition *IPCondition, notBefore, expiresOn *time.Time) string {
	lines := make([]string, 0, len(policies)+1)
	for _, policy := range policies {
		lines = append(lines, canonicalPolicy(policy))
	}
	slices.Sort(lines)
	if condition != nil {
		lines = append(lines, fmt.Sprintf("condition in=%q not_in=%q", canonicalRanges(condition.In), canonicalRanges(condition.NotIn)))
	}
	lines = append(lines, "not_before="+wireTime(notBefore), "expires_on="+wireTime(expiresOn))
	return strings.Join(lines, "\n")
}

// Matches reports whether the token is what the definition asks for: its name, and policies, condition and times
// that mean the same, however they are written. The status is not looked at.
func (t *Token) Matches(def TokenDefinition) bool {
	return t.Name == def.Name && canonicalDefinition(t.Policies, t.Condition, t.NotBefore, t.ExpiresOn) ==
		canonicalDefinition(def.Policies, def.Condition, def.NotBefore, def.ExpiresOn)
}

// canonicalPolicy is effect, sorted group ids and sorted wire keys.
func canonicalPolicy(policy Policy) string {
	ids := make([]string, 0, len(policy.Groups))
	for _, group := range policy.Groups {
		ids = append(ids, group.ID)
	}
	var keys []string
	for key, value := range policy.Resources {
		if value.Nested == nil {
			keys = append(keys, key)
			continue
		}
		for _, nested := range value.Nested {
			keys = append(keys, key+" > "+nested)
		}
	}
	return fmt.Sprintf("%s %q on %q", policy.Effect, sortedSet(ids), sortedSet(keys))
}

func canonicalRanges(ranges []string) []string {
	out := make([]string, 0, len(ranges))
	for _, text := range ranges {
		out = append(out, canonicalRange(text))
	}
	return sortedSet(out)
}

// canonicalRange masks host bits and writes a bare address as a range; a text that is neither stays
// as it is.
func canonicalRange(text string) string {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()).String()
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix.Masked().String()
	}
	return text
}

func sortedSet(items []string) []string {
	items = slices.Clone(items)
	slices.Sort(items)
	return slices.Compact(items)
}
