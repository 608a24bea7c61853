// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

// tried are the records of a zone that the server is tried with where a question names none: of each that a
// pattern of the tokens tells apart there is one.
var tried = func() (out []struct{ kind, name string }) {
	for _, kind := range []string{"A", "TXT", "MX", "AAAA"} {
		for _, name := range []string{"@", "new", "_acme-challenge", "_acme-challenge.new", "www", "www.new"} {
			out = append(out, struct{ kind, name string }{kind, name})
		}
	}
	return out
}()

// contents are of records that may be made.
var contents = map[string]string{"TXT": `"differential"`, "A": "192.0.2.77", "AAAA": "2001:db8::77", "MX": "mail.example.net"}

// tokensOnRecords is the size of the test.
const tokensOnRecords = 40

// outcome is what became of the records that were tried.
type outcome struct {
	allowed, refused int // by the server
	yes, no          int // by the policies alone, as far as the server got to them
}

// TestDifferential_recordless asks what random tokens may do with the records of a zone, without naming a record,
// and then tries the server with many: what is allowed must be so for each of them, what is refused for none, and
// what is so for some alone must be left open.
func TestDifferential_recordless(t *testing.T) {
	t.Parallel()
	d := newDiffer(t)
	d.dns = true
	for range tokensOnRecords {
		d.issue()
	}
	zoneID := d.env.ID("example.com")
	for _, token := range d.tokens {
		made := d.tryMaking(token, zoneID)
		d.compareRecordless(token, "POST /zones/{zone_id}/dns_records", zoneID, made)
		for operation, became := range d.tryStored(token, zoneID) {
			d.compareRecordless(token, operation, zoneID, became)
		}
		d.comparePermission(token, zoneID, made)
	}
	for kind, least := range map[string]int{
		"all allowed": 10, "all refused": 20, "some allowed": 20, "policies on all": 10, "policies on none": 20,
	} {
		if d.counts[kind] < least {
			t.Errorf("only %d answers were %q: %v", d.counts[kind], kind, d.counts)
		}
	}
}

// answerOn is what the simulation says of the operation on a zone; nil where the question could not be asked.
func (d *differ) answerOn(token issuedToken, operation, zoneID string) map[string]any {
	d.Helper()
	asker := d.keys[token.owner]
	attributes := map[string]any{
		"token_id": token.id, "operation": operation, "address": "127.0.0.1", "target": targetValue(map[string]string{"zone_id": zoneID}),
	}
	if token.account {
		attributes["account_id"] = token.owner
		asker = d.keys["ann"]
	}
	answer, err := asker.Data(d.Context(), simulation.TypeName, attributes)
	if err != nil {
		if !strings.Contains(err.Error(), "Not permitted to read API token") {
			d.Errorf("%s: %v", operation, err)
		}
		return nil
	}
	return answer
}

// compareRecordless holds an answer that names no record against what became of all that were tried.
func (d *differ) compareRecordless(token issuedToken, operation, zoneID string, became outcome) {
	d.Helper()
	answer := d.answerOn(token, operation, zoneID)
	if answer == nil || became.allowed+became.refused == 0 {
		return
	}
	where := fmt.Sprintf("%s on %s\ntoken of %s: %s\nanswer %v\nthe server: %+v", operation, zoneID, token.owner, token.definition, answer, became)
	open := answer["reason"] == "unknown_facts"
	switch allowed, _ := answer["allowed"].(bool); {
	case allowed:
		d.counts["all allowed"]++
		if became.refused > 0 {
			d.Errorf("allowed, but the server refuses some: %s", where)
		}
	case !open:
		d.counts["all refused"]++
		if became.allowed > 0 {
			d.Errorf("refused, but the server allows some: %s", where)
		}
	}
	switch says, told := answer["policy_allows"].(bool); {
	case told && says:
		d.counts["policies on all"]++
		if became.no > 0 {
			d.Errorf("the policies allow it, but the server refuses some by them: %s", where)
		}
	case told:
		d.counts["policies on none"]++
		if became.yes > 0 {
			d.Errorf("the policies do not allow it, but the server lets some pass them: %s", where)
		}
	}
	if became.allowed > 0 && became.refused > 0 {
		d.counts["some allowed"]++
		d.mustNameRecord(where, answer)
	}
}

// mustNameRecord holds that the answer is open, and that the record is what it depends on.
func (d *differ) mustNameRecord(where string, answer map[string]any) {
	d.Helper()
	facts, _ := answer["unknown_facts"].([]any)
	named := slices.ContainsFunc(facts, func(fact any) bool { return strings.HasPrefix(fmt.Sprint(fact), "the record, which policies[") })
	if answer["allowed"] != false || answer["reason"] != "unknown_facts" || answer["policy_allows"] != nil || !named {
		d.Errorf("it depends on the record: %s", where)
	}
}

// comparePermission asks for DNS Write by itself: what some records have and others not leaves it open.
func (d *differ) comparePermission(token issuedToken, zoneID string, made outcome) {
	d.Helper()
	answer := d.answerOn(token, "DNS Write", zoneID)
	if answer == nil {
		return
	}
	says, told := answer["policy_allows"].(bool)
	if told && (says && made.no > 0 || !says && made.yes > 0) {
		d.Errorf("DNS Write: the policies allow it: %v; the server: %+v\n%s", says, made, token.definition)
	}
	if made.yes > 0 && made.no > 0 {
		d.mustNameRecord("DNS Write: "+token.definition, answer)
	}
}

// tryMaking makes each of the records, and removes again what was made.
func (d *differ) tryMaking(token issuedToken, zoneID string) (became outcome) {
	d.Helper()
	path := "/zones/" + zoneID + "/dns_records"
	for _, record := range tried {
		before := d.idsOf(zoneID)
		entry := d.send(token, &asking{method: http.MethodPost, path: path, body: obj{
			"type": record.kind, "name": record.name, "content": contents[record.kind], "priority": 10,
		}})
		became.add(entry.Allowed, entry.Gate)
		for id := range d.idsOf(zoneID) {
			if !before[id] {
				d.asTerraform(http.MethodDelete, path+"/"+id, nil)
			}
		}
	}
	return became
}

// tryStored makes the records as Terraform, has the token read, change and delete each of them, and removes what
// is left. Changes write again what is stored.
func (d *differ) tryStored(token issuedToken, zoneID string) map[string]outcome {
	d.Helper()
	const one = " /zones/{zone_id}/dns_records/{dns_record_id}"
	path := "/zones/" + zoneID + "/dns_records"
	out := map[string]outcome{}
	methods := []string{http.MethodGet, http.MethodPatch, http.MethodPut, http.MethodDelete}
	methods = []string{methods[d.IntN(2)], methods[2+d.IntN(2)]}
	for _, record := range tried {
		body := obj{"type": record.kind, "name": record.name, "content": contents[record.kind], "priority": 10}
		before := d.idsOf(zoneID)
		d.asTerraform(http.MethodPost, path, body)
		for id := range d.idsOf(zoneID) {
			if before[id] {
				continue
			}
			for _, method := range methods {
				ask := &asking{method: method, path: path + "/" + id}
				if method == http.MethodPatch || method == http.MethodPut {
					ask.body = body
				}
				entry := d.send(token, ask)
				became := out[method+one]
				became.add(entry.Allowed, entry.Gate)
				out[method+one] = became
			}
			if d.idsOf(zoneID)[id] {
				d.asTerraform(http.MethodDelete, path+"/"+id, nil)
			}
		}
	}
	return out
}

// add counts a record. Where an earlier gate refuses, nothing is known of the policies.
func (o *outcome) add(allowed bool, gate int) {
	switch {
	case allowed:
		o.allowed++
		o.yes++
	case gate == int(authz.GateGrant) || gate == int(authz.GateDeny):
		o.refused++
		o.no++
	default:
		o.refused++
	}
}

// idsOf are the ids of the records that the zone holds.
func (d *differ) idsOf(zoneID string) map[string]bool {
	d.Helper()
	out := map[string]bool{}
	err := d.env.Server.World().View(func(tx *state.Tx) error {
		id, _ := authz.ParseID(zoneID)
		for _, record := range tx.Records(id) {
			out[record.ID.String()] = true
		}
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
	return out
}

// asTerraform sends a request with the Global API key of the user that may do everything.
func (d *differ) asTerraform(method, path string, body any) {
	d.Helper()
	key := d.env.Server.CredentialOf(mocktest.GlobalKey, "terraform")
	req := d.env.Server.Request("", method, path, body)
	req.Header.Del("Authorization")
	req.Header.Set("X-Auth-Email", key.Email)
	req.Header.Set("X-Auth-Key", key.Value)
	if entry := d.exchange(req); !entry.Allowed {
		d.Fatalf("%s %s: %s", method, path, entry.Reason)
	}
}
