// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// The reasons that the rows of the tokens expect. Refusals before the gate of the target carry no
// reason, so there the code of the error stands.
const (
	reasonNoGrant  = "no_matching_grant"
	reasonNoTarget = "target_not_found"
	codeUnknown    = "9109"
	codeNoRecord   = "81044"
)

// Addresses of the documentation ranges: one that the reader token works from, and one that it does not.
const (
	officeAddress    = "203.0.113.7"
	elsewhereAddress = "198.51.100.7"
)

// acmeClient asks with a token that is good for TXT records at _acme-challenge.* of one zone.
func (s *actors) acmeClient() chapter {
	const who = "ACME client token"
	records := "/zones/" + s.zone + "/dns_records"
	post := func(zone, name string) []request {
		return []request{{method: http.MethodPost, path: "/zones/" + zone + "/dns_records", body: recordBody("TXT", name, "proof")}}
	}
	patch := func(record string, body map[string]any) []request {
		return []request{{method: http.MethodPatch, path: records + "/" + record, body: body}}
	}
	allowed := func(text string, send []request) check {
		return check{who: who, as: s.acmeToken, text: text, send: send, want: allow}
	}
	refused := func(reason, text string, send []request) check {
		return check{who: who, as: s.acmeToken, text: text, send: send, want: refuse, reason: reason}
	}
	list := allowed("", get(records))
	list.verify = onlyChallenges
	return chapter{
		title: "A token for TXT records at _acme-challenge.* of example.com, and nothing else",
		checks: []check{
			allowed("", get("/user/tokens/verify")),
			allowed("create TXT _acme-challenge.example.com", post(s.zone, "_acme-challenge."+mainZone)),
			allowed("create TXT _acme-challenge.www.example.com", post(s.zone, "_acme-challenge.www."+mainZone)),
			list,
			allowed("", get(records+"/"+s.oldChallenge)),
			allowed("", patch(s.oldChallenge, map[string]any{"content": "renewed"})),
			refused(reasonNoGrant, "create every other type at _acme-challenge.example.com", s.otherTypes(records)),
			refused(reasonNoGrant, "create TXT www, @, acme-challenge, x._acme-challenge", s.otherNames(records)),
			refused(reasonNoGrant, "rename (TXT _acme-challenge.old) to www", patch(s.oldChallenge, map[string]any{"name": "www." + mainZone})),
			refused(codeNoRecord, "", get(records+"/"+s.wwwRecord)),
			refused(codeNoRecord, "", patch(s.wwwRecord, map[string]any{"content": "192.0.2.66"})),
			refused(codeNoRecord, "", []request{{method: http.MethodDelete, path: records + "/" + s.wwwRecord}}),
			refused(reasonNoGrant, "create TXT _acme-challenge.example.org", post(s.sibling, "_acme-challenge."+siblingZone)),
			refused(reasonNoGrant, "create TXT _acme-challenge.globex.example", post(s.standardZone, "_acme-challenge."+standardZone)),
			refused(reasonNoGrant, "", get("/zones/"+s.zone)),
			refused(reasonNoGrant, "", get("/zones/"+s.zone+"/settings")),
			refused(reasonNoGrant, "", purge(s.zone)),
			refused(reasonNoGrant, "every other endpoint of zone, account and user", s.otherEndpoints()),
			allowed("", []request{{method: http.MethodDelete, path: records + "/" + s.oldChallenge}}),
		},
	}
}

// otherTypes creates a record of every type but TXT where a challenge would stand.
func (s *actors) otherTypes(path string) []request {
	var all []request
	for _, recordType := range authz.RecordTypes() {
		if recordType != "TXT" {
			all = append(all, request{method: http.MethodPost, path: path, body: recordBody(recordType, "_acme-challenge."+mainZone, "192.0.2.1")})
		}
	}
	return all
}

// otherNames creates TXT records beside the pattern.
func (s *actors) otherNames(path string) []request {
	var all []request
	for _, name := range []string{"www." + mainZone, "@", "acme-challenge." + mainZone, "x._acme-challenge." + mainZone} {
		all = append(all, request{method: http.MethodPost, path: path, body: recordBody("TXT", name, "proof")})
	}
	return all
}

// otherEndpoints are requests that have nothing to do with records.
func (s *actors) otherEndpoints() []request {
	zone, account := "/zones/"+s.zone, "/accounts/"+s.enterprise
	return []request{
		{method: http.MethodGet, path: "/user"},
		{method: http.MethodGet, path: "/user/tokens"},
		{method: http.MethodGet, path: "/memberships"},
		{method: http.MethodGet, path: "/zones"},
		{method: http.MethodGet, path: "/accounts"},
		{method: http.MethodGet, path: account},
		{method: http.MethodGet, path: account + "/members"},
		{method: http.MethodGet, path: account + "/roles"},
		{method: http.MethodGet, path: account + "/tokens"},
		{method: http.MethodPatch, path: zone, body: map[string]any{"paused": true}},
		{method: http.MethodDelete, path: zone},
		{method: http.MethodPatch, path: zone + "/settings/ssl", body: map[string]any{"value": "off"}},
		{method: http.MethodGet, path: zone + "/dnssec"},
		{method: http.MethodGet, path: zone + "/firewall/access_rules/rules"},
		{
			method: http.MethodPost, path: zone + "/firewall/access_rules/rules",
			body: map[string]any{"mode": "block", "configuration": map[string]any{"target": "ip", "value": "192.0.2.66"}},
		},
	}
}

// purger asks with a token that may purge the cache of one zone.
func (s *actors) purger() chapter {
	const who = "purge token"
	refused := func(send []request) check {
		return check{who: who, as: s.purge, send: send, want: refuse, reason: reasonNoGrant}
	}
	return chapter{
		title: "A token that purges the cache of example.com",
		checks: []check{
			{who: who, as: s.purge, send: purge(s.zone), want: allow},
			refused(purge(s.sibling)),
			refused(purge(s.standardZone)),
			// The details of a zone are open to nearly every zone group, the list of zones is not.
			{who: who, as: s.purge, send: get("/zones/" + s.zone), want: allow},
			refused(get("/zones/" + s.sibling)),
			refused(get("/zones")),
			refused(get("/zones/" + s.zone + "/dns_records")),
			refused(get("/zones/" + s.zone + "/settings")),
		},
	}
}

// reader asks with a token that the standard account owns: it reads that account, from one network.
func (s *actors) reader() chapter {
	const who = "reader token"
	account, zone := "/accounts/"+s.standard, "/zones/"+s.standardZone
	allowed := func(send []request) check {
		return check{who: who, as: s.readerKey, send: fromOffice(send), want: allow}
	}
	refused := func(reason string, send []request) check {
		return check{who: who, as: s.readerKey, send: fromOffice(send), want: refuse, reason: reason}
	}
	verify := allowed(get(account + "/tokens/verify"))
	verify.verify = expiry
	return chapter{
		title: "A read-only token of the account globex, from 203.0.113.0/24, with an expiry",
		checks: []check{
			verify,
			allowed(get(account)),
			allowed(get(zone)),
			allowed(get(zone + "/dns_records")),
			refused(reasonNoGrant, []request{{method: http.MethodPost, path: zone + "/dns_records", body: recordBody("A", "new."+standardZone, "192.0.2.1")}}),
			refused(reasonNoGrant, []request{{method: http.MethodPatch, path: zone, body: map[string]any{"paused": true}}}),
			refused(reasonNoGrant, purge(s.standardZone)),
			refused(reasonNoTarget, get("/zones/"+s.zone)),
			{
				who: who, as: s.readerKey,
				send: from(elsewhereAddress, get(account)), want: refuse, reason: codeUnknown,
			},
			{
				who: who, as: s.readerKey, text: "GET " + account + ", from 127.0.0.1",
				send: get(account), want: refuse, reason: codeUnknown,
			},
		},
	}
}

// purge is the request that throws away a zone's whole cache.
func purge(zone string) []request {
	return []request{{method: http.MethodPost, path: "/zones/" + zone + "/purge_cache", body: map[string]any{"purge_everything": true}}}
}

// from makes requests come from an address.
func from(address string, requests []request) []request {
	moved := make([]request, len(requests))
	for i, r := range requests {
		r.from = address
		moved[i] = r
	}
	return moved
}

// fromOffice makes requests come from where the reader token works.
func fromOffice(requests []request) []request {
	return from(officeAddress, requests)
}

// onlyChallenges looks at a list of records that must hold challenges and nothing else of the zone.
func onlyChallenges(result json.RawMessage) (string, error) {
	var records []struct{ Type, Name string }
	if err := json.Unmarshal(result, &records); err != nil {
		return "", err
	}
	for _, record := range records {
		if record.Type != "TXT" || !strings.HasPrefix(record.Name, "_acme-challenge.") {
			return "", fmt.Errorf("the list shows %s %s", record.Type, record.Name)
		}
	}
	if len(records) == 0 {
		return "", errors.New("the list is empty")
	}
	return fmt.Sprintf("shows the %d challenges alone", len(records)), nil
}

// noZones looks at a list of zones that must be empty: the switch leaves objects out of lists.
func noZones(result json.RawMessage) (string, error) {
	var zones []struct{ Name string }
	if err := json.Unmarshal(result, &zones); err != nil {
		return "", err
	}
	if len(zones) > 0 {
		return "", fmt.Errorf("the list shows %d zones", len(zones))
	}
	return "an empty list", nil
}

// expiry looks at what verify says of a token that must have an expiry.
func expiry(result json.RawMessage) (string, error) {
	var verification struct {
		Status    string `json:"status"`
		ExpiresOn string `json:"expires_on"`
	}
	if err := json.Unmarshal(result, &verification); err != nil {
		return "", err
	}
	if verification.ExpiresOn == "" {
		return "", errors.New("it does not expire")
	}
	return verification.Status + " until " + verification.ExpiresOn, nil
}
