// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"errors"
	"net/netip"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// condition limits the addresses a token may be used from. Both lists are
// sorted and masked; nil is no condition.
type condition struct{ In, NotIn []netip.Prefix }

// parseRange reads a CIDR range or a bare address, which is /32 or /128
// (authorization model §6 "Address"). The API would mask host bits; here they
// are refused, because a range that is written so is most often a typo and
// opens more than its author sees.
func parseRange(s string) (netip.Prefix, error) {
	prefix, err := authz.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	if raw, err := netip.ParsePrefix(s); err == nil && raw != raw.Masked() {
		return netip.Prefix{}, errors.New("the address has bits set beyond the length of the range; the range that holds it is " + prefix.String())
	}
	return prefix, nil
}

func comparePrefixes(a, b netip.Prefix) int {
	if c := a.Addr().Compare(b.Addr()); c != 0 {
		return c
	}
	return a.Bits() - b.Bits()
}

// newCondition sorts and compacts the ranges; without any range it is nil.
func newCondition(in, notIn []netip.Prefix) *condition {
	if len(in) == 0 && len(notIn) == 0 {
		return nil
	}
	sorted := func(list []netip.Prefix) []netip.Prefix {
		return slices.Compact(slices.SortedFunc(slices.Values(list), comparePrefixes))
	}
	return &condition{In: sorted(in), NotIn: sorted(notIn)}
}

func (c *condition) equal(other *condition) bool {
	if c == nil || other == nil {
		return c == nil && other == nil
	}
	return slices.Equal(c.In, other.In) && slices.Equal(c.NotIn, other.NotIn)
}

// toAPI builds the wire form; nil stays nil, which an update sends as the
// explicit empty condition.
func (c *condition) toAPI() *client.IPCondition {
	if c == nil {
		return nil
	}
	texts := func(list []netip.Prefix) []string {
		var out []string
		for _, p := range list {
			out = append(out, p.String())
		}
		return out
	}
	return &client.IPCondition{In: texts(c.In), NotIn: texts(c.NotIn)}
}

// conditionFromAPI reads the wire form. Host bits are masked, as the API does
// when it applies the range. A range that cannot be read is an error: dropping
// it would show a condition that is not the token's.
func conditionFromAPI(api *client.IPCondition) (*condition, error) {
	if api == nil {
		return nil, nil //nolint:nilnil // nil is "no condition", which is not an error.
	}
	var in, notIn []netip.Prefix
	for _, list := range []struct {
		from []string
		to   *[]netip.Prefix
	}{{api.In, &in}, {api.NotIn, &notIn}} {
		for _, s := range list.from {
			prefix, err := authz.ParsePrefix(s)
			if err != nil {
				return nil, errors.New(s + ": " + err.Error())
			}
			*list.to = append(*list.to, prefix)
		}
	}
	return newCondition(in, notIn), nil
}

// narrows reports whether an address that passed before may not pass next.
func (c *condition) narrows(prior *condition) bool {
	if c == nil {
		return false
	}
	if prior == nil {
		return true
	}
	if len(c.In) > 0 {
		if len(prior.In) == 0 {
			return true
		}
		for _, p := range prior.In {
			if !covered(p, c.In) {
				return true
			}
		}
	}
	for _, p := range c.NotIn {
		if !covered(p, prior.NotIn) {
			return true
		}
	}
	return false
}

// covered reports whether one of the ranges holds all of p.
func covered(p netip.Prefix, ranges []netip.Prefix) bool {
	return slices.ContainsFunc(ranges, func(r netip.Prefix) bool {
		return r.Bits() <= p.Bits() && r.Contains(p.Addr())
	})
}
