// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// counted is a rate limit that lets a number of requests of each caller go and
// writes down whom it was asked about.
type counted struct {
	mu      sync.Mutex
	most    int
	used    map[authz.ID]int
	callers []string
	refused []cloudflare.Decided
}

func (c *counted) options(o *cloudflare.Options) {
	c.used = map[authz.ID]int{}
	o.RateLimit = c.take
	o.OnLimited = func(_ context.Context, d *cloudflare.Decided) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.refused = append(c.refused, *d)
	}
}

func (c *counted) take(caller authz.ID, address netip.Addr, _ time.Time) cloudflare.Quota {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.callers = append(c.callers, fmt.Sprintf("%s from %s", caller, address))
	if caller.IsZero() {
		return cloudflare.Quota{}
	}
	q := cloudflare.Quota{Name: "default", Requests: c.most, Window: 5 * time.Minute, Reset: 90*time.Second + time.Millisecond}
	if q.Exceeded = c.used[caller] >= c.most; !q.Exceeded {
		c.used[caller]++
	}
	q.Remaining = c.most - c.used[caller]
	return q
}

func TestRateLimitHeaders(t *testing.T) {
	t.Parallel()
	limit := &counted{most: 2}
	s := newServer(t, limit.options)
	for i, want := range []struct {
		status          int
		left, retry, of string
	}{
		{200, `"default";r=1;t=91`, "", `"default";q=2;w=300`},
		{403, `"default";r=0;t=91`, "", `"default";q=2;w=300`},
		{429, `"default";r=0;t=91`, "91", `"default";q=2;w=300`},
	} {
		path := "/zones/" + zoneCom
		if i == 1 {
			path = "/zones/" + absent // a refusal of the gates counts like any other request
		}
		r := s.do("zone_read", "GET", path, nil)
		got := []string{r.header.Get("Ratelimit"), r.header.Get("Retry-After"), r.header.Get("Ratelimit-Policy")}
		if d := cmp.Diff([]string{want.left, want.retry, want.of}, got); d != "" || r.status != want.status {
			t.Errorf("request %d: status %d\n%s", i+1, r.status, d)
		}
	}
	r := s.do("zone_read", "GET", "/zones/"+zoneCom, nil).refused(429, 10100)
	if got, want := r.Errors[0].Message, "More than 2 requests per 300 seconds reached. Please wait and consider throttling your request speed"; got != want {
		t.Errorf("message %q", got)
	}
	if len(r.Errors[0].Chain) != 0 {
		t.Errorf("a chain explains no refusal of the gates:\n%s", r.body)
	}
}

// Nothing is decided of a request that is one too many, nor written; who sent
// it is told.
func TestRateLimitComesBeforeTheDecision(t *testing.T) {
	t.Parallel()
	limit := &counted{most: 0}
	s := newServer(t, limit.options)
	s.do("key:super", "DELETE", "/zones/"+zoneCom, nil).refused(429, 10100)
	s.do("key:super", "POST", "/user/tokens", strings.Repeat("x", 1<<21)).refused(429, 10100)
	if got := len(s.decisions); got != 0 {
		t.Errorf("%d decisions", got)
	}
	if got := len(limit.refused); got != 2 || limit.refused[0].CredentialRef != "super" || limit.refused[0].Address.String() != "192.0.2.77" {
		t.Errorf("told of %+v", limit.refused)
	}
	limit.most = 9
	s.do("key:super", "GET", "/zones/"+zoneCom, nil).ok()
}

// The published limit is one for all credentials of a user, and one for each
// account-owned token; a credential that is no live one counts for its address.
func TestRateLimitCallers(t *testing.T) {
	t.Parallel()
	limit := &counted{most: 100}
	s := newServer(t, limit.options)
	super := s.user("super")
	const zero = "00000000000000000000000000000000"
	for _, c := range []struct {
		name, ref, path, caller string
	}{
		{"a user's token", "zone_read", "/zones", super},
		{"another token of the user", "overreach_none", "/zones", super},
		{"the user's Global API key", "key:super", "/zones", super},
		{"the user's Origin CA key", "origin:super", "/zones", super},
		{"a key of another user", "key:dns", "/zones", s.user("dns")},
		{"an account-owned token", "ops", "/zones", s.id("ops")},
		{"verify", "zone_read", "/user/tokens/verify", super},
		{"nothing", "", "/zones", zero},
		{"nothing to verify", "", "/user/tokens/verify", zero},
		{"a disabled token", "disabled", "/zones", zero},
		{"an expired token", "expired", "/zones", zero},
		{"a token of the future", "future", "/zones", zero},
	} {
		limit.callers = nil
		s.do(c.ref, "GET", c.path, nil)
		if d := cmp.Diff([]string{c.caller + " from 192.0.2.77"}, limit.callers); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	limit.callers = nil
	s.send(http.Header{"Authorization": {"Bearer " + strings.Repeat("a", 40)}}, "GET", "/zones", nil).refused(403, 9109)
	s.do("zone_read", "GET", "/no/such/route", nil)
	if d := cmp.Diff([]string{zero + " from 192.0.2.77"}, limit.callers); d != "" {
		t.Errorf("an unknown token, and an unknown route, which is answered before: %s", d)
	}
}
