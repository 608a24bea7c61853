// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// tokenView is a token on the wire.
type tokenView struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Status     string         `json:"status"`
	IssuedOn   instant        `json:"issued_on"`
	ModifiedOn instant        `json:"modified_on"`
	LastUsedOn *instant       `json:"last_used_on,omitempty"`
	NotBefore  *bound         `json:"not_before,omitempty"`
	ExpiresOn  *bound         `json:"expires_on,omitempty"`
	Policies   []policyView   `json:"policies"`
	Condition  *conditionView `json:"condition,omitempty"`
	// Value is in the reply to a create alone.
	Value string `json:"value,omitempty"`
}

type policyView struct {
	ID        string      `json:"id"`
	Effect    string      `json:"effect"`
	Resources resources   `json:"resources"`
	Groups    []groupName `json:"permission_groups"`
}

type groupName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type conditionView struct {
	RequestIP rangesView `json:"request_ip"`
}

type rangesView struct {
	In    []string `json:"in,omitempty"`
	NotIn []string `json:"not_in,omitempty"`
}

// resources writes a policy's resources: a map whose values are "*" or a map
// of "*", keys in order.
type resources []authz.Resource

// MarshalJSON writes the map.
func (r resources) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, resource := range r {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(quoted(resource.Key))
		b.WriteByte(':')
		if resource.Nested == nil {
			b.WriteString(`"*"`)
			continue
		}
		b.WriteByte('{')
		for j, key := range resource.Nested {
			if j > 0 {
				b.WriteByte(',')
			}
			b.Write(quoted(key))
			b.WriteString(`:"*"`)
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// tokenStatus is the status that replies show. A token that is not valid yet
// shows the one that was set, so that reading it back changes nothing.
func (x *exchange) tokenStatus(t *state.Token) string {
	switch {
	case t.Disabled:
		return "disabled"
	case isExpired(t, x):
		return "expired"
	default:
		return "active"
	}
}

func isExpired(t *state.Token, x *exchange) bool {
	on := t.Definition.ExpiresOn
	return !on.IsZero() && !x.now.Before(on)
}

// viewToken writes a token without its secret.
func (x *exchange) viewToken(t *state.Token) tokenView {
	d := &t.Definition
	v := tokenView{
		ID: t.ID.String(), Name: d.Name, Status: x.tokenStatus(t),
		IssuedOn: instant(t.IssuedOn), ModifiedOn: instant(t.ModifiedOn),
		NotBefore: optionalBound(d.NotBefore), ExpiresOn: optionalBound(d.ExpiresOn),
		Policies: x.viewPolicies(d.Policies),
	}
	if used, ok := x.tx.LastUsed(t.ID); ok {
		v.LastUsedOn = optionalInstant(used)
	}
	if len(d.In) > 0 || len(d.NotIn) > 0 {
		v.Condition = &conditionView{RequestIP: rangesView{In: d.In, NotIn: d.NotIn}}
	}
	return v
}

func (x *exchange) viewPolicies(policies []authz.Policy) []policyView {
	groups := catalog.Groups()
	views := make([]policyView, 0, len(policies))
	for _, p := range policies {
		v := policyView{
			ID: p.ID.String(), Effect: string(p.Effect), Resources: resources(slices.Clone(p.Resources)),
			Groups: make([]groupName, 0, len(p.Groups)),
		}
		for _, g := range p.Groups {
			v.Groups = append(v.Groups, groupName{groups[g].ID, groups[g].Name})
		}
		shuffled(x.shuffle, v.Groups)
		shuffled(x.shuffle, v.Resources)
		views = append(views, v)
	}
	shuffled(x.shuffle, views)
	return views
}

// permissionGroupView is a permission group in the list of all.
type permissionGroupView struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
}

// listTokenGroups answers every permission group on the first page, whatever
// the page's size, and nothing after it: so clients that read one page, pages
// of any size, or pages until an empty one all see them all. An account's list
// leaves out the groups that its tokens cannot hold.
func listTokenGroups(x *exchange) (*reply, error) {
	number, err := x.queryInt("page", 1)
	if err != nil {
		return nil, err
	}
	name, scope := x.query.Get("name"), x.query.Get("scope")
	accountOwned := !x.tokenOwner().Account.IsZero()
	list := []permissionGroupView{}
	for _, g := range catalog.Groups() {
		if accountOwned && g.Scope == catalog.ScopeUser || name != "" && g.Name != name || scope != "" && g.Scope.Wire() != scope {
			continue
		}
		list = append(list, permissionGroupView{ID: g.ID, Name: g.Name, Scopes: []string{g.Scope.Wire()}})
	}
	info := &resultInfo{Page: number, PerPage: max(len(list), 1), TotalCount: len(list), TotalPages: min(len(list), 1)}
	if number > 1 {
		list = list[:0]
	}
	info.Count = len(list)
	shuffled(x.shuffle, list)
	return &reply{result: list, info: info}, nil
}
