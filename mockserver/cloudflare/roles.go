// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import "github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

// roleView is a role on the wire.
type roleView struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Permissions permissions `json:"permissions"`
}

func viewRole(r *catalog.Role) roleView {
	return roleView{ID: r.ID, Name: r.Name, Description: r.Description, Permissions: summarize(r.Groups)}
}

// viewRoles writes the roles with these ids; the world stores no others than
// the catalogue's.
func viewRoles(ids []string) []roleView {
	views := make([]roleView, 0, len(ids))
	for _, id := range ids {
		if r, ok := catalog.RoleByID(id); ok {
			views = append(views, viewRole(r))
		}
	}
	return views
}

// listRoles answers the roles that a member can have directly: those of level
// account.
func listRoles(x *exchange) (*reply, error) {
	var views []roleView
	roles := catalog.Roles()
	for i := range roles {
		if roles[i].Level == catalog.RoleLevelAccount {
			views = append(views, viewRole(&roles[i]))
		}
	}
	return page(x, views, ordinaryPages)
}

func getRole(x *exchange) (*reply, error) {
	r, ok := catalog.RoleByID(x.param("role_id"))
	if !ok || r.Level != catalog.RoleLevelAccount {
		return nil, errNotFound.refuse("role")
	}
	return result(viewRole(r)), nil
}
