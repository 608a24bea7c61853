// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog/data"
)

// spelling is one of the texts by which a configuration can call a permission group.
type spelling struct{ text, kind string }

// groupsOfCatalogue are all permission groups with every spelling that finds them.
var groupsOfCatalogue = sync.OnceValue(func() []group {
	kinds := kindsOfAliases()
	var all []group
	for i := range catalog.Groups() {
		g := &catalog.Groups()[i]
		entry := group{Group: g, manages: authz.TokenManagementGroups().Has(g.Index)}
		add := func(text, kind string) {
			if found, err := catalog.LookupGroup(text); err == nil && found == g {
				entry.spellings = append(entry.spellings, spelling{text, kind})
			}
		}
		add(g.ID, "id")
		add(g.Name, "name")
		add(g.Ref(), "scope and name")
		for _, alias := range g.Aliases {
			kind := kinds[g.Scope.String()+":"+alias]
			if strings.HasSuffix(alias, " Edit") {
				kind = "dashboard's Edit"
			}
			add(alias, kind)
			add(g.Scope.String()+":"+alias, "scope and "+kind)
		}
		all = append(all, entry)
	}
	return all
})

// kindsOfAliases says where each alias comes from, by scope and alias.
func kindsOfAliases() map[string]string {
	text, err := data.Files.ReadFile("aliases.json")
	if err != nil {
		panic(err)
	}
	var rows []struct{ Scope, Alias, Kind string }
	if err := json.Unmarshal(text, &rows); err != nil {
		panic(err)
	}
	kinds := map[string]string{}
	for _, row := range rows {
		kinds[row.Scope+":"+row.Alias] = map[string]string{
			"page": "name of the public page", "renamed": "older name", "source": "name of public sources",
		}[row.Kind]
	}
	return kinds
}
