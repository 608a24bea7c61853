// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cells

import (
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// gateStandings are the roles that the gates tell apart, each by role and by policy.
var gateStandings = []standing{
	{name: "no role"},
	withRole(super),
	withRole(admin),
	withRole(adminRead),
	withRole("DNS"),
	withRole(minimal),
	{name: "policy: super", policies: []scene.MemberPolicy{allow(super)}},
	{name: "policy: admin", policies: []scene.MemberPolicy{allow(admin)}},
	{name: "zone: super", policies: []scene.MemberPolicy{allow(super, ownZone)}},
	{name: "super-denied", policies: []scene.MemberPolicy{allow(super), deny("Domain DNS", ownZone2)}},
	{name: "only a deny", policies: []scene.MemberPolicy{deny(minimal)}},
}

// life is a state of a token in time.
type life struct {
	disabled             bool
	notBefore, expiresOn *time.Time
}

// lives are the states that gate 3 tells apart, at the very instants where they change.
var lives = func() []life {
	just, next, past := now, now.Add(1), now.Add(-1)
	return []life{
		{},
		{notBefore: &just, expiresOn: &next},
		{disabled: true},
		{expiresOn: &just},
		{notBefore: &next},
		{disabled: true, notBefore: &next, expiresOn: &past},
		{notBefore: &next, expiresOn: &past},
	}
}()

// condition is an IP condition.
type condition struct{ in, notIn []string }

var (
	conditions = []condition{
		{},
		{in: []string{"192.0.2.0/24"}},
		{notIn: []string{"192.0.2.7", "2001:db8::/64"}},
		{in: []string{"198.51.100.9", "192.0.2.200/24"}, notIn: []string{"192.0.2.0/30", "192.0.2.4/30"}},
		{in: []string{"2001:db8::/32", "::ffff:198.51.100.0/120"}},
	}
	addresses = []string{atHome, "::ffff:192.0.2.7", "2001:db8::7", "198.51.100.9"}
)

// gateRequests are the operations of this part: every kind of target, every demand of gate 10, with and
// without a change of the switch, and every way in which gate 5 can fail.
var gateRequests = func() []scene.Request {
	here := scene.Target{Kind: scene.OnAccount, Account: own}
	zone := scene.Target{Kind: scene.OnZone, Zone: ownZone}
	me := scene.Target{Kind: scene.OnUser}
	change := func(r scene.Request, to *bool) scene.Request {
		r.Switch = &scene.SwitchChange{To: to}
		return r
	}
	const account, members, member = "/accounts/{account_id}", "/accounts/{account_id}/members", "/accounts/{account_id}/members/{member_id}"
	targets := func(operation string, targets ...scene.Target) scene.Request {
		return request(operation, scene.ModeTargets, targets...)
	}
	return []scene.Request{
		targets("GET "+account, here),
		targets("GET "+account, scene.Target{Kind: scene.OnAccount, Account: foreign}),
		targets("GET "+account, scene.Target{Kind: scene.OnAccount, Account: absent}),
		targets("GET "+members, here),
		targets("POST "+members, here),
		change(targets("PATCH "+member, here), switchValues[1]),
		targets("PUT "+account, here),
		change(targets("PUT "+account, here), switchValues[2]),
		change(targets("PUT "+account, here), switchValues[0]),
		targets("GET "+account+"/tokens", here),
		targets("GET "+account+"/tokens/permission_groups", here),
		targets("DELETE "+account, here),
		targets("POST /accounts", me),
		targets("GET /user", me),
		targets("GET /user/billing/profile", me),
		targets("GET /zones/{zone_id}", zone),
		targets("GET /zones/{zone_id}/dns_records", scene.Target{Kind: scene.OnRecords, Zone: ownZone}),
		targets("POST /zones", scene.Target{Kind: scene.OnAllZones, Account: own}),
		targets("GET /certificates", zone, scene.Target{Kind: scene.OnZone, Zone: ownZone2}),
		targets("GET "+account+"/r2/buckets/{bucket_name}/objects/{key}", scene.Target{Kind: scene.OnBucket, Account: own, Bucket: ownBucket}),
		targets("PUT "+account+"/addressing/address_maps/{address_map_id}/zones/{zone_id}", scene.Target{Kind: scene.OnAccount, Account: own, Zone: foreignZone}),
		request("GET /accounts", scene.ModeList, here, scene.Target{Kind: scene.OnAccount, Account: foreign}),
		request("GET /zones", scene.ModeList, zone, scene.Target{Kind: scene.OnZone, Zone: foreignZone}),
	}
}()

// tenantRequests are what only tenant administrators may do; they are asked with and without such users.
var tenantRequests = func() (list []scene.Request) {
	for _, r := range gateRequests {
		if r.Operation == "POST /accounts" || r.Operation == "DELETE /accounts/{account_id}" {
			list = append(list, r)
		}
	}
	return list
}()

// fullPolicies hold every group that opens one of the requests, barePolicies none of them.
func fullPolicies(accountOwned bool) []scene.Policy {
	byScope := make(map[string][]string)
	seen := make(map[string]bool)
	for _, r := range gateRequests {
		for _, g := range material.OperationNamed(r.Operation).Accepts {
			if !seen[g.ID] {
				seen[g.ID] = true
				byScope[g.Scope] = append(byScope[g.Scope], g.ID)
			}
		}
	}
	policies := []scene.Policy{
		{Effect: "allow", Groups: append(byScope[material.ScopeAccount], byScope[material.ScopeZone]...), Resources: scene.Flat(scene.AccountPrefix + own)},
		{Effect: "allow", Groups: byScope[material.ScopeBucket], Resources: scene.Flat(scene.BucketPrefix + own + "_" + ownBucket)},
	}
	if accountOwned {
		return policies
	}
	for _, s := range gateStandings {
		// Keys name the owner; one token for every user has the policies of all.
		policies = append(policies, scene.Policy{Effect: "allow", Groups: byScope[material.ScopeUser], Resources: scene.Flat(scene.UserPrefix + s.user())})
	}
	return policies
}

func barePolicies() []scene.Policy {
	return []scene.Policy{{
		Effect: "allow", Groups: []string{material.GroupNamed(material.ScopeZone, "Cache Purge").ID}, Resources: scene.Flat(scene.ZonePrefix + ownZone),
	}}
}

// gateWorld is one account with members of every standing.
func gateWorld(enterprise bool, account, value *bool, status string) *scene.World {
	w := &scene.World{
		Accounts: []scene.Account{{ID: own, Enterprise: enterprise, APIAccess: account}, {ID: foreign, Enterprise: true}},
		Zones: []scene.Zone{
			{ID: ownZone, Account: own, Name: ownZoneName},
			{ID: ownZone2, Account: own, Name: "own2.example"},
			{ID: foreignZone, Account: foreign, Name: "foreign.example"},
		},
	}
	for i := range gateStandings {
		if status != "" {
			w.Members = append(w.Members, gateStandings[i].member(own, status, value))
		}
	}
	return w
}

// withTenants is the world in which every user is a tenant administrator.
func withTenants(w *scene.World) *scene.World {
	with := *w
	for i := range gateStandings {
		with.TenantAdmins = append(with.TenantAdmins, gateStandings[i].user())
	}
	return &with
}

// gates yields the part's jobs, one for every world.
func gates(yield func(panel.Job) bool) {
	tokens := [][]scene.Policy{fullPolicies(false), barePolicies()}
	accountTokens := [][]scene.Policy{fullPolicies(true), barePolicies()}
	for _, enterprise := range []bool{true, false} {
		for _, account := range switchValues {
			for _, value := range switchValues {
				for _, status := range []string{"accepted", "pending", "rejected", ""} {
					w := gateWorld(enterprise, account, value, status)
					tenants := withTenants(w)
					jobs := append(tokenJobs(w, tokens, accountTokens, gateRequests), keyJob(w, gateRequests))
					jobs = append(jobs, tokenJobs(tenants, tokens, accountTokens, tenantRequests)...)
					for _, job := range append(jobs, keyJob(tenants, tenantRequests)) {
						if !yield(job) {
							return
						}
					}
				}
			}
		}
	}
}

// tokenJobs are the cells of tokens in one world, a job for each life.
func tokenJobs(w *scene.World, tokens, accountTokens [][]scene.Policy, asked []scene.Request) []panel.Job {
	requests := fromEverywhere(asked)
	var jobs []panel.Job
	for _, l := range lives {
		jobs = append(jobs, func(yield func(*panel.Batch) bool) {
			for i := range tokens {
				for _, c := range conditions {
					token := scene.Credential{
						Disabled: l.disabled, NotBefore: l.notBefore, ExpiresOn: l.expiresOn, In: c.in, NotIn: c.notIn,
					}
					for _, owner := range []string{own, foreign} {
						made := token
						made.Kind, made.Account, made.Policies = scene.AccountToken, owner, accountTokens[i]
						if !yield(&panel.Batch{World: w, Credential: &made, Requests: requests}) {
							return
						}
					}
					for j := range gateStandings {
						made := token
						made.Kind, made.User, made.Policies = scene.UserToken, gateStandings[j].user(), tokens[i]
						if !yield(&panel.Batch{World: w, Credential: &made, Requests: requests}) {
							return
						}
					}
				}
			}
		})
	}
	return jobs
}

// fromEverywhere are the requests from every address.
func fromEverywhere(asked []scene.Request) (list []scene.Request) {
	for _, r := range asked {
		for _, address := range addresses {
			r.Address = address
			list = append(list, r)
		}
	}
	return list
}

// keyJob is the cells of credentials without policies, and of requests without a known credential.
func keyJob(w *scene.World, asked []scene.Request) panel.Job {
	requests := fromEverywhere(asked)
	return func(yield func(*panel.Batch) bool) {
		for i := range gateStandings {
			for _, kind := range []string{scene.GlobalKey, scene.OriginCAKey, scene.ConsoleSession} {
				c := &scene.Credential{Kind: kind, User: gateStandings[i].user()}
				if !yield(&panel.Batch{World: w, Credential: c, Requests: requests}) {
					return
				}
			}
		}
		for _, presented := range []string{scene.PresentedNothing, scene.PresentedMalformed, scene.PresentedWell} {
			b := &panel.Batch{World: w}
			for _, r := range asked {
				r.Presented = presented
				b.Requests = append(b.Requests, r)
			}
			if !yield(b) {
				return
			}
		}
	}
}
