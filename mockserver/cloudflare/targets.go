// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// pathTargets finds the targets that path and headers name (authorization
// model §4). A place that names nothing gives no target, which the engine
// refuses as target_not_found.
func pathTargets(x *exchange) []authz.Target {
	switch x.operation.Target {
	case catalog.TargetUser:
		return []authz.Target{authz.UserTarget()}
	case catalog.TargetAccount:
		return accountTargets(x)
	case catalog.TargetZone:
		return []authz.Target{authz.ZoneTarget(x.zone())}
	case catalog.TargetRecords:
		return []authz.Target{authz.RecordsTarget(x.zone())}
	case catalog.TargetBucket:
		jurisdiction := x.http.Header.Get("Cf-R2-Jurisdiction")
		if jurisdiction == "" {
			jurisdiction = "default"
		}
		return []authz.Target{authz.BucketTarget(x.account(), jurisdiction, x.param("bucket_name"))}
	default:
		return nil
	}
}

// accountTargets is the account of the path. A zone that the path names below
// it must lie in it.
func accountTargets(x *exchange) []authz.Target {
	target := authz.AccountTarget(x.account())
	for i := range x.params.Len() {
		if name, _ := x.params.At(i); name != "zone_id" {
			continue
		}
		if target.Zone = x.zone(); target.Zone.IsZero() {
			return nil
		}
	}
	return []authz.Target{target}
}

// decideCertificates decides the Origin CA operations: on the zone of every
// host name, or on the zone that the list's query names. An absent
// certificate, as all are while this server issues none, is told only to
// whoever holds an accepted group on any zone (authorization model §4 "Settled
// rows").
func (x *exchange) decideCertificates() error {
	switch {
	case x.operation.Method == "POST":
		return x.decideHosts()
	case x.operation.Method == "GET" && len(x.operation.Placeholders()) == 0:
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
	if len(x.problems) > 0 || len(hosts.names) == 0 {
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

func (x *exchange) decideAbsentCertificate() error {
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
