// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import "net/http"

// The reasons that the rows of the switch expect.
const reasonSwitch = "api_access_disabled"

// switchedOff asks while the Enterprise account is switched off: members who are switched on go on, one
// who follows the account is refused there and nowhere else, and so is a token that the account owns.
func (s *actors) switchedOff() chapter {
	return chapter{
		title: "The Enterprise account acme is switched off; two members are switched on, one follows the account",
		checks: []check{
			{who: "operator, on", as: s.operator, send: get("/accounts/" + s.enterprise), want: allow},
			{who: "ci, on", as: s.ci, send: get("/zones/" + s.zone), want: allow},
			{who: "ci, on", as: s.ci, send: get("/zones/" + s.zone + "/dns_records"), want: allow},
			{who: "second, default", as: s.second, send: get("/zones/" + s.zone), want: refuse, reason: reasonSwitch},
			{who: "second, default", as: s.second, send: get("/zones/" + s.zone + "/dns_records"), want: refuse, reason: reasonSwitch},
			{who: "second, default", as: s.second, send: get("/accounts/" + s.enterprise), want: refuse, reason: reasonSwitch},
			{who: "second, default", as: s.second, send: get("/user"), want: allow},
			{who: "second, default", as: s.second, send: get("/memberships"), want: allow},
			{who: "inventory token", as: s.inventory, send: get("/zones/" + s.zone), want: refuse, reason: reasonSwitch},
			{who: "inventory token", as: s.inventory, send: get("/zones"), want: allow, verify: noZones},
			{who: "operator, on", as: s.operator, send: get("/accounts/" + s.standard), want: allow},
			{who: "reader token", as: s.readerKey, send: fromOffice(get("/accounts/" + s.standard)), want: allow},
		},
	}
}

// switchedOn asks while the account is switched on and the second member is switched off.
func (s *actors) switchedOn() chapter {
	return chapter{
		title: "The account is switched on again; the second member is switched off",
		checks: []check{
			{who: "second, off", as: s.second, send: get("/zones/" + s.zone), want: refuse, reason: reasonSwitch},
			{who: "second, off", as: s.second, send: get("/zones/" + s.zone + "/dns_records"), want: refuse, reason: reasonSwitch},
			{who: "second, off", as: s.second, send: get("/user"), want: allow},
			{who: "ci, on", as: s.ci, send: get("/zones/" + s.zone), want: allow},
			{who: "inventory token", as: s.inventory, send: get("/zones/" + s.zone), want: allow},
			{who: "inventory token", as: s.inventory, send: get("/zones/" + s.sibling), want: allow},
			{
				who: "inventory token", as: s.inventory, want: refuse, reason: reasonNoGrant,
				send: get("/zones/" + s.zone + "/dns_records"),
			},
			{
				who: "inventory token", as: s.inventory, want: refuse, reason: reasonNoGrant,
				send: []request{{method: http.MethodPatch, path: "/zones/" + s.zone, body: map[string]any{"paused": true}}},
			},
			{who: "inventory token", as: s.inventory, send: get("/zones/" + s.standardZone), want: refuse, reason: reasonNoTarget},
		},
	}
}

// destroyed asks after the destroy: the tokens are gone, and the account and its members are back at
// their defaults.
func (s *actors) destroyed() chapter {
	return chapter{
		title: "After the destroy the tokens are dead, and the switch is back at its default",
		checks: []check{
			{who: "ACME client token", as: s.acmeToken, send: get("/user/tokens/verify"), want: refuse, reason: "1000"},
			{who: "ACME client token", as: s.acmeToken, send: get("/zones/" + s.zone + "/dns_records"), want: refuse, reason: codeUnknown},
			{who: "purge token", as: s.purge, send: purge(s.zone), want: refuse, reason: codeUnknown},
			{who: "reader token", as: s.readerKey, send: fromOffice(get("/accounts/" + s.standard)), want: refuse, reason: codeUnknown},
			{who: "inventory token", as: s.inventory, send: get("/zones/" + s.zone), want: refuse, reason: codeUnknown},
			{who: "second, default", as: s.second, send: get("/zones/" + s.zone + "/dns_records"), want: allow},
			{who: "ci, default", as: s.ci, send: get("/zones/" + s.zone), want: allow},
		},
	}
}
