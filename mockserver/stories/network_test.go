// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// apiHost is the host that most programs have no setting for.
const apiHost = "api.cloudflare.com"

// network is the way from the programs to the server: TLS for those that insist on it, and a proxy on which
// the API's host is this server and no other host exists.
type network struct {
	authority *authority
	tlsAddr   string // the server behind TLS, "127.0.0.1:41234"
	proxyURL  string
}

// newNetwork connects the server. A program that asks for another host fails the test at its end.
func newNetwork(t *testing.T, s *mocktest.Server) *network {
	t.Helper()
	n := &network{authority: newAuthority(t)}
	server := strings.TrimPrefix(s.URL, "http://")
	listener, err := tls.Listen("tcp", "127.0.0.1:0", n.authority.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	n.tlsAddr = listener.Addr().String()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed: the test is over
			}
			go relay(t.Context(), conn, conn, server)
		}
	}()
	proxy := httptest.NewServer(connectProxy(t, n.tlsAddr))
	t.Cleanup(proxy.Close)
	n.proxyURL = proxy.URL
	return n
}

// connectProxy ends connections to the API's host at addr and refuses all others.
func connectProxy(t *testing.T, addr string) http.Handler {
	t.Helper()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != apiHost+":443" {
			t.Errorf("a program asked the proxy for %s %s: the stories reach one host", r.Method, r.Host)
			http.Error(w, "there is no other host", http.StatusForbidden)
			return
		}
		hijacker, ok := w.(http.Hijacker)
		if !ok {
			t.Error("the proxy's connection cannot be taken over")
			return
		}
		conn, buffered, err := hijacker.Hijack()
		if err != nil {
			t.Errorf("proxy: %v", err)
			return
		}
		if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			conn.Close()
			return // the program gave up
		}
		relay(t.Context(), conn, buffered, addr)
	})
}

// relay passes bytes between a connection, of which some may have been read into the reader, and an address,
// until either side ends. Both ends are then closed.
func relay(ctx context.Context, conn net.Conn, from io.Reader, addr string) {
	defer conn.Close()
	var dialer net.Dialer
	other, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return // the server is gone: the test is over
	}
	defer other.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close(); other.Close() })
	defer stop()
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(other, from)
		other.Close()
	})
	both.Go(func() {
		_, _ = io.Copy(conn, other)
		conn.Close()
	})
	both.Wait()
}

// authority is a certificate authority that the programs are told to trust.
type authority struct {
	pem    []byte      // its certificate
	config *tls.Config // for servers on loopback, and for the API's host
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of a story"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	rootKey, rootDER := issue(t, root, root, nil)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: apiHost},
		NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{apiHost}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	leafKey, leafDER := issue(t, leaf, root, rootKey)
	return &authority{
		pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER}),
		config: &tls.Config{
			Certificates: []tls.Certificate{{Certificate: [][]byte{leafDER}, PrivateKey: leafKey}},
			MinVersion:   tls.VersionTLS12,
		},
	}
}

// issue makes a key and a certificate for it; without a parent's key it signs itself.
func issue(t *testing.T, template, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if parentKey == nil {
		parentKey = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}
