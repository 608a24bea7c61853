// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// The reasons of refusals (authorization model §6, the table of gates).
const (
	reasonMissing                    = "credential_missing"
	reasonMalformed                  = "credential_malformed"
	reasonUnknown                    = "credential_unknown"
	reasonDisabled                   = "credential_disabled"
	reasonExpired                    = "credential_expired"
	reasonNotYetValid                = "credential_not_yet_valid"
	reasonIPNotAllowed               = "ip_not_allowed"
	reasonUserRequired               = "user_credential_required"
	reasonTargetNotFound             = "target_not_found"
	reasonAPIAccessDisabled          = "api_access_disabled"
	reasonNoMatchingGrant            = "no_matching_grant"
	reasonDenied                     = "denied_by_policy"
	reasonOwnerLacksRight            = "owner_lacks_right"
	reasonSuperAdministratorRequired = "super_administrator_required"
	reasonAdministratorRequired      = "administrator_required"
	reasonEnterpriseRequired         = "enterprise_required"
	reasonTenantRequired             = "tenant_required"
)

func allowed() scene.Verdict {
	return scene.Verdict{Allowed: true}
}

func refused(gate int, reason string) scene.Verdict {
	return scene.Verdict{Gate: gate, Reason: reason}
}

// applies says which gates a kind of credential passes through (authorization model §2, the last column). Gate
// 7 refuses an Origin CA key on every route but /certificates, so it is asked for that kind too.
func applies(kind string, gate int) bool {
	switch kind {
	case scene.UserToken:
		return true
	case scene.AccountToken:
		return gate != 9
	case scene.GlobalKey:
		return gate == 1 || gate == 2 || gate == 5 || gate == 6 || gate == 9 || gate == 10
	case scene.OriginCAKey:
		return gate == 1 || gate == 2 || gate == 5 || gate == 6 || gate == 7 || gate == 9 || gate == 10
	default: // a console session
		return gate == 1 || gate == 2 || gate == 3 || gate == 5 || gate == 9 || gate == 10
	}
}

// hasPolicies tells tokens from credentials without policies (authorization model §2).
func (j *judgement) hasPolicies() bool {
	return j.credential.Kind == scene.UserToken || j.credential.Kind == scene.AccountToken
}

// judgeTargets runs the ten gates, in order; the first that refuses decides. All targets must pass, and a gate
// looks at all of them before the next gate runs (authorization model §4, §6).
func (j *judgement) judgeTargets() scene.Verdict {
	if v := j.credentialGates(4); !v.Allowed {
		return v
	}
	return j.targetGates(5, 10, j.row, j.targets)
}

// credentialGates runs gates 1 to last, at most 4: those that look at the credential alone.
func (j *judgement) credentialGates(last int) scene.Verdict {
	for gate := 1; gate <= last; gate++ {
		if gate > 2 && !applies(j.credential.Kind, gate) {
			continue // what is missing or unknown has no kind and did not pass gate 2
		}
		reason := ""
		switch gate {
		case 1:
			reason = j.gate1()
		case 2:
			reason = j.gate2()
		case 3:
			reason = j.gate3()
		case 4:
			reason = j.gate4()
		}
		if reason != "" {
			return refused(gate, reason)
		}
	}
	return allowed()
}

// targetGates runs the gates from first to last, at least 5, over all targets.
func (j *judgement) targetGates(first, last int, r *row, targets []target) scene.Verdict {
	for gate := first; gate <= last; gate++ {
		if !applies(j.credential.Kind, gate) {
			continue
		}
		reason := ""
		switch gate {
		case 5:
			reason = j.gate5(r, targets)
		case 6:
			reason = j.gate6(targets)
		case 7:
			reason = j.gate7(r, targets)
		case 8:
			reason = j.gate8(r, targets)
		case 9:
			reason = j.gate9(r, targets)
		case 10:
			reason = j.gate10(r, targets)
		}
		if reason != "" {
			return refused(gate, reason)
		}
	}
	return allowed()
}

// judgeVerify is authorization model §6 "Verify": gates 1 and 2 and ownership alone; the user path for
// user-owned tokens, the account path for that account's, anything else is refused. The model gives that
// refusal the reply of an unknown token and no reason of its own: it is given gate 2's. So are keys, whose
// reply differs, and console sessions, which are no API credentials.
func (j *judgement) judgeVerify() scene.Verdict {
	if v := j.credentialGates(2); !v.Allowed {
		return v
	}
	switch j.credential.Kind {
	case scene.UserToken:
		if under(j.row.route, "/user") {
			return allowed()
		}
	case scene.AccountToken:
		if under(j.row.route, "/accounts") && len(j.targets) == 1 && j.targets[0].account == j.credential.Account {
			return allowed()
		}
	}
	return refused(2, reasonUnknown)
}

func isVerify(r *row) bool {
	return r.method == "GET" &&
		(r.route == "/user/tokens/verify" || r.route == "/accounts/{account_id}/tokens/verify")
}

// judgeList is authorization model §6 "Lists" for GET /zones and GET /accounts: gates 5 to 10 run for each zone
// or account, with the list row's own A; what passes is returned. The list itself is refused (gate 7) only
// when the credential has policies and no allow policy holds an accepted group with a key that can serve its
// scope, and always for an Origin CA key. GET /accounts asks for a user before that (gate 5).
func (j *judgement) judgeList() scene.Verdict {
	if v := j.credentialGates(4); !v.Allowed {
		return v
	}
	if reason := j.userRequired(j.row, nil); reason != "" {
		return refused(5, reason)
	}
	if j.credential.Kind == scene.OriginCAKey || j.hasPolicies() && !j.canServe(j.row) {
		return refused(7, reasonNoMatchingGrant)
	}
	v := allowed()
	for i := range j.targets {
		item := j.targetGates(5, 10, j.row, j.targets[i:i+1])
		v.Items = append(v.Items, item.Allowed)
	}
	return v
}

// canServe says whether an allow policy holds an accepted group with a key that can serve its scope, whatever
// that key reaches.
func (j *judgement) canServe(r *row) bool {
	for _, g := range r.accepts {
		for i := range j.policies {
			p := &j.policies[i]
			if !p.allow || !p.holds(g) {
				continue
			}
			for k := range p.keys {
				if j.oracle.serves(&p.keys[k], g, j.credential.Kind == scene.UserToken) {
					return true
				}
			}
		}
	}
	return false
}

// judgeRecord is authorization model §5 "Past that": a record that is absent or that the caller could not GET
// is answered as absent; one that it may read but not write, or an after that fails, is refused. A write must
// pass for the record before and after it.
//
// The zone has been judged before this, so what gates 1 to 6 refuse hides nothing: they would have refused
// there. A hidden record keeps the gate and reason of the GET that failed; an absent one has none.
func (j *judgement) judgeRecord() scene.Verdict {
	if v := j.credentialGates(4); !v.Allowed {
		return v
	}
	var both []target
	if j.before != nil {
		both = append(both, *j.before)
	}
	if j.after != nil {
		both = append(both, *j.after)
	}
	if v := j.targetGates(5, 6, j.row, both); !v.Allowed {
		return v
	}
	if j.before == nil {
		return scene.Verdict{Hidden: true}
	}
	if v := j.targetGates(7, 10, j.oracle.readRecord, both[:1]); !v.Allowed {
		v.Hidden = true
		return v
	}
	return j.targetGates(7, 10, j.row, both)
}
