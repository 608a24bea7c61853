// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"context"
	"net/netip"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/ratelimit"
)

// newRateLimit makes the limiter of one world in the form that a dialect asks it. Every world has one of its own, so
// that nobody is held back by what happens in another.
func newRateLimit(policy ratelimit.Policy) cloudflare.RateLimit {
	if policy == (ratelimit.Policy{}) {
		return nil
	}
	limiter := ratelimit.New(policy)
	return func(caller authz.ID, address netip.Addr, now time.Time) cloudflare.Quota {
		key := ""
		if !caller.IsZero() {
			key = string(caller[:])
		}
		v := limiter.Take(key, address, now)
		return cloudflare.Quota{
			Exceeded: v.Exceeded, Name: v.Name, Requests: v.Limit.Requests, Window: v.Limit.Window,
			Remaining: v.Remaining, Reset: v.Reset,
		}
	}
}

// limited enters into the journal who sent a request that was one too many. Nothing was decided of it.
func (s *Server) limited(ctx context.Context, d *cloudflare.Decided) {
	exchangeOf(ctx).record.Update(func(e *journal.Entry) { identify(e, d) })
}

// identify enters who asked from where.
func identify(e *journal.Entry, d *cloudflare.Decided) {
	if d.Address.IsValid() {
		e.Address = d.Address.String()
	}
	if c := d.Credential; c != nil {
		e.CredentialKind, e.CredentialID = c.Kind.String(), credentialID(c).String()
		if e.Credential = d.CredentialRef; e.Credential == "" {
			e.Credential = e.CredentialID
		}
	}
}
