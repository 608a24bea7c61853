// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/google/go-cmp/cmp"
)

// certificateRun is certbot's attempt to get a certificate for example.com and everything below it.
type certificateRun struct {
	*machine
	authority *pebble
	resolver  *resolver // where the authority looked challenges up
	output    string
	ok        bool // whether certbot says that it has a certificate
}

// certbot makes the attempt with the program's token. It sets the pause for the records to spread to nothing:
// the resolver shows a record as soon as the API does.
func certbot(t *testing.T, s *mocktest.Server) *certificateRun {
	t.Helper()
	needs(t, "certbot", "/usr/lib/python3/dist-packages/certbot_dns_cloudflare", "/usr/lib/python3/dist-packages/CloudFlare")
	n := newNetwork(t, s)
	token := s.Credential(program).Value
	run := &certificateRun{machine: newMachine(t, n, token), resolver: newResolver(t, s, "example.com")}
	run.authority = newPebble(t, run.resolver.addr, n)
	run.env = append(run.env, "CLOUDFLARE_API_URL="+s.BaseURL)
	credentials := run.path("cloudflare.ini")
	write(t, credentials, []byte("dns_cloudflare_api_token = "+token+"\n"))
	run.output, run.ok = run.run("certbot", "certonly", "--non-interactive", "--agree-tos", "--register-unsafely-without-email",
		"--config-dir", run.path("config"), "--work-dir", run.path("work"), "--logs-dir", run.path("logs"),
		"--server", run.authority.directory, "--cert-name", "story",
		"--dns-cloudflare", "--dns-cloudflare-credentials", credentials, "--dns-cloudflare-propagation-seconds", "0",
		"--domain", "*.example.com", "--domain", "example.com")
	return run
}

// TestStoryCertbot: a token for TXT records at _acme-challenge.* gets a wildcard certificate, leaves nothing
// behind, and is good for nothing else.
func TestStoryCertbot(t *testing.T) {
	t.Parallel()
	s := start(t, readsZone, writesChallenge)
	zone := "/zones/" + s.ID("zone:example.com")
	before := list[record](t, s, zone+"/dns_records")

	run := certbot(t, s)
	if !run.ok {
		t.Fatalf("certbot got no certificate:\n%s", run.output)
	}
	nothingRefused(t, s)
	chain := certificates(t, run.path("config", "live", "story", "fullchain.pem"))
	intermediates := x509.NewCertPool()
	for _, c := range chain[1:] {
		intermediates.AddCert(c)
	}
	for _, host := range []string{"example.com", "www.example.com", "anything.example.com"} {
		if _, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Roots: run.authority.roots, Intermediates: intermediates}); err != nil {
			t.Errorf("the certificate does not serve %s: %v", host, err)
		}
	}
	if want := []string{"*.example.com", "example.com"}; !slices.Equal(slices.Sorted(slices.Values(chain[0].DNSNames)), want) {
		t.Errorf("the certificate is for %q, want %q", chain[0].DNSNames, want)
	}
	if run.resolver.questions("_acme-challenge.example.com") == 0 {
		t.Error("the authority did not look the challenges up")
	}
	if created, deleted := s.Count("POST", "/zones/{zone_id}/dns_records"), s.Count("DELETE", "/zones/{zone_id}/dns_records/{dns_record_id}"); created != 2 || deleted != 2 {
		t.Errorf("certbot created %d records and deleted %d, want 2 and 2", created, deleted)
	}
	if diff := cmp.Diff(before, list[record](t, s, zone+"/dns_records")); diff != "" {
		t.Errorf("certbot left the zone changed (-before +after):\n%s", diff)
	}
	refusedEverythingElse(t, s)
}

// certificates reads a chain, the leaf first.
func certificates(t *testing.T, path string) []*x509.Certificate {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var chain []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		chain = append(chain, c)
	}
	if len(chain) < 2 {
		t.Fatalf("%s holds %d certificates, want the leaf and an intermediate", path, len(chain))
	}
	return chain
}

// refusedEverythingElse tries the program's token where certbot has no business: at other records, the zone,
// the account and the user.
func refusedEverythingElse(t *testing.T, s *mocktest.Server) {
	t.Helper()
	zone, other, account := "/zones/"+s.ID("zone:example.com"), "/zones/"+s.ID("zone:example.org"), "/accounts/"+s.ID("account:shop")
	www := ""
	for _, r := range list[struct{ ID, Name string }](t, s, zone+"/dns_records") {
		if r.Name == "www.example.com" {
			www = zone + "/dns_records/" + r.ID
		}
	}
	txt := func(name string) map[string]any {
		return map[string]any{"type": "TXT", "name": name, "content": "mine"}
	}
	status, reply := s.Do(program, "POST", zone+"/dns_records", txt("_acme-challenge"))
	if status != 200 {
		t.Fatalf("the token may not write a challenge: %d %v", status, reply.Errors)
	}
	var challenge struct{ ID string }
	if err := reply.Decode(&challenge); err != nil {
		t.Fatal(err)
	}
	mine := zone + "/dns_records/" + challenge.ID

	before, err := s.World().Digest()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		method, path string
		body         any
	}{
		{"POST", zone + "/dns_records", map[string]any{"type": "A", "name": "_acme-challenge", "content": "192.0.2.9"}},
		{"POST", zone + "/dns_records", map[string]any{"type": "CNAME", "name": "_acme-challenge.www", "content": "example.org"}},
		{"POST", zone + "/dns_records", txt("@")},
		{"POST", zone + "/dns_records", txt("www")},
		{"POST", zone + "/dns_records", txt("acme-challenge")},
		{"POST", zone + "/dns_records", txt("x._acme-challenge")},
		{"POST", other + "/dns_records", txt("_acme-challenge")},
		{"GET", other + "/dns_records", nil},
		{"PATCH", mine, map[string]any{"name": "www"}},
		{"PATCH", mine, map[string]any{"type": "CNAME", "content": "example.org"}},
		{"GET", www, nil},
		{"PATCH", www, map[string]any{"content": "192.0.2.9"}},
		{"DELETE", www, nil},
		{"POST", zone + "/dns_records/batch", map[string]any{"posts": []any{txt("_acme-challenge.a"), txt("www")}}},
		{"PATCH", zone, map[string]any{"paused": true}},
		{"DELETE", zone, nil},
		{"POST", "/zones", map[string]any{"name": "example.net", "account": map[string]any{"id": s.ID("account:shop")}}},
		{"GET", other, nil},
		{"GET", zone + "/settings", nil},
		{"PATCH", zone + "/settings/ssl", map[string]any{"value": "off"}},
		{"POST", zone + "/purge_cache", map[string]any{"purge_everything": true}},
		{"GET", zone + "/firewall/access_rules/rules", nil},
		{"POST", zone + "/firewall/access_rules/rules", map[string]any{"mode": "block", "configuration": map[string]any{"target": "ip", "value": "198.51.100.7"}}},
		{"GET", account, nil},
		{"GET", account + "/members", nil},
		{"GET", account + "/tokens", nil},
		{"GET", "/user", nil},
		{"GET", "/user/tokens", nil},
		{"GET", "/user/tokens/permission_groups", nil},
		{"POST", "/user/tokens", map[string]any{"name": "more", "policies": []any{}}},
		{"GET", "/memberships", nil},
		{"GET", "/user/firewall/access_rules/rules", nil},
	} {
		if status, reply := s.Do(program, r.method, r.path, r.body); status != 403 && status != 404 || reply.Success {
			t.Errorf("%s %s %v: %d %v, want a refusal", r.method, r.path, r.body, status, reply.Errors)
		}
	}
	if after, err := s.World().Digest(); err != nil || after != before {
		t.Errorf("the refused requests changed the world (%v)", err)
	}
}

// TestStoryCertbotLacksOneGrant: without one of its two grants, or with one for another name, certbot gets no
// certificate.
func TestStoryCertbotLacksOneGrant(t *testing.T) {
	t.Parallel()
	const refusedWrite = "Error communicating with the Cloudflare API: Authentication error"
	for _, tt := range []struct {
		name     string
		policies []string
		missing  string   // in the server's explanation
		says     []string // in what certbot prints
	}{
		{
			name: "Zone Read", policies: []string{writesChallenge}, missing: `"Zone Read"`,
			// So certbot reads the server's refusal of the list of zones.
			says: []string{"Unable to determine zone_id for example.com", "your Cloudflare Token has access to the domain"},
		},
		{
			name: "DNS Write", policies: []string{readsZone}, missing: `"DNS Write"`,
			says: []string{refusedWrite},
		},
		{
			name:     "DNS Write at this name",
			policies: []string{readsZone, strings.Replace(writesChallenge, "_acme-challenge.*", "_acme-challenge.www.*", 1)},
			missing:  "com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.example.com",
			says:     []string{refusedWrite},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, tt.policies...)
			run := certbot(t, s)
			if run.ok {
				t.Fatalf("certbot got a certificate:\n%s", run.output)
			}
			says(t, run.output, tt.says...)
			refusalNames(t, s, tt.missing)
			if _, err := os.Stat(run.path("config", "live")); err == nil {
				t.Error("there is a certificate")
			}
			if n := run.resolver.questions("_acme-challenge.example.com"); n != 0 {
				t.Errorf("the authority looked challenges up %d times that were never written", n)
			}
		})
	}
}
