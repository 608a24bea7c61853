// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// condition draws from where the token works.
func (g *generator) condition(d *token) {
	if g.chance(2) {
		g.absent(d.attributes, "condition")
		g.hit("condition left out")
		return
	}
	requestIP := map[string]any{}
	which := g.IntN(3)
	for i, list := range []struct {
		name string
		to   *[]string
	}{{"in", &d.means.In}, {"not_in", &d.means.NotIn}} {
		if which == i {
			g.absent(requestIP, list.name)
			continue
		}
		texts, prefixes := g.ranges()
		requestIP[list.name], *list.to = texts, rangesMeaning(prefixes)
		g.hit("request_ip.%s", list.name)
	}
	d.attributes["condition"] = map[string]any{"request_ip": requestIP}
}

// ranges draws one to six address ranges, each in one of the ways to write it, none twice.
func (g *generator) ranges() (texts []any, prefixes []netip.Prefix) {
	for range 1 + g.IntN(6) {
		text := g.oneRange()
		prefix, err := authz.ParsePrefix(text)
		if err != nil {
			panic(text + ": " + err.Error())
		}
		if !slices.Contains(prefixes, prefix) {
			texts, prefixes = append(texts, text), append(prefixes, prefix)
		}
	}
	return texts, prefixes
}

func (g *generator) oneRange() string {
	const longest4, longest6 = 32, 128
	if g.chance(20) {
		g.hit("range of every address")
		return pick(g, "0.0.0.0/0", "::/0", "0:0:0:0:0:0:0:0/0")
	}
	four := netip.AddrFrom4([4]byte{198, 51, byte(g.IntN(256)), byte(g.IntN(256))})
	six := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 10: byte(g.IntN(256)), 15: byte(g.IntN(256))})
	switch g.IntN(8) {
	case 0:
		g.hit("IPv4 address")
		return four.String()
	case 1:
		g.hit("IPv4 address as /32")
		return netip.PrefixFrom(four, longest4).String()
	case 2:
		g.hit("IPv4 range")
		return netip.PrefixFrom(four, 1+g.IntN(longest4-1)).Masked().String()
	case 3:
		g.hit("IPv4 address mapped into IPv6")
		return pick(g, "::ffff:"+four.String(), "::ffff:"+four.String()+"/128", "0:0:0:0:0:FFFF:"+four.String())
	case 4:
		g.hit("IPv4 range mapped into IPv6")
		bits := 96 + g.IntN(longest4)
		return fmt.Sprintf("::ffff:%s/%d", netip.PrefixFrom(four, bits-96).Masked().Addr(), bits)
	case 5:
		return g.spellAddress(six)
	case 6:
		return g.spellAddress(six) + "/128"
	default:
		g.hit("IPv6 range")
		prefix := netip.PrefixFrom(six, 1+g.IntN(longest6-1)).Masked()
		return fmt.Sprintf("%s/%d", g.spellAddress(prefix.Addr()), prefix.Bits())
	}
}

// spellAddress writes an IPv6 address in one of its forms.
func (g *generator) spellAddress(addr netip.Addr) string {
	switch g.IntN(4) {
	case 0:
		g.hit("IPv6 address written in full")
		return addr.StringExpanded()
	case 1:
		g.hit("IPv6 address in capitals")
		return strings.ToUpper(addr.String())
	case 2:
		g.hit("IPv6 address that ends as IPv4")
		b := addr.As16()
		return fmt.Sprintf("%x:%x:%x:%x:%x:%x:%d.%d.%d.%d", uint16(b[0])<<8|uint16(b[1]), uint16(b[2])<<8|uint16(b[3]),
			uint16(b[4])<<8|uint16(b[5]), uint16(b[6])<<8|uint16(b[7]), uint16(b[8])<<8|uint16(b[9]), uint16(b[10])<<8|uint16(b[11]),
			b[12], b[13], b[14], b[15])
	default:
		g.hit("IPv6 address")
		return addr.String()
	}
}

// times draws from when and until when the token works. All that expires does so long after any clock that a test may
// run by.
func (g *generator) times(d *token) {
	day := func(firstYear, lastYear int) time.Time {
		return time.Date(firstYear+g.IntN(lastYear-firstYear+1), time.Month(1+g.IntN(12)), 1+g.IntN(31), g.IntN(24), g.IntN(60), g.IntN(60), 0, time.UTC)
	}
	if g.chance(3) {
		from := pick(g, day(1971, 2020), day(2080, 2099), time.Unix(0, 0).UTC())
		d.attributes["not_before"], d.means.NotBefore = g.spellTime(from), timeMeaning(from)
		g.hit("not_before")
	} else {
		g.absent(d.attributes, "not_before")
	}
	if g.chance(3) {
		until := pick(g, day(2101, 2300), day(9000, 9998))
		d.attributes["expires_on"], d.means.ExpiresOn = g.spellTime(until), timeMeaning(until)
		g.hit("expires_on")
	} else {
		g.absent(d.attributes, "expires_on")
	}
}

// spellTime writes an instant at one of the offsets from UTC.
func (g *generator) spellTime(t time.Time) string {
	switch g.IntN(4) {
	case 0:
		g.hit("time in UTC")
		return t.Format(time.RFC3339)
	case 1:
		g.hit("time in UTC, by an offset of zero")
		return strings.TrimSuffix(t.Format(time.RFC3339), "Z") + pick(g, "+00:00", "-00:00")
	default:
		g.hit("time at an offset")
		const minute = 60
		offset := pick(g, 2*60, -12*60, 14*60, 5*60+45, -(3*60+30), 1, -1, 23*60+59) * minute
		return t.In(time.FixedZone("", offset)).Format(time.RFC3339)
	}
}
