// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

// records lists the records that a client sees in a zone, and fails the test when it may not.
func records(t *testing.T, api *cloudflare.API, zone string, filter cloudflare.ListDNSRecordsParams) []cloudflare.DNSRecord {
	t.Helper()
	list, _, err := api.ListDNSRecords(t.Context(), cloudflare.ZoneIdentifier(zone), filter)
	if err != nil {
		t.Fatalf("listing records: %v", err)
	}
	return list
}

func TestLifeOfARecord(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	id := s.ID("example.com")
	zone := cloudflare.ZoneIdentifier(id)
	for _, ref := range []string{"ci_dns", "terraform", "dns", "acme_ops"} {
		api := as(t, s, ref)
		created := must[cloudflare.DNSRecord](t)(api.CreateDNSRecord(ctx, zone, cloudflare.CreateDNSRecordParams{
			Type: "A", Name: "api", Content: "192.0.2.80", TTL: 300, Proxied: new(false), Comment: "made by " + ref,
		}))
		if created.Name != "api.example.com" || created.TTL != 300 || created.Comment != "made by "+ref || created.CreatedOn.IsZero() {
			t.Errorf("%s: created %+v", ref, created)
		}
		found := records(t, api, id, cloudflare.ListDNSRecordsParams{Type: "A", Name: "api.example.com", Content: "192.0.2.80"})
		if len(found) != 1 || found[0].ID != created.ID {
			t.Errorf("%s: found %+v", ref, found)
		}
		updated := must[cloudflare.DNSRecord](t)(api.UpdateDNSRecord(ctx, zone, cloudflare.UpdateDNSRecordParams{
			ID: created.ID, Type: "A", Name: "api.example.com", Content: "192.0.2.81", TTL: 1,
		}))
		if updated.Content != "192.0.2.81" || updated.TTL != 1 || updated.Comment != created.Comment {
			t.Errorf("%s: updated %+v", ref, updated)
		}
		if read := must[cloudflare.DNSRecord](t)(api.GetDNSRecord(ctx, zone, created.ID)); read.Content != "192.0.2.81" {
			t.Errorf("%s: read %+v", ref, read)
		}
		_, err := api.CreateDNSRecord(ctx, zone, cloudflare.CreateDNSRecordParams{Type: "A", Name: "bad", Content: "192.0.2.300", TTL: 1})
		refused(t, err, badRequest, 1004)
		if err := api.DeleteDNSRecord(ctx, zone, created.ID); err != nil {
			t.Errorf("%s: deleting: %v", ref, err)
		}
		_, err = api.GetDNSRecord(ctx, zone, created.ID)
		refused(t, err, notFound, 81044)
	}
}

func TestManyRecordsArePaged(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	id := s.ID("example.org")
	api := as(t, s, "terraform")
	before := len(records(t, api, id, cloudflare.ListDNSRecordsParams{}))
	const more = 120
	for i := range more {
		must[cloudflare.DNSRecord](t)(api.CreateDNSRecord(t.Context(), cloudflare.ZoneIdentifier(id), cloudflare.CreateDNSRecordParams{
			Type: "TXT", Name: "many", Content: strings.Repeat("x", i+1), TTL: 1,
		}))
	}
	if got := len(records(t, api, id, cloudflare.ListDNSRecordsParams{})); got != before+more {
		t.Errorf("%d records, want %d", got, before+more)
	}
	if got := s.Count("GET", "/zones/{zone_id}/dns_records"); got != 3 {
		t.Errorf("%d requests for 1 and 2 pages", got)
	}
}

func TestRecordsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	mine, other := s.ID("example.com"), s.ID("example.org")
	www := records(t, as(t, s, "super"), mine, cloudflare.ListDNSRecordsParams{Type: "A", Name: "www.example.com"})[0]
	unchanged(t, s, func() {
		readRecords(t, as(t, s, "ci_dns"), other, func(err error) { refused(t, err, forbidden, 10000) })
		for _, ref := range []string{"viewer_read", "viewer"} {
			api := as(t, s, ref)
			readRecords(t, api, mine, nil)
			_, err := api.CreateDNSRecord(ctx, cloudflare.ZoneIdentifier(mine), cloudflare.CreateDNSRecordParams{Type: "A", Name: "x", Content: "192.0.2.1"})
			refused(t, err, forbidden, 10000)
			_, err = api.UpdateDNSRecord(ctx, cloudflare.ZoneIdentifier(mine), cloudflare.UpdateDNSRecordParams{ID: www.ID, Content: "192.0.2.1"})
			refused(t, err, forbidden, 10000)
			refused(t, api.DeleteDNSRecord(ctx, cloudflare.ZoneIdentifier(mine), www.ID), forbidden, 10000)
		}
		_, err := as(t, s, "super").GetDNSRecord(ctx, cloudflare.ZoneIdentifier(mine), strings.Repeat("9", 32))
		refused(t, err, notFound, 81044)
	})
}

// A token for TXT records of one name: what an ACME client needs, and nothing else.
func TestRecordLevelToken(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	id := s.ID("example.org")
	zone := cloudflare.ZoneIdentifier(id)
	api := as(t, s, "dns_challenge")

	if got := must[string](t)(api.ZoneIDByName("example.org")); got != id {
		t.Errorf("the zone is %s", got)
	}
	seen := records(t, api, id, cloudflare.ListDNSRecordsParams{})
	if len(seen) != 1 || seen[0].Name != "_acme-challenge.example.org" || seen[0].Type != "TXT" {
		t.Errorf("the token sees %+v", seen)
	}
	challenge := must[cloudflare.DNSRecord](t)(api.CreateDNSRecord(ctx, zone, cloudflare.CreateDNSRecordParams{
		Type: "TXT", Name: "_acme-challenge.example.org", Content: `"proof"`, TTL: 120,
	}))
	found := records(t, api, id, cloudflare.ListDNSRecordsParams{Type: "TXT", Name: "_acme-challenge.example.org", Content: `"proof"`})
	if len(found) != 1 || found[0].ID != challenge.ID {
		t.Errorf("found %+v", found)
	}

	apex := records(t, as(t, s, "super"), id, cloudflare.ListDNSRecordsParams{Type: "A"})[0]
	unchanged(t, s, func() {
		for _, params := range []cloudflare.CreateDNSRecordParams{
			{Type: "A", Name: "_acme-challenge.example.org", Content: "192.0.2.1"},
			{Type: "TXT", Name: "example.org", Content: `"proof"`},
			{Type: "TXT", Name: "_acme-challenge.www.example.org", Content: `"proof"`},
		} {
			_, err := api.CreateDNSRecord(ctx, zone, params)
			refused(t, err, forbidden, 10000)
		}
		_, err := api.UpdateDNSRecord(ctx, zone, cloudflare.UpdateDNSRecordParams{ID: challenge.ID, Name: "www.example.org"})
		refused(t, err, forbidden, 10000)
		// A record out of sight looks like one that is not there.
		_, err = api.GetDNSRecord(ctx, zone, apex.ID)
		refused(t, err, notFound, 81044)
		refused(t, api.DeleteDNSRecord(ctx, zone, apex.ID), notFound, 81044)
		readRecords(t, api, s.ID("example.com"), func(err error) { refused(t, err, forbidden, 10000) })
		_, err = api.PurgeEverything(ctx, id)
		refused(t, err, forbidden, 10000)
	})
	if err := api.DeleteDNSRecord(ctx, zone, challenge.ID); err != nil {
		t.Error(err)
	}
}
