// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// BenchmarkDecide asks whether a token may do DNS Write on a zone, for three
// sizes of token: policies, groups and resources a policy, IP ranges, and a
// time window. The policy that grants is the last one.
func BenchmarkDecide(b *testing.B) {
	for _, size := range []struct {
		name                                string
		policies, groups, resources, ranges int
	}{{"small", 1, 2, 1, 1}, {"medium", 5, 10, 20, 4}, {"large", 20, 50, 200, 16}} {
		b.Run(size.name, func(b *testing.B) {
			w := newWorld(b)
			var policies []Policy
			for i := range size.policies {
				p := Policy{Effect: Allow, Groups: []catalog.GroupIndex{groupNamed(b, "DNS Write").Index}}
				for g := range catalog.ScopeGroups(catalog.ScopeZone).All() {
					if len(p.Groups) < size.groups {
						p.Groups = append(p.Groups, g)
					}
				}
				for j := range size.resources {
					p.Resources = append(p.Resources, Resource{Key: zonePrefix + named(fmt.Sprintf("%d-%d", i, j)).String()})
				}
				if i == size.policies-1 {
					p.Resources[0] = Resource{Key: zonePrefix + named("z1").String()}
				}
				p.Canonicalize()
				policies = append(policies, p)
			}
			var ranges []string
			for i := range size.ranges - 1 {
				ranges = append(ranges, fmt.Sprintf("10.%d.0.0/16", i))
			}
			ip, err := CompileIP(append(ranges, "192.0.2.0/24"), nil)
			if err != nil {
				b.Fatal(err)
			}
			c := userToken(b, "super", policies...)
			c.IP, c.NotBefore, c.ExpiresOn = ip, instant.Add(-time.Hour), instant.Add(time.Hour)
			r := ask(b, c, recordPost, ZoneTarget(named("z1")))
			r.Address = netip.MustParseAddr("192.0.2.9")
			if !Decide(w, r).Allowed {
				b.Fatal("refused")
			}
			b.ReportAllocs()
			for b.Loop() {
				Decide(w, r)
			}
		})
	}
}
