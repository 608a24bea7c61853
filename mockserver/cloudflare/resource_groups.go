// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// resourceGroup is what a member's policy covers: the whole account, whose id
// it then has, one zone of it, likewise, or what people put together.
type resourceGroup struct {
	ID    string               `json:"id"`
	Name  string               `json:"name"`
	Meta  resourceGroupMeta    `json:"meta"`
	Scope []resourceGroupScope `json:"scope"`
}

type resourceGroupMeta struct {
	Editable string `json:"editable"`
}

type resourceGroupScope struct {
	Key     string           `json:"key"`
	Objects []resourceObject `json:"objects"`
}

type resourceObject struct {
	Key string `json:"key"`
}

const (
	accountKeyPrefix = "com.cloudflare.api.account."
	zoneKeyPrefix    = "com.cloudflare.api.account.zone."
	everything       = "*"
)

func wholeAccount(account authz.ID) resourceGroup {
	key := accountKeyPrefix + account.String()
	return resourceGroup{
		ID: account.String(), Name: key, Meta: resourceGroupMeta{"false"},
		Scope: []resourceGroupScope{{Key: key, Objects: []resourceObject{{Key: everything}}}},
	}
}

func oneZone(account, zone authz.ID) resourceGroup {
	key := zoneKeyPrefix + zone.String()
	return resourceGroup{
		ID: zone.String(), Name: key, Meta: resourceGroupMeta{"false"},
		Scope: []resourceGroupScope{{Key: accountKeyPrefix + account.String(), Objects: []resourceObject{{Key: key}}}},
	}
}

func viewResourceGroup(g *state.ResourceGroup) resourceGroup {
	scope := resourceGroupScope{Key: accountKeyPrefix + g.Account.String()}
	if g.Whole {
		scope.Objects = []resourceObject{{Key: everything}}
	}
	for _, zone := range g.Zones {
		scope.Objects = append(scope.Objects, resourceObject{Key: zoneKeyPrefix + zone.String()})
	}
	return resourceGroup{ID: g.ID.String(), Name: g.Name, Meta: resourceGroupMeta{"true"}, Scope: []resourceGroupScope{scope}}
}

// resourceGroups are what a policy of a member can cover: the account, each of
// its zones, and the groups that people made.
func (x *exchange) resourceGroups() []resourceGroup {
	list := []resourceGroup{wholeAccount(x.account())}
	for _, z := range x.tx.ZonesIn(x.account()) {
		list = append(list, oneZone(z.Account, z.ID))
	}
	for _, g := range x.tx.ResourceGroups(x.account()) {
		list = append(list, viewResourceGroup(g))
	}
	return list
}

// coveredBy are the resource groups of a member's policy, as it named them.
func (x *exchange) coveredBy(account authz.ID, p *state.MemberPolicy) []resourceGroup {
	var list []resourceGroup
	if len(p.Groups) == 0 {
		if len(p.Zones) == 0 {
			return append(list, wholeAccount(account))
		}
		for _, zone := range p.Zones {
			list = append(list, oneZone(account, zone))
		}
		return list
	}
	for _, id := range p.Groups {
		switch g := x.tx.ResourceGroup(account, id); {
		case g != nil:
			list = append(list, viewResourceGroup(g))
		case id == account:
			list = append(list, wholeAccount(account))
		default:
			list = append(list, oneZone(account, id))
		}
	}
	return list
}

func listResourceGroups(x *exchange) (*reply, error) {
	f := &filter[resourceGroup]{}
	if id := x.query.Get("id"); id != "" {
		f.where(func(g resourceGroup) bool { return g.ID == id })
	}
	if name := x.query.Get("name"); name != "" {
		f.where(func(g resourceGroup) bool { return g.Name == name })
	}
	return page(x, f.apply(x.resourceGroups()), ordinaryPages)
}

func getResourceGroup(x *exchange) (*reply, error) {
	id := x.param("resource_group_id")
	for _, g := range x.resourceGroups() {
		if g.ID == id {
			return result(g), nil
		}
	}
	return nil, errNotFound.refuse("resource group")
}

// resourceGroupInput is what a create or a change sends; nil is not sent.
type resourceGroupInput struct {
	name  *string
	scope *resourceGroupScope
}

// readResourceGroup reads the scope as requests have it, an object, or as
// replies do, a list of one.
func readResourceGroup(o *object) resourceGroupInput {
	o.ignore("id", "meta")
	in := resourceGroupInput{name: o.optionalText("name")}
	var scopes []*object
	if v, ok := o.get("scope"); ok && v.kind == kindArray {
		scopes = o.objects("scope")
		if len(scopes) != 1 {
			o.fault("scope", "must hold exactly one scope")
		}
	} else if scope := o.child("scope"); scope != nil {
		scopes = append(scopes, scope)
	}
	for _, scope := range scopes {
		in.scope = &resourceGroupScope{Key: scope.requiredText("key")}
		for _, item := range scope.objects("objects") {
			in.scope.Objects = append(in.scope.Objects, resourceObject{Key: item.requiredText("key")})
			item.end()
		}
		scope.end()
	}
	return in
}

// set writes what was sent into a group. Whether the zones are the account's
// own is for the world.
func (in resourceGroupInput) set(g *state.ResourceGroup) error {
	if in.name != nil {
		g.Name = *in.name
	}
	if in.scope == nil {
		return nil
	}
	if in.scope.Key != accountKeyPrefix+g.Account.String() {
		return invalid("/scope/key", "/scope/key: must be %s%s, the account in the path", accountKeyPrefix, g.Account)
	}
	g.Whole, g.Zones = false, nil
	for i, item := range in.scope.Objects {
		if item.Key == everything {
			g.Whole = true
			continue
		}
		text, ok := strings.CutPrefix(item.Key, zoneKeyPrefix)
		id, isID := authz.ParseID(text)
		if !ok || !isID {
			return invalid("/scope/objects", "/scope/objects/%d/key: must be %s<zone id>, or * for the whole account", i, zoneKeyPrefix)
		}
		g.Zones = append(g.Zones, id)
	}
	return nil
}

func createResourceGroup(x *exchange, in resourceGroupInput) (*reply, error) {
	if in.name == nil || in.scope == nil {
		return nil, invalid("", "a resource group needs a name and a scope")
	}
	g := &state.ResourceGroup{ID: x.tx.NewID("resource_group"), Account: x.account(), CreatedOn: x.now}
	return x.writeResourceGroup(g, in)
}

// updateResourceGroup changes what was sent. The policies that name the group
// cover what it holds from then on.
func updateResourceGroup(x *exchange, in resourceGroupInput) (*reply, error) {
	old, err := x.storedResourceGroup()
	if err != nil {
		return nil, err
	}
	g := *old
	return x.writeResourceGroup(&g, in)
}

func (x *exchange) writeResourceGroup(g *state.ResourceGroup, in resourceGroupInput) (*reply, error) {
	if err := in.set(g); err != nil {
		return nil, err
	}
	g.ModifiedOn = x.now
	if err := x.tx.PutResourceGroup(g); err != nil {
		return nil, err
	}
	return result(viewResourceGroup(g)), nil
}

func deleteResourceGroup(x *exchange) (*reply, error) {
	g, err := x.storedResourceGroup()
	if err != nil {
		return nil, err
	}
	if err := x.tx.DeleteResourceGroup(g.ID); err != nil {
		return nil, err
	}
	return result(deleted{g.ID.String()}), nil
}

// storedResourceGroup finds the group that the path names among those that
// people made: the account's own and its zones' cannot be changed.
func (x *exchange) storedResourceGroup() (*state.ResourceGroup, error) {
	id := x.paramID("resource_group_id")
	if g := x.tx.ResourceGroup(x.account(), id); g != nil {
		return g, nil
	}
	if z := x.tx.ZoneByID(id); id == x.account() || z != nil && z.Account == x.account() {
		return nil, invalid("", "the resource group %s stands for the account or a zone itself and cannot be changed", id)
	}
	return nil, errNotFound.refuse("resource group")
}
