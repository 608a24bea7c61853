// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package worlds makes random worlds, credentials and requests. What it makes depends on a seed and a number
// alone, so that any of it can be made again. It leans towards questions that are close: groups come from what
// the requests ask, keys name things that the requests act on, times and addresses lie at the bounds.
package worlds

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// How much of everything a world has.
const (
	credentialsEach = 5
	requestsEach    = 32
)

// QuestionsEach is how many questions a world gives.
const QuestionsEach = credentialsEach * requestsEach

// Generator makes one world and what is asked in it. It is not safe for concurrent use.
type Generator struct {
	rng   *rand.Rand
	world *scene.World
	now   time.Time
	users []string
	// home is the account of the credential at hand when it is account-owned, "" otherwise.
	home string
	// theme are the operations that most requests ask, groups what opens them and stands beside that.
	theme  []*material.Operation
	groups []*material.Group
}

// New prepares world number n of a seed.
func New(seed, n uint64) *Generator {
	g := &Generator{
		rng: rand.New(rand.NewPCG(seed, n)), //nolint:gosec // Repeatable worlds, not secrets.
		now: time.Date(2031, 5, 6, 7, 8, 9, 1234, time.UTC),
	}
	g.makeWorld()
	g.makeTheme()
	return g
}

// Batches are the world's questions.
func (g *Generator) Batches() []*panel.Batch {
	batches := make([]*panel.Batch, 0, credentialsEach)
	for range credentialsEach {
		b := &panel.Batch{World: g.world, Credential: g.credential()}
		g.home = ""
		if b.Credential != nil {
			g.home = b.Credential.Account
		}
		for range requestsEach {
			b.Requests = append(b.Requests, g.request())
		}
		batches = append(batches, b)
	}
	return batches
}

// Rand is the generator's source of chance, for what is made out of its worlds.
func (g *Generator) Rand() *rand.Rand { return g.rng }

// Now is the instant around which the world's requests lie.
func (g *Generator) Now() time.Time { return g.now }

// chance is true in so many of a hundred cases.
func (g *Generator) chance(percent int) bool { return g.rng.IntN(100) < percent }

func pick[T any](g *Generator, list []T) T { return list[g.rng.IntN(len(list))] }

func (g *Generator) makeWorld() {
	g.world = &scene.World{}
	for i := range 2 + g.rng.IntN(3) {
		a := scene.Account{ID: material.ID(fmt.Sprintf("account %d", i)), Enterprise: g.chance(65)}
		if a.Enterprise {
			a.APIAccess = g.switchValue(60)
		}
		g.world.Accounts = append(g.world.Accounts, a)
		for j := range 1 + g.rng.IntN(3) {
			name := fmt.Sprintf("z%d%d.example", i, j)
			g.world.Zones = append(g.world.Zones, scene.Zone{ID: material.ID("zone " + name), Account: a.ID, Name: name})
		}
	}
	for i := range 2 + g.rng.IntN(2) {
		user := material.ID(fmt.Sprintf("user %d", i))
		g.users = append(g.users, user)
		if g.chance(30) {
			g.world.TenantAdmins = append(g.world.TenantAdmins, user)
		}
		for _, a := range g.world.Accounts {
			if g.chance(88) {
				g.world.Members = append(g.world.Members, g.member(user, a.ID))
			}
		}
	}
}

// switchValue is null in so many of a hundred cases.
func (g *Generator) switchValue(null int) *bool {
	if g.chance(null) {
		return nil
	}
	on := g.chance(50)
	return &on
}

func (g *Generator) member(user, account string) scene.Member {
	m := scene.Member{User: user, Account: account, Status: "accepted", APIAccess: g.switchValue(70)}
	if g.chance(8) {
		m.Status = pick(g, []string{"pending", "rejected"})
	}
	if g.chance(50) {
		for range g.rng.IntN(3) {
			m.Roles = append(m.Roles, g.role("account"))
		}
		return m
	}
	for range 1 + g.rng.IntN(3) {
		m.Policies = append(m.Policies, g.MemberPolicy(account))
	}
	return m
}

// MemberPolicy makes a policy of a member of an account.
func (g *Generator) MemberPolicy(account string) scene.MemberPolicy {
	p := scene.MemberPolicy{Access: "allow"}
	if g.chance(30) {
		p.Access = "deny"
	}
	for range 1 + g.rng.IntN(2) {
		p.Roles = append(p.Roles, g.role(pick(g, []string{"account", "domain"})))
	}
	if g.chance(50) {
		zones := g.zonesIn(account)
		for range 1 + g.rng.IntN(2) {
			p.Zones = append(p.Zones, pick(g, zones).ID)
		}
	}
	return p
}

// zonesIn are the zones of an account; every account has one at least.
func (g *Generator) zonesIn(account string) []scene.Zone {
	var list []scene.Zone
	for _, z := range g.world.Zones {
		if z.Account == account {
			list = append(list, z)
		}
	}
	return list
}

// roles that say much are more frequent than the others.
var (
	broadAccountRoles = []string{
		material.Role("Super Administrator - All Privileges"), material.Role("Administrator"), material.Role("Administrator Read Only"),
		material.Role("DNS"), material.Role("Minimal Account Access"),
	}
	broadDomainRoles = []string{
		material.Role("Domain Administrator"), material.Role("Domain Administrator Read Only"), material.Role("Domain DNS"),
	}
	everyRole = map[string][]string{"account": material.Roles("account"), "domain": material.Roles("domain")}
)

func (g *Generator) role(level string) string {
	if g.chance(30) {
		return pick(g, everyRole[level])
	}
	if level == "domain" {
		return pick(g, broadDomainRoles)
	}
	if g.chance(50) {
		return broadAccountRoles[0]
	}
	return pick(g, broadAccountRoles)
}

// special are operations that ask more than a grant on what their path names.
var special = func() []*material.Operation {
	var list []*material.Operation
	for _, o := range material.Operations() {
		if o.Asks || o.List || o.TwoAccounts || o.ZoneBelow || o.Target == scene.OnRecords || o.Target == scene.OnBucket ||
			o.Target == scene.OnAllZones || len(o.Accepts) == 0 {
			list = append(list, o)
		}
	}
	for _, name := range []string{
		"GET /accounts/{account_id}", "PUT /accounts/{account_id}", "GET /certificates", "POST /certificates", "GET /zones/{zone_id}", "GET /user",
	} {
		list = append(list, material.OperationNamed(name))
	}
	return list
}()

func (g *Generator) makeTheme() {
	for range 4 + g.rng.IntN(4) {
		o := pick(g, material.Operations())
		if g.chance(55) {
			o = pick(g, special)
		}
		g.theme = append(g.theme, o)
		for range 3 {
			if len(o.Accepts) == 0 {
				break
			}
			accepted := pick(g, o.Accepts)
			g.groups = append(g.groups, accepted, pick(g, accepted.Family))
		}
	}
	g.groups = append(g.groups, pick(g, material.Groups()), material.GroupNamed(material.ScopeZone, "DNS Write"))
}
