// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"net/http"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// pathTargets finds the targets that path and headers name.
func pathTargets(x *exchange) []authz.Target {
	return authz.PathTargets(x.operation, x.params, x.http.Header.Get("Cf-R2-Jurisdiction"))
}

// decideCertificates decides the Origin CA operations: on the zone of every
// host name, or on the zone that the list's query names. An absent
// certificate, as all are while this server issues none, is told only to
// whoever holds an accepted group on any zone (authorization model §4 "Settled
// rows").
func (x *exchange) decideCertificates() error {
	switch {
	case x.operation.Method == http.MethodPost:
		return x.decideHosts()
	case x.operation.Method == http.MethodGet && len(x.operation.Placeholders()) == 0:
		text := x.query.Get("zone_id")
		if text == "" {
			return x.decideCredentialAlone()
		}
		zone, _ := authz.ParseID(text)
		return x.decide([]authz.Target{authz.ZoneTarget(zone)})
	default:
		return x.decideAbsentCertificate()
	}
}

// decideHosts decides on the zones of the host names in the body.
func (x *exchange) decideHosts() error {
	hosts, _ := x.input.(certificateInput)
	if len(hosts.names) == 0 {
		return x.decideCredentialAlone()
	}
	targets := make([]authz.Target, 0, len(hosts.names))
	for _, host := range hosts.names {
		targets = append(targets, authz.ZoneTarget(x.zoneOfHost(host)))
	}
	return x.decide(targets)
}

// zoneOfHost finds the zone with the longest name that the host is or lies
// in; the zero ID when there is none.
func (x *exchange) zoneOfHost(host string) authz.ID {
	host = strings.TrimPrefix(strings.ToLower(strings.TrimSuffix(host, ".")), "*.")
	for host != "" {
		if zone := x.tx.ZoneByName(host); zone != nil {
			return zone.ID
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return authz.ID{}
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

// certificateInput is what decides a request for a certificate: its names.
type certificateInput struct{ names []string }

func readCertificate(o *object) certificateInput {
	o.ignore("csr", "request_type", "requested_validity", "id", "certificate", "expires_on")
	return certificateInput{names: o.texts("hostnames")}
}
