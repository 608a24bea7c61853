// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The kinds of certificate that can be asked for.
const (
	originRSA   = "origin-rsa"
	originECC   = "origin-ecc"
	keylessCert = "keyless-certificate"
)

// certificateDays are the validities that can be asked for, in days; the last
// is what a request without one gets.
var certificateDays = []int{7, 30, 90, 365, 730, 1095, 5475}

// maxHostnames is how many host names one certificate can have.
const maxHostnames = 100

// The sizes of RSA keys that are certified, in bits. The upper bound keeps a
// request from costing more than it is worth.
const (
	leastRSA = 2048
	mostRSA  = 8192
)

// certificateInput is what a request for a certificate sends.
type certificateInput struct {
	// hostnames are those that are host names, in their stored form, each
	// once.
	hostnames   []string
	requestType string
	days        int
	csr         string
	request     *x509.CertificateRequest
}

func readCertificate(o *object) certificateInput {
	o.ignore("id", "certificate", "expires_on", "revoked_at") // SDKs send their zero values
	in := certificateInput{requestType: o.requiredText("request_type"), days: certificateDays[len(certificateDays)-1]}
	in.readHostnames(o)
	// SDKs send 0 for a validity that was not chosen.
	if days := o.optionalInt("requested_validity"); days != nil && *days != 0 {
		if in.days = *days; !slices.Contains(certificateDays, in.days) {
			o.fault("requested_validity", "must be one of %s days", joinNumbers(certificateDays))
		}
	}
	if known := []string{originRSA, originECC, keylessCert}; in.requestType != "" && !slices.Contains(known, in.requestType) {
		o.fault("request_type", "must be one of %s", strings.Join(known, ", "))
	}
	if in.csr = o.requiredText("csr"); in.csr == "" {
		return in
	}
	request, err := parseRequest(in.csr, in.requestType)
	if err != nil {
		o.fault("csr", "%s", err.Error())
	}
	in.request = request
	return in
}

func (in *certificateInput) readHostnames(o *object) {
	names := o.texts("hostnames")
	if len(names) == 0 {
		o.fault("hostnames", "must hold at least one host name")
	}
	if len(names) > maxHostnames {
		o.fault("hostnames", "holds %d names; a certificate has at most %d", len(names), maxHostnames)
		names = names[:maxHostnames]
	}
	for _, name := range names {
		stored, err := state.NormalizeHostname(name)
		switch {
		case err != nil:
			o.fault("hostnames", "%s", err.Error())
		case !slices.Contains(in.hostnames, stored):
			in.hostnames = append(in.hostnames, stored)
		}
	}
}

// parseRequest reads a certificate request in PEM and holds what a
// certificate of the kind needs: a sound signature and a key of the kind. The
// names in the request say nothing; those beside it count.
func parseRequest(text, requestType string) (*x509.CertificateRequest, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || !strings.HasSuffix(block.Type, "CERTIFICATE REQUEST") || strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New("must be one certificate request in PEM")
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("is no certificate request: %w", err)
	}
	var kind string
	switch key := request.PublicKey.(type) {
	case *rsa.PublicKey:
		if n := key.N.BitLen(); n < leastRSA || n > mostRSA {
			return nil, fmt.Errorf("its RSA key has %d bits; it must have %d to %d", n, leastRSA, mostRSA)
		}
		kind = originRSA
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			return nil, errors.New("its ECDSA key must be on P-256 or P-384")
		}
		kind = originECC
	default:
		return nil, errors.New("its key must be RSA or ECDSA")
	}
	if err := request.CheckSignature(); err != nil {
		return nil, fmt.Errorf("is not signed by its own key: %w", err)
	}
	if kind != requestType && requestType != keylessCert {
		return nil, fmt.Errorf("its key is one for %s, not for %q", kind, requestType)
	}
	return request, nil
}

func joinNumbers(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}
