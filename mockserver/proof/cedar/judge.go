// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"fmt"
	"net/netip"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// recordReader is the row that reads one record (authorization model §5).
const recordReader = "GET /zones/{zone_id}/dns_records/{dns_record_id}"

// The actions of the gates.
var (
	actionPresent = uid(typeAction, "present")
	actionEnter   = uid(typeAction, "enter")
	actionAct     = uid(typeAction, "act")
	actionList    = uid(typeAction, "list")
)

// bound is a credential of a world.
type bound struct {
	world     *world
	self      types.EntityUID
	principal types.Entity
	user      string // "" for an account-owned token
	token     *token // nil for a credential without policies
	gates     *gates // 1 to 4, with the credential's own IP condition
}

// site is a target as an entity, with the owner's membership of its account, nil for none.
type site struct {
	id     types.EntityUID
	entity *types.Entity // nil when the world has it, or nobody has
	member *member
	zone   string // named below an account
}

// entities are all that a question may refer to.
type entities struct {
	bound *bound
	site  *site
}

// Get implements [types.EntityGetter].
func (e entities) Get(id types.EntityUID) (types.Entity, bool) {
	switch id.Type {
	case typeGroup, typeStrike, typeRole, typeZoneRole, typeRoleStrike, typeZoneStrike, typeOwner, typeOwnerZones, typeFamily, typeTenant:
		return types.Entity{}, false // They are in nothing and have no attributes.
	case typeAction:
		found, ok := e.bound.world.evaluator.actions.entities[id]
		return found, ok
	case typeCredential:
		return e.bound.principal, true
	case typeRecord, typeBucket:
		if e.site != nil && e.site.entity != nil && e.site.id == id {
			return *e.site.entity, true
		}
		return types.Entity{}, false
	default:
		found, ok := e.bound.world.entities[id]
		return found, ok
	}
}

// Judge implements [panel.Credential].
func (b *bound) Judge(r *scene.Request) (scene.Verdict, error) {
	o, err := b.world.evaluator.actions.operation(r.Operation, r.Switch != nil)
	if err != nil {
		return scene.Verdict{}, err
	}
	first, err := b.present(r)
	if err != nil || first.gate != 0 {
		return first.verdict(), err
	}
	switch r.Mode {
	case scene.ModeTargets:
		first, err := b.decide(o, r, r.Targets)
		return first.verdict(), err
	case scene.ModeList:
		return b.judgeList(o, r)
	case scene.ModeRecord:
		return b.judgeRecord(o, r)
	default:
		return scene.Verdict{}, fmt.Errorf("unknown mode %q", r.Mode)
	}
}

func (r refusal) verdict() scene.Verdict {
	return scene.Verdict{Allowed: r.gate == 0, Gate: r.gate, Reason: r.reason}
}

// judgeList judges a list that spans accounts, and then its items.
func (b *bound) judgeList(o *operation, r *scene.Request) (scene.Verdict, error) {
	anywhere := uid(typeAnywhere, "")
	var granted []types.Value
	if b.token != nil {
		for _, u := range o.uses {
			ok, err := b.token.lists.allows(entities{bound: b}, cedargo.Request{Principal: b.self, Action: u.asToken, Resource: anywhere})
			if err != nil {
				return scene.Verdict{}, err
			}
			if ok {
				granted = append(granted, u.entity)
			}
		}
	}
	first, err := b.world.evaluator.list.run(entities{bound: b}, cedargo.Request{
		Principal: b.self, Action: actionList, Resource: anywhere,
		Context: types.NewRecord(types.RecordMap{"route": o.route, "granted": types.NewSet(granted...)}),
	})
	if err != nil || first.gate != 0 {
		return first.verdict(), err
	}
	v := scene.Verdict{Allowed: true, Items: make([]bool, len(r.Targets))}
	for i := range r.Targets {
		refused, err := b.decide(o, r, r.Targets[i:i+1])
		if err != nil {
			return scene.Verdict{}, err
		}
		v.Items[i] = refused.gate == 0
	}
	return v, nil
}

// judgeRecord judges an operation on a stored record: who could not read it is answered as if it were absent,
// and a write must pass before and after.
func (b *bound) judgeRecord(o *operation, r *scene.Request) (scene.Verdict, error) {
	if r.Before == nil {
		return scene.Verdict{Hidden: true}, nil
	}
	reader, err := b.world.evaluator.actions.operation(recordReader, false)
	if err != nil {
		return scene.Verdict{}, err
	}
	unread, err := b.decide(reader, r, []scene.Target{*r.Before})
	if err != nil {
		return scene.Verdict{}, err
	}
	if unread.gate != 0 {
		v := unread.verdict()
		v.Hidden = true
		return v, nil
	}
	targets := []scene.Target{*r.Before}
	if r.After != nil {
		targets = append(targets, *r.After)
	}
	first, err := b.decide(o, r, targets)
	return first.verdict(), err
}

// present runs gates 1 to 4.
func (b *bound) present(r *scene.Request) (refusal, error) {
	address, err := netip.ParseAddr(r.Address)
	if err != nil {
		return refusal{}, fmt.Errorf("address of the client: %w", err)
	}
	address = address.Unmap().WithZone("")
	whole, err := address.Prefix(address.BitLen())
	if err != nil {
		return refusal{}, fmt.Errorf("address of the client: %w", err)
	}
	return b.gates.run(entities{bound: b}, cedargo.Request{
		Principal: b.self, Action: actionPresent, Resource: b.self,
		Context: types.NewRecord(types.RecordMap{
			"presented": types.String(r.Presented), "now": types.Long(r.Now.UnixNano()), "address": types.IPAddr(whole),
		}),
	})
}

// decide runs gates 5 to 10 on the targets, of which all must pass: every gate looks at all of them before the
// next one does.
func (b *bound) decide(o *operation, r *scene.Request, targets []scene.Target) (refusal, error) {
	if len(targets) == 0 {
		return refusal{gate: 5, reason: "target_not_found"}, nil
	}
	sites := make([]site, len(targets))
	var first refusal
	for i := range targets {
		var err error
		if sites[i], err = b.site(&targets[i]); err != nil {
			return refusal{}, err
		}
		refused, err := b.enter(&sites[i])
		if err != nil {
			return refusal{}, err
		}
		if refused.before(first) {
			first = refused
		}
	}
	if first.gate != 0 {
		return first, nil
	}
	for i := range sites {
		refused, err := b.act(o, r, &sites[i])
		if err != nil {
			return refusal{}, err
		}
		if refused.before(first) {
			first = refused
		}
	}
	return first, nil
}

// site makes an entity of a target. Records and buckets need not exist, and are made for the question.
func (b *bound) site(t *scene.Target) (site, error) {
	var s site
	account := t.Account
	made := func(attributes types.RecordMap, parent types.EntityUID) *types.Entity {
		return &types.Entity{UID: s.id, Parents: types.NewEntityUIDSet(parent), Attributes: types.NewRecord(attributes)}
	}
	switch t.Kind {
	case scene.OnUser:
		s.id = uid(typeUser, b.user)
		return s, nil
	case scene.OnAccount:
		s.id, s.zone = uid(typeAccount, t.Account), t.Zone
	case scene.OnAllZones:
		s.id = uid(typeZones, t.Account)
	case scene.OnZone, scene.OnRecords, scene.OnRecord:
		zone := b.world.entities[uid(typeZone, t.Zone)]
		if of, ok := zone.Attributes.Get("account"); ok {
			if id, ok := of.(types.EntityUID); ok {
				account = string(id.ID)
			}
		}
		s.id = uid(typeZone, t.Zone)
		if t.Kind == scene.OnRecords {
			s.id = uid(typeRecords, t.Zone)
		}
		if t.Kind == scene.OnRecord {
			s.id = uid(typeRecord, t.Zone+"/"+t.RecordType+"/"+t.RecordName)
			s.entity = made(types.RecordMap{
				"type": types.String(t.RecordType), "name": spelled(t.RecordName), "account": uid(typeAccount, account),
			}, uid(typeZone, t.Zone))
		}
	case scene.OnBucket:
		s.id = uid(typeBucket, bucketID(t.Account, t.Bucket))
		s.entity = made(types.RecordMap{"account": uid(typeAccount, account)}, uid(typeAccount, account))
	default:
		return site{}, fmt.Errorf("unknown kind of target %q", t.Kind)
	}
	if b.user != "" {
		s.member = b.world.members[membershipID(b.user, account)]
	}
	return s, nil
}

// enter runs gates 5 and 6 on one target.
func (b *bound) enter(s *site) (refusal, error) {
	context := types.RecordMap{}
	if s.member != nil {
		context["member"] = s.member.entity
	}
	if s.zone != "" {
		context["zone"] = uid(typeZone, s.zone)
	}
	return b.world.evaluator.place.run(entities{b, s}, cedargo.Request{
		Principal: b.self, Action: actionEnter, Resource: s.id, Context: types.NewRecord(context),
	})
}

// act runs gates 7 to 10 on one target.
func (b *bound) act(o *operation, r *scene.Request, s *site) (refusal, error) {
	var granted, open, openFamilies, ownedFamilies []types.Value
	for _, u := range o.uses {
		may, might, err := b.mayUse(u, s)
		if err != nil {
			return refusal{}, err
		}
		if might {
			granted = append(granted, u.entity)
		}
		if may {
			open, openFamilies = append(open, u.entity), append(openFamilies, u.family)
		}
		if s.member == nil {
			continue
		}
		holds, err := s.member.policies.all.allows(entities{b, s}, cedargo.Request{Principal: s.member.entity, Action: u.asOwner, Resource: s.id})
		if err != nil {
			return refusal{}, err
		}
		if holds {
			ownedFamilies = append(ownedFamilies, u.family)
		}
	}
	context := types.RecordMap{
		"accepts": o.accepts, "granted": types.NewSet(granted...), "open": types.NewSet(open...),
		"open_families": types.NewSet(openFamilies...), "owned_families": types.NewSet(ownedFamilies...),
		"method": o.method, "route": o.route,
	}
	if s.member != nil {
		context["member"] = s.member.entity
	}
	if r.Switch != nil {
		context["switch_change"] = switchValue(r.Switch.To)
	}
	return b.world.evaluator.grant.run(entities{b, s}, cedargo.Request{
		Principal: b.self, Action: actionAct, Resource: s.id, Context: types.NewRecord(context),
	})
}

// mayUse asks whether the token may use a group on the target, and whether it might if nothing were denied.
func (b *bound) mayUse(u use, s *site) (may, might bool, err error) {
	if b.token == nil {
		return false, false, nil
	}
	request := cedargo.Request{Principal: b.self, Action: u.asToken, Resource: s.id}
	if may, err = b.token.policies.all.allows(entities{b, s}, request); err != nil || may {
		return may, may, err
	}
	might, err = b.token.policies.permits.allows(entities{b, s}, request)
	return false, might, err
}

// switchValue is a value of the API access switch as the gates name it.
func switchValue(to *bool) types.String {
	switch {
	case to == nil:
		return "null"
	case *to:
		return "true"
	default:
		return "false"
	}
}
