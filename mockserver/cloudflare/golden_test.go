// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenWorld has every identifier and time given, so that nothing in the
// golden files depends on how others are derived.
const goldenWorld = `
users:
  super: {id: "00000000000000000000000000000001", email: super@example.com, first_name: Sam, last_name: Super, username: super, created_on: "2024-01-01T00:00:00Z", api_key: "0123456789abcdef0123456789abcdef01234"}
  dev: {id: "00000000000000000000000000000002", email: dev@example.com, username: dev, created_on: "2024-01-01T00:00:00Z"}
accounts:
  acme:
    id: "00000000000000000000000000000010"
    name: Acme
    type: enterprise
    created_on: "2024-01-02T00:00:00Z"
    settings: {api_access_enabled: true}
    members:
      super: {id: "00000000000000000000000000000011", roles: [Super Administrator - All Privileges]}
      dev: {id: "00000000000000000000000000000012", policies: [{access: allow, roles: [Domain DNS], zones: [example.com]}], api_access_enabled: false}
  globex:
    id: "00000000000000000000000000000013"
    name: Globex
    type: standard
    members:
      dev: {id: "00000000000000000000000000000014", roles: [DNS], status: pending, created_on: "2024-01-06T00:00:00Z"}
zones:
  example.com:
    id: "00000000000000000000000000000020"
    account: acme
    created_on: "2024-01-03T00:00:00Z"
    records: [{id: "00000000000000000000000000000021", type: MX, name: "@", content: mail.example.com, priority: 10, ttl: 300, comment: mail}]
tokens:
  reader:
    id: "00000000000000000000000000000030"
    user: super
    issued_on: "2024-01-04T00:00:00Z"
    policies:
      - permission_groups: [DNS Write, Zone Read]
        resources: {zones: [example.com]}
    condition: {request_ip: {in: [192.0.2.0/24], not_in: [192.0.2.1]}}
    not_before: "2024-01-05T00:00:00Z"
    expires_on: "2031-01-01T00:00:00Z"
`

// TestGoldens pins the wire form of every object, byte for byte but for white
// space: names, order and kinds of fields.
func TestGoldens(t *testing.T) {
	t.Parallel()
	const account, zone = "/accounts/00000000000000000000000000000010", "/zones/00000000000000000000000000000020"
	for _, c := range []struct {
		name, ref, method, path string
		body                    any
	}{
		{"user", "key:super", "GET", "/user", nil},
		{"token", "key:super", "GET", "/user/tokens/00000000000000000000000000000030", nil},
		{"token_created", "key:super", "POST", "/user/tokens", token("made", policy(object{"com.cloudflare.api.account.00000000000000000000000000000010": object{"com.cloudflare.api.account.zone.*": "*"}}, zoneRead, dnsRead))},
		{"token_rolled", "key:super", "PUT", "/user/tokens/00000000000000000000000000000030/value", object{}},
		{"token_verified", "reader", "GET", "/user/tokens/verify", nil},
		{"token_deleted", "key:super", "DELETE", "/user/tokens/00000000000000000000000000000030", nil},
		{"permission_groups", "key:super", "GET", "/user/tokens/permission_groups?name=DNS%20Write", nil},
		{"account", "key:super", "GET", account, nil},
		{"member", "key:super", "GET", account + "/members/00000000000000000000000000000012", nil},
		{"member_invited", "key:super", "POST", account + "/members", object{"email": "new@example.com", "roles": []string{roleDNS}}},
		{"role", "key:super", "GET", account + "/roles/" + roleDNS, nil},
		{"iam_permission_group", "key:super", "GET", account + "/iam/permission_groups/" + roleDomainDNS, nil},
		{"resource_group", "key:super", "POST", account + "/iam/resource_groups", object{"name": "Web", "scope": object{
			"key": "com.cloudflare.api.account.00000000000000000000000000000010", "objects": []object{{"key": "com.cloudflare.api.account.zone.00000000000000000000000000000020"}},
		}}},
		{"records_imported", "key:super", "POST", zone + "/dns_records/import", "www 300 IN A 192.0.2.1\n"},
		{"invites", "key:dev", "GET", "/user/invites", nil},
		{"memberships", "key:super", "GET", "/memberships", nil},
		{"zone", "reader", "GET", zone, nil},
		{"record", "reader", "GET", zone + "/dns_records/00000000000000000000000000000021", nil},
		{"records", "reader", "GET", zone + "/dns_records", nil},
		{"setting", "key:super", "GET", zone + "/settings/ssl", nil},
		{"access_rule", "key:super", "POST", zone + "/firewall/access_rules/rules", object{"mode": "block", "configuration": object{"target": "ip", "value": "198.51.100.7"}, "notes": "n"}},
		{"refusal", "reader", "GET", zone + "/settings", nil},
		{"refusal_member", "key:super", "GET", account + "/members/" + absent, nil},
		{"refusal_fields", "key:super", "POST", "/user/tokens", token("")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSeeded(t, goldenWorld)
			r := s.do(c.ref, c.method, c.path, c.body)
			var got bytes.Buffer
			if err := json.Indent(&got, []byte(r.body), "", "  "); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", c.name+".json")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("the wire form changed (-want +got):\n%s", diff)
			}
		})
	}
}
