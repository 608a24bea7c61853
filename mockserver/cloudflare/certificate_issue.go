// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// authority signs the Origin CA certificates of one world. Its key is derived
// from the world's hash key and stands nowhere: a world that is replayed under
// the same hash key has the same authority, and its log tells nobody the key.
type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

// OriginCA returns the certificate of the authority that signs the Origin CA
// certificates of the transaction's world: what a client of such a
// certificate has to trust. It is the same for as long as the world has the
// same hash key.
func OriginCA(tx *state.Tx) (*x509.Certificate, error) {
	a, err := newAuthority(tx)
	if err != nil {
		return nil, err
	}
	return a.certificate, nil
}

func newAuthority(tx *state.Tx) (*authority, error) {
	key, err := authorityKey(tx)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "Reference Server Origin CA", Organization: []string{"terraform-provider-accesscontrol"}},
		// The world's clock can be set to any year.
		NotBefore: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: endOfTime,
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	// Without a source of randomness ECDSA signs the same text always in the
	// same way (RFC 6979), so that a world is the same in every run.
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making the Origin CA: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("making the Origin CA: %w", err)
	}
	return &authority{key: key, certificate: certificate}, nil
}

// endOfTime is the expiry of what has none (RFC 5280, section 4.1.2.5).
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// authorityKey finds the first derived number that is a key. Nearly all are:
// the order of the curve is close to 2^256.
func authorityKey(tx *state.Tx) (*ecdsa.PrivateKey, error) {
	var err error
	for i := range 8 {
		seed := tx.DeriveKey("Origin CA " + strconv.Itoa(i))
		var key *ecdsa.PrivateKey
		if key, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:]); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("deriving the key of the Origin CA: %w", err)
}

// issue makes the certificate that was asked for and returns it in PEM.
func (a *authority) issue(id authz.ID, in certificateInput, from, until time.Time) (string, error) {
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(id[:]),
		Subject:      pkix.Name{CommonName: "Origin Certificate", Organization: a.certificate.Subject.Organization},
		NotBefore:    from, NotAfter: until, DNSNames: in.hostnames, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(nil, template, a.certificate, in.request.PublicKey, a.key)
	if err != nil {
		return "", fmt.Errorf("issuing a certificate: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), nil
}
