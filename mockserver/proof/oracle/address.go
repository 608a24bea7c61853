// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// addressRange is one range of an IP condition: the addresses of one family whose first bits are those of
// first.
type addressRange struct {
	first netip.Addr
	bits  int
}

// parseRange reads a range (authorization model §6 "Address"): a bare address is /32 or /128, an IPv4-mapped
// one is the IPv4 range, zone identifiers are refused. Host bits need no care here: only the first bits are
// ever compared. A mapped address with fewer than 96 bits is no IPv4 range and not parsed.
func parseRange(text string) (addressRange, error) {
	before, after, hasBits := strings.Cut(text, "/")
	first, err := parseAddress(before)
	if err != nil {
		return addressRange{}, err
	}
	if !hasBits {
		first = first.Unmap()
		return addressRange{first: first, bits: first.BitLen()}, nil
	}
	bits, err := strconv.ParseUint(after, 10, 8)
	if err != nil || strconv.FormatUint(bits, 10) != after || int(bits) > first.BitLen() {
		return addressRange{}, fmt.Errorf("range %q does not end in a number of bits", text)
	}
	if !first.Is4In6() {
		return addressRange{first: first, bits: int(bits)}, nil
	}
	if bits < 96 {
		return addressRange{}, fmt.Errorf("range %q maps more than the IPv4 addresses", text)
	}
	return addressRange{first: first.Unmap(), bits: int(bits) - 96}, nil
}

// parseAddress reads an address and refuses zone identifiers (authorization model §6 "Address").
func parseAddress(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}, err
	}
	if a.Zone() != "" {
		return netip.Addr{}, fmt.Errorf("address %q has a zone identifier", text)
	}
	return a, nil
}

// contains compares the first bits of an address, which is not IPv4-mapped, with those of the range.
func (r addressRange) contains(a netip.Addr) bool {
	if a.BitLen() != r.first.BitLen() {
		return false
	}
	want, got := r.first.AsSlice(), a.AsSlice()
	for bit := range r.bits {
		mask := byte(0x80) >> (bit % 8)
		if want[bit/8]&mask != got[bit/8]&mask {
			return false
		}
	}
	return true
}

// addressHolds is gate 4: in no not_in range, and in some in range if there are any (authorization model §6).
// An empty list is no condition. An address that cannot be read passes no condition at all, not even one of
// not_in ranges alone.
func addressHolds(address string, in, notIn []addressRange) bool {
	if len(in) == 0 && len(notIn) == 0 {
		return true
	}
	a, err := parseAddress(address)
	if err != nil {
		return false
	}
	a = a.Unmap()
	for _, r := range notIn {
		if r.contains(a) {
			return false
		}
	}
	if len(in) == 0 {
		return true
	}
	for _, r := range in {
		if r.contains(a) {
			return true
		}
	}
	return false
}
