// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Opening is one allow of a token that suffices for a request.
type Opening struct {
	// Policy is the position of the policy among the token's policies, from 0.
	Policy int
	// Grant is the permission group and the key.
	Grant authz.Grant
}

// maxOpeningWork bounds how much Opening compiles in all, in groups and keys: a
// token can hold very many policies, and a name for the reason is not worth
// trying each of them beside all denies.
const maxOpeningWork = 10_000

// trialWork is what a decision costs beside.
const trialWork = 8

// weight is what compiling a policy costs, in groups and keys.
func weight(p authz.Policy) int {
	n := len(p.Groups)
	for _, r := range p.Resources {
		n += max(1, len(r.Nested))
	}
	return n
}

// Opening finds the first group and key of the asker's policies that open the
// operation by themselves, the denies in force. policies are those that the
// asker's credential was compiled from. It is nil when the request is refused,
// when the credential has no policies, when it takes several grants together,
// and when the reason is not among the first ones, which alone are tried.
func (p *Prepared) Opening(w authz.World, a Asker, policies []authz.Policy) *Opening {
	if a.Credential == nil || !a.Credential.Kind.HasPolicies() || !p.Decide(w, a).Allowed {
		return nil
	}
	tried := make([]authz.Policy, 1, 1+len(policies))
	always, work := trialWork, 0
	for _, policy := range policies {
		if policy.Effect != authz.Allow {
			tried = append(tried, policy)
			always += weight(policy)
		}
	}
	opens := func(groups []catalog.GroupIndex, resources []authz.Resource) bool {
		tried[0] = authz.Policy{Effect: authz.Allow, Groups: groups, Resources: resources}
		if work += always + weight(tried[0]); work > maxOpeningWork {
			return false
		}
		compiled, err := authz.Compile(tried)
		if err != nil {
			return false // what was compiled before does not fail now
		}
		only := *a.Credential
		only.Policies = compiled
		return p.Decide(w, Asker{Credential: &only, Address: a.Address, Now: a.Now}).Allowed
	}
	for i, policy := range policies {
		if policy.Effect != authz.Allow || !opens(policy.Groups, policy.Resources) {
			continue
		}
		for _, g := range policy.Groups {
			if !opens([]catalog.GroupIndex{g}, policy.Resources) {
				continue
			}
			for _, r := range policy.Resources {
				keys, err := authz.ParseResource(r)
				if err != nil {
					continue
				}
				for _, key := range keys {
					if key.Serves(&catalog.Groups()[g]) && opens([]catalog.GroupIndex{g}, []authz.Resource{key.Resource()}) {
						return &Opening{Policy: i, Grant: authz.Grant{Group: &catalog.Groups()[g], Key: key}}
					}
				}
			}
		}
	}
	return nil
}
