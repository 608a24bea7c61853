// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJudge judges small questions: what the comparison of evaluators asks by the million.
func BenchmarkJudge(b *testing.B) {
	deep := policies(
		allow(onZonesOf(standard, shop), "zone:DNS Read", "zone:DNS Write", "zone:Zone Read"),
		allow(onAccountKey(standard), "account:Account Settings Read", "zone:SSL and Certificates Write"),
		deny(onRecordKey(shop, "TXT._acme-challenge.*"), "zone:DNS Write"),
	)
	for name, e := range map[string][]edit{
		"zone":      nil, // the widest A of all rows
		"deny":      edits(deep),
		"record":    edits(deep, ask(postRecord, recordTarget(shop, "TXT", challenge))),
		"global":    edits(kind(scene.GlobalKey)),
		"policies":  edits(ownerPolicies(standard, memberPolicy("allow", nil, "Domain DNS"), memberPolicy("deny", []string{blog}, "Domain DNS"))),
		"condition": edits(func(s *scene.Scene) { s.Credential.In = []string{"192.0.2.0/24", "2001:db8::/32"} }),
	} {
		b.Run(name, func(b *testing.B) {
			o := theOracle(b)
			s := base()
			for _, change := range e {
				change(s)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := o.Judge(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
