// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cells

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// recordKeys are the keys of this part: the zone, its account, its neighbour, and record keys with patterns
// that meet each other's edges.
var recordKeys = []map[string]any{
	scene.Flat(scene.ZonePrefix + ownZone),
	scene.Flat(scene.AccountPrefix + own),
	scene.Flat(scene.ZonePrefix + ownZone2),
	scene.Nested(scene.ZonePrefix+ownZone, scene.RecordKey("TXT", "_acme-challenge.*")),
	scene.Nested(scene.ZonePrefix+ownZone, scene.RecordKey("*", "_acme-challenge.own.example")),
	scene.Nested(scene.ZonePrefix+ownZone, scene.RecordKey("A", "*.own.example"), scene.RecordKey("TXT", "own.example")),
	scene.Nested(scene.ZonePrefix+ownZone, scene.RecordKey("*", "*a*")),
	scene.Nested(scene.ZonePrefix+ownZone2, scene.RecordKey("*", "*")),
}

// theRecords are records at the edges of the patterns.
var theRecords = []scene.Target{
	{Kind: scene.OnRecord, Zone: ownZone, RecordType: "TXT", RecordName: "own.example"},
	{Kind: scene.OnRecord, Zone: ownZone, RecordType: "A", RecordName: "a.own.example"},
	{Kind: scene.OnRecord, Zone: ownZone, RecordType: "TXT", RecordName: "_acme-challenge.own.example"},
	{Kind: scene.OnRecord, Zone: ownZone, RecordType: "A", RecordName: "_acme-challenge.x.own.example"},
	{Kind: scene.OnRecord, Zone: ownZone, RecordType: "A", RecordName: "*.own.example"},
}

// recordRequests are every operation on records: on the container, on a new record, and on every record
// before and after.
var recordRequests = func() (list []scene.Request) {
	const base = "/zones/{zone_id}/dns_records"
	for _, operation := range []string{
		"GET " + base, "GET " + base + "/export", "POST " + base + "/import", "POST " + base + "/batch",
		"GET " + base + "/{dns_record_id}", "PATCH " + base + "/{dns_record_id}",
	} {
		for _, zone := range []string{ownZone, ownZone2} {
			list = append(list, request(operation, scene.ModeTargets, scene.Target{Kind: scene.OnRecords, Zone: zone}))
		}
	}
	for i := range theRecords {
		list = append(list, request("POST "+base, scene.ModeTargets, theRecords[i]))
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		operation := method + " " + base + "/{dns_record_id}"
		list = append(list, request(operation, scene.ModeRecord))
		for i := range theRecords {
			r := request(operation, scene.ModeRecord)
			r.Before = &theRecords[i]
			if method == "GET" || method == "DELETE" {
				list = append(list, r)
				continue
			}
			for j := range theRecords {
				r.After = &theRecords[j]
				list = append(list, r)
			}
		}
	}
	return list
}()

// recordOwners are indexes of grantStandings: all, nothing, DNS alone, and the zone denied.
var recordOwners = []int{0, 2, 3, 7}

// records yields the part's jobs, one for every allowed group and key.
func records(yield func(panel.Job) bool) {
	dns := []*material.Group{
		material.GroupNamed(material.ScopeZone, "DNS Read"), material.GroupNamed(material.ScopeZone, "DNS Write"),
	}
	for _, g := range dns {
		for _, at := range recordKeys {
			job := func(yield func(*panel.Batch) bool) {
				granted := scene.Policy{Effect: "allow", Groups: []string{g.ID}, Resources: at}
				for _, policies := range recordPolicies(granted, dns) {
					for _, c := range recordTokens(policies) {
						if !yield(&panel.Batch{World: grantWorld, Credential: c, Requests: recordRequests}) {
							return
						}
					}
				}
			}
			if !yield(job) {
				return
			}
		}
	}
}

// recordPolicies are the grant alone, with every second grant of writing, and with every deny.
func recordPolicies(granted scene.Policy, dns []*material.Group) [][]scene.Policy {
	list := [][]scene.Policy{{granted}}
	for _, on := range recordKeys {
		more := scene.Policy{Effect: "allow", Groups: []string{dns[1].ID}, Resources: on}
		list = append(list, []scene.Policy{granted, more})
		for _, d := range dns {
			denied := scene.Policy{Effect: "deny", Groups: []string{d.ID}, Resources: on}
			list = append(list, []scene.Policy{granted, denied})
		}
	}
	return list
}

func recordTokens(policies []scene.Policy) []*scene.Credential {
	list := []*scene.Credential{{Kind: scene.AccountToken, Account: own, Policies: policies}}
	for _, i := range recordOwners {
		list = append(list, &scene.Credential{Kind: scene.UserToken, User: grantStandings[i].user(), Policies: policies})
	}
	return list
}
