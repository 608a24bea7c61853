// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"math/big"
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// certificateView is an Origin CA certificate on the wire.
type certificateView struct {
	ID                string   `json:"id"`
	Certificate       string   `json:"certificate"`
	ExpiresOn         string   `json:"expires_on"`
	Hostnames         []string `json:"hostnames"`
	RequestType       string   `json:"request_type"`
	RequestedValidity int      `json:"requested_validity"`
	CSR               string   `json:"csr"`
}

// certificateExpiry is the form of the expiry on the wire: unlike all other
// times of the API it is no RFC 3339.
const certificateExpiry = "2006-01-02 15:04:05 -0700 MST"

func viewCertificate(c *state.Certificate) certificateView {
	return certificateView{
		ID: serialOf(c.ID), Certificate: c.PEM, ExpiresOn: c.ExpiresOn.UTC().Format(certificateExpiry),
		Hostnames: c.Hostnames, RequestType: c.RequestType, RequestedValidity: c.RequestedValidity, CSR: c.CSR,
	}
}

// serialOf is a certificate's id on the wire: its serial number as a decimal
// number.
func serialOf(id authz.ID) string { return new(big.Int).SetBytes(id[:]).String() }

// certificateID reads what serialOf wrote; the zero ID for anything else, so
// that no certificate has two ids.
func certificateID(serial string) authz.ID {
	var id authz.ID
	n, ok := new(big.Int), len(serial) <= len("340282366920938463463374607431768211455")
	if ok {
		n, ok = n.SetString(serial, 10)
	}
	if !ok || n.Sign() <= 0 || n.BitLen() > 8*len(id) || n.String() != serial {
		return authz.ID{}
	}
	n.FillBytes(id[:])
	return id
}

// storedCertificate is the certificate that the path names; nil when there is
// none. The operations on it were decided on its zones (targets.go).
func (x *exchange) storedCertificate() *state.Certificate {
	return x.tx.Certificate(certificateID(x.param("certificate_id")))
}

// zonesOfHostnames are the zones of host names in their stored form, sorted,
// each once. A name that lies in none stands as the zero ID.
func (x *exchange) zonesOfHostnames(names []string) []authz.ID {
	zones := make([]authz.ID, 0, len(names))
	for _, name := range names {
		var id authz.ID
		if zone := x.tx.ZoneOfHostname(name); zone != nil {
			id = zone.ID
		}
		zones = append(zones, id)
	}
	slices.SortFunc(zones, authz.ID.Compare)
	return slices.Compact(zones)
}

func createCertificate(x *exchange, in certificateInput) (*reply, error) {
	from := x.now.UTC().Truncate(time.Second)
	until := from.AddDate(0, 0, in.days)
	if until.After(endOfTime) {
		return nil, invalid("/requested_validity", "/requested_validity: certificates cannot be valid after the year 9999")
	}
	a, err := newAuthority(x.tx)
	if err != nil {
		return nil, err
	}
	c := &state.Certificate{
		ID: x.tx.NewID("certificate"), Zones: x.zonesOfHostnames(in.hostnames), Hostnames: in.hostnames,
		RequestType: in.requestType, RequestedValidity: in.days, CSR: in.csr, CreatedOn: x.now, ExpiresOn: until,
	}
	if c.PEM, err = a.issue(c.ID, in, from, until); err != nil {
		return nil, err
	}
	if err := x.tx.PutCertificate(c); err != nil {
		return nil, err
	}
	return result(viewCertificate(c)), nil
}

// listCertificates answers the zone's certificates. One that lies in other
// zones too is listed only to whoever could read it by its id, which takes all
// of them.
func listCertificates(x *exchange) (*reply, error) {
	zone, _ := authz.ParseID(x.query.Get("zone_id"))
	views := []certificateView{}
	for _, c := range x.tx.CertificatesOf(zone) {
		hidden := slices.ContainsFunc(c.Zones, func(id authz.ID) bool { return !x.visible(authz.ZoneTarget(id)) })
		if !hidden {
			views = append(views, viewCertificate(c))
		}
	}
	return page(x, views, ordinaryPages)
}

func getCertificate(x *exchange) (*reply, error) {
	c := x.storedCertificate()
	if c == nil {
		return nil, errNotFound.refuse("certificate")
	}
	return result(viewCertificate(c)), nil
}

// revocation answers that a certificate was revoked.
type revocation struct {
	ID        string  `json:"id"`
	RevokedAt instant `json:"revoked_at"`
}

// revokeCertificate takes the certificate out of the world: a revoked one is
// in no list, and its id is unknown.
func revokeCertificate(x *exchange) (*reply, error) {
	c := x.storedCertificate()
	if c == nil {
		return nil, errNotFound.refuse("certificate")
	}
	if err := x.tx.DeleteCertificate(c.ID); err != nil {
		return nil, err
	}
	return result(revocation{ID: serialOf(c.ID), RevokedAt: instant(x.now)}), nil
}
