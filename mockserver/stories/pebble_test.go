// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"crypto/x509"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

// TestMain tells pebble, which reads it from the environment alone, not to wait some seconds at random before
// it looks at a challenge, and not to refuse every twentieth request to see what clients do.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// pebble is a certificate authority that speaks ACME (RFC 8555): the one that Let's Encrypt tests clients with.
type pebble struct {
	directory string // the URL where clients start
	roots     *x509.CertPool
}

// newPebble starts pebble as its own program would, except that it runs in the test's process: its port is
// then its own from the start. It looks challenges up at that DNS server and serves ACME behind a certificate
// of the authority.
func newPebble(t *testing.T, dnsServer string, n *network) *pebble {
	t.Helper()
	// No challenge but dns-01 is used, so the ports of the other two are of no account.
	const httpPort, tlsPort = 80, 443
	logger := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	issuer := ca.New(logger, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {}})
	validator := va.New(logger, httpPort, tlsPort, false, dnsServer, store)
	front := wfe.New(logger, store, validator, issuer, []string{"pebble.example"}, false, false, 0, 0)
	server := httptest.NewUnstartedServer(front.Handler())
	server.TLS = n.authority.config.Clone()
	server.Config.ErrorLog = logger
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM()) {
		t.Fatal("pebble's root certificate cannot be read")
	}
	return &pebble{directory: server.URL + wfe.DirectoryPath, roots: roots}
}
