// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"net/netip"
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// question is what is asked of a subject.
type question struct {
	operation inquiry.Operation
	target    inquiry.Target
	// zone is the target's, whether the target or the operation's path names it; zero for none.
	zone   authz.ID
	change *inquiry.SwitchChange
	// address is not valid where none was given.
	address netip.Addr
	now     time.Time
	// accounts are where a zone may lie of which that is not known; never empty.
	accounts []authz.ID
	// claimedName is set where the name of the zone, which completes a record's, is only what the target says.
	claimedName bool
}

// accepts are the groups that the question is about.
func (q *question) accepts() catalog.GroupSet {
	switch {
	case q.change != nil:
		return authz.SwitchChangeGroups()
	case q.operation.Row != nil:
		return q.operation.Row.Accepts
	default:
		return catalog.SetOf(q.operation.Permission.Index)
	}
}

// verdict is the answer to a question with what is known.
type verdict struct {
	// allowed is true if every world that agrees with what is known allows it; undecided, if only some do.
	allowed, undecided bool
	// policyAllows is what gates 7 and 8 say by themselves; nil where that cannot be told.
	policyAllows *bool
	// answer is the one under the best guess, or a refusal by the policies where every world is refused and that
	// one is not: unless undecided, what it allows or refuses is certain.
	answer inquiry.Answer
	steps  []authz.Step
	// unknown names what is not known and was asked for, sorted.
	unknown []unknown
	// byRecord is set where the question names no record and the policies do not say the same of all.
	byRecord *survey
	// byZone is set where the question is about all zones and is not answered the same of all.
	byZone *exceptions
}

// unknown is a fact that is not known, and why; why may be empty.
type unknown struct{ fact, why string }

// outcomeUnknown marks a gate that passes in some of the worlds and refuses in others.
const outcomeUnknown authz.Outcome = "unknown"

// under decides the question in one world.
func (q *question) under(s *subject, k *knowledge, g guess) (inquiry.Answer, []fact, error) {
	w := &world{knowledge: k, guess: g}
	credential := s.credential
	if credential.IP != nil && !q.address.IsValid() && g.address {
		free := *credential
		free.IP = nil
		credential = &free
	}
	answer, err := inquiry.Ask(w, inquiry.Question{
		Credential: credential, Operation: q.operation, Target: q.target, Address: q.address, Now: q.now, Switch: q.change,
	})
	return answer, w.missed, err
}

// judge decides the question in every world that agrees with what is known. The error is that of
// [inquiry.Ask]: the target does not fit the operation.
func (q *question) judge(s *subject, k *knowledge) (verdict, error) {
	said, err := q.policiesSay(s, k)
	if err != nil {
		return verdict{}, err
	}
	asked := q
	q, k = said.question, said.knowledge
	found, err := q.inEveryWorld(s, k)
	if err != nil {
		return verdict{}, err
	}
	if len(said.forms) > 0 {
		forms, err := said.inEveryForm(s)
		if err != nil {
			return verdict{}, err
		}
		// Where they are decided alike, the words are better those about no record, as the question is.
		if forms.decidedAs(&found) {
			forms.answer, forms.steps = found.answer, found.steps
		}
		found = forms
	}
	v := verdict{
		answer: found.answer, steps: found.steps, allowed: found.all, undecided: found.some && !found.all,
		policyAllows: said.allows, byRecord: said.byRecord, byZone: said.byZone,
	}
	v.answer.Notes = said.completed(found.answer.Notes)
	v.unknown = q.unknown(s, k, found.missed)
	if found.byForm {
		v.byRecord = &survey{gates: []authz.Gate{found.answer.Explanation.Decision.Gate}, named: asked.batchOnRecord()}
	}
	asked.doubt(s, &v)
	err = asked.ownerDiffers(s, k, &v)
	return v, err
}

// outcome is what a question comes to in all worlds that agree with what is known.
type outcome struct {
	answer    inquiry.Answer
	steps     []authz.Step
	all, some bool
	missed    []fact
	// byForm is set where operations that the question may turn out to be are decided otherwise than others.
	byForm bool
}

// decidedAs says whether both answers allow it, or the same gate refuses it.
func (o *outcome) decidedAs(other *outcome) bool {
	return o.answer.Explanation.Decision.Gate == other.answer.Explanation.Decision.Gate
}

// inEveryWorld decides the question in every world that agrees with what is known.
func (q *question) inEveryWorld(s *subject, k *knowledge) (outcome, error) {
	answer, missed, err := q.under(s, k, best.in(q.accounts[0]))
	if err != nil {
		return outcome{}, err
	}
	all, some := answer.Allowed(), answer.Allowed()
	seen := make([]map[authz.Outcome]bool, len(answer.Explanation.Steps))
	for i, step := range answer.Explanation.Steps {
		seen[i] = map[authz.Outcome]bool{step.Outcome: true}
	}
	for _, g := range q.guesses(s, k, missed) {
		other, _, err := q.under(s, k, g)
		if err != nil {
			return outcome{}, err
		}
		all, some = all && other.Allowed(), some || other.Allowed()
		for i, step := range other.Explanation.Steps {
			seen[i][step.Outcome] = true
		}
		// Where one world is refused for its own reasons and another by the policies, these refuse both.
		if !some && byPolicies(&other) && !byPolicies(&answer) {
			answer = other
		}
	}
	steps := slices.Clone(answer.Explanation.Steps)
	for i := range steps {
		if seen[i][authz.Passed] && seen[i][authz.Refused] {
			steps[i] = authz.Step{Gate: steps[i].Gate, Outcome: outcomeUnknown}
		}
	}
	return outcome{answer: answer, steps: steps, all: all, some: some, missed: missed}, nil
}

// policies asks what the policies say and no more: whether they allow it, and the answer in a world that
// refuses nothing else.
func (q *question) policies(s *subject, k *knowledge) (verdict, error) {
	said, err := q.policiesSay(s, k)
	if err != nil {
		return verdict{}, err
	}
	answer, _, err := said.question.under(s, said.knowledge, best.in(q.accounts[0]))
	if err != nil {
		return verdict{}, err
	}
	v := verdict{answer: answer, policyAllows: said.allows, byRecord: said.byRecord, byZone: said.byZone}
	v.answer.Notes = said.completed(answer.Notes)
	q.doubt(s, &v)
	return v, nil
}

// byPolicies reports whether the policies of the token refuse it.
func byPolicies(a *inquiry.Answer) bool {
	gate := a.Explanation.Decision.Gate
	return gate == authz.GateGrant || gate == authz.GateDeny
}

// doubt takes back what depends on the record or the zone, where none was named, or on a name that nobody has
// read, and what parts of policies that the model
// does not know might turn over.
func (q *question) doubt(s *subject, v *verdict) {
	if v.byRecord != nil {
		v.takeBack([]string{v.byRecord.dependsOn()}, v.byRecord.gates...)
		return
	}
	if v.byZone != nil {
		v.takeBack([]string{v.byZone.dependsOn()}, v.byZone.gate)
		return
	}
	if v.policyAllows == nil {
		return
	}
	if q.claimedName && len(s.recordKeysOn(q.zone, q.accepts().Union(readsRecord()))) > 0 {
		v.policyAllows = nil
		v.takeBack([]string{"the name of zone " + q.zone.String()}, authz.GateGrant, authz.GateDeny)
		return
	}
	doubts := s.doubtful(*v.policyAllows, q.accepts())
	if len(doubts) == 0 {
		return
	}
	gate := authz.GateGrant
	if *v.policyAllows {
		gate = authz.GateDeny
	}
	v.policyAllows = nil
	v.takeBack(doubts, gate)
}

// takeBack opens what the policies decided: it depends on those facts, for which the gates might pass or refuse.
func (v *verdict) takeBack(facts []string, gates ...authz.Gate) {
	for _, text := range facts {
		v.unknown = append(v.unknown, unknown{fact: text})
	}
	if !v.allowed && !byPolicies(&v.answer) && !slices.Contains(gates, v.answer.Explanation.Decision.Gate) {
		return
	}
	v.allowed, v.undecided = false, true
	for i, step := range v.steps {
		if slices.Contains(gates, step.Gate) {
			v.steps[i] = authz.Step{Gate: step.Gate, Outcome: outcomeUnknown}
		}
	}
}

// guesses are the ways in which what was missed may be, the best one left out.
func (q *question) guesses(s *subject, k *knowledge, missed []fact) []guess {
	lacks := func(kind factKind) bool {
		return slices.ContainsFunc(missed, func(f fact) bool { return f.kind == kind })
	}
	all := []guess{best.in(q.accounts[0])}
	vary := func(needed bool, changes ...func(*guess)) {
		if !needed {
			return
		}
		for _, g := range slices.Clone(all) {
			for _, change := range changes {
				changed := g
				change(&changed)
				all = append(all, changed)
			}
		}
	}
	partial := false
	for _, m := range k.members {
		partial = partial || m.partial
	}
	vary(len(missed) > 0, func(g *guess) { g.exists = false })
	vary(lacks(factAccount), func(g *guess) { g.account = enterpriseOff }, func(g *guess) { g.account = standard })
	vary(lacks(factMember), func(g *guess) { g.member = authz.On }, func(g *guess) { g.member = authz.Off })
	vary(lacks(factMember) || partial, func(g *guess) { g.rights = false })
	vary(s.credential.IP != nil && !q.address.IsValid(), func(g *guess) { g.address = false })
	if lacks(factZone) {
		for _, account := range q.accounts[1:] {
			all = append(all, best.in(account))
		}
	}
	return all[1:]
}

// unknown names the facts that were missed and could not be had.
func (q *question) unknown(s *subject, k *knowledge, missed []fact) []unknown {
	var out []unknown
	add := func(fact, why string) {
		if u := (unknown{fact, why}); !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	for _, f := range missed {
		// What nobody tried to read did not matter any more.
		if why, tried := k.unread[f]; tried {
			add(f.String(), why)
		}
	}
	for id, m := range k.members {
		if m.partial && s.credential.Kind == authz.UserToken {
			add("what the roles and policies of the token's owner give in account "+id.String(), "")
		}
	}
	if s.credential.IP != nil && !q.address.IsValid() {
		add("the client's address, which the token's IP condition asks for", "")
	}
	slices.SortFunc(out, func(a, b unknown) int {
		if a.fact < b.fact {
			return -1
		}
		return 1
	})
	return out
}

// String names the fact as it stands in unknown_facts.
func (f fact) String() string {
	switch f.kind {
	case factZone:
		return "the account that zone " + f.id.String() + " lies in"
	case factAccount:
		return "the type and the API access switch of account " + f.id.String()
	default:
		return "the membership of the token's owner in account " + f.id.String()
	}
}
