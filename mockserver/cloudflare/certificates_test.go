// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// keys are made once: RSA takes its time.
var keys = sync.OnceValue(func() map[string]crypto.Signer {
	made := make(map[string]crypto.Signer)
	var errs [5]error
	made["rsa"], errs[0] = rsa.GenerateKey(rand.Reader, 2048)
	made["short"], errs[1] = rsa.GenerateKey(rand.Reader, 1024)
	made["ecc"], errs[2] = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	made["p521"], errs[3] = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	_, made["ed25519"], errs[4] = ed25519.GenerateKey(rand.Reader)
	for _, err := range errs {
		if err != nil {
			panic(err)
		}
	}
	return made
})

// csr is a certificate request in PEM, signed by one of keys. Its own names
// are ones that nobody here may have.
func csr(tb testing.TB, key string) string {
	tb.Helper()
	template := &x509.CertificateRequest{DNSNames: []string{"evil.example"}}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, keys()[key])
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

// groupID is the id of a permission group, "scope:name".
func groupID(tb testing.TB, reference string) string {
	tb.Helper()
	g, err := catalog.LookupGroup(reference)
	if err != nil {
		tb.Fatal(err)
	}
	return g.ID
}

// grant makes a token of a user with these policies and learns it.
func (s *server) grant(ref, user string, policies ...object) {
	s.tb.Helper()
	made := into[object](s.do("key:"+user, "POST", "/user/tokens", token(ref, policies...)).ok())
	s.learn(ref, made.text("value"))
}

// certified is a server with tokens for certificates of example.com, of all
// zones of Acme, and for reading alone.
func certified(t *testing.T) *server {
	t.Helper()
	s := newServer(t)
	write, read := groupID(t, "zone:SSL and Certificates Write"), groupID(t, "zone:SSL and Certificates Read")
	s.grant("ssl_com", "super", policy(object{keyCom: "*"}, write))
	s.grant("ssl_acme", "super", policy(object{keyAcme: "*"}, write))
	s.grant("ssl_read", "super", policy(object{keyAcme: "*"}, read))
	s.grant("ssl_denied", "super", policy(object{keyAcme: "*"}, write),
		object{"effect": "deny", "permission_groups": groups(write), "resources": object{keyCom: "*"}})
	return s
}

func certificateFor(tb testing.TB, names ...string) object {
	tb.Helper()
	return object{"hostnames": names, "request_type": "origin-ecc", "requested_validity": 30, "csr": csr(tb, "ecc")}
}

// TestCertificateLife: issue, read, list, revoke, with a key and with tokens;
// what is issued is a certificate.
func TestCertificateLife(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"origin:super", "key:super", "ssl_acme"} {
		t.Run(ref, func(t *testing.T) {
			t.Parallel()
			s := certified(t)
			made := into[object](s.do(ref, "POST", "/certificates", certificateFor(t, "*.EXAMPLE.com.", "example.com", "a.b.example.org", "example.com")).ok())
			id := made.text("id")
			if strings.Trim(id, "0123456789") != "" || id == "" || made.text("expires_on") != "2030-07-01 12:00:00 +0000 UTC" || made["requested_validity"] != 30.0 {
				t.Errorf("issued %v", made)
			}
			names, _ := made["hostnames"].([]any)
			if want := []any{"*.example.com", "example.com", "a.b.example.org"}; !slices.Equal(names, want) {
				t.Errorf("for %v, want %v", names, want)
			}
			leaf := verified(t, s, made.text("certificate"), "www.example.com", "example.com", "a.b.example.org")
			if leaf.SerialNumber.String() != id || !leaf.NotBefore.Equal(noon) || !leaf.NotAfter.Equal(noon.AddDate(0, 0, 30)) {
				t.Errorf("the certificate is %s from %s to %s", leaf.SerialNumber, leaf.NotBefore, leaf.NotAfter)
			}
			if public, ok := leaf.PublicKey.(*ecdsa.PublicKey); !ok || !public.Equal(keys()["ecc"].Public()) {
				t.Error("the certificate is for another key")
			}
			if leaf.VerifyHostname("evil.example") == nil {
				t.Error("a name in the request got into the certificate")
			}

			read := s.do(ref, "GET", "/certificates/"+id, nil).ok()
			if into[object](read).text("certificate") != made.text("certificate") {
				t.Errorf("read %s", read.body)
			}
			for _, zone := range []string{zoneCom, zoneOrg} {
				if got := listed(s.do(ref, "GET", "/certificates?zone_id="+zone, nil), "id"); !slices.Equal(got, []string{id}) {
					t.Errorf("listed %v", got)
				}
			}
			gone := into[object](s.do(ref, "DELETE", "/certificates/"+id, nil).ok())
			if gone.text("id") != id || gone.text("revoked_at") != "2030-06-01T12:00:00Z" {
				t.Errorf("revoked %v", gone)
			}
			s.do(ref, "GET", "/certificates/"+id, nil).refused(404, 1003)
			s.do(ref, "DELETE", "/certificates/"+id, nil).refused(404, 1003)
			if got := listed(s.do(ref, "GET", "/certificates?zone_id="+zoneCom, nil), "id"); len(got) != 0 {
				t.Errorf("listed %v", got)
			}
		})
	}
}

// verified parses a certificate in PEM and verifies it for names against the
// world's authority.
func verified(t *testing.T, s *server, text string, names ...string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatalf("no PEM: %q", text)
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	err = s.world.View(func(tx *state.Tx) error {
		root, err := cloudflare.OriginCA(tx)
		if err == nil {
			roots.AddCert(root)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if _, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: noon.Add(time.Hour)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	return leaf
}

// TestCertificateKinds: the key of the request must be of the kind.
func TestCertificateKinds(t *testing.T) {
	t.Parallel()
	s := certified(t)
	for _, c := range []struct{ kind, key, says string }{
		{"origin-rsa", "rsa", ""},
		{"origin-ecc", "ecc", ""},
		{"keyless-certificate", "rsa", ""},
		{"keyless-certificate", "ecc", ""},
		{"origin-rsa", "ecc", "one for origin-ecc"},
		{"origin-ecc", "rsa", "one for origin-rsa"},
		{"origin-rsa", "short", "1024 bits"},
		{"origin-ecc", "p521", "P-256 or P-384"},
		{"origin-ecc", "ed25519", "must be RSA or ECDSA"},
	} {
		body := object{"hostnames": []string{"example.com"}, "request_type": c.kind, "csr": csr(t, c.key)}
		r := s.do("ssl_com", "POST", "/certificates", body)
		if c.says != "" {
			r.refused(400, 1001).says(c.says)
			continue
		}
		// Without a validity it is the longest.
		if made := into[object](r.ok()); made["requested_validity"] != 5475.0 || made.text("request_type") != c.kind {
			t.Errorf("%s with %s gives %v", c.kind, c.key, made)
		}
	}
}

// TestCertificateDecisions: the zone of every host name, or of the
// certificate (authorization model §4 "Settled rows").
func TestCertificateDecisions(t *testing.T) {
	t.Parallel()
	s := certified(t)
	both := into[object](s.do("ssl_acme", "POST", "/certificates", certificateFor(t, "example.com", "example.org")).ok()).text("id")
	com := into[object](s.do("ssl_com", "POST", "/certificates", certificateFor(t, "www.example.com")).ok()).text("id")
	other := into[object](s.do("key:super", "POST", "/certificates", certificateFor(t, "globex.example")).ok()).text("id")
	before := s.digest()
	for _, c := range []struct {
		name, ref, method, path string
		body                    any
		status, code            int
		reason                  authz.Reason
	}{
		{"a host in another zone", "ssl_com", "POST", "", certificateFor(t, "example.com", "example.org"), 403, 10000, authz.ReasonNoMatchingGrant},
		{"a host in no zone", "ssl_acme", "POST", "", certificateFor(t, "example.com", "example.net"), 403, 9109, authz.ReasonTargetNotFound},
		{"a host in a zone of others", "ssl_acme", "POST", "", certificateFor(t, "globex.example"), 403, 10000, authz.ReasonNoMatchingGrant},
		{"a host of strangers", "origin:stranger", "POST", "", certificateFor(t, "example.com"), 403, 9109, authz.ReasonTargetNotFound},
		{"a name that only ends alike", "ssl_acme", "POST", "", certificateFor(t, "notexample.com"), 403, 9109, authz.ReasonTargetNotFound},
		{"a denied zone", "ssl_denied", "POST", "", certificateFor(t, "*.example.com"), 403, 10000, authz.ReasonDeniedByPolicy},
		{"to read is not to write", "ssl_read", "POST", "", certificateFor(t, "example.com"), 403, 10000, authz.ReasonNoMatchingGrant},
		{"the owner lacks the right", "key:dns", "POST", "", certificateFor(t, "example.com"), 403, 10000, authz.ReasonOwnerLacksRight},
		{"one bad name tells nobody", "ssl_read", "POST", "", certificateFor(t, "example.com", "*.*"), 403, 10000, authz.ReasonNoMatchingGrant},
		{"no hosts, no zone", "origin:stranger", "POST", "", certificateFor(t), 400, 1001, ""},
		{"no host names at all", "origin:stranger", "POST", "", certificateFor(t, "a..b", "*"), 400, 1001, ""},
		{"no body", "origin:stranger", "POST", "", "{", 400, 1198, ""},
		{"a body, and nobody", "", "POST", "", "{", 400, 9106, ""},

		{"all zones of the certificate", "ssl_com", "GET", "/" + both, nil, 403, 10000, authz.ReasonNoMatchingGrant},
		{"and to revoke", "ssl_com", "DELETE", "/" + both, nil, 403, 10000, authz.ReasonNoMatchingGrant},
		{"one denied zone", "ssl_denied", "GET", "/" + both, nil, 403, 10000, authz.ReasonDeniedByPolicy},
		{"reading does not revoke", "ssl_read", "DELETE", "/" + com, nil, 403, 10000, authz.ReasonNoMatchingGrant},
		{"a foreign certificate", "key:dns", "GET", "/" + other, nil, 403, 9109, authz.ReasonTargetNotFound},
		{"another right", "zone_read", "GET", "/" + com, nil, 403, 10000, authz.ReasonNoMatchingGrant},

		{"absent, for who reads certificates", "ssl_read", "GET", "/12345", nil, 404, 1003, ""},
		{"absent, to revoke", "ssl_com", "DELETE", "/12345", nil, 404, 1003, ""},
		{"absent, for a reader who would revoke", "ssl_read", "DELETE", "/12345", nil, 403, 10000, authz.ReasonNoMatchingGrant},
		{"absent, for others", "zone_read", "GET", "/12345", nil, 403, 10000, authz.ReasonNoMatchingGrant},
		{"absent, for strangers", "origin:stranger", "GET", "/12345", nil, 403, 10000, authz.ReasonNoMatchingGrant},
		{"absent, for a key", "origin:super", "GET", "/12345", nil, 404, 1003, ""},

		{"the list without a zone", "origin:super", "GET", "", nil, 400, 1001, ""},
		{"the list of a foreign zone", "origin:stranger", "GET", "?zone_id=" + zoneCom, nil, 403, 9109, authz.ReasonTargetNotFound},
		{"the list of what is no zone", "origin:super", "GET", "?zone_id=x", nil, 403, 9109, authz.ReasonTargetNotFound},
		{"the list with another right", "zone_read", "GET", "?zone_id=" + zoneCom, nil, 403, 10000, authz.ReasonNoMatchingGrant},
		{"the list of a denied zone", "ssl_denied", "GET", "?zone_id=" + zoneCom, nil, 403, 10000, authz.ReasonDeniedByPolicy},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := s.do(c.ref, c.method, "/certificates"+c.path, c.body).refused(c.status, c.code)
			if c.reason != "" {
				r.because(c.reason)
			}
		})
	}
	t.Cleanup(func() {
		if s.digest() != before {
			t.Error("something was changed")
		}
	})
	// A list holds what could be read one by one.
	for ref, want := range map[string][]string{"ssl_com": {com}, "ssl_read": {both, com}, "ssl_acme": {both, com}} {
		got := listed(s.do(ref, "GET", "/certificates?zone_id="+zoneCom, nil), "id")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s sees %v, want %v", ref, got, want)
		}
	}
	s.do("origin:super", "GET", "/user", nil).refused(403, 9109).because(authz.ReasonNoMatchingGrant)
}

// TestCertificateInput: what is wrong with a request, all at once and with its
// place.
func TestCertificateInput(t *testing.T) {
	t.Parallel()
	s := certified(t)
	good := csr(t, "ecc")
	many := make([]string, 101)
	for i := range many {
		many[i] = strings.Repeat("a", i%60+1) + strings.Repeat("b", i/60) + ".example.com"
	}
	tampered, _ := pem.Decode([]byte(good))
	tampered.Bytes[len(tampered.Bytes)-1] ^= 1
	for _, c := range []struct {
		name    string
		change  object
		pointer string
		says    string
	}{
		{"a host name that is none", object{"hostnames": []string{"example.com", "a b.example.com"}}, "/hostnames", "not a domain"},
		{"a wildcard inside", object{"hostnames": []string{"example.com", "a.*.example.com"}}, "/hostnames", "not a domain"},
		{"too many", object{"hostnames": many}, "/hostnames", "at most 100"},
		{"names of another kind", object{"hostnames": []any{"example.com", 1}}, "/hostnames/1", "must be a string"},
		{"another validity", object{"requested_validity": 31}, "/requested_validity", "7, 30, 90, 365, 730, 1095, 5475"},
		{"another kind", object{"request_type": "origin"}, "/request_type", "origin-rsa, origin-ecc, keyless-certificate"},
		{"no kind", object{"request_type": nil}, "/request_type", "required"},
		{"no request", object{"csr": nil}, "/csr", "required"},
		{"a request that is none", object{"csr": "x"}, "/csr", "in PEM"},
		{"two requests", object{"csr": good + good}, "/csr", "must be one certificate request"},
		{"another PEM", object{"csr": "-----BEGIN X-----\naGk=\n-----END X-----\n"}, "/csr", "in PEM"},
		{"an empty request", object{"csr": "-----BEGIN CERTIFICATE REQUEST-----\naGk=\n-----END CERTIFICATE REQUEST-----\n"}, "/csr", "no certificate request"},
		{"a request that was changed", object{"csr": string(pem.EncodeToMemory(tampered))}, "/csr", "not signed by its own key"},
		{"an unknown field", object{"host_names": []string{"example.com"}}, "/host_names", "did you mean hostnames?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := object{"hostnames": []string{"example.com"}, "request_type": "origin-ecc", "csr": good}
			maps.Copy(body, c.change)
			r := s.do("ssl_com", "POST", "/certificates", body).refused(400, 1001).says(c.says)
			if r.Errors[0].Source.Pointer != c.pointer {
				t.Errorf("points to %q, want %q:\n%s", r.Errors[0].Source.Pointer, c.pointer, r.body)
			}
		})
	}
	// What SDKs send without being told to.
	body := certificateFor(t, "example.com")
	body["id"], body["certificate"], body["expires_on"], body["requested_validity"] = "", "", "0001-01-01T00:00:00Z", 0
	s.do("ssl_com", "POST", "/certificates", body).ok()
	s.mu.Lock()
	s.now = time.Date(9990, 1, 1, 0, 0, 0, 0, time.UTC)
	s.mu.Unlock()
	s.do("key:super", "POST", "/certificates", certificateFor(t, "example.com")).ok()
	body["requested_validity"] = 5475
	s.do("key:super", "POST", "/certificates", body).refused(400, 1001).says("year 9999")
}

// TestCertificateIDs: an id has one spelling.
func TestCertificateIDs(t *testing.T) {
	t.Parallel()
	s := certified(t)
	id := into[object](s.do("ssl_com", "POST", "/certificates", certificateFor(t, "example.com")).ok()).text("id")
	s.do("ssl_com", "GET", "/certificates/"+id, nil).ok()
	for _, spelling := range []string{"0" + id, "+" + id, "-" + id, id + "0", "0x" + id, "%20" + id, "0", "-0", strings.Repeat("9", 4000), acme} {
		s.do("ssl_com", "GET", "/certificates/"+spelling, nil).refused(404, 1003)
	}
}

// TestCertificatesFollowTheirZones: one that has lost all its zones is gone,
// one that has others left is theirs.
func TestCertificatesFollowTheirZones(t *testing.T) {
	t.Parallel()
	s := certified(t)
	both := into[object](s.do("ssl_acme", "POST", "/certificates", certificateFor(t, "example.com", "example.org")).ok()).text("id")
	s.do("ssl_com", "GET", "/certificates/"+both, nil).refused(403, 10000)
	s.do("all", "DELETE", "/zones/"+zoneOrg, nil).ok()
	s.do("ssl_com", "GET", "/certificates/"+both, nil).ok()
	s.do("all", "DELETE", "/zones/"+zoneCom, nil).ok()
	s.do("key:super", "GET", "/certificates/"+both, nil).refused(404, 1003)
}

// TestAuthorityIsTheWorlds: worlds with one hash key issue the same, others
// have another authority, and the change log holds no key.
func TestAuthorityIsTheWorlds(t *testing.T) {
	t.Parallel()
	request := certificateFor(t, "example.com")
	issue := func() (*server, string) {
		s := certified(t)
		return s, into[object](s.do("ssl_com", "POST", "/certificates", request).ok()).text("certificate")
	}
	one, first := issue()
	_, again := issue()
	if first != again {
		t.Error("the same world issues another certificate")
	}
	root := func(w *state.World) (ca *x509.Certificate) {
		err := w.View(func(tx *state.Tx) (err error) {
			ca, err = cloudflare.OriginCA(tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return ca
	}
	if root(one.world).Equal(root(state.New(state.Options{HashKey: [32]byte{2}}))) {
		t.Error("two worlds share an authority")
	}
	export, err := one.world.Export()
	if err != nil {
		t.Fatal(err)
	}
	again2, err := state.Replay(state.Options{HashKey: [32]byte{1}}, func(yield func(state.Batch) bool) { yield(export) })
	if err != nil {
		t.Fatal(err)
	}
	if !root(again2).Equal(root(one.world)) {
		t.Error("a replayed world has another authority")
	}
	for _, c := range export.Changes {
		if strings.Contains(string(c.Value), "PRIVATE") {
			t.Errorf("the log holds a key: %s", c.Value)
		}
	}
}
