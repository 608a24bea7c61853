// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

// TestZoneFiles: what the client exports it can import into another zone.
func TestZoneFiles(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	api := as(t, s, "super")
	from, to := cloudflare.ZoneIdentifier(s.ID("example.com")), cloudflare.ZoneIdentifier(s.ID("example.org"))
	file := must[string](t)(api.ExportDNSRecords(ctx, from, cloudflare.ExportDNSRecordsParams{}))
	for _, r := range records(t, api, to.Identifier, cloudflare.ListDNSRecordsParams{}) {
		if err := api.DeleteDNSRecord(ctx, to, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	moved := strings.ReplaceAll(file, "example.com.", "example.org.")
	if err := api.ImportDNSRecords(ctx, to, cloudflare.ImportDNSRecordsParams{BINDContents: moved}); err != nil {
		t.Fatalf("importing:\n%s\n%v", moved, err)
	}
	// The client imports proxied records by themselves, and these are what is left of its comparison: types and names.
	was, is := records(t, api, from.Identifier, cloudflare.ListDNSRecordsParams{}), records(t, api, to.Identifier, cloudflare.ListDNSRecordsParams{})
	count := make(map[string]int)
	for _, r := range was {
		count[r.Type+" "+strings.ReplaceAll(r.Name, "example.com", "example.org")]++
	}
	for _, r := range is {
		count[r.Type+" "+r.Name]--
	}
	for record, n := range count {
		if n != 0 {
			t.Errorf("of %s there are %d too few", record, n)
		}
	}
	unchanged(t, s, func() {
		err := api.ImportDNSRecords(ctx, from, cloudflare.ImportDNSRecordsParams{BINDContents: moved})
		refused(t, err, badRequest, 1001)
		err = as(t, s, "viewer_read").ImportDNSRecords(ctx, to, cloudflare.ImportDNSRecordsParams{BINDContents: moved})
		refused(t, err, forbidden, 10000)
	})
}
