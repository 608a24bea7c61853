// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// everyone lists the credentials of the world by kind and ref.
func everyone(t *testing.T, s *mocktest.Server) []mocktest.Credential {
	t.Helper()
	var who control.Candidates
	ask(t, s, "who-can", fields{"operation": "GET /user", "include_refused": true, "limit": 1000}, &who)
	var list []mocktest.Credential
	for _, r := range who.Candidates {
		list = append(list, s.CredentialOf(r.Credential.Kind, r.Credential.Ref))
	}
	if len(list) < 15 {
		t.Fatalf("%d credentials", len(list))
	}
	return list
}

// TestAgreesWithTheAPI sends what it asks about: every read of the table on the
// user, an account and a zone, and reads of records, by every credential of the
// built-in world. The server decides them as the control plane says.
func TestAgreesWithTheAPI(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	type request struct {
		operation, path string
		target          fields
	}
	var requests []request
	perKind := map[catalog.TargetKind]int{}
	for _, row := range catalog.Operations() {
		const most = 25
		if row.Method != http.MethodGet || perKind[row.Target] == most || strings.Count(row.Route, "{") > 1 {
			continue
		}
		r := request{operation: row.Name(), target: fields{}}
		path := row.Route
		switch {
		case strings.Contains(path, "{account_id}"):
			r.target["account"], path = "acme", strings.ReplaceAll(path, "{account_id}", acme)
		case strings.Contains(path, "{zone_id}"):
			r.target["zone"], path = "example.com", strings.ReplaceAll(path, "{zone_id}", exampleCom)
		case row.Target == catalog.TargetCertificate:
			continue // the query names the zone
		}
		r.path = strings.ReplaceAll(path, "{", "x{")
		perKind[row.Target]++
		requests = append(requests, r)
	}
	for _, r := range recordsOf(t, s, "example.org") {
		requests = append(requests, request{
			operation: "GET /zones/{zone_id}/dns_records/{dns_record_id}", path: "/zones/" + exampleOrg + "/dns_records/" + r.ID.String(),
			target: fields{"zone": "example.org", "record": fields{"id": r.ID.String()}},
		})
	}
	allowed := 0
	for _, who := range everyone(t, s) {
		for _, r := range requests {
			e := s.Explain(who.Kind+":"+who.Ref, r.operation, r.target)
			s.ResetJournal()
			sent := s.Request("", http.MethodGet, r.path, nil)
			who.Authorize(sent.Header)
			do(t, sent)
			entries := s.Journal()
			if len(entries) != 1 || !entries[0].Decided {
				t.Fatalf("GET %s is not decided", r.path)
			}
			// An absent object below an allowed target is none of the gates'.
			if got := entries[0]; got.Allowed != e.Allowed || got.Reason != e.Reason {
				t.Errorf("%s %s, GET %s: the server says %t %q, the control plane %t %q", who.Kind, who.Ref, r.path, got.Allowed, got.Reason, e.Allowed, e.Reason)
			}
			if e.Allowed {
				allowed++
			}
		}
	}
	if allowed < 200 {
		t.Errorf("only %d requests were allowed", allowed)
	}
}

func recordsOf(t *testing.T, s *mocktest.Server, zone string) []*state.Record {
	t.Helper()
	var list []*state.Record
	err := s.World().View(func(tx *state.Tx) error {
		list = tx.Records(tx.ZoneByName(zone).ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestRecordOfPath holds that a path with the id of a record is about that
// record.
func TestRecordOfPath(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for _, r := range recordsOf(t, s, "example.org") {
		e := s.Explain("dns_challenge", fmt.Sprintf("PATCH /zones/%s/dns_records/%s", r.Zone, r.ID), nil)
		if e.Allowed != (r.Type == "TXT") || len(e.Targets) != 1 || e.Targets[0].RecordName != r.Name {
			t.Errorf("%s %s: allowed %t on %v", r.Type, r.Name, e.Allowed, e.Targets)
		}
	}
	e := s.Explain("dns_challenge", "PATCH /zones/"+exampleOrg+"/dns_records/none", nil)
	if !e.Allowed || len(e.Notes) != 2 || e.Targets[0].Kind != "records" {
		t.Errorf("an absent record: allowed %t, notes %q", e.Allowed, e.Notes)
	}
}

// TestNames holds by what names credentials go, and that a switch which repeats
// the stored value is no change (authorization model §6 "Gate 10").
func TestNames(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	member := s.ID("member:acme/dns")
	for name, want := range map[string]string{
		s.ID("token:ci_dns"): "user_token ci_dns", "account_token:" + s.ID("token:acme_ops"): "account_token acme_ops",
		s.ID("user:dns"): "global_key dns", "dns@example.com": "global_key dns", "origin_ca_key:" + s.ID("user:dns"): "origin_ca_key dns",
		"member:" + member: "member acme/dns", "member:acme/dns": "member acme/dns",
	} {
		if c := s.Explain(name, "GET /user", nil).Credential; c.Kind+" "+c.Ref != want {
			t.Errorf("%s is %s %s, want %s", name, c.Kind, c.Ref, want)
		}
	}
	if status, reply := s.Do("super", http.MethodPut, "/accounts/"+acme, map[string]any{"settings": map[string]any{"api_access_enabled": true}}); status != 200 {
		t.Fatal(reply)
	}
	const (
		account = "PUT /accounts/{account_id}"
		invite  = "POST /accounts/{account_id}/members"
	)
	for _, tc := range []struct {
		credential, operation, account string
		to                             any
		want                           string
	}{
		{"admin", account, "acme", true, ""},
		{"admin", account, "acme", nil, "super_administrator_required"},
		{"admin", account, "acme", false, "super_administrator_required"},
		{"super", account, "globex", nil, ""},
		{"super", account, "globex", false, "enterprise_required"},
		{"super", invite, "globex", nil, ""},
		{"super", invite, "globex", true, "enterprise_required"},
		{"super", "PATCH /accounts/{account_id}/members/" + s.ID("member:globex/super"), "globex", nil, ""},
		{"super", "PATCH /accounts/{account_id}/members/none", "globex", true, "enterprise_required"},
	} {
		var e control.Explanation
		s.Ask("explain", fields{
			"credential": tc.credential, "operation": tc.operation, "target": fields{"account": tc.account}, "api_access_enabled": tc.to,
		}, &e)
		if e.Reason != tc.want {
			t.Errorf("%s, %s of %s to %v: %q, want %q", tc.credential, tc.operation, tc.account, tc.to, e.Reason, tc.want)
		}
	}
}

// lockedBuffer takes the log, which the server writes after it has replied.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// TestNoSecrets holds that no reply and no log line holds a secret, not even
// one that was sent in the place of a name, and that questions leave no trace
// in the API's journal.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := mocktest.New(t, mocktest.WithOptions(func(o *mockserver.Options) {
		o.ControlToken = controlToken
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	}))
	authorized := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+controlToken) }
	var replies strings.Builder
	post := func(path string, question fields, want int) {
		t.Helper()
		status, text := send(t, s, path, question, authorized)
		if status != want {
			t.Errorf("%s %v: %d", path, question, status)
		}
		replies.Write(text)
	}
	var who control.Candidates
	s.Ask("who-can", fields{"operation": "GET /user", "include_refused": true, "limit": 1000}, &who)
	var secrets []string
	for _, r := range who.Candidates {
		c := s.CredentialOf(r.Credential.Kind, r.Credential.Ref)
		secrets = append(secrets, c.Value)
		name := c.Kind + ":" + c.Ref
		post("/explain", fields{"credential": name, "operation": "GET /user"}, 200)
		post("/what-can", fields{"credential": name, "limit": 1000}, 200)
		post("/explain", fields{"credential": c.Value, "operation": "GET /user"}, 400)
		post("/explain", fields{"credential": c.Kind + ":" + c.Value, "operation": "GET /user"}, 400)
	}
	post("/who-can", fields{"operation": "GET /accounts/{account_id}", "target": fields{"account": "acme"}, "include_refused": true, "limit": 1000}, 200)
	if n := len(s.Journal()); n != 0 {
		t.Errorf("%d questions are in the journal", n)
	}
	for _, text := range []string{replies.String(), log.String()} {
		for i, secret := range append(secrets, controlToken) {
			if strings.Contains(text, secret) {
				t.Errorf("the secret of %d stands in a reply or in the log", i)
			}
		}
	}
	if !strings.Contains(log.String(), "path=/_control/explain") {
		t.Error("the log lacks the questions")
	}
}
