// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
)

// IPCondition limits the addresses that a token may be used from. It is
// compiled by [CompileIP] and immutable; nil is no condition.
type IPCondition struct {
	in, notIn []netip.Prefix
}

// ParsePrefix reads a CIDR range or a bare address, which is /32 or /128
// (authorization model §6 "Address"). Host bits are masked, ::ffff:a.b.c.d is
// a.b.c.d, and zone identifiers are refused.
func ParsePrefix(s string) (netip.Prefix, error) {
	if strings.Contains(s, "%") {
		return netip.Prefix{}, errors.New("a zone identifier is not part of an IP range")
	}
	if !strings.Contains(s, "/") {
		addr, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, errors.New("not an IP address or CIDR range")
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, errors.New("not an IP address or CIDR range")
	}
	if prefix.Addr().Is4In6() {
		// Addresses are unmapped before they are compared, so a mapped range
		// that is wider than all of IPv4 could never mean what it says.
		if prefix.Bits() < 96 {
			return netip.Prefix{}, errors.New("an IPv4-mapped range must be /96 or narrower: write the IPv4 range")
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	return prefix.Masked(), nil
}

// CompileIP compiles an IP condition from its ranges; without any range it is
// nil, no condition. The ranges must have passed [ParsePrefix]; one that has
// not is an error, never a wider condition.
func CompileIP(in, notIn []string) (*IPCondition, error) {
	if len(in) == 0 && len(notIn) == 0 {
		return nil, nil //nolint:nilnil // nil is "no condition", which is not an error.
	}
	c := &IPCondition{}
	for _, list := range []struct {
		from []string
		to   *[]netip.Prefix
	}{{in, &c.in}, {notIn, &c.notIn}} {
		for _, s := range list.from {
			prefix, err := ParsePrefix(s)
			if err != nil {
				return nil, err
			}
			*list.to = append(*list.to, prefix)
		}
		*list.to = slices.Clip(*list.to)
	}
	return c, nil
}

// allows reports whether the condition holds for the address: in no not_in
// range, and in some in range if there are any. Without a valid address a
// condition never holds.
func (c *IPCondition) allows(addr netip.Addr) bool {
	if c == nil {
		return true
	}
	if !addr.IsValid() {
		return false
	}
	addr = addr.Unmap().WithZone("")
	for _, p := range c.notIn {
		if p.Contains(addr) {
			return false
		}
	}
	if len(c.in) == 0 {
		return true
	}
	for _, p := range c.in {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
