// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"errors"
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// judgement is one question, read: what Judge works on.
type judgement struct {
	oracle     *Oracle
	world      *scene.World
	request    *scene.Request
	credential *scene.Credential // nil: unknown
	row        *row
	targets    []target // of ModeTargets and ModeList
	before     *target  // of ModeRecord
	after      *target  // of ModeRecord
	policies   []policy
	in, notIn  []addressRange
}

// policy is a policy of a token, read.
type policy struct {
	allow  bool
	groups []*group
	keys   []key
}

// target is a target with the place where it lies.
type target struct {
	scene.Target
	account string // the account in which it lies; "" for the user, and for a zone that does not exist
}

// read reads a scene and refuses one that is no question.
func (o *Oracle) read(s *scene.Scene) (*judgement, error) {
	j := &judgement{oracle: o, world: &s.World, request: &s.Request, credential: s.Credential}
	var err error
	if j.row, err = o.row(s.Request.Operation); err != nil {
		return nil, err
	}
	if err := o.checkWorld(&s.World); err != nil {
		return nil, err
	}
	if err := j.readCredential(); err != nil {
		return nil, err
	}
	if err := j.readRequest(); err != nil {
		return nil, err
	}
	return j, nil
}

func (j *judgement) readCredential() error {
	c := j.credential
	if c == nil {
		return nil
	}
	switch c.Kind {
	case scene.UserToken, scene.GlobalKey, scene.OriginCAKey, scene.ConsoleSession:
		if c.User == "" || c.Account != "" {
			return fmt.Errorf("a credential of kind %s acts as a user, and as no account", c.Kind)
		}
	case scene.AccountToken:
		if c.Account == "" || c.User != "" {
			return errors.New("an account-owned token acts as an account, and as no user")
		}
	default:
		return fmt.Errorf("no kind of credential %q", c.Kind)
	}
	if err := j.readPolicies(); err != nil {
		return err
	}
	var err error
	if j.in, err = parseRanges(c.In); err != nil {
		return err
	}
	j.notIn, err = parseRanges(c.NotIn)
	return err
}

func parseRanges(texts []string) ([]addressRange, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	ranges := make([]addressRange, 0, len(texts))
	for _, text := range texts {
		r, err := parseRange(text)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, r)
	}
	return ranges, nil
}

func (j *judgement) readPolicies() error {
	j.policies = make([]policy, 0, len(j.credential.Policies))
	for i, p := range j.credential.Policies {
		read := policy{
			allow:  p.Effect == "allow",
			groups: make([]*group, 0, len(p.Groups)),
			keys:   make([]key, 0, len(p.Resources)),
		}
		if !read.allow && p.Effect != "deny" {
			return fmt.Errorf("policy %d: no effect %q", i, p.Effect)
		}
		for _, id := range p.Groups {
			g := j.oracle.groups[id]
			if g == nil {
				return fmt.Errorf("policy %d: no permission group %q", i, id)
			}
			read.groups = append(read.groups, g)
		}
		for text, value := range p.Resources {
			var err error
			if read.keys, err = parseKeys(read.keys, text, value); err != nil {
				return fmt.Errorf("policy %d: %w", i, err)
			}
		}
		j.policies = append(j.policies, read)
	}
	return nil
}

// checkWorld refuses memberships that the model refuses to store (authorization model §8): roles and policies
// at once, a domain role in roles, a scope outside the account.
func (o *Oracle) checkWorld(w *scene.World) error {
	for i := range w.Members {
		m := &w.Members[i]
		if len(m.Roles) > 0 && len(m.Policies) > 0 {
			return fmt.Errorf("member %d has both roles and policies", i)
		}
		for _, id := range m.Roles {
			if r := o.roles[id]; r == nil || r.level != "account" {
				return fmt.Errorf("member %d: %q is no role of level account", i, id)
			}
		}
		for _, p := range m.Policies {
			if err := o.checkMemberPolicy(w, m, p); err != nil {
				return fmt.Errorf("member %d: %w", i, err)
			}
		}
	}
	return nil
}

func (o *Oracle) checkMemberPolicy(w *scene.World, m *scene.Member, p scene.MemberPolicy) error {
	if p.Access != "allow" && p.Access != "deny" {
		return fmt.Errorf("no access %q", p.Access)
	}
	for _, id := range p.Roles {
		if o.roles[id] == nil {
			return fmt.Errorf("no role %q", id)
		}
	}
	for _, id := range p.Zones {
		// A zone that is gone is in the scope of nobody and does no harm there.
		if z := zoneIn(w, id); z != nil && z.Account != m.Account {
			return fmt.Errorf("zone %q does not lie in account %q", id, m.Account)
		}
	}
	return nil
}

func (j *judgement) readRequest() error {
	r := j.request
	switch r.Presented {
	case scene.PresentedNothing, scene.PresentedMalformed, scene.PresentedWell:
	default:
		return fmt.Errorf("nothing is presented as %q", r.Presented)
	}
	switch r.Mode {
	case scene.ModeTargets:
		return j.readTargets()
	case scene.ModeList:
		if name := j.row.method + " " + j.row.route; name != "GET /zones" && name != "GET /accounts" {
			return fmt.Errorf("%s is not filtered object by object", name)
		}
		return j.readTargets()
	case scene.ModeRecord:
		return j.readRecords()
	default:
		return fmt.Errorf("no mode %q", r.Mode)
	}
}

// readTargets reads the targets. An operation without any is no question: what names no target is answered on
// its container, or after gates 1 to 4 with a 400 (authorization model §4). The verify rows act on the
// credential itself, and a list may be empty.
func (j *judgement) readTargets() error {
	if len(j.request.Targets) == 0 && j.request.Mode == scene.ModeTargets && !isVerify(j.row) {
		return fmt.Errorf("%s %s without a target", j.row.method, j.row.route)
	}
	j.targets = make([]target, 0, len(j.request.Targets))
	for _, t := range j.request.Targets {
		if !fits(j.row, t.Kind) {
			return fmt.Errorf("%s %s does not act on a target of kind %q", j.row.method, j.row.route, t.Kind)
		}
		j.targets = append(j.targets, j.place(t))
	}
	return nil
}

// fits says whether a row acts on targets of a kind. A record row is asked about its zone as a container of records
// or about one record (authorization model §5); asked about the zone itself it is the stricter question.
func fits(r *row, kind string) bool {
	if r.target == scene.OnRecords {
		return kind == scene.OnRecords || kind == scene.OnRecord || kind == scene.OnZone
	}
	return kind == r.target
}

func (j *judgement) readRecords() error {
	r := j.row
	if r.target != scene.OnRecords || r.method == "POST" && r.route == "/zones/{zone_id}/dns_records" {
		return fmt.Errorf("%s %s does not act on stored records", r.method, r.route)
	}
	before, after := j.request.Before, j.request.After
	if r.method == "GET" && after != nil {
		return errors.New("a read has no record as it would be written")
	}
	if before != nil && after != nil && before.Zone != after.Zone {
		return errors.New("a record does not move between zones")
	}
	for _, t := range []*scene.Target{before, after} {
		if t != nil && t.Kind != scene.OnRecord {
			return fmt.Errorf("a target of kind %q is no record", t.Kind)
		}
	}
	if before != nil {
		placed := j.place(*before)
		j.before = &placed
	}
	if after != nil {
		placed := j.place(*after)
		j.after = &placed
	}
	return nil
}

// place finds the account in which a target lies (authorization model §1).
func (j *judgement) place(t scene.Target) target {
	switch t.Kind {
	case scene.OnAccount, scene.OnAllZones, scene.OnBucket:
		return target{Target: t, account: t.Account}
	case scene.OnZone, scene.OnRecords, scene.OnRecord:
		if z := zoneIn(j.world, t.Zone); z != nil {
			return target{Target: t, account: z.Account}
		}
	}
	return target{Target: t}
}

func zoneIn(w *scene.World, id string) *scene.Zone {
	for i := range w.Zones {
		if w.Zones[i].ID == id {
			return &w.Zones[i]
		}
	}
	return nil
}

func accountIn(w *scene.World, id string) *scene.Account {
	for i := range w.Accounts {
		if w.Accounts[i].ID == id {
			return &w.Accounts[i]
		}
	}
	return nil
}

// memberOf is the accepted membership of the credential's user in an account, or nil. An account-owned token
// has no user and is a member of nothing.
func (j *judgement) memberOf(account string) *scene.Member {
	user := j.credential.User
	if user == "" || account == "" {
		return nil
	}
	for i := range j.world.Members {
		m := &j.world.Members[i]
		if m.User == user && m.Account == account && m.Status == "accepted" {
			return m
		}
	}
	return nil
}
