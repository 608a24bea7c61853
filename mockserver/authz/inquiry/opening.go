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

// maxTrials bounds how many grants Opening tries: a token can hold the product
// of all groups and very many keys, and a name for the reason is not worth that.
const maxTrials = 1000

// Opening finds the first group and key of the asker's policies that open the
// operation by themselves, the denies in force. policies are those that the
// asker's credential was compiled from. It is nil when the request is refused,
// when the credential has no policies, when it takes several grants together,
// and when the reason is not among the first thousand that were tried.
func (p *Prepared) Opening(w authz.World, a Asker, policies []authz.Policy) *Opening {
	if a.Credential == nil || !a.Credential.Kind.HasPolicies() || !p.Decide(w, a).Allowed {
		return nil
	}
	var denies []authz.Policy
	for _, policy := range policies {
		if policy.Effect != authz.Allow {
			denies = append(denies, policy)
		}
	}
	trials := 0
	opens := func(groups []catalog.GroupIndex, resources []authz.Resource) bool {
		trials++
		compiled, err := authz.Compile(append([]authz.Policy{{Effect: authz.Allow, Groups: groups, Resources: resources}}, denies...))
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
					if trials >= maxTrials {
						return nil
					}
					if key.Serves(&catalog.Groups()[g]) && opens([]catalog.GroupIndex{g}, []authz.Resource{key.Resource()}) {
						return &Opening{Policy: i, Grant: authz.Grant{Group: &catalog.Groups()[g], Key: key}}
					}
				}
			}
		}
	}
	return nil
}
