// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Certificate is an Origin CA certificate as it was issued. It never changes,
// save that zones which are deleted leave it.
type Certificate struct {
	// ID is also the certificate's serial number.
	ID authz.ID `json:"id"`
	// Zones are those that the host names lay in when it was issued, sorted;
	// at least one.
	Zones []authz.ID `json:"zones"`
	// Hostnames are the names it is for, each as [NormalizeHostname] returns
	// it; at least one.
	Hostnames []string `json:"hostnames"`
	// RequestType is "origin-rsa", "origin-ecc" or "keyless-certificate".
	RequestType string `json:"request_type"`
	// RequestedValidity is in days.
	RequestedValidity int `json:"requested_validity"`
	// CSR and PEM are the request and the certificate in PEM.
	CSR       string    `json:"csr"`
	PEM       string    `json:"certificate"`
	CreatedOn time.Time `json:"created_on,omitzero"`
	ExpiresOn time.Time `json:"expires_on"`
}

type certificateTable struct {
	table[Certificate]
	byZone index[authz.ID, Certificate]
}

func (t *certificateTable) init() {
	t.table.init(KindCertificate, func(c *Certificate) authz.ID { return c.ID })
	t.byZone = newIndex[authz.ID](func(a, b *Certificate) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) })
	t.link = func(c *Certificate) {
		for _, zone := range c.Zones {
			t.byZone.add(zone, c)
		}
	}
	t.unlink = func(c *Certificate) {
		for _, zone := range c.Zones {
			t.byZone.remove(zone, c)
		}
	}
}

// Certificate returns the certificate with that id, or nil.
func (tx *Tx) Certificate(id authz.ID) *Certificate { return tx.w.certificates.rows[id] }

// CertificatesOf lists the certificates with a host name in the zone, by
// creation.
func (tx *Tx) CertificatesOf(zone authz.ID) []*Certificate {
	return tx.w.certificates.byZone.lists[zone]
}

// PutCertificate stores a new certificate. It refuses one that exists, one
// without zones or host names, zones that do not exist or are not sorted, and
// host names that are not in their stored form.
func (tx *Tx) PutCertificate(c *Certificate) error {
	if tx.w.certificates.has(c.ID) {
		return taken("a certificate with this serial number already exists")
	}
	if len(c.Zones) == 0 || len(c.Hostnames) == 0 {
		return invalid("a certificate needs at least one host name, and its zone")
	}
	for i, zone := range c.Zones {
		if !tx.w.zones.has(zone) {
			return unknown("a certificate names a zone that does not exist")
		}
		if i > 0 && c.Zones[i-1].Compare(zone) >= 0 {
			return invalid("the zones of a certificate must be sorted, each once")
		}
	}
	for _, name := range c.Hostnames {
		if stored, err := NormalizeHostname(name); err != nil || stored != name {
			return invalid("%q is not a host name in its stored form", name)
		}
	}
	return put(tx, &tx.w.certificates.table, c)
}

// DeleteCertificate deletes a certificate. Deleting one that does not exist
// does nothing.
func (tx *Tx) DeleteCertificate(id authz.ID) error {
	return remove(tx, &tx.w.certificates.table, id)
}

// leaveCertificates takes a zone that is deleted out of the certificates. One
// that lies in other zones too stays theirs; the others go with it: there is
// nothing left that a decision about them could be made on.
func (tx *Tx) leaveCertificates(zone authz.ID) error {
	for _, c := range tx.CertificatesOf(zone) {
		if len(c.Zones) == 1 {
			if err := tx.DeleteCertificate(c.ID); err != nil {
				return err
			}
			continue
		}
		left := *c
		left.Zones = slices.DeleteFunc(slices.Clone(c.Zones), func(id authz.ID) bool { return id == zone })
		if err := put(tx, &tx.w.certificates.table, &left); err != nil {
			return err
		}
	}
	return nil
}

// hostWildcard starts the name that stands for every name one label below the
// rest.
const hostWildcard = "*."

// NormalizeHostname returns a host name of a certificate as it is stored and
// as decisions look up its zone: like [NormalizeZoneName], with "*" as the
// whole of the first label at most.
func NormalizeHostname(name string) (string, error) {
	base, wildcard := strings.CutPrefix(name, hostWildcard)
	stored, err := NormalizeZoneName(base)
	if err != nil {
		return "", err
	}
	if !wildcard {
		return stored, nil
	}
	if len(stored)+len(hostWildcard) > maxName {
		return "", fmt.Errorf("a name has at most %d characters", maxName)
	}
	return hostWildcard + stored, nil
}

// ZoneOfHostname finds the zone with the longest name that the host name, in
// its stored form, is or lies in; nil when there is none. A wildcard lies
// where the rest of its name does.
func (tx *Tx) ZoneOfHostname(name string) *Zone {
	name = strings.TrimPrefix(name, hostWildcard)
	for name != "" {
		if zone := tx.ZoneByName(name); zone != nil {
			return zone
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return nil
}
