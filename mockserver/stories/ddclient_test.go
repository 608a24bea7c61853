// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"fmt"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/google/go-cmp/cmp"
)

// ddclient tells the server that home.example.com is now at 198.51.100.7, and returns what it printed.
func ddclient(t *testing.T, s *mocktest.Server) (output string, ok bool) {
	t.Helper()
	needs(t, "ddclient", "/usr/share/perl5/IO/Socket/SSL.pm")
	n := newNetwork(t, s)
	token := s.Credential(program).Value
	m := newMachine(t, n, token)
	write(t, m.path("ddclient.conf"), fmt.Appendf(nil, `
ssl=yes
ssl_ca_file=%s
use=ip, ip=198.51.100.7
protocol=cloudflare, server=%s/client/v4, zone=example.com, login=token, password=%s home.example.com
`, m.path("authority.pem"), n.tlsAddr, token))
	return m.run("ddclient", "-file", m.path("ddclient.conf"), "-cache", m.path("ddclient.cache"),
		"-daemon=0", "-nosyslog", "-timeout=60", "-verbose")
}

// TestStoryDdclient: a token that may read the zone and write one record updates that record, and could
// update no other.
func TestStoryDdclient(t *testing.T) {
	t.Parallel()
	s := start(t, readsZone, writesHome)
	records := "/zones/" + s.ID("zone:example.com") + "/dns_records"
	output, ok := ddclient(t, s)
	if !ok {
		t.Fatalf("ddclient failed:\n%s", output)
	}
	nothingRefused(t, s)
	says(t, output, "IPv4 address set to 198.51.100.7")
	want := []record{{"A", "home.example.com", "198.51.100.7"}, {"A", "www.example.com", "192.0.2.1"}}
	if diff := cmp.Diff(want, list[record](t, s, records+"?type=A&order=name")); diff != "" {
		t.Errorf("address records (-want +got):\n%s", diff)
	}
	if n := len(s.Journal(mocktest.Writes)); n != 1 {
		t.Errorf("ddclient sent %d writes, want 1", n)
	}
	for _, name := range []string{"www", "home.example.org", "_acme-challenge", "new"} {
		body := map[string]any{"type": "A", "name": name, "content": "198.51.100.7"}
		if status, reply := s.Do(program, "POST", records, body); status != 403 || reply.Code() != 10000 {
			t.Errorf("create A %s: %d %v, want 403 and 10000", name, status, reply.Errors)
		}
	}
}

// TestStoryDdclientLacksOneGrant: ddclient fails, and prints the reply with -verbose.
func TestStoryDdclientLacksOneGrant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, missing string
		policies      []string // what is left
	}{
		{"Zone Read", "Zone Read", []string{writesHome}},
		{"DNS Write", "DNS Write", []string{readsZone, readsRecords}},
		// Without any right on records, it is the look-up of the record that fails.
		{"DNS Read", "DNS Read", []string{readsZone}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, tt.policies...)
			records := "/zones/" + s.ID("zone:example.com") + "/dns_records"
			before := list[record](t, s, records)
			output, _ := ddclient(t, s)
			says(t, output, "FAILED:", "updating home.example.com: Could not connect to", `no_matching_grant: `, `\"`+tt.missing+`\"`)
			refusalNames(t, s, `"`+tt.missing+`"`)
			if diff := cmp.Diff(before, list[record](t, s, records)); diff != "" {
				t.Errorf("records (-before +after):\n%s", diff)
			}
		})
	}
}
