// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// The zones and the account of the built-in world.
const (
	exampleCom = "023e105f4ecef8ad9ca31a8372d0c353"
	exampleOrg = "123e105f4ecef8ad9ca31a8372d0c354"
	acme       = "01a7362d577a6c3019a474fd6f485823"
)

type fields = map[string]any

// send posts a question and returns the status and the body.
func send(t *testing.T, s *mocktest.Server, path string, body any, change ...func(*http.Request)) (int, []byte) {
	t.Helper()
	text, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/_control"+path, bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for _, c := range change {
		c(r)
	}
	return do(t, r)
}

func do(t *testing.T, r *http.Request) (int, []byte) {
	t.Helper()
	r.Close = true
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, reply
}

// TestExplain asks for decisions of the built-in world and compares them with
// what the model says (authorization model §9).
func TestExplain(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for _, tc := range []struct {
		name     string
		question fields
		// want is the reason; empty for an allowance.
		want string
		// grant is the smallest one, or what granted it.
		grant string
	}{
		{
			"a token's grant",
			fields{"credential": "ci_dns", "operation": "POST /zones/{zone_id}/dns_records", "target": fields{"zone": "example.com", "record": fields{"type": "A", "name": "www"}}},
			"", `policies[0]: zone:DNS Write on com.cloudflare.api.account.zone.` + exampleCom,
		},
		{
			"by the token's kind",
			fields{"credential": "user_token:ci_dns", "operation": "GET /zones/" + exampleCom + "/dns_records"},
			"", `policies[0]: zone:DNS Write on com.cloudflare.api.account.zone.` + exampleCom,
		},
		{
			"a zone that it does not name",
			fields{"credential": "ci_dns", "operation": "DNS Write", "target": fields{"zone": "example.org"}},
			"no_matching_grant", "zone:DNS Write on com.cloudflare.api.account.zone." + exampleOrg,
		},
		{
			"a record key",
			fields{"credential": "dns_challenge", "operation": "PUT /zones/{zone_id}/dns_records/{dns_record_id}", "target": fields{"zone": "example.org", "record": fields{"type": "TXT", "name": "_acme-challenge"}}},
			"", `policies[0]: zone:DNS Write on com.cloudflare.api.account.zone.` + exampleOrg + " → com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.example.org",
		},
		{
			"another record",
			fields{"credential": "dns_challenge", "operation": "PUT /zones/{zone_id}/dns_records/{dns_record_id}", "target": fields{"zone": "example.org", "record": fields{"type": "A", "name": "@"}}},
			"no_matching_grant", "zone:DNS Write on com.cloudflare.api.account.zone." + exampleOrg + " → com.cloudflare.api.account.zone.dns_record.A.example.org",
		},
		{
			"a record in another script",
			fields{"credential": "ci_dns", "operation": "DNS Write", "target": fields{"zone": "example.com", "record": fields{"type": "a", "name": "bücher"}}},
			"", `policies[0]: zone:DNS Write on com.cloudflare.api.account.zone.` + exampleCom,
		},
		{
			"a key holds what its user holds",
			fields{"credential": "viewer", "operation": "DNS Write", "target": fields{"zone": "example.com"}},
			"owner_lacks_right", "",
		},
		{
			"by e-mail address", fields{"credential": "global_key:DNS@example.com", "operation": "DNS Write", "target": fields{"zone": "example.com"}}, "", "",
		},
		{
			"an Origin CA key",
			fields{"credential": "origin_ca_key:super", "operation": "GET /zones/{zone_id}", "target": fields{"zone": "example.com"}},
			"no_matching_grant", "",
		},
		{
			"a pending member",
			fields{"credential": "member:acme/pending", "operation": "GET /zones/{zone_id}", "target": fields{"zone": "example.com"}},
			"target_not_found", "",
		},
		{
			"an Administrator changes no member",
			fields{"credential": "member:acme/admin", "operation": "PATCH /accounts/{account_id}/members/{member_id}", "target": fields{"account": "acme"}, "api_access_enabled": false},
			"super_administrator_required", "",
		},
		{
			"a switch on a standard account",
			fields{"credential": "super", "operation": "PUT /accounts/{account_id}", "target": fields{"account": "globex"}, "api_access_enabled": true},
			"enterprise_required", "",
		},
		{
			"the stored value is no change",
			fields{"credential": "admin", "operation": "PUT /accounts/{account_id}", "target": fields{"account": "acme"}, "api_access_enabled": nil},
			"", "",
		},
		{
			"an account that is none",
			fields{"credential": "super", "operation": "GET /accounts/{account_id}", "target": fields{"account": "ffffffffffffffffffffffffffffffff"}},
			"target_not_found", "",
		},
		{
			"a token that is only thought of",
			fields{
				"policies": []fields{
					{"effect": "allow", "permission_groups": []any{"DNS Read", fields{"id": "4755a26eedb94da69e1066d98aa820be", "name": "DNS Write"}}, "resources": fields{"com.cloudflare.api.account." + acme: fields{"com.cloudflare.api.account.zone.*": "*"}}},
					{"effect": "deny", "permission_groups": []string{"DNS Write"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}},
				},
				"owner": fields{"user": "dns"}, "operation": "DNS Write", "target": fields{"zone": "example.com"},
			},
			"denied_by_policy", "",
		},
		{
			"of an account",
			fields{
				"policies": []fields{{"effect": "allow", "permission_groups": []string{"DNS Write"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}},
				"owner":    fields{"account": "acme"}, "operation": "DNS Write", "target": fields{"zone": "example.com"},
			},
			"", `policies[0]: zone:DNS Write on com.cloudflare.api.account.zone.` + exampleCom,
		},
		{
			"disabled",
			fields{
				"policies": []fields{{"effect": "allow", "permission_groups": []string{"DNS Write"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}},
				"owner":    fields{"account": "acme"}, "status": "disabled", "operation": "DNS Write", "target": fields{"zone": "example.com"},
			},
			"credential_disabled", "",
		},
		{
			"from elsewhere",
			fields{
				"policies":  []fields{{"effect": "allow", "permission_groups": []string{"DNS Write"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}},
				"condition": fields{"request_ip": fields{"in": []string{"192.0.2.0/24"}}}, "ip": "198.51.100.1",
				"owner": fields{"user": "dns"}, "operation": "DNS Write", "target": fields{"zone": "example.com"},
			},
			"ip_not_allowed", "",
		},
		{
			"in another year",
			fields{
				"policies":   []fields{{"effect": "allow", "permission_groups": []string{"DNS Write"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}},
				"expires_on": "2031-01-01T00:00:00Z", "at": "2031-01-01T00:00:00Z",
				"owner": fields{"user": "dns"}, "operation": "DNS Write", "target": fields{"zone": "example.com"},
			},
			"credential_expired", "",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var e control.Explanation
			ask(t, s, "explain", tc.question, &e)
			if e.Reason != tc.want || e.Allowed != (tc.want == "") || (e.Gate == 0) != e.Allowed || (e.Sentence == "") != e.Allowed {
				t.Fatalf("reason %q at gate %d, want %q: %s", e.Reason, e.Gate, tc.want, e.Sentence)
			}
			if len(e.Trace) != 10 || e.Trace[9].Asks == "" {
				t.Errorf("a trace of %d gates", len(e.Trace))
			}
			grant := ""
			if g := e.GrantedBy; g != nil {
				grant = "policies[" + string(rune('0'+g.Policy)) + "]: " + g.PermissionGroup.Scope + ":" + g.PermissionGroup.Name + " on " + g.Key
			}
			if g := e.SmallestGrant; g != nil {
				grant += g.PermissionGroup.Scope + ":" + g.PermissionGroup.Name + " on " + g.Key
			}
			if grant != tc.grant {
				t.Errorf("grant %s, want %s", grant, tc.grant)
			}
		})
	}
}

// TestSmallestGrantIsEnough takes the policy that an explanation proposes and
// asks again (authorization model §9).
func TestSmallestGrantIsEnough(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	question := fields{
		"policies": []any{fields{"effect": "allow", "permission_groups": []string{"Zone Read"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}},
		"owner":    fields{"user": "dns"}, "operation": "DELETE /zones/{zone_id}/dns_records/{dns_record_id}",
		"target": fields{"zone": "example.com", "record": fields{"type": "MX", "name": "@"}},
	}
	var before control.Explanation
	s.Ask("explain", question, &before)
	if before.Allowed || before.SmallestGrant == nil {
		t.Fatalf("allowed %t, grant %v", before.Allowed, before.SmallestGrant)
	}
	question["policies"] = append(question["policies"].([]any), before.SmallestGrant.Policy) //nolint:forcetypeassert // It was written above.
	var after control.Explanation
	s.Ask("explain", question, &after)
	if !after.Allowed || after.GrantedBy == nil || after.GrantedBy.Key != before.SmallestGrant.Key {
		t.Errorf("with %s: %s", before.SmallestGrant.Key, after.Sentence)
	}
}

// TestRefusedQuestions holds that bad input is told with its place, all at once,
// and with what was perhaps meant.
func TestRefusedQuestions(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	wwwOrg := recordsOf(t, s, "example.org")[0].ID.String()
	inline := func(change fields) fields {
		q := fields{
			"policies": []fields{{"effect": "allow", "permission_groups": []string{"DNS Write"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}},
			"owner":    fields{"user": "dns"}, "operation": "DNS Write", "target": fields{"zone": "example.com"},
		}
		maps.Copy(q, change)
		return q
	}
	policy := func(groups []string, resources any) fields {
		return fields{"policies": []any{fields{"effect": "allow", "permission_groups": groups, "resources": resources}}}
	}
	for _, tc := range []struct {
		name, path string
		body       any
		// want are the places, says what the messages hold.
		want []string
		says []string
	}{
		{"no operation, no credential", "/explain", fields{}, []string{"/credential", "/operation"}, []string{"is required"}},
		{"an operation that is none", "/who-can", fields{"operation": "GET /zone/{zone_id}"}, []string{"/operation"}, []string{`"GET /zones/{zone_id}"`}},
		{"a permission that is none", "/who-can", fields{"operation": "DNS Wrote"}, []string{"/operation"}, []string{`"DNS Write"`}},
		{"an ambiguous permission", "/who-can", fields{"operation": "Access: Apps and Policies Read"}, []string{"/operation"}, []string{`"zone:Access: Apps and Policies Read"`}},
		{"no target", "/who-can", fields{"operation": "DNS Write"}, []string{"/target/zone"}, []string{"is missing"}},
		{"a field that is none", "/explain", fields{"credential": "ci_dns", "operation": "DNS Write", "target": fields{"zone": "example.com", "zone_id": "x"}}, []string{"/target/zone_id"}, []string{"is not a known field", "there are account, zone, "}},
		{"a zone that is none", "/who-can", fields{"operation": "DNS Write", "target": fields{"zone": "exmple.com"}}, []string{"/target/zone"}, []string{`"example.com"`}},
		{"an account that is none", "/who-can", fields{"operation": "POST /zones", "target": fields{"account": "acmee"}}, []string{"/target/account"}, []string{`"acme"`}},
		{"half a record", "/who-can", fields{"operation": "DNS Write", "target": fields{"zone": "example.com", "record": fields{"type": "A"}}}, []string{"/target/record/name"}, []string{"is missing"}},
		{"a record without anything", "/who-can", fields{"operation": "DNS Write", "target": fields{"zone": "example.com", "record": fields{}}}, []string{"/target/record"}, []string{"needs a type and a name"}},
		{"a record id that is none", "/who-can", fields{"operation": "DNS Write", "target": fields{"zone": "example.com", "record": fields{"id": "x"}}}, []string{"/target/record/id"}, []string{"no record has this id"}},
		{"a credential that is none", "/explain", fields{"credential": "ci_dn", "operation": "GET /user"}, []string{"/credential"}, []string{`"ci_dns"`}},
		{"a kind that is none", "/explain", fields{"credential": "tokn:ci_dns", "operation": "GET /user"}, []string{"/credential"}, []string{"user_token"}},
		{"a token of the other kind", "/explain", fields{"credential": "account_token:ci_dns", "operation": "GET /user"}, []string{"/credential"}, []string{"no account token"}},
		{"a member that is none", "/explain", fields{"credential": "member:acme/sup", "operation": "GET /user"}, []string{"/credential"}, []string{`"member:acme/super"`}},
		{"both kinds of subject", "/explain", inline(fields{"credential": "ci_dns"}), []string{"/credential"}, []string{"leave it out"}},
		{"half a thought", "/explain", fields{"credential": "ci_dns", "status": "disabled", "operation": "GET /user"}, []string{"/status"}, []string{"policies and owner"}},
		{"no owner", "/explain", inline(fields{"owner": nil}), []string{"/owner"}, []string{"is required"}},
		{"two owners", "/explain", inline(fields{"owner": fields{"user": "dns", "account": "acme"}}), []string{"/owner"}, []string{"not both"}},
		{"an owner that is none", "/explain", inline(fields{"owner": fields{"user": "dnss"}}), []string{"/owner/user"}, []string{`"dns"`}},
		{"a group that reaches nothing", "/explain", inline(policy([]string{"DNS Write", "user:User Details Read"}, fields{"com.cloudflare.api.account.zone." + exampleCom: "*"})), []string{"/policies/0"}, []string{`"User Details Read"`, "com.cloudflare.api.user"}},
		{"a key of no form", "/explain", inline(policy([]string{"DNS Write"}, fields{"zone.example.com": "*"})), []string{"/policies/0/resources"}, []string{`"zone.example.com"`}},
		{"several things at once", "/explain", inline(fields{
			"policies": []any{fields{"effect": "maybe", "permission_groups": []any{"DNS Wrote", 7}, "resources": fields{"x": 1}}},
			"at":       "yesterday", "ip": "localhost", "status": "expired",
		}), []string{"/policies/0/permission_groups/0", "/policies/0/permission_groups/1", "/policies/0/resources/x", "/status", "/at", "/ip"}, []string{"DNS Write"}},
		{"an IP range that is none", "/explain", inline(fields{"condition": fields{"request_ip": fields{"in": []string{"192.0.2.0/33"}}}}), []string{"/condition/request_ip/in/0"}, []string{"CIDR"}},
		{"a page that is none", "/who-can", fields{"operation": "GET /user", "limit": 0, "cursor": "?"}, []string{"/limit", "/cursor"}, []string{"next_cursor"}},
		{"a scope that is none", "/what-can", fields{"credential": "ci_dns", "scope": "zones", "method": "FETCH"}, []string{"/scope", "/method"}, []string{`"zone"`}},
		{"a wrong type everywhere", "/who-can", fields{"operation": 1, "target": fields{"zone": 1, "user": "yes", "all_zones": 1, "bucket": []int{}}, "limit": "x"}, []string{"/operation", "/target/zone", "/target/all_zones", "/target/user", "/target/bucket", "/target/bucket/name", "/limit"}, nil},
		{"a switch of no kind", "/who-can", fields{"operation": "PUT /accounts/{account_id}", "target": fields{"account": "acme"}, "api_access_enabled": "off"}, []string{"/api_access_enabled"}, []string{"true, false or null"}},
		{"a record of another zone", "/who-can", fields{"operation": "DNS Write", "target": fields{"zone": "example.com", "record": fields{"id": wwwOrg}}}, []string{"/target/record/id"}, []string{"another zone"}},
		{"a record named twice", "/who-can", fields{"operation": "DNS Write", "target": fields{"record": fields{"id": wwwOrg, "type": "A"}}}, []string{"/target/record/id"}, []string{"leave out"}},
		{"a name that cannot be", "/who-can", fields{"operation": "DNS Write", "target": fields{"zone": "example.com", "record": fields{"type": "A", "name": "a..b"}}}, []string{"/target/record/name"}, []string{"labels"}},
		{"a key that a user lacks", "/explain", fields{"credential": "global_key:nobody", "operation": "GET /user"}, []string{"/credential"}, []string{"no user"}},
		{"a target that is two places", "/what-can", fields{"credential": "ci_dns", "target": fields{"user": true, "zone": "example.com"}}, []string{"/target/user"}, []string{"leave one out"}},
		{"groups and resources of wrong types", "/explain", inline(fields{"policies": []any{
			fields{"effect": "allow", "permission_groups": []any{fields{"name": "DNS Write"}}, "resources": fields{"com.cloudflare.api.account." + acme: fields{"com.cloudflare.api.account.zone.*": 1}}},
			fields{"effect": "allow", "permission_groups": "DNS Write", "resources": "*"},
		}}), []string{"/policies/0/permission_groups/0/id", "/policies/0/resources/com.cloudflare.api.account." + acme + "/com.cloudflare.api.account.zone.*", "/policies/1/permission_groups", "/policies/1/resources"}, nil},
		{"addresses of wrong types", "/explain", inline(fields{"condition": fields{"request_ip": fields{"in": []any{1}, "not_in": "x", "net": 1}}}), []string{"/condition/request_ip/in/0", "/condition/request_ip/not_in", "/condition/request_ip/net"}, nil},
		{"no policy", "/explain", inline(fields{"policies": []any{}}), []string{"/policies"}, []string{"at least one policy"}},
		{"an effect that is none", "/explain", inline(fields{"policies": []any{fields{"effect": "maybe", "permission_groups": []string{"DNS Write"}, "resources": fields{"com.cloudflare.api.account.zone." + exampleCom: "*"}}}}), []string{"/policies/0/effect"}, []string{"allow or deny"}},
		{"an owner's account that is none", "/explain", inline(fields{"owner": fields{"account": "ffffffffffffffffffffffffffffffff"}}), []string{"/owner/account"}, []string{"no account"}},
		{"a long name", "/who-can", fields{"operation": "GET /user", strings.Repeat("ü", 200): 1}, []string{"/" + strings.Repeat("ü", 60) + "…"}, []string{"is not a known field"}},
		{"a list", "/who-can", "[]", []string{"", "/operation"}, []string{"must be an object"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			status, text := send(t, s, tc.path, tc.body)
			var reply struct{ Error control.RequestError }
			if err := json.Unmarshal(text, &reply); err != nil || status != http.StatusBadRequest || reply.Error.Message == "" {
				t.Fatalf("status %d: %s", status, text)
			}
			var places []string
			for _, p := range reply.Error.Problems {
				places = append(places, p.Path)
			}
			if diff := cmp.Diff(tc.want, places); diff != "" {
				t.Errorf("places (-want +got):\n%s%s", diff, text)
			}
			for _, says := range tc.says {
				if !strings.Contains(reply.Error.Error(), says) {
					t.Errorf("%q does not say %q", reply.Error.Error(), says)
				}
			}
		})
	}
}

// TestBodies holds what is refused before a question is read.
func TestBodies(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for _, tc := range []struct{ name, body, says string }{
		{"nothing", "", "not JSON"},
		{"not JSON", "{operation}", "not JSON"},
		{"more than one", "{} {}", "not JSON"},
		{"a key twice", `{"ip": "::1", "ip": "::2"}`, `"ip\" stands twice`},
		{"too deep", strings.Repeat("[", 40) + strings.Repeat("]", 40), "nested"},
		{"not UTF-8", "\"\xff\"", "UTF-8"},
		// Little more than what is read: a server that leaves much of a body unread resets the connection, and
		// the client may not get to read the answer.
		{"too large", `{"ip": "` + strings.Repeat("1", 1<<20) + `"}`, "larger"},
	} {
		status, text := send(t, s, "/explain", tc.body)
		if status/100 != 4 || !strings.Contains(string(text), tc.says) {
			t.Errorf("%s: %d %.200s", tc.name, status, text)
		}
	}
}

// authzGroups finds permission groups by name.
func authzGroups(tb testing.TB, names ...string) []catalog.GroupIndex {
	tb.Helper()
	var list []catalog.GroupIndex
	for _, name := range names {
		g, err := catalog.LookupGroup(name)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, g.Index)
	}
	return list
}
