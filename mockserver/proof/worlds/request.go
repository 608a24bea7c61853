// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package worlds

import (
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// request makes a request, mostly of an operation of the theme.
func (g *Generator) request() scene.Request {
	o := pick(g, g.theme)
	if g.chance(8) {
		o = pick(g, material.Operations())
	}
	r := scene.Request{
		Mode: scene.ModeTargets, Presented: scene.PresentedWell, Operation: o.Name,
		Address: pick(g, addresses), Now: g.now.Add(time.Duration(g.rng.IntN(3) - 1)),
	}
	if g.chance(2) {
		r.Presented = pick(g, []string{scene.PresentedNothing, scene.PresentedMalformed})
	}
	switch {
	case o.List:
		r.Mode = scene.ModeList
		for range 1 + g.rng.IntN(4) {
			r.Targets = append(r.Targets, g.target(o))
		}
	case strings.Contains(o.Name, "/{dns_record_id}") && g.chance(85):
		g.record(&r)
	default:
		g.targets(o, &r)
	}
	if changesSwitch(o) && g.chance(50) {
		r.Switch = &scene.SwitchChange{To: g.switchValue(30)}
	}
	return r
}

// changesSwitch reports whether the operation's body can change an API access switch (authorization model §7).
func changesSwitch(o *material.Operation) bool {
	switch o.Name {
	case "PUT /accounts/{account_id}", "POST /accounts/{account_id}/members",
		"PUT /accounts/{account_id}/members/{member_id}", "PATCH /accounts/{account_id}/members/{member_id}":
		return true
	default:
		return false
	}
}

// record makes an operation on one stored record.
func (g *Generator) record(r *scene.Request) {
	r.Mode = scene.ModeRecord
	if g.chance(4) {
		return
	}
	zone := g.zone()
	before := g.recordOf(zone)
	r.Before = &before
	if strings.HasPrefix(r.Operation, "PUT ") || strings.HasPrefix(r.Operation, "PATCH ") {
		after := g.recordOf(zone)
		r.After = &after
	}
}

func (g *Generator) recordOf(zone scene.Zone) scene.Target {
	return scene.Target{
		Kind: scene.OnRecord, Zone: zone.ID, RecordType: pick(g, recordTypes[:3]), RecordName: g.recordName(zone.Name),
	}
}

// targets makes what the operation acts on.
func (g *Generator) targets(o *material.Operation, r *scene.Request) {
	first := g.target(o)
	if o.Target == scene.OnRecords && strings.HasPrefix(o.Name, "POST ") && g.chance(70) {
		first = g.recordOf(g.zone()) // A body that names the record.
	}
	r.Targets = []scene.Target{first}
	switch {
	case o.TwoAccounts:
		r.Targets = append(r.Targets, g.target(o))
	case strings.Contains(o.Name, " /certificates"):
		for range g.rng.IntN(3) {
			r.Targets = append(r.Targets, g.target(o))
		}
	}
}

// target makes one target; a few name nothing that exists.
func (g *Generator) target(o *material.Operation) scene.Target {
	t := scene.Target{Kind: o.Target}
	switch o.Target {
	case scene.OnAccount, scene.OnAllZones, scene.OnBucket:
		t.Account = pick(g, g.world.Accounts).ID
		if g.home != "" && g.chance(60) {
			t.Account = g.home
		}
		if g.chance(2) {
			t.Account = material.ID("no account")
		}
		if o.Target == scene.OnBucket {
			t.Bucket = pick(g, buckets)
		}
		if o.ZoneBelow {
			t.Zone = g.zone().ID
		}
	case scene.OnZone, scene.OnRecords:
		t.Zone = g.zone().ID
	}
	return t
}

// zone picks a zone; a few do not exist.
func (g *Generator) zone() scene.Zone {
	if g.chance(2) {
		return scene.Zone{ID: material.ID("no zone"), Name: "none.example"}
	}
	if g.home != "" && g.chance(60) {
		return pick(g, g.zonesIn(g.home))
	}
	return pick(g, g.world.Zones)
}
