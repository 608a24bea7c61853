// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// memberView is a member on the wire.
type memberView struct {
	ID       string             `json:"id"`
	Email    string             `json:"email"`
	Status   string             `json:"status"`
	User     memberUser         `json:"user"`
	Roles    *[]roleView        `json:"roles,omitempty"` // left out of the reply to a create
	Policies []memberPolicyView `json:"policies"`
	// APIAccess is null for Account Default (authorization model §7).
	APIAccess *bool `json:"api_access_enabled"`
}

type memberUser struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	TwoFactor bool   `json:"two_factor_authentication_enabled"`
}

type memberPolicyView struct {
	ID             string          `json:"id"`
	Access         string          `json:"access"`
	Groups         []groupName     `json:"permission_groups"`
	ResourceGroups []resourceGroup `json:"resource_groups"`
}

func (x *exchange) viewMember(m *state.Member) memberView {
	roles := viewRoles(m.Roles)
	v := memberView{
		ID: m.ID.String(), Status: m.Status, Roles: &roles,
		Policies: x.viewMemberPolicies(m), APIAccess: m.APIAccess.Bool(),
	}
	if u := x.tx.User(m.User); u != nil {
		v.Email = u.Email
		v.User = memberUser{
			ID: u.ID.String(), Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, TwoFactor: u.TwoFactor,
		}
	}
	return v
}

func (x *exchange) viewMemberPolicies(m *state.Member) []memberPolicyView {
	views := make([]memberPolicyView, 0, len(m.Policies))
	for _, p := range m.Policies {
		v := memberPolicyView{ID: p.ID.String(), Access: string(p.Access)}
		for _, id := range p.Roles {
			if r, ok := catalog.RoleByID(id); ok {
				v.Groups = append(v.Groups, groupName{r.ID, r.Name})
			}
		}
		v.ResourceGroups = x.coveredBy(m.Account, &p)
		shuffled(x.shuffle, v.Groups)
		views = append(views, v)
	}
	shuffled(x.shuffle, views)
	return views
}
