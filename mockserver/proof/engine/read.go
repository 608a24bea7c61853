// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package engine

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// world is a scene's world as the engine reads it.
type world struct {
	accounts map[authz.ID]*authz.Account
	zones    map[authz.ID]*authz.Zone
	members  map[[2]authz.ID]*authz.Membership
	tenants  map[authz.ID]bool
}

// Account implements [authz.World].
func (w *world) Account(id authz.ID) *authz.Account { return w.accounts[id] }

// Zone implements [authz.World].
func (w *world) Zone(id authz.ID) *authz.Zone { return w.zones[id] }

// Membership implements [authz.World].
func (w *world) Membership(user, account authz.ID) *authz.Membership {
	return w.members[[2]authz.ID{user, account}]
}

// Memberships implements [authz.World].
func (w *world) Memberships(user authz.ID) iter.Seq2[authz.ID, *authz.Membership] {
	return func(yield func(authz.ID, *authz.Membership) bool) {
		for key, m := range w.members {
			if key[0] == user && !yield(key[1], m) {
				return
			}
		}
	}
}

// IsTenantAdmin implements [authz.World].
func (w *world) IsTenantAdmin(user authz.ID) bool { return w.tenants[user] }

func readWorld(in *scene.World) (*world, error) {
	w := &world{
		accounts: make(map[authz.ID]*authz.Account, len(in.Accounts)),
		zones:    make(map[authz.ID]*authz.Zone, len(in.Zones)),
		members:  make(map[[2]authz.ID]*authz.Membership, len(in.Members)),
		tenants:  make(map[authz.ID]bool, len(in.TenantAdmins)),
	}
	for _, a := range in.Accounts {
		id, err := identifier(a.ID)
		if err != nil {
			return nil, fmt.Errorf("account: %w", err)
		}
		w.accounts[id] = &authz.Account{ID: id, Enterprise: a.Enterprise, APIAccess: authz.SwitchOf(a.APIAccess)}
	}
	for _, z := range in.Zones {
		ids, err := identifiers([]string{z.ID, z.Account})
		if err != nil {
			return nil, fmt.Errorf("zone: %w", err)
		}
		w.zones[ids[0]] = &authz.Zone{ID: ids[0], Account: ids[1], Name: z.Name}
	}
	for i := range in.Members {
		m := &in.Members[i]
		ids, err := identifiers([]string{m.User, m.Account})
		if err != nil {
			return nil, fmt.Errorf("member: %w", err)
		}
		if w.members[[2]authz.ID{ids[0], ids[1]}], err = readMember(m); err != nil {
			return nil, fmt.Errorf("member %s of %s: %w", m.User, m.Account, err)
		}
	}
	admins, err := identifiers(in.TenantAdmins)
	if err != nil {
		return nil, fmt.Errorf("tenant administrator: %w", err)
	}
	for _, id := range admins {
		w.tenants[id] = true
	}
	return w, nil
}

func readMember(m *scene.Member) (*authz.Membership, error) {
	if len(m.Roles) > 0 && len(m.Policies) > 0 {
		return nil, errors.New("it has roles and policies, and may have either")
	}
	roles, err := readRoles(m.Roles)
	if err != nil {
		return nil, err
	}
	grants := make([]authz.MemberGrant, 0, len(m.Policies))
	for _, p := range m.Policies {
		g := authz.MemberGrant{Effect: authz.Effect(p.Access)}
		if g.Roles, err = readRoles(p.Roles); err != nil {
			return nil, err
		}
		if g.Zones, err = identifiers(p.Zones); err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return authz.NewMembership(m.Status == "accepted", authz.SwitchOf(m.APIAccess), roles, grants), nil
}

func readRoles(ids []string) ([]*catalog.Role, error) {
	roles := make([]*catalog.Role, 0, len(ids))
	for _, id := range ids {
		role, ok := catalog.RoleByID(id)
		if !ok {
			return nil, fmt.Errorf("unknown role %q", id)
		}
		roles = append(roles, role)
	}
	return roles, nil
}

var kinds = map[string]authz.CredentialKind{
	scene.UserToken: authz.UserToken, scene.AccountToken: authz.AccountToken, scene.GlobalKey: authz.GlobalKey,
	scene.OriginCAKey: authz.OriginCAKey, scene.ConsoleSession: authz.ConsoleSession,
}

// readCredential reads all of a credential but its policies.
func readCredential(c *scene.Credential) (*authz.Credential, error) {
	kind, ok := kinds[c.Kind]
	if !ok {
		return nil, fmt.Errorf("unknown kind of credential %q", c.Kind)
	}
	read := &authz.Credential{Kind: kind}
	var err error
	if kind == authz.AccountToken {
		read.Account, err = identifier(c.Account)
	} else {
		read.User, err = identifier(c.User)
	}
	if err != nil {
		return nil, fmt.Errorf("owner of the credential: %w", err)
	}
	if !kind.HasPolicies() {
		return read, nil
	}
	read.Disabled = c.Disabled
	read.NotBefore, read.ExpiresOn = instant(c.NotBefore), instant(c.ExpiresOn)
	if read.IP, err = authz.CompileIP(c.In, c.NotIn); err != nil {
		return nil, fmt.Errorf("IP condition: %w", err)
	}
	return read, nil
}

func readPolicies(in []scene.Policy) ([]authz.Policy, error) {
	list := make([]authz.Policy, 0, len(in))
	for i, p := range in {
		read := authz.Policy{Effect: authz.Effect(p.Effect)}
		for _, id := range p.Groups {
			g, ok := catalog.GroupByID(id)
			if !ok {
				return nil, fmt.Errorf("policy %d: unknown permission group %q", i, id)
			}
			read.Groups = append(read.Groups, g.Index)
		}
		var err error
		if read.Resources, err = readResources(p.Resources); err != nil {
			return nil, fmt.Errorf("policy %d: %w", i, err)
		}
		read.Canonicalize()
		list = append(list, read)
	}
	return list, nil
}

func readResources(in map[string]any) ([]authz.Resource, error) {
	resources := make([]authz.Resource, 0, len(in))
	for key, value := range in {
		r := authz.Resource{Key: key}
		switch value := value.(type) {
		case string:
			if value != scene.Any {
				return nil, fmt.Errorf("resource %q has the value %q", key, value)
			}
		case map[string]any:
			r.Nested = make([]string, 0, len(value))
			for nested, inner := range value {
				if inner != scene.Any {
					return nil, fmt.Errorf("resource %q, %q has the value %v", key, nested, inner)
				}
				r.Nested = append(r.Nested, nested)
			}
		default:
			return nil, fmt.Errorf("resource %q has a value of type %T", key, value)
		}
		resources = append(resources, r)
	}
	return resources, nil
}

func identifier(s string) (authz.ID, error) {
	id, ok := authz.ParseID(s)
	if !ok {
		return authz.ID{}, fmt.Errorf("%q is not an identifier", s)
	}
	return id, nil
}

func identifiers(list []string) ([]authz.ID, error) {
	ids := make([]authz.ID, 0, len(list))
	for _, s := range list {
		id, err := identifier(s)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
