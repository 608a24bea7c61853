// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package engine

import (
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
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

func (w *world) Account(id authz.ID) *authz.Account { return w.accounts[id] }

func (w *world) Zone(id authz.ID) *authz.Zone { return w.zones[id] }

func (w *world) Membership(user, account authz.ID) *authz.Membership {
	return w.members[[2]authz.ID{user, account}]
}

func (w *world) Memberships(user authz.ID) iter.Seq2[authz.ID, *authz.Membership] {
	return func(yield func(authz.ID, *authz.Membership) bool) {
		for key, m := range w.members {
			if key[0] == user && !yield(key[1], m) {
				return
			}
		}
	}
}

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
		return nil, fmt.Errorf("it has roles and policies, and may have either")
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

var presences = map[string]authz.Presence{
	scene.PresentedNothing: authz.Missing, scene.PresentedMalformed: authz.Malformed, scene.PresentedWell: authz.WellFormed,
}

// request is what the engine is asked.
type request struct {
	authz.Request
	// userOnly is true for the list that account-owned tokens may not ask.
	userOnly bool
}

func (b *bound) request(r *scene.Request) (*request, error) {
	operation, ok := b.bench.evaluator.operations[r.Operation]
	if !ok {
		return nil, fmt.Errorf("unknown operation %q", r.Operation)
	}
	presence, ok := presences[r.Presented]
	if !ok {
		return nil, fmt.Errorf("unknown presence %q", r.Presented)
	}
	q := &request{
		Request:  authz.Request{Presence: presence, Credential: b.credential, Now: r.Now},
		userOnly: operation.Target == catalog.TargetAccountList,
	}
	q.For(operation)
	if r.Switch != nil {
		q.ChangesSwitch(authz.SwitchOf(r.Switch.To))
	}
	var err error
	if q.Address, err = netip.ParseAddr(r.Address); err != nil {
		return nil, fmt.Errorf("address of the client: %w", err)
	}
	q.Targets = make([]authz.Target, len(r.Targets))
	for i := range r.Targets {
		if q.Targets[i], err = readTarget(&r.Targets[i]); err != nil {
			return nil, fmt.Errorf("target %d: %w", i, err)
		}
	}
	return q, nil
}

// pair reads the record before and after.
func (*request) pair(r *scene.Request) (before, after *authz.Target, err error) {
	for _, side := range []struct {
		from *scene.Target
		to   **authz.Target
	}{{r.Before, &before}, {r.After, &after}} {
		if side.from == nil {
			continue
		}
		t, err := readTarget(side.from)
		if err != nil {
			return nil, nil, err
		}
		*side.to = &t
	}
	return before, after, nil
}

var targetKinds = map[string]authz.TargetKind{
	scene.OnUser: authz.OnUser, scene.OnAccount: authz.OnAccount, scene.OnZone: authz.OnZone, scene.OnAllZones: authz.OnAllZones,
	scene.OnRecords: authz.OnRecords, scene.OnRecord: authz.OnRecord, scene.OnBucket: authz.OnBucket,
}

func readTarget(t *scene.Target) (authz.Target, error) {
	kind, ok := targetKinds[t.Kind]
	if !ok {
		return authz.Target{}, fmt.Errorf("unknown kind of target %q", t.Kind)
	}
	read := authz.Target{Kind: kind, RecordType: t.RecordType, RecordName: t.RecordName, Bucket: t.Bucket}
	for _, id := range []struct {
		from string
		to   *authz.ID
	}{{t.Account, &read.Account}, {t.Zone, &read.Zone}} {
		if id.from == "" {
			continue
		}
		parsed, err := identifier(id.from)
		if err != nil {
			return authz.Target{}, err
		}
		*id.to = parsed
	}
	return read, nil
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

// Problems lists what the server would say against storing the scene's token (authorization model §3), by the
// rules that hold for seeds. It is empty for a credential without policies.
func Problems(s *scene.Scene) ([]string, error) {
	c := s.Credential
	if c == nil || c.Kind != scene.UserToken && c.Kind != scene.AccountToken {
		return nil, nil
	}
	w, err := readWorld(&s.World)
	if err != nil {
		return nil, err
	}
	read, err := readCredential(c)
	if err != nil {
		return nil, err
	}
	inputs := make([]authz.PolicyInput, 0, len(c.Policies))
	for _, p := range c.Policies {
		resources, err := readResources(p.Resources)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(resources, func(a, b authz.Resource) int { return strings.Compare(a.Key, b.Key) })
		inputs = append(inputs, authz.PolicyInput{Effect: authz.Effect(p.Effect), Groups: p.Groups, Resources: resources})
	}
	check := &authz.Check{Owner: authz.Owner{User: read.User, Account: read.Account}, Mode: authz.ModeSeed}
	_, problems := authz.CheckDefinition(w, check, "scene", inputs, c.In, c.NotIn, read.NotBefore, read.ExpiresOn)
	texts := make([]string, 0, len(problems))
	for _, p := range problems {
		texts = append(texts, p.Error())
	}
	return texts, nil
}
