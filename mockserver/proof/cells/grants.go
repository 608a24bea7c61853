// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cells

import (
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// grantStandings are what owners may hold in the account own. Everyone is a Super Administrator of the account
// sibling, so that wildcards reach something there.
var grantStandings = []standing{
	withRole(super),
	withRole(adminRead),
	{name: "nothing"},
	withRole("DNS"),
	{name: "domain own", policies: []scene.MemberPolicy{allow(domainAdmin, ownZone)}},
	{name: "domain own2", policies: []scene.MemberPolicy{allow(domainAdmin, ownZone2)}},
	{name: "read denied", policies: []scene.MemberPolicy{allow(super), deny(adminRead)}},
	{name: "zone denied", policies: []scene.MemberPolicy{allow(super), deny(domainReader, ownZone)}},
}

var grantWorld = func() *scene.World {
	w := &scene.World{
		Accounts: []scene.Account{{ID: own, Enterprise: true}, {ID: sibling}, {ID: foreign}},
		Zones: []scene.Zone{
			{ID: ownZone, Account: own, Name: ownZoneName},
			{ID: ownZone2, Account: own, Name: "own2.example"},
			{ID: siblingZone, Account: sibling, Name: "sibling.example"},
			{ID: foreignZone, Account: foreign, Name: "foreign.example"},
		},
	}
	everywhere := withRole(super)
	for i := range grantStandings {
		s := &grantStandings[i]
		w.Members = append(w.Members, s.member(own, "accepted", nil))
		there := everywhere.member(sibling, "accepted", nil)
		there.User = s.user()
		w.Members = append(w.Members, there)
	}
	return w
}()

// keysFor are the forms of key that serve a group, all pointing at what is the owner's own. The user key names
// one user; the owner whose id it is shows what it opens, and the others what a foreign one does.
func keysFor(g *material.Group, accountOwned bool) []map[string]any {
	account := scene.AccountPrefix + own
	switch g.Scope {
	case material.ScopeUser:
		return []map[string]any{scene.Flat(scene.UserPrefix + grantStandings[0].user())}
	case material.ScopeBucket:
		return []map[string]any{scene.Flat(scene.BucketPrefix + own + "_" + ownBucket)}
	case material.ScopeAccount:
		if accountOwned {
			return []map[string]any{scene.Flat(account)}
		}
		return []map[string]any{scene.Flat(account), scene.Flat(scene.AccountPrefix + scene.Any)}
	}
	list := []map[string]any{
		scene.Flat(account),
		scene.Nested(account, scene.ZonePrefix+scene.Any),
		scene.Nested(account, scene.ZonePrefix+ownZone),
		scene.Flat(scene.ZonePrefix + ownZone),
	}
	if !accountOwned {
		list = append(list, scene.Flat(scene.ZonePrefix+scene.Any))
	}
	if isDNS(g) {
		list = append(list, scene.Nested(scene.ZonePrefix+ownZone, scene.RecordKey("TXT", "_acme-challenge.*")))
	}
	return list
}

func isDNS(g *material.Group) bool {
	return g.Scope == material.ScopeZone && (g.Name == "DNS Read" || g.Name == "DNS Write")
}

// mostDenied bounds how many groups of an operation that are not of the allowed group's family are denied
// beside it; they can strike nothing of it, and one shows that.
const mostDenied = 1

// deniedBeside are the groups to deny where g is allowed for the operation: its whole family, accepted or not,
// and another accepted group.
func deniedBeside(o *material.Operation, g *material.Group) []*material.Group {
	list := slices.Clone(g.Family)
	others := 0
	for _, other := range o.Accepts {
		if !slices.Contains(list, other) && others < mostDenied {
			list = append(list, other)
			others++
		}
	}
	return list
}

// pair is a group that is allowed and one that is denied, nil for none.
type pair struct{ allowed, denied *material.Group }

// grants yields the part's jobs, one for every pair of groups: all operations where the pair matters are asked
// with the same tokens.
func grants(yield func(panel.Job) bool) {
	var pairs []pair
	asked := make(map[pair][]*material.Operation)
	for _, o := range material.Operations() {
		for _, g := range o.Accepts {
			for _, d := range append([]*material.Group{nil}, deniedBeside(o, g)...) {
				p := pair{g, d}
				if asked[p] == nil {
					pairs = append(pairs, p)
				}
				asked[p] = append(asked[p], o)
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return strings.Compare(a.name(), b.name()) })
	for _, p := range pairs {
		if !yield(p.job(asked[p])) {
			return
		}
	}
}

func (p pair) name() string {
	if p.denied == nil {
		return p.allowed.ID
	}
	return p.allowed.ID + p.denied.ID
}

func (p pair) job(operations []*material.Operation) panel.Job {
	var requests []scene.Request
	for _, o := range operations {
		requests = append(requests, ask(o, everyTarget(o))...)
	}
	return func(yield func(*panel.Batch) bool) {
		for _, accountOwned := range []bool{false, true} {
			for _, policies := range p.policies(accountOwned) {
				for _, c := range grantOwners(accountOwned, policies) {
					if !yield(&panel.Batch{World: grantWorld, Credential: c, Requests: requests}) {
						return
					}
				}
			}
		}
	}
}

// policies are the allowed group on every key, crossed with the denied group on every key.
func (p pair) policies(accountOwned bool) [][]scene.Policy {
	if accountOwned && (p.allowed.Scope == material.ScopeUser || p.denied != nil && p.denied.Scope == material.ScopeUser) {
		return nil // Account-owned tokens hold no user groups.
	}
	var list [][]scene.Policy
	for _, at := range keysFor(p.allowed, accountOwned) {
		granted := scene.Policy{Effect: "allow", Groups: []string{p.allowed.ID}, Resources: at}
		if p.denied == nil {
			list = append(list, []scene.Policy{granted})
			continue
		}
		for _, on := range keysFor(p.denied, accountOwned) {
			list = append(list, []scene.Policy{granted, {Effect: "deny", Groups: []string{p.denied.ID}, Resources: on}})
		}
	}
	return list
}

// grantOwners are the tokens with the policies: one for every standing, or those of accounts.
func grantOwners(accountOwned bool, policies []scene.Policy) []*scene.Credential {
	if accountOwned {
		return []*scene.Credential{{Kind: scene.AccountToken, Account: own, Policies: policies}}
	}
	list := make([]*scene.Credential, 0, len(grantStandings))
	for i := range grantStandings {
		list = append(list, &scene.Credential{Kind: scene.UserToken, User: grantStandings[i].user(), Policies: policies})
	}
	return list
}

// groups yields the jobs of the part with one group alone on the widest key, for a Super Administrator and for
// the account.
func groups(yield func(panel.Job) bool) {
	var requests []scene.Request
	for _, o := range material.Operations() {
		requests = append(requests, ask(o, everyTarget(o)[:1])...)
	}
	for _, g := range material.Groups() {
		job := func(yield func(*panel.Batch) bool) {
			for _, accountOwned := range []bool{false, true} {
				if accountOwned && g.Scope == material.ScopeUser {
					continue
				}
				policies := []scene.Policy{{Effect: "allow", Groups: []string{g.ID}, Resources: keysFor(g, accountOwned)[0]}}
				if !yield(&panel.Batch{World: grantWorld, Credential: grantOwners(accountOwned, policies)[0], Requests: requests}) {
					return
				}
			}
		}
		if !yield(job) {
			return
		}
	}
}

// keys yields the jobs of the part about credentials without policies.
func keys(yield func(panel.Job) bool) {
	for _, o := range material.Operations() {
		requests := ask(o, everyTarget(o))
		job := func(yield func(*panel.Batch) bool) {
			for i := range grantStandings {
				for _, kind := range []string{scene.GlobalKey, scene.OriginCAKey, scene.ConsoleSession} {
					c := &scene.Credential{Kind: kind, User: grantStandings[i].user()}
					if !yield(&panel.Batch{World: grantWorld, Credential: c, Requests: requests}) {
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
