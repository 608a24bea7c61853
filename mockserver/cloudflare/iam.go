// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// iamGroup is a role as the policies of members name it. Despite the name of
// its route it is no permission group of tokens.
type iamGroup struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Status     string  `json:"status"`
	Meta       iamMeta `json:"meta"`
	CreatedOn  instant `json:"created_on"`
	ModifiedOn instant `json:"modified_on"`
}

// What every role shows: it is valid, and no younger than any world.
const iamStatus = "V"

var iamSince = instant(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))

type iamMeta struct {
	Label       string `json:"label"`
	Description string `json:"description"`
	Editable    string `json:"editable"`
	Scopes      string `json:"scopes"`
}

// iamLabels are the published labels that do not follow from a role's name.
var iamLabels = map[string]string{
	"Super Administrator - All Privileges": "all_privileges",
	"Administrator":                        "admin",
	"Administrator Read Only":              "admin_readonly",
	"Domain Administrator":                 "domain_admin",
	"Domain Administrator Read Only":       "domain_admin_readonly",
}

func viewIAMGroup(r *catalog.Role) iamGroup {
	label, ok := iamLabels[r.Name]
	if !ok {
		words := strings.FieldsFunc(strings.ToLower(r.Name), func(c rune) bool {
			return (c < 'a' || c > 'z') && (c < '0' || c > '9')
		})
		label = strings.Join(words, "_")
	}
	scope := catalog.ScopeAccount
	if r.Level == catalog.RoleLevelDomain {
		scope = catalog.ScopeZone
	}
	return iamGroup{
		ID: r.ID, Name: r.Name, Status: iamStatus, CreatedOn: iamSince, ModifiedOn: iamSince,
		Meta: iamMeta{Label: label, Description: r.Description, Editable: "false", Scopes: scope.Wire()},
	}
}

func listIAMGroups(x *exchange) (*reply, error) {
	f := &filter[iamGroup]{}
	for parameter, field := range map[string]func(iamGroup) string{
		"id":    func(g iamGroup) string { return g.ID },
		"name":  func(g iamGroup) string { return g.Name },
		"label": func(g iamGroup) string { return g.Meta.Label },
	} {
		if want := x.query.Get(parameter); want != "" {
			f.where(func(g iamGroup) bool { return field(g) == want })
		}
	}
	roles := catalog.Roles()
	views := make([]iamGroup, 0, len(roles))
	for i := range roles {
		views = append(views, viewIAMGroup(&roles[i]))
	}
	return page(x, f.apply(views), ordinaryPages)
}

func getIAMGroup(x *exchange) (*reply, error) {
	r, ok := catalog.RoleByID(x.param("permission_group_id"))
	if !ok {
		return nil, errNotFound.refuse("permission group")
	}
	return result(viewIAMGroup(r)), nil
}
