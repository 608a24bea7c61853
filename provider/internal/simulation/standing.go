// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

const (
	statusAccepted = "accepted"
	accountPrefix  = "com.cloudflare.api.account."
	zonePrefix     = "com.cloudflare.api.account.zone."
	wildcard       = "*"
)

// standing is a member as the engine reads it (authorization model §8). It is partial where a role or a
// policy cannot be understood, and then holds only what the member has for certain: what is understood, or
// nothing where what is not understood may take something away.
func standing(account authz.ID, status string, apiAccess *bool, roles []client.Role, policies []client.MemberPolicy) membership {
	accepted, value := status == statusAccepted, authz.SwitchOf(apiAccess)
	held, complete := rolesOf(roles)
	if len(roles)+len(policies) == 0 {
		// A member has one or the other; an endpoint that shows neither does not show what there is.
		complete = false
	}
	var grants []authz.MemberGrant
	var named []authz.ID
	for _, p := range policies {
		grant, understood := grantOf(account, p)
		if !understood {
			complete = false
			if grant.Effect != authz.Allow {
				return membership{value: authz.NewMembership(accepted, value, nil, nil), partial: true}
			}
			continue
		}
		grants = append(grants, grant)
		named = append(named, grant.Zones...)
	}
	return membership{value: authz.NewMembership(accepted, value, held, grants), partial: !complete, named: named}
}

// rolesOf finds the roles by id, or by name; complete is false where one is not in the catalogue.
func rolesOf(roles []client.Role) (found []*catalog.Role, complete bool) {
	complete = true
	for _, r := range roles {
		role, ok := catalog.RoleByID(r.ID)
		if !ok {
			var err error
			if role, err = catalog.LookupRole(r.Name); err != nil {
				complete = false
				continue
			}
		}
		found = append(found, role)
	}
	return found, complete
}

// grantOf reads one policy of a member; understood is false where any part of it is not known.
func grantOf(account authz.ID, p client.MemberPolicy) (grant authz.MemberGrant, understood bool) {
	grant.Effect = authz.Deny
	if p.Access == client.EffectAllow {
		grant.Effect = authz.Allow
	}
	grant.Roles, understood = rolesOf(p.Roles)
	if !understood || len(p.Scopes) == 0 || p.Access != client.EffectAllow && p.Access != client.EffectDeny {
		return grant, false
	}
	whole := false
	for _, scope := range p.Scopes {
		if scope.Key != accountPrefix+account.String() || len(scope.Objects) == 0 {
			return grant, false
		}
		for _, object := range scope.Objects {
			zone, isZone := authz.ParseID(strings.TrimPrefix(object, zonePrefix))
			switch {
			case object == wildcard:
				whole = true
			case isZone && strings.HasPrefix(object, zonePrefix):
				grant.Zones = append(grant.Zones, zone)
			default:
				return grant, false
			}
		}
	}
	if whole {
		grant.Zones = nil // the whole account holds its zones
	}
	return grant, true
}
