// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// gate1 is authorization model §6 gate 1: a credential is present and well formed.
func (j *judgement) gate1() string {
	switch j.request.Presented {
	case scene.PresentedNothing:
		return reasonMissing
	case scene.PresentedMalformed:
		return reasonMalformed
	}
	return ""
}

// gate2 is authorization model §6 gate 2: it is known.
func (j *judgement) gate2() string {
	if j.credential == nil {
		return reasonUnknown
	}
	return ""
}

// gate3 is authorization model §6 gate 3: it is alive, judged in this order: not disabled, now < expires_on,
// not_before ≤ now. Times are compared at full resolution.
func (j *judgement) gate3() string {
	c, now := j.credential, j.request.Now
	if c.Disabled {
		return reasonDisabled
	}
	if c.ExpiresOn != nil && !now.Before(*c.ExpiresOn) {
		return reasonExpired
	}
	if c.NotBefore != nil && now.Before(*c.NotBefore) {
		return reasonNotYetValid
	}
	return ""
}

// gate4 is authorization model §6 gate 4: its IP condition holds.
func (j *judgement) gate4() string {
	if !addressHolds(j.request.Address, j.in, j.notIn) {
		return reasonIPNotAllowed
	}
	return ""
}

// gate5 is authorization model §6 gate 5: an operation on a user has a credential with a user; the account or
// zone that path or body names exists and the owner is an accepted member of its account (account-owned: it
// is that account).
func (j *judgement) gate5(r *row, targets []target) string {
	if reason := j.userRequired(r, targets); reason != "" {
		return reason
	}
	for i := range targets {
		if !j.exists(&targets[i]) {
			return reasonTargetNotFound
		}
	}
	return ""
}

// userRequired is the first half of gate 5. GET /accounts lists the accounts of a user: it is an operation on
// one, as the table says by giving it a reply of its own.
func (j *judgement) userRequired(r *row, targets []target) string {
	onUser := r.method == "GET" && r.route == "/accounts"
	for i := range targets {
		onUser = onUser || targets[i].Kind == scene.OnUser
	}
	if onUser && j.credential.User == "" {
		return reasonUserRequired
	}
	return ""
}

// exists is the second half of gate 5.
func (j *judgement) exists(t *target) bool {
	if t.Kind == scene.OnUser {
		return true
	}
	// A zone that does not exist lies in no account.
	if accountIn(j.world, t.account) == nil {
		return false
	}
	if t.Kind == scene.OnAccount && t.Zone != "" {
		// "A zone named below an account must lie in that account (gate 5); the account is the target" (§4).
		if z := zoneIn(j.world, t.Zone); z == nil || z.Account != t.account {
			return false
		}
	}
	if j.credential.Kind == scene.AccountToken {
		return t.account == j.credential.Account
	}
	return j.memberOf(t.account) != nil
}

// gate6 is the API access switch (authorization model §7): with several targets, each one's account. A target that
// is the user lies in no account. Console sessions do not come here (§2).
func (j *judgement) gate6(targets []target) string {
	for i := range targets {
		if targets[i].Kind != scene.OnUser && !j.apiAccess(targets[i].account) {
			return reasonAPIAccessDisabled
		}
	}
	return ""
}

// apiAccess is the effective value of the switch in an account (authorization model §7): on Enterprise
// accounts the member value if not null, else the account value, where null counts as true; an account-owned
// token has no member. On standard accounts the switch does not apply.
func (j *judgement) apiAccess(id string) bool {
	account := accountIn(j.world, id)
	if !account.Enterprise {
		return true
	}
	if member := j.memberOf(id); member != nil && member.APIAccess != nil {
		return *member.APIAccess
	}
	return account.APIAccess == nil || *account.APIAccess
}

// gate7 is authorization model §6 gate 7: a grant exists. It refuses if S is empty. An Origin CA key is refused on
// every route but /certificates… (§2) and otherwise has no policies to ask.
func (j *judgement) gate7(r *row, targets []target) string {
	if j.credential.Kind == scene.OriginCAKey {
		if !under(r.route, "/certificates") {
			return reasonNoMatchingGrant
		}
		return ""
	}
	accepts := j.accepted(r)
	for i := range targets {
		t := &targets[i]
		if len(j.granted(accepts, t)) == 0 && len(j.recordGrants(accepts, t)) == 0 {
			return reasonNoMatchingGrant
		}
	}
	return ""
}

// gate8 is authorization model §6 gate 8: not everything granted is denied. It refuses if S∖X is empty.
func (j *judgement) gate8(r *row, targets []target) string {
	accepts := j.accepted(r)
	for i := range targets {
		if len(j.usable(accepts, &targets[i])) == 0 {
			return reasonDenied
		}
	}
	return ""
}

// gate9 is authorization model §6 gate 9: the owner holds the right too. It refuses unless some group of S∖X
// and some group of O are of one family; credentials without policies, if O is empty. On user targets, and
// where A is empty, it passes.
func (j *judgement) gate9(r *row, targets []target) string {
	accepts := j.accepted(r)
	for i := range targets {
		t := &targets[i]
		if t.Kind == scene.OnUser || len(accepts) == 0 || j.seesAccount(r, t) {
			continue
		}
		owned := j.owned(accepts, t)
		if !j.hasPolicies() {
			if len(owned) == 0 {
				return reasonOwnerLacksRight
			}
			continue
		}
		if !shareFamily(j.usable(accepts, t), owned) {
			return reasonOwnerLacksRight
		}
	}
	return ""
}

// gate10 is what the row asks beyond a group, in this order: user credential, role, Enterprise account, tenant
// (authorization model §6 "Gate 10", §4 "Settled rows"). A role is asked in the account of every target; a
// switch that changes for a target that lies in no account is refused.
func (j *judgement) gate10(r *row, targets []target) string {
	superAdministrator := j.asksSuperAdministrator(r)
	administrator := asksAdministrator(r)
	if (superAdministrator || administrator) && j.credential.Kind == scene.AccountToken {
		return reasonUserRequired
	}
	for i := range targets {
		if superAdministrator && !j.isSuperAdministrator(targets[i].account) {
			return reasonSuperAdministratorRequired
		}
	}
	for i := range targets {
		if administrator && !j.isSuperAdministrator(targets[i].account) && !j.isAdministrator(targets[i].account) {
			return reasonAdministratorRequired
		}
	}
	for i := range targets {
		if j.asksEnterprise() && !j.isEnterprise(targets[i].account) {
			return reasonEnterpriseRequired
		}
	}
	if asksTenant(r) && !slices.Contains(j.world.TenantAdmins, j.credential.User) {
		return reasonTenantRequired
	}
	return ""
}

// asksSuperAdministrator: POST, PUT, PATCH, DELETE under /accounts/{id}/members and /accounts/{id}/iam; any
// body in which a switch differs from the stored value (authorization model §6 "Gate 10").
func (j *judgement) asksSuperAdministrator(r *row) bool {
	if j.request.Switch != nil {
		return true
	}
	return r.method != "GET" &&
		(under(r.route, "/accounts/{account_id}/members") || under(r.route, "/accounts/{account_id}/iam"))
}

// asksAdministrator: everything under /accounts/{id}/tokens but verify and permission_groups (authorization
// model §6 "Gate 10").
func asksAdministrator(r *row) bool {
	const tokens = "/accounts/{account_id}/tokens" //nolint:gosec // a route, no secret
	return under(r.route, tokens) && !under(r.route, tokens+"/verify") && !under(r.route, tokens+"/permission_groups")
}

// asksEnterprise: a switch set to anything but null (authorization model §6 "Gate 10").
func (j *judgement) asksEnterprise() bool {
	return j.request.Switch != nil && j.request.Switch.To != nil
}

func (j *judgement) isEnterprise(id string) bool {
	account := accountIn(j.world, id)
	return account != nil && account.Enterprise
}

// asksTenant: POST /accounts and DELETE /accounts/{id} (authorization model §4 "Settled rows").
func asksTenant(r *row) bool {
	return r.method == "POST" && r.route == "/accounts" || r.method == "DELETE" && r.route == "/accounts/{account_id}"
}
