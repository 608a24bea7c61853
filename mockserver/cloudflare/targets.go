// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"net/http"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// pathTargets finds the targets that path and headers name.
func pathTargets(x *exchange) []authz.Target {
	return authz.PathTargets(x.operation, x.params, x.http.Header.Get("Cf-R2-Jurisdiction"))
}

// decideCertificates decides the Origin CA operations (authorization model §4
// "Settled rows"): a create on the zone of every host name, the list on the
// zone that its query names, and the others on the zones that the certificate
// was issued for. A certificate without its zones does not exist: it goes with
// the last of them.
func (x *exchange) decideCertificates() error {
	if len(x.operation.Placeholders()) == 0 {
		if x.operation.Method == http.MethodPost {
			in := inputOf[certificateInput](x)
			return x.decideZones(x.zonesOfHostnames(in.hostnames))
		}
		text := x.query.Get("zone_id")
		if text == "" {
			return x.decideCredentialAlone()
		}
		zone, _ := authz.ParseID(text)
		return x.decideZones([]authz.ID{zone})
	}
	if c := x.storedCertificate(); c != nil {
		return x.decideZones(c.Zones)
	}
	return x.decideAbsentCertificate()
}

// decideZones decides on all of the zones; the zero ID is one that does not
// exist. Without any, nothing says what the request acts on.
func (x *exchange) decideZones(zones []authz.ID) error {
	if len(zones) == 0 {
		return x.decideCredentialAlone()
	}
	targets := make([]authz.Target, 0, len(zones))
	for _, id := range zones {
		targets = append(targets, authz.ZoneTarget(id))
	}
	return x.decide(targets)
}

// decideAbsentCertificate answers that there is no such certificate to whoever
// holds an accepted group on any zone, and refuses the others at gate 7.
func (x *exchange) decideAbsentCertificate() error {
	if d := authz.DecideCredential(&x.request); !d.Allowed {
		x.note(d, func() authz.Explanation { return authz.ExplainList(&x.request, d) })
		return x.refuseDecision(d)
	}
	for _, zone := range x.ownZones(authz.ID{}) {
		if x.visible(authz.ZoneTarget(zone.ID)) {
			x.note(authz.Decision{Allowed: true}, func() authz.Explanation {
				return authz.Explanation{Decision: authz.Decision{Allowed: true}}
			})
			return errNotFound.refuse("certificate")
		}
	}
	d := authz.Decision{Gate: authz.GateGrant, Reason: authz.ReasonNoMatchingGrant}
	x.note(d, func() authz.Explanation { return authz.ExplainList(&x.request, d) })
	return x.refuseDecision(d)
}
