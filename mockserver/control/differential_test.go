// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// The objects of a made-up world. The last account and the last zone do not
// exist.
var (
	madeAccounts = []string{strings.Repeat("a1", 16), strings.Repeat("a2", 16), strings.Repeat("a3", 16), strings.Repeat("a9", 16)}
	madeZones    = []string{strings.Repeat("b1", 16), strings.Repeat("b2", 16), strings.Repeat("b3", 16), strings.Repeat("b4", 16), strings.Repeat("b9", 16)}
	zoneAccount  = []int{0, 0, 1, 2}
	madeBuckets  = []string{"images", "logs-eu"}
)

// dice makes worlds and requests at random, the same for the same seed.
type dice struct{ *rand.Rand }

func (d dice) one(list []string) string { return list[d.IntN(len(list))] }
func (d dice) chance(percent int) bool  { return d.IntN(100) < percent }

// madeCredential is a credential of a made-up world with the rows that its
// policies are about.
type madeCredential struct {
	kind, ref string
	topics    []*catalog.Operation
}

// world makes a seed of users, members, zones and tokens whose policies are
// about rows of the operations table.
func (d dice) world(t *testing.T) (seed string, credentials []madeCredential) {
	t.Helper()
	rows := catalog.Operations()
	users, accounts, zones, tokens := fields{}, fields{}, fields{}, fields{}
	refs := []string{"u0", "u1", "u2", "u3"}
	for i, ref := range refs {
		users[ref] = fields{
			"email": ref + "@example.com", "tenant_admin": i == 1,
			"api_key": fmt.Sprintf("%037x", i+1), "origin_ca_key": fmt.Sprintf("v1.0-%024x", i+1),
		}
		credentials = append(credentials, madeCredential{kind: "global_key", ref: ref}, madeCredential{kind: "origin_ca_key", ref: ref})
	}
	switches := []any{nil, true, false}
	var accountRoles, domainRoles []string
	for _, r := range catalog.Roles() {
		if r.Level == catalog.RoleLevelDomain {
			domainRoles = append(domainRoles, r.Name)
		} else {
			accountRoles = append(accountRoles, r.Name)
		}
	}
	for i, id := range madeAccounts[:3] {
		enterprise := i < 2
		members := fields{"u0": fields{"roles": []string{accountRoles[0]}}}
		for _, ref := range refs[1:] {
			m := fields{}
			switch luck := d.IntN(100); {
			case luck < 15:
				continue
			case luck < 30:
				m["status"] = "pending"
			case luck < 60 && enterprise:
				m["api_access_enabled"] = switches[d.IntN(3)]
			}
			if d.chance(70) {
				m["roles"] = []string{accountRoles[d.IntN(4)], d.one(accountRoles[4:])}
			} else {
				over := fields{"access": "allow", "roles": []string{d.one(domainRoles)}}
				for z := range zoneAccount {
					if zoneAccount[z] == i {
						over["zones"] = []string{fmt.Sprintf("z%d.example", z)}
					}
				}
				m["policies"] = []any{fields{"access": "allow", "roles": []string{d.one(accountRoles)}}, over}
			}
			members[ref] = m
		}
		account := fields{"id": id, "name": fmt.Sprintf("A%d", i), "type": "standard", "members": members}
		if enterprise {
			account["type"], account["settings"] = "enterprise", fields{"api_access_enabled": switches[d.IntN(3)]}
		}
		accounts[fmt.Sprintf("a%d", i)] = account
	}
	for i, a := range zoneAccount {
		zones[fmt.Sprintf("z%d.example", i)] = fields{"account": fmt.Sprintf("a%d", a), "id": madeZones[i], "records": []any{
			fields{"type": "A", "name": "www", "content": "192.0.2.1"}, fields{"type": "TXT", "name": "_acme-challenge", "content": "x"},
		}}
	}
	for i := range 60 {
		ref := fmt.Sprintf("t%d", i)
		token := fields{"value": fmt.Sprintf("%040d", i+1)}
		c := madeCredential{kind: "user_token", ref: ref}
		if i%4 == 3 {
			c.kind = "account_token"
			token["account"] = fmt.Sprintf("a%d", d.IntN(3))
		} else {
			token["user"] = d.one(refs)
		}
		var policies []any
		for len(policies) == 0 || d.chance(50) {
			row := rows[d.IntN(len(rows))]
			c.topics = append(c.topics, row)
			effect := "allow"
			if len(policies) > 0 && d.chance(30) {
				effect, row = "deny", c.topics[0]
			}
			if p := d.policy(row, c.kind == "account_token", token["account"]); p != nil {
				p["effect"] = effect
				policies = append(policies, p)
			}
		}
		token["policies"] = policies
		switch d.IntN(12) {
		case 0:
			token["status"] = "disabled"
		case 1:
			token["expires_on"] = "2020-01-01T00:00:00Z"
		case 2:
			token["not_before"] = "2999-01-01T00:00:00Z"
		case 3:
			token["condition"] = fields{"request_ip": fields{"in": []string{"10.0.0.0/8"}}}
		case 4:
			token["condition"] = fields{"request_ip": fields{"in": []string{"127.0.0.0/8"}}}
		}
		tokens[ref] = token
		credentials = append(credentials, c)
	}
	text, err := json.Marshal(fields{"users": users, "accounts": accounts, "zones": zones, "tokens": tokens})
	if err != nil {
		t.Fatal(err)
	}
	return string(text), credentials
}

// policy makes one that is about a row: some group that it accepts, and a key
// that can serve it. It is nil when the row accepts none.
func (d dice) policy(row *catalog.Operation, ofAccount bool, account any) fields {
	var groups []*catalog.Group
	for g := range row.Accepts.All() {
		if group := &catalog.Groups()[g]; !ofAccount || group.Scope != catalog.ScopeUser {
			groups = append(groups, group)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	group := groups[d.IntN(len(groups))]
	own := d.IntN(3)
	if name, ok := account.(string); ok {
		own = int(name[1] - '0')
	}
	accountKey := "com.cloudflare.api.account." + madeAccounts[own]
	const zoneKey = "com.cloudflare.api.account.zone."
	var inside []string
	for i, a := range zoneAccount {
		if a == own {
			inside = append(inside, zoneKey+madeZones[i])
		}
	}
	var resources fields
	switch group.Scope {
	case catalog.ScopeUser:
		return fields{"permission_groups": []string{group.ID}, "resources": fields{"user": "self"}}
	case catalog.ScopeR2Bucket:
		key := "com.cloudflare.edge.r2.bucket." + madeAccounts[own] + "_" + d.one([]string{"default", "eu"}) + "_" + d.one(madeBuckets)
		resources = fields{key: "*"}
	case catalog.ScopeAccount:
		resources = fields{accountKey: "*"}
		if !ofAccount && d.chance(25) {
			resources = fields{"com.cloudflare.api.account.*": "*"}
		}
	default:
		zone := d.one(inside)
		choices := []fields{{accountKey: "*"}, {zone: "*"}, {accountKey: fields{zoneKey + "*": "*"}}, {accountKey: fields{zone: "*"}}}
		if !ofAccount {
			choices = append(choices, fields{zoneKey + "*": "*"})
		}
		if group.Name == "DNS Read" || group.Name == "DNS Write" {
			record := fields{zone: fields{zoneKey + "dns_record." + d.one([]string{"*", "TXT", "A"}) + "." + d.one([]string{"*", "www.*", "_acme-challenge.*"}): "*"}}
			choices = append(choices, record, record, record)
		}
		resources = choices[d.IntN(len(choices))]
	}
	return fields{"permission_groups": []string{group.ID}, "resources": resources}
}

// attempt is a request and the question about it.
type attempt struct {
	method, path string
	body         any
	jurisdiction string
	question     fields
}

// attempt makes a request for a row on objects of the world. It reports false
// for rows that are asked about in another way.
func (d dice) attempt(t *testing.T, s *mocktest.Server, row *catalog.Operation) (attempt, bool) {
	t.Helper()
	a := attempt{method: row.Method, path: row.Route, body: fields{}, question: fields{}}
	target := fields{}
	switch {
	case row.Target == catalog.TargetCredential,
		// These would take the world away.
		row.Name() == "DELETE /accounts/{account_id}", row.Name() == "DELETE /zones/{zone_id}", row.Name() == "POST /accounts":
		return attempt{}, false
	case row.Target == catalog.TargetCertificate:
		if row.Name() != "GET /certificates" {
			return attempt{}, false
		}
		zone := d.one(madeZones)
		a.path += "?zone_id=" + zone
		target["zone"] = zone
	case row.Target == catalog.TargetAllZones:
		account := d.one(madeAccounts)
		a.body = fields{"account": fields{"id": account}, "name": "no name"}
		target["account"], target["all_zones"] = account, true
	case row.Target == catalog.TargetBucket:
		jurisdiction := d.one([]string{"", "default", "eu"})
		if a.jurisdiction = jurisdiction; jurisdiction != "" {
			target["bucket"] = fields{"name": "", "jurisdiction": jurisdiction}
		}
	}
	zone := d.one(madeZones)
	account := d.one(madeAccounts)
	bucket := d.one(madeBuckets)
	for strings.Contains(a.path, "{") {
		before, rest, _ := strings.Cut(a.path, "{")
		name, after, _ := strings.Cut(rest, "}")
		value := "0"
		switch name {
		case "account_id":
			if strings.Contains(before, account) {
				account = d.one(madeAccounts)
			}
			value = account
		case "zone_id":
			value = zone
		case "bucket_name":
			value = bucket
		case "dns_record_id":
			if records := recordsIn(t, s, zone); len(records) > 0 {
				value = records[d.IntN(len(records))]
			}
		}
		a.path = before + value + after
	}
	if b, ok := target["bucket"].(fields); ok {
		b["name"] = bucket
	}
	a.question["operation"] = row.Method + " " + strings.Split(a.path, "?")[0]
	const records = "/zones/{zone_id}/dns_records"
	switch row.Name() {
	case "POST " + records:
		recordType, name := d.one([]string{"A", "TXT"}), d.one([]string{"www", "_acme-challenge", "mail"})
		// The content is none, so that nothing is created.
		a.body = fields{"type": recordType, "name": name, "content": ""}
		if zone != madeZones[len(madeZones)-1] {
			target["record"] = fields{"type": recordType, "name": name}
		}
	case "DELETE " + records + "/{dns_record_id}", "PUT " + records + "/{dns_record_id}":
		return attempt{}, false // the world keeps its records, and a PUT names its own
	}
	if len(target) > 0 {
		a.question["target"] = target
	}
	if row.Method == http.MethodGet || row.Method == http.MethodDelete {
		a.body = nil
	}
	return a, true
}

func recordsIn(t *testing.T, s *mocktest.Server, zone string) []string {
	t.Helper()
	for i, id := range madeZones[:len(zoneAccount)] {
		if id != zone {
			continue
		}
		var ids []string
		for _, r := range recordsOf(t, s, fmt.Sprintf("z%d.example", i)) {
			ids = append(ids, r.ID.String())
		}
		return ids
	}
	return nil
}

// TestAgreesAtRandom sends requests of every row by credentials of made-up
// worlds, on objects that may be foreign or absent, and holds that the server
// decides each as the control plane says beforehand: allowed or not, and why.
func TestAgreesAtRandom(t *testing.T) {
	t.Parallel()
	const worlds, attempts = 3, 600
	rows := catalog.Operations()
	reasons := map[string]int{}
	for w := range worlds {
		d := dice{rand.New(rand.NewPCG(uint64(w), 7))}
		seed, credentials := d.world(t)
		s := mocktest.New(t, mocktest.WithSeed(seed))
		for range attempts {
			c := credentials[d.IntN(len(credentials))]
			row := rows[d.IntN(len(rows))]
			if len(c.topics) > 0 && d.chance(80) {
				row = c.topics[d.IntN(len(c.topics))]
			}
			a, ok := d.attempt(t, s, row)
			if !ok {
				continue
			}
			reasons[differ(t, s, c, a)]++
		}
	}
	for _, want := range []authz.Reason{
		"", authz.ReasonCredentialDisabled, authz.ReasonCredentialExpired, authz.ReasonCredentialNotYetValid,
		authz.ReasonIPNotAllowed, authz.ReasonUserCredentialRequired, authz.ReasonTargetNotFound, authz.ReasonAPIAccessDisabled,
		authz.ReasonNoMatchingGrant, authz.ReasonDeniedByPolicy, authz.ReasonOwnerLacksRight,
	} {
		if reasons[string(want)] == 0 {
			t.Errorf("no request ended with %q", want)
		}
	}
}

// differ asks, sends and compares. It returns the reason of a refusal.
func differ(t *testing.T, s *mocktest.Server, c madeCredential, a attempt) string {
	t.Helper()
	a.question["credential"] = c.kind + ":" + c.ref
	var e control.Explanation
	s.Ask("explain", a.question, &e)
	s.ResetJournal()
	r := s.Request("", a.method, a.path, a.body)
	s.CredentialOf(c.kind, c.ref).Authorize(r.Header)
	if a.jurisdiction != "" {
		r.Header.Set("Cf-R2-Jurisdiction", a.jurisdiction)
	}
	status, reply := do(t, r)
	entries := s.Journal()
	if len(entries) != 1 || !entries[0].Decided {
		t.Errorf("%s %s: not decided: %d %s", a.method, a.path, status, reply)
		return ""
	}
	if got := entries[0]; got.Allowed != e.Allowed || got.Reason != e.Reason || e.Allowed && status == http.StatusForbidden {
		t.Errorf("%s %s, %s %s: the server says %t %q (%d), the control plane %t %q", c.kind, c.ref, a.method, a.path, got.Allowed, got.Reason, status, e.Allowed, e.Reason)
	}
	return e.Reason
}
