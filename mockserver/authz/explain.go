// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"fmt"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Outcome is what became of one gate.
type Outcome string

// The outcomes of a gate in a trace.
const (
	Passed     Outcome = "passed"
	Refused    Outcome = "refused"
	Skipped    Outcome = "skipped"     // the gate does not apply to this kind of credential
	NotReached Outcome = "not_reached" // an earlier gate refused
)

// Step is one gate of a trace.
type Step struct {
	Gate    Gate
	Outcome Outcome
	// Detail says what decided: the policy, group and key, the right or the
	// setting. It may be empty.
	Detail string
}

// Grant is a permission group on a resource key.
type Grant struct {
	Group *catalog.Group
	Key   Key
}

// String names the grant as explanations do: the group by the name that finds
// it in the catalogue, and the key.
func (g Grant) String() string { return fmt.Sprintf("%q on %s", groupName(g.Group), g.Key) }

// groupName is the group's name, with its scope in front where the name alone
// would find another group as well.
func groupName(g *catalog.Group) string {
	if found, _ := catalog.LookupGroup(g.Name); found != g {
		return g.Ref()
	}
	return g.Name
}

// Explanation is a decision with its whole trace (authorization model §9).
type Explanation struct {
	Decision Decision
	// Steps are the ten gates in order.
	Steps []Step
	// Sentence says in one sentence why the request was refused; empty when
	// it was allowed.
	Sentence string
	// Missing is the smallest grant that would have allowed the request, in
	// the sense that [Explain] describes; nil unless gate 7 refused and
	// everything else would pass.
	Missing *Grant
}

// Chain returns "<reason>: <sentence>", what a refusal at gates 5 to 10
// carries on the wire; it is empty for an allowance and at gates 1 to 4.
func (e *Explanation) Chain() string {
	if e.Decision.Gate < GateTarget { // an allowance is by no gate
		return ""
	}
	return string(e.Decision.Reason) + ": " + e.Sentence
}

// Explain decides as [Decide] does and says why. It allocates, and is meant
// for refusals, journals and simulations.
//
// A refusal at gate 7 names the smallest grant (authorization model §9): an
// allow policy with that group on that key, added to the credential, allows
// the request, and no narrower key would have. One key is narrower than
// another when it reaches less: a record key than its zone's key and than the
// one of type * for that name; a zone's key than "all zones" of its account;
// that than the account's key and than "all zones"; the key of an account than
// "all accounts", and a bucket's than its account's. zone.<id> by itself and
// within its account reach the same.
//
// Patterns are the names of what was refused, letter by letter: a "*" in one is
// that of a wildcard record, for which there is no key of its own. The group is
// chosen before the key: a group of higher rank might do with a narrower key.
// When several places are refused, no key is named that reaches places which
// nobody asked for, such as "all zones" for two of them.
//
// There are two exceptions, both on the container of a zone's records
// ([OnRecords]), where the zone's key is named though a record key would pass:
// a list or export would then be answered, but hold that record alone; and an
// operation on a record by its identifier must say the same whether the record
// exists or not. Who knows all records that a request acts on, and may tell,
// uses [ExplainRecordWork].
func Explain(w World, r *Request) Explanation {
	return ExplainDecision(w, r, Decide(w, r), r.Targets)
}

// ExplainDecision explains a decision that was already made on the targets,
// by [DecideRecord] for example. The decision must be of this world and
// request. The smallest grant is the one that lets all targets pass.
func ExplainDecision(w World, r *Request, d Decision, targets []Target) Explanation {
	x := &explainer{world: w, request: r, targets: targets, made: d, asked: targets}
	x.passes = func(with *Request) bool { return decideTargets(w, with, targets).Allowed }
	return x.explain()
}

// ExplainList explains a decision of [DecideList]. The gates that such a list
// runs item by item are not part of its own trace.
func ExplainList(r *Request, d Decision) Explanation {
	e := Explanation{Decision: d, Steps: make([]Step, 0, int(GateNeeds))}
	x := &explainer{request: r, made: d}
	for gate := GatePresent; gate <= GateNeeds; gate++ {
		step := Step{Gate: gate, Outcome: Passed}
		switch {
		case !d.Allowed && gate > d.Gate:
			step.Outcome = NotReached
		case gate == d.Gate:
			step.Outcome, step.Detail = Refused, string(d.Reason)
		case !x.applies(gate):
			step.Outcome = Skipped
		case gate > GateAddress:
			step.Detail = "decided for every item of the list"
		}
		e.Steps = append(e.Steps, step)
	}
	switch {
	case d.Reason != ReasonNoMatchingGrant:
		e.Sentence = sentences[d.Reason]
	case r.Credential.Kind == OriginCAKey && !r.OriginCA:
		e.Sentence = originCAOnly
	case !r.Credential.Kind.HasPolicies():
		e.Sentence = "the user holds " + groupNames(r.Accepts) + " nowhere"
	default:
		e.Sentence = "no allow policy holds " + groupNames(r.Accepts) + " with a resource that can serve it"
	}
	return e
}

const originCAOnly = "an Origin CA key is good for /certificates only"

// sentences are the explanations that need no detail.
var sentences = map[Reason]string{
	ReasonCredentialMissing:          "the request carries no credential",
	ReasonCredentialMalformed:        "the request's credential is not of a known form",
	ReasonCredentialUnknown:          "the credential is not known",
	ReasonCredentialDisabled:         "the token is disabled",
	ReasonCredentialExpired:          "the token has expired",
	ReasonCredentialNotYetValid:      "the token is not valid yet",
	ReasonIPNotAllowed:               "the token's IP condition does not hold for the client's address",
	ReasonUserCredentialRequired:     "this operation needs a credential that acts as a user; an account-owned token acts as its account",
	ReasonTargetNotFound:             "no such account or zone among those the credential's owner belongs to",
	ReasonSuperAdministratorRequired: "this operation asks for a Super Administrator of the account",
	ReasonAdministratorRequired:      "this operation asks for a Super Administrator or Administrator of the account",
	ReasonEnterpriseRequired:         "API access can be switched on Enterprise accounts only",
	ReasonTenantRequired:             "accounts are created and deleted by tenant administrators only",
}

// explainer holds what the trace of one decision is made from.
type explainer struct {
	world   World
	request *Request
	targets []Target
	made    Decision
	// asked are all the targets that the request has to pass on, and passes
	// decides the request on all of them; only a smallest grant needs them.
	asked  []Target
	passes func(*Request) bool
}

func (x *explainer) explain() Explanation {
	d := x.made
	e := Explanation{Decision: d, Steps: make([]Step, 0, int(GateNeeds))}
	for gate := GatePresent; gate <= GateNeeds; gate++ {
		e.Steps = append(e.Steps, x.step(gate))
	}
	if d.Reason == ReasonNoMatchingGrant {
		e.Missing = x.missing()
	}
	e.Sentence = x.sentence(e.Missing)
	return e
}

func (x *explainer) step(gate Gate) Step {
	step := Step{Gate: gate, Outcome: Passed}
	switch {
	case !x.made.Allowed && gate > x.made.Gate:
		step.Outcome = NotReached
		return step
	case !x.applies(gate):
		step.Outcome = Skipped
		return step
	case gate == x.made.Gate:
		step.Outcome = Refused
		step.Detail = string(x.made.Reason)
	}
	if detail := x.detail(gate); detail != "" {
		if step.Detail != "" {
			step.Detail += ": "
		}
		step.Detail += detail
	}
	return step
}

// applies is the table of authorization model §2: which gates apply to which
// kind of credential.
func (x *explainer) applies(gate Gate) bool {
	c := x.request.Credential // there is one after gate 2
	switch gate {
	case GateAlive:
		return c.hasLife()
	case GateAddress:
		return c.Kind.HasPolicies()
	case GateAPIAccess:
		return c.Kind != ConsoleSession
	case GateGrant:
		return c.Kind.HasPolicies() || c.Kind == OriginCAKey
	case GateDeny:
		return c.Kind.HasPolicies()
	case GateOwner:
		return c.Kind != AccountToken
	default:
		return true
	}
}

// target names the target that the decision is about: the refused one, or the
// first.
func (x *explainer) target() string {
	if x.made.Target >= len(x.targets) {
		return ""
	}
	return x.targets[x.made.Target].String()
}

// site locates that target again. It is asked only at gates that come after
// gate 5, so the target is there; a decision of another world gives a site
// that nothing reaches.
func (x *explainer) site() site {
	if x.made.Target >= len(x.targets) {
		return site{}
	}
	s, _ := locate(x.world, x.request.Credential, &x.targets[x.made.Target])
	return s
}

// detail says what decided at the gates that have something to name.
func (x *explainer) detail(gate Gate) string {
	if gate < GateTarget {
		return ""
	}
	if gate == GateTarget {
		return x.target()
	}
	s := x.site()
	c := x.request.Credential
	switch gate {
	case GateAPIAccess:
		return accessDetail(&s)
	case GateGrant:
		detail := x.policyDetail(false, grantedOn(c.Policies, x.request.Accepts, &s.place), &s)
		if detail != "" && c.Policies.managesTokens() {
			detail += "; the token can make others and so is worth all its owner's rights"
		}
		return detail
	case GateDeny:
		return x.policyDetail(true, x.striking(&s), &s)
	case GateOwner:
		if s.member == nil || x.request.Accepts.IsEmpty() {
			return ""
		}
		if x.request.AnyMember && s.member.NamesRole() {
			return "the owner is a member with a role"
		}
		return "the owner holds " + orNothing(groupNames(s.member.holds(x.request.Accepts, &s.place)))
	default:
		return ""
	}
}

func orNothing(s string) string {
	if s == "" {
		return "none of the accepted groups"
	}
	return s
}

// accessDetail says which setting decides gate 6.
func accessDetail(s *site) string {
	if s.account == nil || !s.account.Enterprise {
		return "no API access switch applies"
	}
	state := map[bool]string{true: "on", false: "off"}[EffectiveAPIAccess(s.account, s.member)]
	if s.member != nil && s.member.APIAccess != Unset {
		return "API access is " + state + " by the member's own setting"
	}
	return "API access is " + state + " by the account's setting"
}

// striking returns the groups of A whose denial strikes something that was
// granted on the target.
func (x *explainer) striking(s *site) catalog.GroupSet {
	r := x.request
	granted := grantedOn(r.Credential.Policies, r.Accepts, &s.place)
	var set catalog.GroupSet
	for g := range r.Accepts.All() {
		if catalog.Strikes(g).Intersects(granted) {
			set.Add(g)
		}
	}
	return set
}

// policyDetail names the first policy, group and key that grants (or denies)
// one of the groups on the target.
func (x *explainer) policyDetail(deny bool, groups catalog.GroupSet, s *site) string {
	c := x.request.Credential
	if c.Policies == nil {
		return ""
	}
	detail := ""
	for i := range c.Policies.list {
		p := &c.Policies.list[i]
		if p.deny != deny || detail != "" {
			continue
		}
		reached := *p.reached(&s.place)
		if !deny && s.place.kind == OnRecords && p.hasRecordKeyOn(s.place.zone) {
			reached = reached.Union(tables().recordGroups)
		}
		for g := range p.groups.Intersect(groups).Intersect(reached).All() {
			group := &catalog.Groups()[g]
			detail = fmt.Sprintf("policies[%d]: %q on %s", p.index, groupName(group), p.reachingKey(group, &s.place))
			break
		}
	}
	return detail
}

// reachingKey returns the first key of the policy by which the group reaches
// the target; the caller knows that one does.
func (p *policy) reachingKey(g *catalog.Group, t *place) Key {
	var last Key
	for _, k := range p.keys() {
		var one policy
		one.add(k)
		last = k
		// On the container any key of the zone does: its records' too.
		if one.reached(t).Has(g.Index) || t.kind == OnRecords && k.Zone == t.zone {
			break
		}
	}
	return last
}

// keys returns the policy's keys.
func (p *policy) keys() []Key {
	var keys []Key
	if !p.user.IsZero() {
		keys = append(keys, Key{Form: KeyUser, User: p.user})
	}
	for _, id := range p.accounts {
		keys = append(keys, Key{Form: KeyAccount, Account: id})
	}
	if p.allAccounts {
		keys = append(keys, Key{Form: KeyAllAccounts})
	}
	for _, id := range p.zones {
		keys = append(keys, Key{Form: KeyZone, Zone: id})
	}
	if p.allZones {
		keys = append(keys, Key{Form: KeyAllZones})
	}
	for _, id := range p.nestedAll {
		keys = append(keys, Key{Form: KeyAccountAllZones, Account: id})
	}
	for _, n := range p.nested {
		keys = append(keys, Key{Form: KeyAccountZone, Account: n.account, Zone: n.zone})
	}
	for _, r := range p.records {
		keys = append(keys, Key{Form: KeyRecord, Zone: r.zone, RecordType: r.recordType, Pattern: r.pattern})
	}
	for _, b := range p.buckets {
		keys = append(keys, Key{Form: KeyBucket, Account: b.account, Bucket: b.bucket})
	}
	return keys
}

// sentence explains a refusal in one sentence.
func (x *explainer) sentence(missing *Grant) string {
	switch x.made.Reason {
	case ReasonAPIAccessDisabled:
		switch s := x.site(); {
		case s.member == nil:
			return "API access to this account is disabled by the account's setting, which decides for account-owned tokens; a Super Administrator can change it, in the console if need be"
		case s.member.APIAccess == Off:
			return "API access to this account is disabled for this member; a Super Administrator can change it, in the console if need be"
		default:
			return "API access to this account is disabled by the account's setting; a Super Administrator can change it, or give this member access of its own, in the console if need be"
		}
	case ReasonNoMatchingGrant:
		switch {
		case x.request.Credential.Kind == OriginCAKey:
			return originCAOnly
		case missing != nil:
			return "no allow policy grants this operation; the smallest grant that would allow it: " + missing.String()
		case x.request.Accepts.IsEmpty():
			return "no permission group opens this operation; it takes a Global API key"
		default:
			return "no allow policy grants this operation on " + x.target()
		}
	case ReasonDeniedByPolicy:
		s := x.site()
		return x.policyDetail(true, x.striking(&s), &s) + " denies what was granted"
	case ReasonOwnerLacksRight:
		return x.ownerSentence()
	default:
		return sentences[x.made.Reason]
	}
}

// ownerSentence names the right that the owner lacks at gate 9.
func (x *explainer) ownerSentence() string {
	r := x.request
	if !r.Credential.Kind.HasPolicies() {
		return "the user does not hold " + groupNames(r.Accepts) + " on " + x.target()
	}
	s := x.site()
	open := grantedOn(r.Credential.Policies, r.Accepts, &s.place).Minus(r.Credential.Policies.struck(r.Accepts, &s.place))
	return "the token's owner does not hold " + groupNames(open) + " on " + x.target()
}

// maxNamed bounds how many groups a sentence lists.
const maxNamed = 3

// groupNames lists the groups' names in quotes, the first few of many.
func groupNames(set catalog.GroupSet) string {
	groups := catalog.Groups()
	var names []string
	for g := range set.All() {
		names = append(names, fmt.Sprintf("%q", groupName(&groups[g])))
	}
	if len(names) <= maxNamed {
		return joinNames(names)
	}
	return strings.Join(names[:maxNamed], ", ") + fmt.Sprintf(" or one of %d others", len(names)-maxNamed)
}
