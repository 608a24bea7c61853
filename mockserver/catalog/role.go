// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import "fmt"

// The roles that the model names by itself (authorization model §6, gate 10, and §8).
const (
	// RoleSuperAdministrator is the id of the role that may do everything, members and tokens included.
	RoleSuperAdministrator = "33666b9c79b9a5273fc7344ff42f953d"
	// RoleAdministrator is the id of the role that may do everything but what concerns members, billing
	// and personal data.
	RoleAdministrator = "05784afa30c1afe1440e79d9351c7430"
)

// The levels of roles.
const (
	// RoleLevelAccount marks roles that a member holds on the whole account.
	RoleLevelAccount = "account"
	// RoleLevelDomain marks roles that a member holds through a policy, on chosen zones or the account.
	RoleLevelDomain = "domain"
)

// Role is what a member of an account may be given. Values are shared by all callers and read-only.
type Role struct {
	// ID is the identifier on the wire: 32 lower-case hexadecimal digits.
	ID string
	// Name is the API's name. No two roles share one.
	Name string
	// Level is RoleLevelAccount or RoleLevelDomain.
	Level string
	// Description says in one sentence what the role gives.
	Description string
	// Groups are the permission groups that the role gives (authorization model §8). It may be empty.
	Groups GroupSet
	// Index is the position in Roles.
	Index int
}

// UnknownRoleError says that no role has a name or id.
type UnknownRoleError struct {
	// Ref is the name or id as it was given.
	Ref string
	// Nearest are names of similar roles, the most similar first. It may be empty.
	Nearest []string
}

// Error names the reference and the nearest names, if there are any.
func (e *UnknownRoleError) Error() string {
	return fmt.Sprintf("unknown role %q%s", e.Ref, didYouMean(e.Nearest))
}

func (c *groupCatalog) buildRoles(rows []roleRow) {
	c.roles = make([]Role, len(rows))
	c.roleByID = make(map[string]*Role, len(rows))
	c.roleByName = make(map[string]*Role, len(rows))

	for i, row := range rows {
		if !isID(row.ID) || c.roleByID[row.ID] != nil {
			fault("role %q: id malformed or used twice", row.ID)
		}

		if c.roleByName[row.Name] != nil {
			fault("role %s: name %q is used twice", row.ID, row.Name)
		}

		if row.Level != RoleLevelAccount && row.Level != RoleLevelDomain {
			fault("role %s: unknown level %q", row.ID, row.Level)
		}

		c.roles[i] = Role{ID: row.ID, Name: row.Name, Level: row.Level, Description: row.Description, Index: i}
		c.roleByID[row.ID] = &c.roles[i]
		c.roleByName[row.Name] = &c.roles[i]

		for scopeName, names := range row.Groups {
			scope, ok := ParseScope(scopeName)
			if !ok {
				fault("role %s: unknown scope %q", row.ID, scopeName)
			}

			for _, name := range names {
				g := c.byName[scope][name]
				if g == nil {
					fault("role %s: no group %q of scope %s", row.ID, name, scope)
				}

				c.roles[i].Groups.Add(g.Index)
			}
		}
	}
}

// Roles lists every role: first those of level account, then those of level domain. The slice is shared and
// read-only.
func Roles() []Role {
	return loadGroups().roles
}

// RoleByID finds a role by its id, exactly as the wire spells it.
func RoleByID(id string) (*Role, bool) {
	r, ok := loadGroups().roleByID[id]

	return r, ok
}

// LookupRole finds a role by its id or its name, letter case included. What finds nothing is refused with an
// *UnknownRoleError.
func LookupRole(nameOrID string) (*Role, error) {
	c := loadGroups()
	if r, ok := c.roleByID[nameOrID]; ok {
		return r, nil
	}

	if r, ok := c.roleByName[nameOrID]; ok {
		return r, nil
	}

	names := make([]string, len(c.roles))
	for i := range c.roles {
		names[i] = c.roles[i].Name
	}

	return nil, &UnknownRoleError{Ref: nameOrID, Nearest: SuggestNames(nameOrID, names, nearestCount)}
}
