// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cells

import (
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// The things of the enumerations' worlds. Everyone asks from the account own.
var (
	own, sibling, foreign, absent = material.ID("account own"), material.ID("account sibling"), material.ID("account foreign"), material.ID("account absent")
	ownZone, ownZone2             = material.ID("zone own"), material.ID("zone own 2")
	siblingZone, foreignZone      = material.ID("zone sibling"), material.ID("zone foreign")
)

const (
	ownZoneName = "own.example"
	ownBucket   = "default_own-bucket"
	otherBucket = "default_other-bucket"
	atHome      = "192.0.2.7"
)

// now is the instant of every request.
var now = time.Date(2030, 1, 2, 3, 4, 5, 678, time.UTC)

// standing is one way of being a member.
type standing struct {
	name     string
	roles    []string
	policies []scene.MemberPolicy
}

func allow(role string, zones ...string) scene.MemberPolicy {
	return scene.MemberPolicy{Access: "allow", Roles: []string{material.Role(role)}, Zones: zones}
}

func deny(role string, zones ...string) scene.MemberPolicy {
	return scene.MemberPolicy{Access: "deny", Roles: []string{material.Role(role)}, Zones: zones}
}

const (
	super        = "Super Administrator - All Privileges"
	admin        = "Administrator"
	adminRead    = "Administrator Read Only"
	minimal      = "Minimal Account Access"
	domainAdmin  = "Domain Administrator"
	domainReader = "Domain Administrator Read Only"
)

func withRole(name string) standing {
	return standing{name: name, roles: []string{material.Role(name)}}
}

// user is the id of the user with a standing.
func (s *standing) user() string { return material.ID("u:" + short(s.name)) }

// short keeps a name within the length of an identifier.
func short(name string) string {
	const longest = 14
	if len(name) > longest {
		return name[:longest]
	}
	return name
}

// member makes the user with the standing a member of an account.
func (s *standing) member(account, status string, access *bool) scene.Member {
	return scene.Member{
		User: s.user(), Account: account, Status: status, APIAccess: access, Roles: s.roles, Policies: s.policies,
	}
}

// switchValues are the three values of a switch.
var switchValues = func() []*bool {
	on, off := true, false
	return []*bool{nil, &on, &off}
}()

// everyTarget are the things that an operation may be asked on: own, sibling in the same account where there
// is one, in another account of the owner's, and in an account where the owner is no member.
func everyTarget(o *material.Operation) []scene.Target {
	switch o.Target {
	case scene.OnUser:
		return []scene.Target{{Kind: scene.OnUser}}
	case scene.OnZone, scene.OnRecords:
		return []scene.Target{
			{Kind: o.Target, Zone: ownZone},
			{Kind: o.Target, Zone: ownZone2},
			{Kind: o.Target, Zone: siblingZone},
			{Kind: o.Target, Zone: foreignZone},
		}
	case scene.OnBucket:
		return []scene.Target{
			{Kind: o.Target, Account: own, Bucket: ownBucket},
			{Kind: o.Target, Account: own, Bucket: otherBucket},
			{Kind: o.Target, Account: sibling, Bucket: ownBucket},
			{Kind: o.Target, Account: foreign, Bucket: ownBucket},
		}
	default:
		return []scene.Target{
			{Kind: o.Target, Account: own},
			{Kind: o.Target, Account: sibling},
			{Kind: o.Target, Account: foreign},
		}
	}
}

// ask makes the requests of an operation on its targets: one each, or for a list that spans accounts one of
// which the targets are the items.
func ask(o *material.Operation, targets []scene.Target) []scene.Request {
	if o.List {
		return []scene.Request{request(o.Name, scene.ModeList, targets...)}
	}
	var list []scene.Request
	for _, t := range targets {
		both := []scene.Target{t}
		if o.ZoneBelow {
			both[0].Zone = ownZone
		}
		if o.TwoAccounts {
			both = append(both, scene.Target{Kind: scene.OnAccount, Account: own})
		}
		list = append(list, request(o.Name, scene.ModeTargets, both...))
	}
	return list
}

func request(operation, mode string, targets ...scene.Target) scene.Request {
	return scene.Request{
		Mode: mode, Presented: scene.PresentedWell, Operation: operation, Targets: targets, Address: atHome, Now: now,
	}
}
