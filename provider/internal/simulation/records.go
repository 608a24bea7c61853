// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// A question about the records of a zone that names none is a question about all of them. It is asked of a few
// records that stand for every other (standins.go): what policies say of these they say of all.

// The routes of operations on records that are not about one record each.
const (
	recordsRoute = "/zones/{zone_id}/dns_records"
	exportRoute  = recordsRoute + "/export"
	batchRoute   = recordsRoute + "/batch"
)

// heldKey is a resource key of a policy.
type heldKey struct {
	policy string // the policy's name
	groups catalog.GroupSet
	authz.Key
}

// heldKeysOf are the keys of a policy.
func heldKeysOf(policy string, in authz.Policy) []heldKey {
	var out []heldKey
	var groups catalog.GroupSet
	for _, g := range in.Groups {
		groups.Add(g)
	}
	for _, resource := range in.Resources {
		keys, err := authz.ParseResource(resource)
		if err != nil {
			continue // newSubject refuses it
		}
		for _, key := range keys {
			out = append(out, heldKey{policy, groups, key})
		}
	}
	return out
}

// recordKeysOn are the keys that name records of the zone, for groups that such a question may be about.
func (s *subject) recordKeysOn(zone authz.ID, groups catalog.GroupSet) []heldKey {
	return slices.DeleteFunc(slices.Clone(s.held), func(k heldKey) bool {
		return k.Form != authz.KeyRecord || k.Zone != zone || !k.groups.Intersects(groups)
	})
}

// spread is what policies say of the records of a zone, taken together.
type spread uint8

const (
	spreadNone  spread = iota // no record is allowed
	spreadAll                 // every record is
	spreadMixed               // it depends on the record, or may
)

// survey is what was found out about the records of a zone.
type survey struct {
	spread
	// gates are those that refuse some of them.
	gates []authz.Gate
	// refused is a record that is refused; empty where all are allowed. any is one of those asked for.
	refused, any recordName
	// policies name the policies that tell records apart, sorted.
	policies []string
	// named is set where the question names its record, and what is done with it is what decides.
	named bool
}

// lists reports whether the question is about a list of records, which is answered with those that may be seen.
func (q *question) lists() bool {
	row := q.operation.Row
	return row != nil && row.Method == http.MethodGet && (row.Route == recordsRoute || row.Route == exportRoute)
}

// aboutRecords reports whether the question is about records and names none. DNS Read and DNS Write by
// themselves are about the zone and its records.
func (q *question) aboutRecords() bool {
	switch {
	case q.zone.IsZero() || q.target.RecordType != "" || q.target.RecordName != "" || q.target.AllZones:
		return false
	case q.operation.Row != nil:
		return q.operation.Row.Target == catalog.TargetRecords
	default:
		return q.operation.Permission != nil && authz.Key{Form: authz.KeyRecord}.Serves(q.operation.Permission)
	}
}

// batchOnRecord reports whether the question is about one record in a batch, which may make, change or delete it.
func (q *question) batchOnRecord() bool {
	return q.target.RecordName != "" && len(q.forms()) > 1
}

// saying is what the policies say of a question.
type saying struct {
	// allows is what gates 7 and 8 say by themselves; nil where that cannot be told.
	allows *bool
	// byRecord is set where the question is about records, names none, and is not answered for all alike; or names
	// one, and is not answered alike for all that a batch may do with it.
	byRecord *survey
	// byZone is set where the question is about all zones, and is not answered for all alike.
	byZone *exceptions
	// question is the one to decide: the one that was asked, or one that says why every record is refused, and
	// knowledge what is known then.
	question  *question
	knowledge *knowledge
	notes     []string
	// forms are the operations on one record that the question stands for, where the policies allow all of them. The
	// owner may hold the right to some and not to others: what decides that is what is done, and never which record.
	forms []form
}

// form is a question about one record, and what is known of its zone then.
type form struct {
	*question
	*knowledge
}

// formsOn are the operations that the question may turn out to be, on that record.
func (q *question) formsOn(k *knowledge, record recordName) []form {
	var out []form
	for _, operation := range q.forms() {
		one := *q
		one.operation, one.target.Zone = operation, q.zone
		one.target.RecordType, one.target.RecordName = record.kind, record.name
		out = append(out, form{&one, k})
	}
	return out
}

// inEveryForm decides each of the forms in every world, and takes them together.
func (s *saying) inEveryForm(subject *subject) (outcome, error) {
	var out outcome
	var allowed, refused bool
	for i, f := range s.forms {
		found, err := f.inEveryWorld(subject, f.knowledge)
		if err != nil {
			return outcome{}, err
		}
		allowed, refused = allowed || found.all, refused || !found.some
		if i == 0 {
			out = found
			continue
		}
		// What is refused or open says more than what is allowed.
		if out.all && !found.all {
			out.answer, out.steps = found.answer, found.steps
		}
		out.all, out.some = out.all && found.all, out.some || found.some
		out.missed = append(out.missed, found.missed...)
	}
	out.byForm = allowed && refused
	return out, nil
}

// policiesSay asks gates 7 and 8 alone, in every account that the zone may lie in: nothing else that is known
// matters, not even whether the owner is a member there.
func (q *question) policiesSay(s *subject, k *knowledge) (saying, error) {
	out := saying{question: q, knowledge: k}
	places := &knowledge{zones: k.zones, names: k.names}
	same := true
	for _, account := range q.accounts {
		answer, _, err := q.under(s, places, best.in(account))
		if err != nil {
			return saying{}, err
		}
		allows := answer.PolicyAllows
		if q.aboutAllZones() {
			apart, err := q.exceptions(s, places, account, allows)
			if err != nil {
				return saying{}, err
			}
			if apart != nil {
				return saying{byZone: apart, question: q, knowledge: k}, nil
			}
		}
		if q.aboutRecords() {
			found, err := q.survey(s, places, account)
			switch {
			case err != nil:
				return saying{}, err
			case q.lists():
				out.notes = found.ofList(allows)
			case found.spread == spreadMixed:
				return saying{byRecord: &found, question: q, knowledge: k}, nil
			default:
				allows = found.spread == spreadAll
				if allows && q.operation.Row != nil {
					out.notes = []string{"It holds for every record of the zone."}
					out.forms = q.formsOn(k.naming(q.zone, k.zoneName(q.zone), found.any), found.any)
				}
				if !allows && answer.PolicyAllows {
					out.question = q.refusal(s, places, &found)
					out.knowledge = k.naming(q.zone, k.zoneName(q.zone), found.refused)
				}
			}
		}
		if q.batchOnRecord() {
			found, err := q.surveyOf(s, places, account, []recordName{{q.target.RecordType, q.target.RecordName}})
			if err != nil {
				return saying{}, err
			}
			if found.spread == spreadMixed {
				found.named = true
				return saying{byRecord: &found, question: q, knowledge: k}, nil
			}
			out.notes = []string{"It holds whatever the batch does with the record."}
			if found.spread == spreadAll {
				out.forms = q.formsOn(k, found.any)
			}
		}
		same = same && (out.allows == nil || *out.allows == allows)
		out.allows = &allows
	}
	if !same {
		out.allows, out.question, out.knowledge, out.notes, out.forms = nil, q, k, nil, nil
	}
	return out, nil
}

// completed are the notes of the engine's answer and those of the saying. That the engine's is about no record, or
// about a change alone, does not stand beside what was found out about all of them.
func (s *saying) completed(notes []string) []string {
	about := slices.DeleteFunc(slices.Clone(notes), func(note string) bool {
		return note == inquiry.NoRecord || note == inquiry.BatchChange
	})
	return append(about, s.notes...)
}

// ofList says what of the records a list holds that is answered.
func (f *survey) ofList(answered bool) []string {
	switch {
	case !answered || f.spread == spreadAll:
		return nil
	case f.spread == spreadNone:
		return []string{"The list holds no record: there is none that the token may see."}
	default:
		return []string{"The list holds only the records that the token may see: it depends on " + f.dependsOn() + "."}
	}
}

// survey asks for all records of the zone, as if it lay in that account. The question must be about records.
func (q *question) survey(s *subject, k *knowledge, account authz.ID) (survey, error) {
	groups := q.accepts()
	if q.operation.Row != nil {
		groups = groups.Union(readsRecord())
	}
	keys := s.recordKeysOn(q.zone, groups)
	policies := make([]string, 0, len(keys))
	for _, key := range keys {
		policies = append(policies, "policies["+strconv.Quote(key.policy)+"]")
	}
	slices.Sort(policies)
	policies = slices.Compact(policies)

	name := k.zoneName(q.zone)
	names, complete := standIns(name, keys)
	if q.operation.Permission != nil {
		names = append(names, recordName{}) // the zone itself
	}
	found, err := q.surveyOf(s, k, account, names)
	if err != nil {
		return survey{}, err
	}
	if !complete {
		found.spread = spreadMixed
	}
	found.policies = policies
	return found, nil
}

// surveyOf asks for these records, of which there is one at least, in each form that the question may have.
func (q *question) surveyOf(s *subject, k *knowledge, account authz.ID, records []recordName) (survey, error) {
	name := k.zoneName(q.zone)
	out := survey{any: records[0]}
	allowed, refused := false, false
	for _, record := range records {
		for _, form := range q.forms() {
			d, err := q.policiesOn(s, k.naming(q.zone, name, record), account, form, record)
			if err != nil {
				return survey{}, err
			}
			if d.Allowed {
				allowed = true
				continue
			}
			if !refused || out.refused.kind == "" {
				out.refused = record
			}
			refused = true
			if !slices.Contains(out.gates, d.Gate) {
				out.gates = append(out.gates, d.Gate)
			}
		}
	}
	switch {
	case allowed && refused:
		out.spread = spreadMixed
	case allowed:
		out.spread = spreadAll
	}
	return out, nil
}

// forms are the operations that the question may turn out to be: a batch also makes records.
func (q *question) forms() []inquiry.Operation {
	forms := []inquiry.Operation{q.operation}
	if row := q.operation.Row; row != nil && row.Route == batchRoute {
		if adds, ok := catalog.OperationByName(http.MethodPost, recordsRoute); ok {
			forms = append(forms, inquiry.Operation{Row: adds})
		}
	}
	return forms
}

// readsRecord are the groups that read one record, which a change of it asks for too.
func readsRecord() catalog.GroupSet {
	row, ok := catalog.OperationByName(http.MethodGet, recordsRoute+"/{dns_record_id}")
	if !ok {
		return catalog.GroupSet{}
	}
	return row.Accepts
}

// policiesOn decides gates 7 and 8 alone for one record; the empty one is the zone itself.
func (q *question) policiesOn(s *subject, k *knowledge, account authz.ID, form inquiry.Operation, on recordName) (authz.Decision, error) {
	w := &world{knowledge: k, guess: best.in(account)}
	target := q.target
	target.Zone, target.RecordType, target.RecordName = q.zone, on.kind, on.name
	prepared, err := inquiry.Prepare(w, form, target, nil)
	if err != nil {
		return authz.Decision{}, err
	}
	free := *s.credential
	free.Disabled, free.NotBefore, free.ExpiresOn, free.IP = false, time.Time{}, time.Time{}, nil
	return prepared.Decide(w, inquiry.Asker{Credential: &free}), nil
}

// zoneName is the name of a zone as far as it is known; empty where it is not. What is no name that records can
// lie under, such as one that is not in punycode, is not known either.
func (k *knowledge) zoneName(id authz.ID) string {
	name := k.names[id]
	if zone := k.zones[id]; zone != nil && zone.Name != "" {
		name = zone.Name
	}
	odd := strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '*' || c == '@' })
	if valid, _ := validity("x." + name); odd || !valid {
		return ""
	}
	return name
}

// naming is what is known of zones, in which the zone has a name that the record can have. Where the zone's is
// not known, the record stands for one of any zone, and its name is the whole one.
func (k *knowledge) naming(zone authz.ID, name string, record recordName) *knowledge {
	if name == "" {
		name = record.name
	}
	out := *k
	out.names = map[authz.ID]string{zone: name}
	if known := k.zones[zone]; known != nil && known.Name != name {
		renamed := *known
		renamed.Name = name
		out.zones = maps.Clone(k.zones)
		out.zones[zone] = &renamed
	}
	return &out
}

// refusal is the question in a form that is refused, for one about records of which every one is refused although
// the zone lets it pass, as it does where a record could be named. Where that is so for want of a grant it is
// asked of the zone, since any record would be an arbitrary one.
func (q *question) refusal(s *subject, k *knowledge, found *survey) *question {
	out := *q
	var least *catalog.Group
	for g := range q.accepts().All() {
		if group := &catalog.Groups()[g]; least == nil || group.Rank < least.Rank {
			least = group
		}
	}
	out.operation = inquiry.Operation{Permission: least}
	out.target.Zone = q.zone
	if d, err := q.policiesOn(s, k.naming(q.zone, k.zoneName(q.zone), recordName{}), q.accounts[0], out.operation, recordName{}); err == nil && !d.Allowed {
		return &out
	}
	out.operation = q.operation
	out.target.RecordType, out.target.RecordName = found.refused.kind, found.refused.name
	return &out
}

// dependsOn says what about records the answer depends on.
func (f *survey) dependsOn() string {
	if f.named {
		return "what the batch does with the record, which the operation does not say"
	}
	if len(f.policies) == 0 {
		return "the records and what is done with them, which the target does not say"
	}
	return "the record, which " + enumerated(f.policies) + agreeing(f.policies, " asks", " ask") + " for and the target does not name"
}

// advice says how to ask for an answer that does not depend on it.
func (f *survey) advice() string {
	if f.named {
		return "Ask about the single operations that the batch holds, such as POST " + recordsRoute + "."
	}
	return "Give target.record, and ask once for each record that matters."
}

// enumerated lists words, of which there is one at least, in prose.
func enumerated(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// agreeing is the form of a verb that goes with as many words.
func agreeing(words []string, one, several string) string {
	if len(words) == 1 {
		return one
	}
	return several
}
