// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Quota is what a rate limit says of one request.
type Quota struct {
	// Exceeded is true for a request that is one too many: it is answered 429
	// and nothing is decided.
	Exceeded bool
	// Name tells limits apart in the headers of the reply; empty means that
	// nothing limits the request, and the reply says nothing of limits.
	Name string
	// Requests is how many requests go in a Window.
	Requests int
	Window   time.Duration
	// Remaining is how many more go until Reset is over.
	Remaining int
	Reset     time.Duration
}

// RateLimit counts a request and says what is left. The caller is the user
// that a live credential acts as, or the id of an account-owned token; it is
// the zero ID for all other requests, which count for their address alone. It
// is called inside a transaction, must be quick and must not open another.
type RateLimit func(caller authz.ID, address netip.Addr, now time.Time) Quota

// caller is whose requests are counted together: those of a user, whatever
// credentials bring them, and those of one account-owned token. A credential
// that is dead is answered as one that is unknown, and counts so too: a header
// must not tell them apart.
func (x *exchange) caller(d authz.Decision) authz.ID {
	c := x.request.Credential
	switch {
	case c == nil, !d.Allowed && d.Gate < authz.GateAddress:
		return authz.ID{}
	case c.User.IsZero():
		return c.ID
	default:
		return c.User
	}
}

// limit counts the request, and refuses one that is too many before anything
// is decided. What the gates say of the credential is known by then.
func (x *exchange) limit(d authz.Decision) error {
	if x.dialect.options.RateLimit == nil {
		return nil
	}
	x.quota = x.dialect.options.RateLimit(x.caller(d), x.address, x.now)
	if !x.quota.Exceeded {
		return nil
	}
	if listener := x.dialect.options.OnLimited; listener != nil {
		listener(x.http.Context(), &Decided{
			Operation: x.operation, Credential: x.request.Credential, CredentialRef: x.credentialRef(),
			Address: x.address, Now: x.now,
			explain: func() authz.Explanation { return authz.Explanation{} },
		})
	}
	return errLimited.refuse(x.quota.Requests, int(x.quota.Window.Seconds()))
}

// announce writes what is left of the limit into the headers of a reply.
func (q *Quota) announce(h http.Header) {
	if q.Name == "" {
		return
	}
	reset := wholeSeconds(q.Reset)
	h.Set("Ratelimit", fmt.Sprintf("%q;r=%d;t=%d", q.Name, q.Remaining, reset))
	h.Set("Ratelimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", q.Name, q.Requests, wholeSeconds(q.Window)))
	if q.Exceeded {
		// A client that waits no time at all would ask in a loop.
		h.Set("Retry-After", strconv.FormatInt(max(reset, 1), 10))
	}
}

// wholeSeconds rounds up: who waits that long has waited long enough.
func wholeSeconds(d time.Duration) int64 {
	return int64((max(d, 0) + time.Second - 1) / time.Second)
}
