// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientAddress is the address that IP conditions see (authorization model §6
// "Address"): the TCP peer's, or, when that is a trusted proxy, the right-most
// entry of X-Forwarded-For that is none. An entry that cannot be read is no
// trusted proxy and no address either: conditions then never hold.
func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer := parseAddress(r.RemoteAddr)
	if !isTrusted(peer, trusted) {
		return peer
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, entry := range slices.Backward(forwarded) {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		if addr := parseAddress(entry); !isTrusted(addr, trusted) {
			return addr
		}
	}
	return peer
}

// parseAddress reads an address with or without a port; the zero Addr is none.
func parseAddress(s string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(s); err == nil {
		return withPort.Addr().Unmap().WithZone("")
	}
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	return addr.IsValid() && slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}
