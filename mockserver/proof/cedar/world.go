// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cedar-policy/cedar-go/ast"
	"github.com/cedar-policy/cedar-go/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// world is a scene's world as entities, and the policies of its members.
type world struct {
	evaluator *Evaluator
	entities  types.EntityMap
	members   map[string]*member // by membershipID
	shared    shared
}

// member is a membership with what it gives.
type member struct {
	entity   types.EntityUID
	policies policies
}

func (e *Evaluator) readWorld(in *scene.World) (*world, error) {
	w := &world{evaluator: e, entities: make(types.EntityMap), members: make(map[string]*member, len(in.Members))}
	owners := make(map[string][]types.EntityUID)
	for i := range in.Members {
		m := &in.Members[i]
		if m.Status == "accepted" {
			owners[m.Account] = append(owners[m.Account], uid(typeOwner, ownerOfUser(m.User)))
		}
		read, err := e.readMember(w, m)
		if err != nil {
			return nil, fmt.Errorf("member %s of %s: %w", m.User, m.Account, err)
		}
		w.members[membershipID(m.User, m.Account)] = read
	}
	for i := range in.Accounts {
		w.addAccount(&in.Accounts[i], append(owners[in.Accounts[i].ID], uid(typeOwner, ownerOfAccount(in.Accounts[i].ID))))
	}
	for _, z := range in.Zones {
		account := w.accountOf(z.Account)
		w.add(uid(typeZone, z.ID), account, uid(typeZones, z.Account))
		w.add(uid(typeRecords, z.ID), account, uid(typeZone, z.ID))
	}
	for _, user := range in.TenantAdmins {
		w.add(uid(typeUser, user), nil, uid(typeTenant, "administrators"))
	}
	return w, nil
}

// addAccount adds an account and the container of all its zones.
func (w *world) addAccount(a *scene.Account, owners []types.EntityUID) {
	id := uid(typeAccount, a.ID)
	attributes := types.RecordMap{"account": id, "enterprise": types.Boolean(a.Enterprise)}
	if a.APIAccess != nil {
		attributes["api_access"] = types.Boolean(*a.APIAccess)
	}
	w.add(id, attributes, owners...)
	parents := []types.EntityUID{id}
	for _, owner := range owners {
		parents = append(parents, uid(typeOwnerZones, string(owner.ID)))
	}
	w.add(uid(typeZones, a.ID), w.accountOf(a.ID), parents...)
}

// accountOf is the attribute by which a thing names the account it lies in.
func (*world) accountOf(account string) types.RecordMap {
	return types.RecordMap{"account": uid(typeAccount, account)}
}

func (w *world) add(id types.EntityUID, attributes types.RecordMap, parents ...types.EntityUID) {
	w.entities[id] = types.Entity{UID: id, Parents: types.NewEntityUIDSet(parents...), Attributes: types.NewRecord(attributes)}
}

// readMember adds a membership and translates what it gives (authorization model §8).
func (e *Evaluator) readMember(w *world, m *scene.Member) (*member, error) {
	if len(m.Roles) > 0 && len(m.Policies) > 0 {
		return nil, errors.New("it has roles and policies, and may have either")
	}
	read := &member{entity: uid(typeMembership, membershipID(m.User, m.Account))}
	account := uid(typeAccount, m.Account)
	attributes := types.RecordMap{"accepted": types.Boolean(m.Status == "accepted")}
	if m.APIAccess != nil {
		attributes["api_access"] = types.Boolean(*m.APIAccess)
	}
	var held []types.EntityUID // roles on the whole account
	named, denies := false, false
	for _, id := range m.Roles {
		r := e.facts.roles[id]
		if r == nil {
			return nil, fmt.Errorf("unknown role %q", id)
		}
		if r.Level != "account" {
			continue // Only a policy gives a role of level domain.
		}
		named = true
		held = append(held, uid(typeRole, id))
		read.policies.permit(ast.Permit().PrincipalEq(read.entity).ActionIn(uid(typeRole, id)).ResourceIn(account))
	}
	for _, p := range m.Policies {
		for _, id := range p.Roles {
			if e.facts.roles[id] == nil {
				return nil, fmt.Errorf("unknown role %q", id)
			}
			read.grant(p, id, account)
			if p.Access == "allow" {
				named = true
				if len(p.Zones) == 0 {
					held = append(held, uid(typeRole, id))
				}
			}
		}
		denies = denies || p.Access != "allow"
	}
	attributes["names_role"], attributes["denies"] = types.Boolean(named), types.Boolean(denies)
	w.add(read.entity, attributes, held...)
	return read, nil
}

// grant translates one role of one policy of a member: over the whole account with all in it, or over zones,
// where only the role's zone groups count. The container of all zones lies in the account and in no zone, so
// that only whole-account policies reach it.
func (m *member) grant(p scene.MemberPolicy, roleID string, account types.EntityUID) {
	policy, whole, zonal := ast.Permit, uid(typeRole, roleID), uid(typeZoneRole, roleID)
	if p.Access != "allow" {
		policy, whole, zonal = ast.Forbid, uid(typeRoleStrike, roleID), uid(typeZoneStrike, roleID)
	}
	add := m.policies.permit
	if p.Access != "allow" {
		add = m.policies.forbid
	}
	if len(p.Zones) == 0 {
		add(policy().PrincipalEq(m.entity).ActionIn(whole).ResourceIn(account))
		return
	}
	zones := slices.Clone(p.Zones)
	slices.Sort(zones)
	for _, zone := range slices.Compact(zones) {
		add(policy().PrincipalEq(m.entity).ActionIn(zonal).ResourceIn(uid(typeZone, zone)).
			When(ast.Resource().In(ast.Value(account))))
	}
}
