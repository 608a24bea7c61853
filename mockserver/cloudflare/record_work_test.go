// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// TestRecords_smallestGrant holds authorization model §9 for requests about
// records: the key is a record's where that lets the whole request pass, and the
// zone's where the reply would else tell what the caller cannot see.
func TestRecords_smallestGrant(t *testing.T) {
	t.Parallel()
	const (
		zone   = "com.cloudflare.api.account.zone." + zoneCom
		record = zone + " → com.cloudflare.api.account.zone.dns_record."
	)
	ids := newServer(t)
	www, mx := ids.record(zoneCom, "A", "www.example.com"), ids.record(zoneCom, "MX", "example.com")
	challenge := ids.record(zoneCom, "TXT", "_acme-challenge.example.com")
	txt := func(name string) object { return object{"type": "TXT", "name": name, "content": "x"} }
	for _, c := range []struct {
		name, ref, method, path string
		body                    any
		key                     string
	}{
		{"a create", "zone_read", "POST", records, txt("New."), record + "TXT.new.example.com"},
		{"a create that names no record", "zone_read", "POST", records, object{"type": "TXT"}, zone},
		{"a create elsewhere", "challenge", "POST", records, txt("new"), record + "TXT.new.example.com"},
		{"a deletion", "zone_read", "DELETE", records + "/" + www, nil, zone},
		{"a deletion of what is not there", "zone_read", "DELETE", records + "/" + absent, nil, zone},
		{"an edit", "zone_read", "PATCH", records + "/" + www, object{"content": "192.0.2.1"}, zone},
		{"a replacement", "zone_read", "PUT", records + "/" + absent, object{"type": "A", "name": "www", "content": "192.0.2.1"}, zone},
		{"a list", "zone_read", "GET", records + "?name=www.example.com&type=A", nil, zone},
		{"an export", "zone_read", "GET", records + "/export", nil, zone},
		{"a rename", "challenge", "PATCH", records + "/" + challenge, object{"name": "other"}, record + "TXT.other.example.com"},
		{"a batch of one", "zone_read", "POST", records + "/batch", object{"posts": []object{txt("a")}}, record + "TXT.a.example.com"},
		{"a batch of two", "zone_read", "POST", records + "/batch", object{"posts": []object{txt("a"), txt("b")}}, zone},
		{"a batch with identifiers", "zone_read", "POST", records + "/batch", object{"deletes": []object{{"id": www}}, "posts": []object{txt("a")}}, zone},
		{"a batch with absent identifiers", "zone_read", "POST", records + "/batch", object{"deletes": []object{{"id": absent}}, "posts": []object{txt("a")}}, zone},
		{"a batch that goes elsewhere", "challenge", "POST", records + "/batch", object{"deletes": []object{{"id": challenge}}, "posts": []object{txt("_acme-challenge.b"), txt("a")}}, record + "TXT.a.example.com"},
		{"and further", "challenge", "POST", records + "/batch", object{"posts": []object{txt("a"), txt("b")}}, zone},
		{"a batch on one name", "challenge", "POST", records + "/batch", object{"posts": []object{txt("a"), {"type": "A", "name": "a", "content": "192.0.2.1"}}}, record + "*.a.example.com"},
		{"a rename within a batch", "challenge", "POST", records + "/batch", object{"patches": []object{{"id": challenge, "name": "a"}}, "posts": []object{txt("a")}}, record + "TXT.a.example.com"},
		{"what is readable is named", "dns_read_acme_write", "POST", records + "/batch", object{"deletes": []object{{"id": www}}, "puts": []object{{"id": challenge, "type": "TXT", "name": "_acme-challenge", "content": "x"}}}, record + "A.www.example.com"},
		{"several of them", "dns_read_acme_write", "POST", records + "/batch", object{"deletes": []object{{"id": www}}, "patches": []object{{"id": mx, "ttl": 60}}}, zone},
		{"what is absent is not", "dns_read_acme_write", "POST", records + "/batch", object{"deletes": []object{{"id": www}, {"id": absent}}}, zone},
		{"an import", "zone_read", "POST", records + "/import", "a 60 IN TXT \"x\"\n", record + "TXT.a.example.com"},
		{"an import of several", "zone_read", "POST", records + "/import", "a 60 IN TXT \"x\"\nb 60 IN TXT \"x\"\n", zone},
		{"an import of one name", "challenge", "POST", records + "/import", "a 60 IN TXT \"x\"\na 60 IN A 192.0.2.1\n", record + "*.a.example.com"},
		{"an import that cannot be read", "zone_read", "POST", records + "/import", "a 60 IN NOTYPE x\n", zone},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			reply := s.do(s.withRecordTokens(c.ref), c.method, c.path, c.body).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
			if said := reply.Errors[0].Chain[0].Message; !strings.HasSuffix(said, " on "+c.key) {
				t.Errorf("%s\ndoes not name %s", said, c.key)
			}
		})
	}
}

// withRecordTokens makes the one token that the world lacks, when it is asked
// for: it reads a zone's records and writes some.
func (s *server) withRecordTokens(ref string) string {
	s.tb.Helper()
	if ref != "dns_read_acme_write" {
		return ref
	}
	const zone = "com.cloudflare.api.account.zone." + zoneCom
	made := into[object](s.do("all", "POST", "/user/tokens", object{"name": ref, "policies": []object{
		{"effect": "allow", "permission_groups": []object{{"id": dnsRead}}, "resources": object{zone: "*"}},
		{"effect": "allow", "permission_groups": []object{{"id": dnsWrite}}, "resources": object{zone: object{"com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.*": "*"}}},
	}}).ok())
	s.learn(ref, made.text("value"))
	return ref
}
