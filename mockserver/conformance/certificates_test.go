// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

// TestLifeOfACertificate: with an Origin CA key and with a token of the zone, and with no other.
func TestLifeOfACertificate(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	zone := s.ID("example.com")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	request := must[[]byte](t)(x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key))
	params := cloudflare.CreateOriginCertificateParams{
		Hostnames: []string{"*.example.com", "example.com"}, RequestType: "origin-ecc", RequestValidity: 90,
		CSR: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request})),
	}
	service, err := cloudflare.NewWithUserServiceKey(s.CredentialOf(mocktest.OriginCAKey, "super").Value, options(s)...)
	if err != nil {
		t.Fatal(err)
	}
	writer := tokenOf(t, s, allow(zoneScope+"."+zone, groups(t, as(t, s, "super"), zoneScope, "SSL and Certificates Write")))
	for _, api := range []*cloudflare.API{service, writer} {
		made := must[*cloudflare.OriginCACertificate](t)(api.CreateOriginCACertificate(ctx, params))
		block, _ := pem.Decode([]byte(made.Certificate))
		if block == nil {
			t.Fatalf("made %+v", made)
		}
		leaf := must[*x509.Certificate](t)(x509.ParseCertificate(block.Bytes))
		if leaf.VerifyHostname("www.example.com") != nil || leaf.SerialNumber.String() != made.ID || !leaf.NotAfter.Equal(made.ExpiresOn) {
			t.Errorf("made %+v until %s", made, leaf.NotAfter)
		}
		if days := time.Until(made.ExpiresOn).Hours() / 24; days < 89 || days > 90 {
			t.Errorf("it lasts %f days", days)
		}
		list := must[[]cloudflare.OriginCACertificate](t)(api.ListOriginCACertificates(ctx, cloudflare.ListOriginCertificatesParams{ZoneID: zone}))
		if len(list) != 1 || list[0].ID != made.ID {
			t.Errorf("listed %+v", list)
		}
		if read := must[*cloudflare.OriginCACertificate](t)(api.GetOriginCACertificate(ctx, made.ID)); read.Certificate != made.Certificate {
			t.Errorf("read %+v", read)
		}
		unchanged(t, s, func() {
			_, err := as(t, s, "ci_dns").RevokeOriginCACertificate(ctx, made.ID)
			refused(t, err, forbidden, 10000)
			_, err = api.ListZones(ctx, "example.com")
			if err == nil && api == service {
				t.Error("an Origin CA key lists zones")
			}
			other := params
			other.Hostnames = []string{"example.org"}
			_, err = writer.CreateOriginCACertificate(ctx, other)
			refused(t, err, forbidden, 10000)
		})
		if gone := must[*cloudflare.OriginCACertificateID](t)(api.RevokeOriginCACertificate(ctx, made.ID)); gone.ID != made.ID {
			t.Errorf("revoked %+v", gone)
		}
		_, err := api.GetOriginCACertificate(ctx, made.ID)
		refused(t, err, notFound, 1003)
	}
}
