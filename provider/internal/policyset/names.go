// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// freeKey names a policy that no configuration has named: from its groups,
// numbered where the name is taken.
func freeKey[V any](p Policy, taken map[string]V) string {
	name := keyFromGroups(p)
	key := name
	for n := 2; ; n++ {
		if _, used := taken[key]; !used {
			return key
		}
		key = fmt.Sprintf("%s_%d", name, n)
	}
}

func keyFromGroups(p Policy) string {
	var names []string
	for _, id := range p.Groups {
		name := id
		if g, ok := catalog.GroupByID(id); ok {
			name = g.Name
		}
		names = append(names, slug(name))
	}
	slices.Sort(names)
	key := "policy"
	switch len(names) {
	case 0:
	case 1:
		key = names[0]
	case 2:
		key = names[0] + "_and_" + names[1]
	default:
		key = fmt.Sprintf("%s_and_%d_more", names[0], len(names)-1)
	}
	if p.Effect == client.EffectDeny {
		return "deny_" + key
	}
	return key
}

// slug writes a name in lower case with single underscores for all that is
// neither letter nor digit.
func slug(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "_")
}
