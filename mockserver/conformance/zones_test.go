// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

// zoneNames lists the zones that a client sees.
func zoneNames(t *testing.T, api *cloudflare.API, filters ...cloudflare.ReqOption) string {
	t.Helper()
	reply := must[cloudflare.ZonesResponse](t)(api.ListZonesContext(t.Context(), filters...))
	var names []string
	for _, zone := range reply.Result {
		names = append(names, zone.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestZonesThatACredentialSees(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for ref, want := range map[string]string{
		"terraform":   "example.com example.org globex.example",
		"super":       "example.com example.org globex.example",
		"viewer_read": "example.com example.org",
		"acme_ops":    "example.com example.org",
		"ci_dns":      "example.com",
		"pending":     "",
	} {
		if got := zoneNames(t, as(t, s, ref)); got != want {
			t.Errorf("%s sees %q, want %q", ref, got, want)
		}
	}
	api := as(t, s, "terraform")
	for _, tt := range []struct {
		name, account, status, want string
	}{
		{"example.org", "", "", "example.org"},
		{"EXAMPLE.ORG", "", "", "example.org"},
		{"", s.ID("globex"), "", "globex.example"},
		{"", "", "active", "example.com example.org globex.example"},
		{"example.org", s.ID("globex"), "", ""},
	} {
		if got := zoneNames(t, api, cloudflare.WithZoneFilters(tt.name, tt.account, tt.status)); got != tt.want {
			t.Errorf("filters %q %q %q give %q, want %q", tt.name, tt.account, tt.status, got, tt.want)
		}
	}
	if got := must[string](t)(api.ZoneIDByName("example.com")); got != s.ID("example.com") {
		t.Errorf("the id by name is %s", got)
	}
	user := tokenOf(t, s, allow(userScope+"."+s.ID("super"), groups(t, as(t, s, "super"), userScope, "User Details Read")))
	_, err := user.ListZones(t.Context())
	refused(t, err, forbidden, 0)
}

func TestLifeOfAZone(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	api, acme := as(t, s, "terraform"), cloudflare.Account{ID: s.ID("acme")}
	zone := must[cloudflare.Zone](t)(api.CreateZone(ctx, "new.example", false, acme, "full"))
	if zone.Name != "new.example" || zone.Account.ID != acme.ID || zone.Type != "full" || len(zone.NameServers) == 0 {
		t.Errorf("created: %+v", zone)
	}
	_, err := api.CreateZone(ctx, "new.example", false, acme, "full")
	refused(t, err, badRequest, 1061)
	if paused := must[cloudflare.Zone](t)(api.ZoneSetPaused(ctx, zone.ID, true)); !paused.Paused {
		t.Error("the zone is not paused")
	}
	if read := must[cloudflare.Zone](t)(api.ZoneDetails(ctx, zone.ID)); !read.Paused || read.CreatedOn.IsZero() || read.Plan.ID == "" {
		t.Errorf("read: %+v", read)
	}
	if gone := must[cloudflare.ZoneID](t)(api.DeleteZone(ctx, zone.ID)); gone.ID != zone.ID {
		t.Errorf("deleted: %+v", gone)
	}
	_, err = api.ZoneDetails(ctx, zone.ID)
	refused(t, err, forbidden, 9109)
}

func TestZonesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	zone, other := s.ID("example.com"), s.ID("example.org")
	unchanged(t, s, func() {
		for _, ref := range []string{"ci_dns", "viewer_read", "viewer", "acme_ops"} {
			api := as(t, s, ref)
			_, err := api.CreateZone(ctx, "new.example", false, cloudflare.Account{ID: s.ID("acme")}, "full")
			refused(t, err, forbidden, 0)
			_, err = api.ZoneSetPaused(ctx, zone, true)
			refused(t, err, forbidden, 9109)
			_, err = api.DeleteZone(ctx, zone)
			refused(t, err, forbidden, 9109)
		}
		_, err := as(t, s, "ci_dns").ZoneDetails(ctx, other)
		refused(t, err, forbidden, 9109)
		_, err = as(t, s, "viewer").ZoneDetails(ctx, s.ID("globex.example"))
		refused(t, err, forbidden, 9109)
		_, err = as(t, s, "viewer").ZoneDetails(ctx, strings.Repeat("9", 32))
		refused(t, err, forbidden, 9109)
		_, err = as(t, s, "super").ZoneDetails(ctx, "no-id")
		refused(t, err, notFound, 7003)
	})
}

func TestPurge(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	zone := s.ID("example.com")
	purger := tokenOf(t, s, allow(zoneScope+"."+zone, groups(t, as(t, s, "super"), zoneScope, "Cache Purge")))
	if got := must[cloudflare.PurgeCacheResponse](t)(purger.PurgeEverything(ctx, zone)); !got.Success {
		t.Errorf("purged: %+v", got)
	}
	must[cloudflare.PurgeCacheResponse](t)(purger.PurgeCache(ctx, zone, cloudflare.PurgeCacheRequest{Files: []string{"https://www.example.com/a.css"}}))
	_, err := purger.PurgeEverything(ctx, s.ID("example.org"))
	refused(t, err, forbidden, 10000)
	readRecords(t, purger, zone, func(err error) { refused(t, err, forbidden, 10000) })
	_, err = as(t, s, "ci_dns").PurgeEverything(ctx, zone)
	refused(t, err, forbidden, 10000)
}

func TestZoneSettings(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	zone := cloudflare.ZoneIdentifier(s.ID("example.com"))
	api := as(t, s, "terraform")
	params := cloudflare.UpdateZoneSettingParams{Name: "always_use_https", Value: "on"}
	if got := must[cloudflare.ZoneSetting](t)(api.UpdateZoneSetting(ctx, zone, params)); got.Value != "on" {
		t.Errorf("set: %+v", got)
	}
	read := cloudflare.GetZoneSettingParams{Name: "always_use_https"}
	if got := must[cloudflare.ZoneSetting](t)(as(t, s, "viewer_read").GetZoneSetting(ctx, zone, read)); got.Value != "on" {
		t.Errorf("read: %+v", got)
	}
	all := must[*cloudflare.ZoneSettingResponse](t)(api.ZoneSettings(ctx, zone.Identifier))
	if !slices.ContainsFunc(all.Result, func(setting cloudflare.ZoneSetting) bool {
		return setting.ID == "always_use_https" && setting.Value == "on"
	}) {
		t.Error("the list lacks the setting")
	}
	unchanged(t, s, func() {
		_, err := as(t, s, "viewer_read").UpdateZoneSetting(ctx, zone, params)
		refused(t, err, forbidden, 9109)
		_, err = as(t, s, "ci_dns").GetZoneSetting(ctx, zone, read)
		refused(t, err, forbidden, 9109)
	})
}
