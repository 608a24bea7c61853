// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package permissiongroup

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// filter chooses permission groups; an empty field lets every group pass.
type filter struct {
	scope, nameContains, family, level string
}

// matches compares scope, family and level exactly, and the text within any spelling of the name
// without letter case.
func (f filter) matches(g *catalog.Group) bool {
	return (f.scope == "" || g.Scope.String() == f.scope) &&
		(f.family == "" || g.Family == f.family) &&
		(f.level == "" || g.Level == f.level) &&
		(f.nameContains == "" || contains(g.Name, f.nameContains) ||
			slices.ContainsFunc(g.Aliases, func(alias string) bool { return contains(alias, f.nameContains) }))
}

func contains(name, part string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(part))
}

// list is the groups that pass, sorted by name, then by scope.
func (f filter) list() []*catalog.Group {
	var found []*catalog.Group
	groups := catalog.Groups()
	for i := range groups {
		if f.matches(&groups[i]) {
			found = append(found, &groups[i])
		}
	}
	slices.SortFunc(found, func(a, b *catalog.Group) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Scope, b.Scope))
	})
	return found
}

// scopes, levels and families are what occurs in the catalogue, sorted.
func scopes() []string {
	var names []string
	for _, scope := range catalog.Scopes() {
		names = append(names, scope.String())
	}
	return names
}

func levels() []string {
	return distinct(func(g *catalog.Group) string { return g.Level })
}

func families() []string {
	return distinct(func(g *catalog.Group) string { return g.Family })
}

func distinct(of func(*catalog.Group) string) []string {
	var values []string
	groups := catalog.Groups()
	for i := range groups {
		values = append(values, of(&groups[i]))
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// byID finds the group that has the id.
func byID(id string) (*catalog.Group, diag.Diagnostic) {
	if group, ok := catalog.GroupByID(id); ok {
		return group, nil
	}
	return nil, diag.NewAttributeErrorDiagnostic(path.Root("id"), "Unknown permission group", fmt.Sprintf(
		"No permission group that this version of the provider knows has the id %q.\n\n"+
			"Check the id. An id of a newer group can be used in a token's policies as it is.", id))
}

// byName finds the group that a name means: any spelling, alone or behind a scope and a colon, or an
// id. A scope beside it settles a name that several scopes have.
func byName(name, scope string) (*catalog.Group, diag.Diagnostic) {
	group, err := lookup(name, scope)
	if err == nil && scope != "" && group.Scope.String() != scope {
		return nil, diag.NewAttributeErrorDiagnostic(path.Root("scope"), "Two scopes are named", fmt.Sprintf(
			"%q is a permission group of scope %s, and scope says %s.\n\nLeave scope out, or let both name the same scope.",
			name, group.Scope, scope))
	}
	if err == nil {
		return group, nil
	}
	return nil, lookupProblem(name, err)
}

func lookup(name, scope string) (*catalog.Group, error) {
	if group, err := catalog.LookupGroup(name); err == nil {
		// The reference alone says which group is meant, so a scope beside it is only compared.
		return group, nil
	} else if scope == "" {
		return nil, err
	}
	if prefix, rest, ok := strings.Cut(name, ":"); ok && prefix == scope {
		name = rest
	}
	for _, s := range catalog.Scopes() {
		if s.String() == scope {
			return catalog.LookupGroupInScope(s, name)
		}
	}
	return nil, fmt.Errorf("unknown scope %q", scope)
}

// lookupProblem turns an error of the catalogue into a diagnostic that ends with what to write.
func lookupProblem(name string, err error) diag.Diagnostic {
	var ambiguous *catalog.AmbiguousGroupError
	var unknown *catalog.UnknownGroupError
	switch {
	case errors.As(err, &ambiguous):
		refs := make([]string, len(ambiguous.Candidates))
		for i, candidate := range ambiguous.Candidates {
			refs[i] = fmt.Sprintf("  - %q (%s)", candidate.Ref(), candidate.ID)
		}
		return diag.NewAttributeErrorDiagnostic(path.Root("name"), "Ambiguous permission group", fmt.Sprintf(
			"%q is a name of more than one permission group. Set scope, or write one of:\n%s", name, strings.Join(refs, "\n")))
	case errors.As(err, &unknown) && len(unknown.Nearest) > 0:
		quoted := make([]string, len(unknown.Nearest))
		for i, near := range unknown.Nearest {
			quoted[i] = fmt.Sprintf("  - %q", near)
		}
		return diag.NewAttributeErrorDiagnostic(path.Root("name"), "Unknown permission group", fmt.Sprintf(
			"No permission group is called %q. The nearest names are:\n%s", name, strings.Join(quoted, "\n")))
	default:
		return diag.NewAttributeErrorDiagnostic(path.Root("name"), "Unknown permission group", fmt.Sprintf(
			"No permission group is called %q.\n\nThe data source accesscontrol_permission_groups lists them all.", name))
	}
}
