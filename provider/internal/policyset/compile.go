// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// Compile turns the configured policies into what they mean, sorted by
// key, and reports each problem at the attribute that has it. It asks no
// network and waits with what is not known yet: complete is false while
// anything is unknown or wrong.
func Compile(ctx context.Context, policies types.Map, own Owner) (list []Keyed, complete bool, diags diag.Diagnostics) {
	base := path.Root("policies")
	if policies.IsUnknown() {
		return nil, false, nil
	}
	elements := policies.Elements()
	if len(elements) == 0 {
		diags.AddAttributeError(base, "Token without policies",
			"A token holds at least one policy; without any it could do nothing and the API refuses it.\n\nAdd a policy that allows what the token is for.")
		return nil, false, diags
	}
	complete = true
	for key, element := range elements {
		obj, ok := element.(types.Object)
		if !ok || obj.IsUnknown() {
			complete = false
			continue
		}
		p, known := compileOne(ctx, base.AtMapKey(key), obj, own, &diags)
		complete = complete && known
		if known {
			list = append(list, Keyed{Key: key, Policy: p})
		}
	}
	sortPolicies(list)
	refuseTwins(base, list, &diags)
	return list, complete && !diags.HasError(), diags
}

// refuseTwins reports policies that mean the same: the API would hold one of
// them twice, and no reply could tell which key is whose.
func refuseTwins(base path.Path, list []Keyed, diags *diag.Diagnostics) {
	first := map[string]string{}
	for _, p := range list {
		canonical := p.Policy.Canonical()
		if twin, found := first[canonical]; found {
			diags.AddAttributeError(base.AtMapKey(p.Key), "Two policies with one meaning",
				fmt.Sprintf("The policies %q and %q have the same effect, permission groups and resources.\n\nRemove one of them.", twin, p.Key))
			continue
		}
		first[canonical] = p.Key
	}
}

func compileOne(ctx context.Context, at path.Path, obj types.Object, own Owner, diags *diag.Diagnostics) (Policy, bool) {
	if obj.IsNull() {
		diags.AddAttributeError(at, "Policy is null", "A policy names its permission groups and resources.\n\nWrite the policy out, or remove its key.")
		return Policy{}, false
	}
	m, ok := tfkit.As[model](ctx, obj, diags)
	if !ok {
		return Policy{}, false
	}
	errorsBefore := diags.ErrorsCount()
	effect, effectKnown := compileEffect(at.AtName("effect"), m.Effect, diags)
	groups, groupsKnown := compileGroups(at.AtName("permission_groups"), m.PermissionGroups, diags)
	res := compileResources(ctx, at.AtName("resources"), m.Resources, own, diags)
	for _, g := range groups {
		g.checkServed(res, own, diags)
	}
	ids := make([]string, 0, len(groups))
	for _, g := range groups {
		ids = append(ids, g.id)
	}
	keys := make([]Key, 0, len(res.keys))
	for _, k := range res.keys {
		keys = append(keys, k.Key)
	}
	return newPolicy(effect, ids, keys), effectKnown && groupsKnown && res.complete && diags.ErrorsCount() == errorsBefore
}

func compileEffect(at path.Path, value types.String, diags *diag.Diagnostics) (client.Effect, bool) {
	switch {
	case value.IsUnknown():
		return "", false
	case value.IsNull(), value.ValueString() == string(client.EffectAllow):
		return client.EffectAllow, true
	case value.ValueString() == string(client.EffectDeny):
		return client.EffectDeny, true
	}
	diags.AddAttributeError(at, "Unknown effect", fmt.Sprintf("%q is no effect of a policy.\n\nWrite \"allow\" or \"deny\", or leave effect out, which means allow.", value.ValueString()))
	return "", false
}

// groupRef is one permission group as a policy names it. group is nil for an
// id that the embedded catalogue does not hold.
type groupRef struct {
	at    path.Path
	ref   string
	id    string
	group *catalog.Group
}

func compileGroups(at path.Path, set types.Set, diags *diag.Diagnostics) (groups []groupRef, complete bool) {
	if set.IsUnknown() {
		return nil, false
	}
	refs, complete := tfkit.KnownStrings(at, set, diags)
	if len(set.Elements()) == 0 {
		diags.AddAttributeError(at, "Policy without permission groups", "A policy names at least one permission group.\n\nAdd the groups that the policy is about, or remove the policy.")
		return nil, false
	}
	for _, ref := range refs {
		element := at.AtSetValue(types.StringValue(ref))
		group, err := catalog.LookupGroup(ref)
		switch {
		case err == nil:
			groups = append(groups, groupRef{at: element, ref: ref, id: group.ID, group: group})
		case isID(ref):
			groups = append(groups, groupRef{at: element, ref: ref, id: ref})
		default:
			diags.Append(groupProblem(element, ref, err))
			complete = false
		}
	}
	return groups, complete
}

// groupProblem phrases a reference that finds no permission group, or several.
func groupProblem(at path.Path, ref string, err error) diag.Diagnostic {
	if ambiguous, ok := errors.AsType[*catalog.AmbiguousGroupError](err); ok {
		var refs []string
		for _, g := range ambiguous.Candidates {
			refs = append(refs, g.Ref())
		}
		return diag.NewAttributeErrorDiagnostic(at, "Ambiguous permission group",
			fmt.Sprintf("%q is a name of more than one permission group:\n%s\n\nWrite the one that is meant with its scope, as listed.", ref, bullets(refs)))
	}
	said := fmt.Sprintf("There is no permission group %q.", ref)
	if unknown, ok := errors.AsType[*catalog.UnknownGroupError](err); ok && len(unknown.Nearest) > 0 {
		said += " The nearest names are:\n" + bullets(unknown.Nearest)
	}
	return diag.NewAttributeErrorDiagnostic(at, "Unknown permission group",
		said+"\n\nWrite the name or the id of an existing group; the data source accesscontrol_permission_groups lists them.")
}

// bullets lists names, quoted as a configuration quotes them.
func bullets(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "  - %q", name)
	}
	return b.String()
}

// checkServed reports a group that no resource of its policy can serve, and a
// zone group that `accounts` would open on every zone. It waits while
// resources are unknown, and leaves to the API what the catalogue does not know.
func (g groupRef) checkServed(res resources, own Owner, diags *diag.Diagnostics) {
	if g.group == nil {
		return
	}
	if g.group.Scope == catalog.ScopeUser && own.IsAccount() {
		diags.AddAttributeError(g.at, "User permission on an account-owned token",
			fmt.Sprintf("%q acts on a user, and an account-owned token acts as no user.\n\nRemove it, or remove account_id so that the token belongs to the calling user.", g.ref))
		return
	}
	if g.group.Scope == catalog.ScopeZone && res.hasAccounts {
		summary, detail := ZoneOnAccounts(g.ref)
		diags.AddAttributeError(g.at, summary, detail)
		return
	}
	if !res.complete || len(res.keys) == 0 {
		return
	}
	if slices.ContainsFunc(res.keys, func(k attrKey) bool { return k.serves(g.group) }) {
		return
	}
	diags.AddAttributeError(g.at, "Permission has no resource it can act on",
		fmt.Sprintf("%q acts on %s, and the policy's resources hold none.\n\nAdd %s to the resources of this policy, or move the permission to a policy that has it.",
			g.ref, scopeNoun(g.group.Scope), resourceFor(g.group, own)))
}

// ZoneOnAccounts phrases a permission that acts on zones in a policy that names accounts (authorization model §4):
// it would open every zone of theirs.
func ZoneOnAccounts(permission string) (summary, detail string) {
	return "Zone permission on an account resource",
		fmt.Sprintf("%q acts on zones. Together with `accounts` in one policy it would open every zone of those accounts.\n\nMake it two policies: give this permission its own policy with `zones` for single zones, or with `all_zones_of_accounts` if every zone of the accounts is meant.", permission)
}

func scopeNoun(s catalog.Scope) string {
	switch s {
	case catalog.ScopeUser:
		return "the user"
	case catalog.ScopeAccount:
		return "accounts"
	case catalog.ScopeZone:
		return "zones"
	case catalog.ScopeR2Bucket:
		return "R2 buckets"
	default:
		return s.String()
	}
}

// resourceFor names the attributes of `resources` that serve the group.
func resourceFor(g *catalog.Group, own Owner) string {
	switch g.Scope {
	case catalog.ScopeUser:
		return "`user = true`"
	case catalog.ScopeAccount:
		if own.IsAccount() {
			return "`accounts`"
		}
		return "`accounts` or `all_accounts`"
	case catalog.ScopeR2Bucket:
		return "`r2_buckets`"
	case catalog.ScopeZone:
		if (authz.Key{Form: authz.KeyRecord}).Serves(g) {
			return "`zones`, `all_zones`, `all_zones_of_accounts` or `dns_records`"
		}
		return "`zones`, `all_zones` or `all_zones_of_accounts` (`dns_records` serve DNS Read and DNS Write alone)"
	default:
		return "a resource of that kind"
	}
}

// UnlistedGroup is a permission group that the embedded catalogue does not know.
type UnlistedGroup struct {
	// At is the element of the policy that names it.
	At path.Path
	// ID is what the policy says.
	ID string
	// OnAccounts is true where the policy names accounts, on which a permission that acts on zones would open
	// every zone of theirs.
	OnAccounts bool
}

// Unlisted lists the groups that only an endpoint can know, in the order of the policies. It is empty
// where there is none.
func Unlisted(list []Keyed) []UnlistedGroup {
	var out []UnlistedGroup
	for _, p := range list {
		at := path.Root("policies").AtMapKey(p.Key).AtName("permission_groups")
		onAccounts := slices.ContainsFunc(p.Policy.Keys, func(k Key) bool {
			key, known := k.Parse()
			return known && key.Form == authz.KeyAccount
		})
		for _, id := range p.Policy.Groups {
			if _, ok := catalog.GroupByID(id); !ok {
				out = append(out, UnlistedGroup{At: at.AtSetValue(types.StringValue(id)), ID: id, OnAccounts: onAccounts})
			}
		}
	}
	return out
}

// isID reports whether s has the form of an id.
func isID(s string) bool {
	_, ok := authz.ParseID(s)
	return ok
}
