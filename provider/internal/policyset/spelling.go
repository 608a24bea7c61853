// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// spellPolicy writes a policy as configuration would. What prior already
// spells keeps its spelling: a group's name, an effect written out, an empty
// set, a false. prior may be nil.
func spellPolicy(ctx context.Context, p Policy, prior *model, own Owner, diags *diag.Diagnostics) attr.Value {
	if prior == nil {
		prior = &model{Effect: types.StringNull(), PermissionGroups: types.SetNull(types.StringType), Resources: types.ObjectNull(resourcesType.AttrTypes)}
	}
	effect := types.StringNull()
	if p.Effect != client.EffectAllow || !prior.Effect.IsNull() {
		effect = types.StringValue(string(p.Effect))
	}
	obj, ds := types.ObjectValue(PolicyType.AttrTypes, map[string]attr.Value{
		"effect":            effect,
		"permission_groups": spellGroups(p.Groups, prior.PermissionGroups),
		"resources":         spellResources(ctx, p, prior.Resources, own, diags),
	})
	diags.Append(ds...)
	return obj
}

// spellGroups writes ids as prior spells them, else by name.
func spellGroups(ids []string, prior types.Set) types.Set {
	spelled := map[string]string{}
	for ref := range knownSet(prior) {
		if g, err := catalog.LookupGroup(ref); err == nil {
			spelled[g.ID] = ref
		}
	}
	elements := make([]attr.Value, 0, len(ids))
	for _, id := range ids {
		ref, ok := spelled[id]
		if !ok {
			ref = GroupName(id)
		}
		elements = append(elements, types.StringValue(ref))
	}
	return types.SetValueMust(types.StringType, elements)
}

// GroupName is how a group is written where nobody has chosen a spelling: its
// API name, with the scope where the name alone does not find it, or the id of
// a group that the embedded catalogue does not know.
func GroupName(id string) string {
	g, ok := catalog.GroupByID(id)
	if !ok {
		return id
	}
	if found, err := catalog.LookupGroup(g.Name); err == nil && found.ID == id {
		return g.Name
	}
	return g.Ref()
}

// spelledResources gathers the elements of each attribute of `resources`.
type spelledResources struct {
	sets  map[string][]attr.Value
	flags map[string]bool
}

func spellResources(ctx context.Context, p Policy, prior types.Object, own Owner, diags *diag.Diagnostics) types.Object {
	s := spelledResources{sets: map[string][]attr.Value{}, flags: map[string]bool{}}
	zoneGroups := holdsZoneGroup(p)
	for _, k := range p.Keys {
		s.place(k, own, zoneGroups)
	}
	held := map[string]attr.Value{}
	if !prior.IsNull() && !prior.IsUnknown() {
		held = prior.Attributes()
	}
	values := map[string]attr.Value{}
	for name, kind := range resourcesType.AttrTypes {
		if kind.Equal(types.BoolType) {
			values[name] = spellFlag(s.flags[name], held[name])
			continue
		}
		values[name] = spellSet(ctx, kind, s.sets[name], held[name], diags)
	}
	obj, ds := types.ObjectValue(resourcesType.AttrTypes, values)
	diags.Append(ds...)
	return obj
}

// holdsZoneGroup reports whether a group of the policy acts on zones. With one,
// a whole account opens all its zones too, which `accounts` refuses to say
// silently; such a key is shown under `other`.
func holdsZoneGroup(p Policy) bool {
	for _, id := range p.Groups {
		if g, ok := catalog.GroupByID(id); ok && g.Scope == catalog.ScopeZone {
			return true
		}
	}
	return false
}

// place puts a key under the attribute that asks for it.
func (s *spelledResources) place(k Key, own Owner, zoneGroups bool) {
	parsed, known := k.Parse()
	if !known {
		s.placeOther(k)
		return
	}
	switch parsed.Form {
	case authz.KeyUser:
		s.flags["user"] = true
	case authz.KeyAllAccounts:
		s.flags["all_accounts"] = true
	case authz.KeyZone:
		s.text("zones", parsed.Zone.String())
	case authz.KeyBucket:
		s.text("r2_buckets", strings.TrimPrefix(k.Outer, bucketPrefix))
	case authz.KeyRecord:
		s.add("dns_records", types.ObjectValueMust(recordType.AttrTypes, map[string]attr.Value{
			"zone_id": types.StringValue(parsed.Zone.String()), "type": types.StringValue(parsed.RecordType), "name": types.StringValue(parsed.Pattern),
		}))
	case authz.KeyAccount:
		if zoneGroups {
			s.placeOther(k)
			return
		}
		s.text("accounts", parsed.Account.String())
	case authz.KeyAllZones:
		if own.IsAccount() {
			s.placeOther(k)
			return
		}
		s.flags["all_zones"] = true
	case authz.KeyAccountAllZones:
		if own.IsAccount() && parsed.Account.String() == own.AccountID {
			s.flags["all_zones"] = true
			return
		}
		s.text("all_zones_of_accounts", parsed.Account.String())
	default:
		s.placeOther(k)
	}
}

func (s *spelledResources) add(attribute string, value attr.Value) {
	s.sets[attribute] = append(s.sets[attribute], value)
}

func (s *spelledResources) text(attribute, value string) {
	s.add(attribute, types.StringValue(value))
}

func (s *spelledResources) placeOther(k Key) {
	within, key := types.StringNull(), k.Outer
	if k.Inner != "" {
		within, key = types.StringValue(k.Outer), k.Inner
	}
	s.add("other", types.ObjectValueMust(otherType.AttrTypes, map[string]attr.Value{"within": within, "key": types.StringValue(key)}))
}

func spellFlag(value bool, held attr.Value) attr.Value {
	if value {
		return types.BoolValue(true)
	}
	if b, ok := held.(types.Bool); ok && !b.IsNull() {
		return types.BoolValue(false)
	}
	return types.BoolNull()
}

func spellSet(_ context.Context, kind attr.Type, elements []attr.Value, held attr.Value, diags *diag.Diagnostics) attr.Value {
	setType, ok := kind.(types.SetType)
	if !ok {
		diags.AddError("Provider bug: resources attribute of another type", fmt.Sprintf("The type is %s, not a set. This is a defect in the provider. Please report it with the text above.", kind))
		return types.SetNull(types.StringType)
	}
	if len(elements) == 0 {
		if set, ok := held.(types.Set); !ok || set.IsNull() {
			return types.SetNull(setType.ElemType)
		}
	}
	set, ds := types.SetValue(setType.ElemType, elements)
	diags.Append(ds...)
	return set
}
