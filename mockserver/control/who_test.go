// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// ask puts a question within a test of its own; the server's methods fail the
// test that made it.
func ask(t *testing.T, s *mocktest.Server, path string, question, answer any) {
	t.Helper()
	status, text := send(t, s, "/"+path, question)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, text)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		t.Fatal(err)
	}
}

// names lists who may, as "kind ref", and who may not as "kind ref: reason".
func names(rows []control.Candidate) []string {
	list := make([]string, 0, len(rows))
	for _, r := range rows {
		name := r.Credential.Kind + " " + r.Credential.Ref
		switch {
		case r.Indirectly:
			name += ": indirectly"
		case !r.Allowed:
			name += ": " + r.Reason
		}
		list = append(list, name)
	}
	return list
}

// TestWhoCan asks who may do things in the built-in world.
func TestWhoCan(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for _, tc := range []struct {
		name     string
		question fields
		want     []string
	}{
		{
			"write records of a zone",
			fields{"operation": "DNS Write", "target": fields{"zone": "example.com"}},
			[]string{
				"user_token terraform", "global_key super", "global_key admin", "global_key dns", "user_token ci_dns", "global_key ci",
				"account_token acme_ops", "member acme/super", "member acme/admin", "member acme/dns", "member acme/ci",
			},
		},
		{
			"write one record",
			fields{"operation": "PUT /zones/{zone_id}/dns_records/{dns_record_id}", "target": fields{"zone": "example.org", "record": fields{"type": "TXT", "name": "_acme-challenge"}}},
			[]string{
				"user_token terraform", "global_key super", "global_key admin", "user_token dns_challenge", "global_key dns", "global_key ci",
				"account_token acme_ops", "member acme/super", "member acme/admin", "member acme/dns", "member acme/ci",
			},
		},
		{
			"change a member",
			fields{"operation": "PATCH /accounts/{account_id}/members/{member_id}", "target": fields{"account": "acme"}, "api_access_enabled": false},
			[]string{"user_token terraform", "global_key super", "member acme/super"},
		},
		{
			// The token makes tokens and its owner holds the right.
			"what a token could get for itself",
			fields{"operation": "account:Access: Apps and Policies Read", "target": fields{"account": "globex"}},
			[]string{"user_token terraform: indirectly", "global_key super", "member globex/super"},
		},
		{
			"get a certificate",
			fields{"operation": "POST /certificates", "target": fields{"zone": "globex.example"}},
			[]string{"user_token terraform: indirectly", "global_key super", "origin_ca_key super", "member globex/super"},
		},
		{
			"nobody is at fault",
			fields{"operation": "zone:DNS Write", "target": fields{"zone": "globex.example"}, "include_refused": true},
			[]string{
				"user_token terraform", "global_key super", "origin_ca_key super: no_matching_grant",
				"global_key admin: target_not_found", "origin_ca_key admin: target_not_found",
				"user_token dns_challenge: target_not_found", "global_key dns: target_not_found", "origin_ca_key dns: target_not_found",
				"user_token viewer_read: target_not_found", "global_key viewer: target_not_found", "origin_ca_key viewer: target_not_found",
				"user_token ci_dns: target_not_found", "global_key ci: target_not_found", "origin_ca_key ci: target_not_found",
				"global_key pending: target_not_found", "origin_ca_key pending: target_not_found",
				"account_token acme_ops: target_not_found", "member globex/super",
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var all control.Candidates
			ask(t, s, "who-can", tc.question, &all)
			got, want := names(all.Candidates), slices.Clone(tc.want)
			// The order is by the owners' creation, which the seed derives.
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("who (-want +got):\n%s", diff)
			}
			for _, r := range all.Candidates {
				if r.Allowed != (r.Why != "") || r.Allowed && r.GrantedBy == nil && strings.HasSuffix(r.Credential.Kind, "_token") {
					t.Errorf("%s: why %q, granted by %v", r.Credential.Ref, r.Why, r.GrantedBy)
				}
				if (r.Credential.Ref == "terraform") != r.MakesTokens {
					t.Errorf("%s makes tokens: %t", r.Credential.Ref, r.MakesTokens)
				}
			}
			// The same in pages of one.
			var paged []string
			question := fields{"limit": 1}
			maps.Copy(question, tc.question)
			var whole []string
			for _, r := range all.Candidates {
				whole = append(whole, r.Credential.Kind+" "+r.Credential.Ref)
			}
			for range 100 {
				var page control.Candidates
				ask(t, s, "who-can", question, &page)
				for _, r := range page.Candidates {
					paged = append(paged, r.Credential.Kind+" "+r.Credential.Ref)
				}
				if question["cursor"] = page.NextCursor; page.NextCursor == "" {
					break
				}
			}
			if diff := cmp.Diff(whole, paged); diff != "" {
				t.Errorf("pages (-all +paged):\n%s", diff)
			}
		})
	}
}

// TestSwitchInWhoCan holds that the API access switch takes credentials away
// and leaves members their rights (authorization model §7).
func TestSwitchInWhoCan(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	if status, reply := s.Do("super", http.MethodPatch, "/accounts/"+acme+"/members/"+s.ID("member:acme/dns"), map[string]any{"api_access_enabled": false}); status != 200 {
		t.Fatal(reply)
	}
	var all control.Candidates
	ask(t, s, "who-can", fields{"operation": "DNS Write", "target": fields{"zone": "example.com"}}, &all)
	if got := names(all.Candidates); slices.Contains(got, "global_key dns") || !slices.Contains(got, "member acme/dns") {
		t.Errorf("who: %q", got)
	}
	for _, r := range all.Candidates {
		if access := r.Credential.APIAccess; r.Credential.Kind == "member" && (access == nil || *access == (r.Credential.Ref == "acme/dns")) {
			t.Errorf("API access of %s", r.Credential.Ref)
		}
	}
}

// TestWhatCan asks what credentials of the built-in world may do.
func TestWhatCan(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	rights := func(t *testing.T, question fields) (list []string, last control.Rights) {
		t.Helper()
		q := fields{"limit": 7}
		maps.Copy(q, question)
		for range 1000 {
			last = control.Rights{}
			ask(t, s, "what-can", q, &last)
			for _, r := range last.Rights {
				text := r.Operation + " @ " + r.Target.Kind
				if r.Target.Zone != nil {
					text += " " + r.Target.Zone.Name
				} else if r.Target.Account != nil {
					text += " " + r.Target.Account.Ref
				}
				if r.Records != "" {
					text += " " + r.Records
				}
				list = append(list, text)
			}
			if q["cursor"] = last.NextCursor; last.NextCursor == "" {
				return list, last
			}
		}
		t.Fatal("no end of pages")
		return nil, last
	}
	t.Run("a record's token", func(t *testing.T) {
		t.Parallel()
		got, reply := rights(t, fields{"credential": "dns_challenge", "method": "put"})
		if diff := cmp.Diff([]string{"PUT /zones/{zone_id}/dns_records/{dns_record_id} @ records example.org some"}, got); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
		if len(reply.Notes) != 0 || reply.Credential.Ref != "dns_challenge" {
			t.Errorf("notes %q of %s", reply.Notes, reply.Credential.Ref)
		}
	})
	t.Run("where", func(t *testing.T) {
		t.Parallel()
		got, _ := rights(t, fields{"credential": "terraform", "operation": "GET /zones/{zone_id}/dns_records"})
		want := []string{
			"GET /zones/{zone_id}/dns_records @ records example.com all", "GET /zones/{zone_id}/dns_records @ records example.org all",
			"GET /zones/{zone_id}/dns_records @ records globex.example all",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
	})
	t.Run("a permission", func(t *testing.T) {
		t.Parallel()
		got, reply := rights(t, fields{"credential": "terraform", "operation": "account:Account Settings Write"})
		want := []string{
			"account:Account Settings Write @ account acme", "account:Account Settings Write @ zone example.com", "account:Account Settings Write @ zone example.org",
			"account:Account Settings Write @ account globex", "account:Account Settings Write @ zone globex.example",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
		if len(reply.Notes) != 1 || !strings.Contains(reply.Notes[0], "worth all its owner's rights") {
			t.Errorf("notes %q", reply.Notes)
		}
	})
	t.Run("scope", func(t *testing.T) {
		t.Parallel()
		got, _ := rights(t, fields{"credential": "acme_ops", "scope": "user"})
		want := []string{"GET /zones @ user"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
	})
	t.Run("one target", func(t *testing.T) {
		t.Parallel()
		got, _ := rights(t, fields{"credential": "member:acme/dns", "target": fields{"zone": "example.com"}})
		other, _ := rights(t, fields{"credential": "member:acme/dns", "scope": "zone"})
		if len(got) == 0 || len(other) != 2*len(got) {
			t.Errorf("%d rights on one zone, %d on two", len(got), len(other))
		}
		user, _ := rights(t, fields{"credential": "member:acme/dns", "target": fields{"user": true}, "operation": "GET /user"})
		if diff := cmp.Diff([]string{"GET /user @ user"}, user); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
	})
	t.Run("a bucket", func(t *testing.T) {
		t.Parallel()
		got, _ := rights(t, fields{
			"policies": []fields{{
				"effect": "allow", "permission_groups": []string{"Workers R2 Storage Bucket Item Read"},
				"resources": fields{"com.cloudflare.edge.r2.bucket." + acme + "_eu_logs": "*"},
			}},
			"owner": fields{"account": "acme"}, "scope": "bucket",
		})
		if diff := cmp.Diff([]string{"GET /accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key} @ bucket acme"}, got); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
	})
	t.Run("a record's deny", func(t *testing.T) {
		t.Parallel()
		got, _ := rights(t, fields{
			"policies": []fields{
				{"effect": "allow", "permission_groups": []string{"DNS Read"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}},
				{"effect": "deny", "permission_groups": []string{"DNS Read"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: fields{"com.cloudflare.api.account.zone.dns_record.TXT.*": "*"}}},
			},
			"owner": fields{"user": "dns"}, "operation": "GET /zones/{zone_id}/dns_records",
		})
		if diff := cmp.Diff([]string{"GET /zones/{zone_id}/dns_records @ records example.com some"}, got); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
	})
	t.Run("a dead token", func(t *testing.T) {
		t.Parallel()
		got, reply := rights(t, fields{
			"policies": []fields{{"effect": "allow", "permission_groups": []string{"DNS Read"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}},
			"owner":    fields{"user": "dns"}, "not_before": "2099-01-01T00:00:00Z",
		})
		if len(got) != 0 || reply.Reason != "credential_not_yet_valid" || reply.Gate != 3 {
			t.Errorf("rights %q, reason %q at gate %d", got, reply.Reason, reply.Gate)
		}
	})
}

// TestBothWays holds that who-can, what-can and explain say the same of each
// other in the built-in world, for all credentials and some operations.
func TestBothWays(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for _, operation := range []string{
		"GET /zones/{zone_id}", "DELETE /zones/{zone_id}", "POST /zones/{zone_id}/purge_cache", "PATCH /zones/{zone_id}/settings",
		"GET /zones/{zone_id}/dns_records", "POST /certificates",
	} {
		target := fields{"zone": "example.com"}
		var who control.Candidates
		ask(t, s, "who-can", fields{"operation": operation, "target": target, "include_refused": true, "limit": 1000}, &who)
		if len(who.Candidates) < 20 {
			t.Fatalf("%d candidates", len(who.Candidates))
		}
		for _, r := range who.Candidates {
			name := r.Credential.Kind + ":" + r.Credential.Ref
			if e := s.Explain(name, operation, target); e.Allowed != r.Allowed || e.Reason != r.Reason {
				t.Errorf("%s %s: who-can says %t %q, explain %t %q", name, operation, r.Allowed, r.Reason, e.Allowed, e.Reason)
			}
			var what control.Rights
			ask(t, s, "what-can", fields{"credential": name, "operation": operation, "target": target}, &what)
			if (len(what.Rights) == 1) != r.Allowed {
				t.Errorf("%s %s: who-can says %t, what-can has %d rows", name, operation, r.Allowed, len(what.Rights))
			}
		}
	}
}

// TestLargeWorld holds that a page of a large world is bounded, that pages join
// to the whole, and that a cursor holds its place when credentials go.
func TestLargeWorld(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t, mocktest.WithSeed(`
users: {boss: {email: boss@example.com}}
accounts: {big: {type: enterprise, members: {boss: {roles: [Super Administrator - All Privileges]}}}}
zones: {big.example: {account: big}}
limits: {tokens_per_account: 100000}
`))
	const tokens = 5_500
	err := s.World().Update(func(tx *state.Tx) error {
		account, zone := tx.AccountByRef("big"), tx.ZoneByName("big.example")
		policies := []authz.Policy{{
			Effect: authz.Allow, Resources: []authz.Resource{authz.Key{Form: authz.KeyZone, Zone: zone.ID}.Resource()},
		}}
		policies[0].Groups = authzGroups(t, "DNS Read")
		for i := range tokens {
			id := tx.NewID("token")
			if err := tx.PutToken(&state.Token{
				ID: id, Owner: authz.Owner{Account: account.ID}, IssuedOn: time.Unix(int64(i), 0),
				Definition: authz.Definition{Name: strconv.Itoa(i), Policies: policies}, SecretHash: tx.HashSecret(id.String()),
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Nobody of the account's tokens may write, so the first page looks at as
	// many as a page may and holds the owner's key alone.
	question := fields{"operation": "DNS Write", "target": fields{"zone": "big.example"}}
	var page control.Candidates
	ask(t, s, "who-can", question, &page)
	if got := names(page.Candidates); page.NextCursor == "" || !slices.Equal(got, []string{"global_key boss"}) {
		t.Fatalf("page %q, cursor %q", got, page.NextCursor)
	}
	// The one that the cursor points to goes; the next page starts behind it.
	err = s.World().Update(func(tx *state.Tx) error {
		list := slices.Clone(tx.AccountTokens(tx.AccountByRef("big").ID))
		for _, token := range list[4_500:5_100] {
			if err := tx.DeleteToken(token.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	question["cursor"] = page.NextCursor
	ask(t, s, "who-can", question, &page)
	if got := names(page.Candidates); !slices.Equal(got, []string{"member big/boss"}) {
		t.Errorf("second page %q", got)
	}
}
