// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// reasonUnknown is the reason of a question that facts which are not known decide. The others are the
// engine's.
const reasonUnknown = "unknown_facts"

// reason names why it is not allowed; empty when it is.
func (v *verdict) reason() string {
	if v.undecided {
		return reasonUnknown
	}
	return string(v.answer.Explanation.Decision.Reason)
}

// explanation says in sentences what was decided and why.
func (v *verdict) explanation(s *subject) string {
	sentences := []string{decided(s, &v.answer)}
	if v.undecided {
		lines := make([]string, 0, len(v.unknown))
		for _, u := range v.unknown {
			if u.why != "" {
				lines = append(lines, u.fact+" ("+u.why+")")
				continue
			}
			lines = append(lines, u.fact)
		}
		sentences[0] = "Not decided, and so not allowed: it depends on " + strings.Join(lines, "; and on ") + "."
		if v.byRecord != nil {
			sentences = append(sentences, v.byRecord.advice())
		}
		if v.byZone != nil {
			sentences = append(sentences, "Give target.zone_id in place of target.all_zones, and ask once for each zone that matters.")
		}
		if v.policyAllows != nil && *v.policyAllows {
			sentences = append(sentences, "The policies by themselves allow it.")
		}
	}
	return strings.Join(append(sentences, notes(s, &v.answer)...), " ")
}

// remedy is the smallest grant that would have allowed it, as configuration; empty where there is none.
func (v *verdict) remedy() string {
	if v.allowed || v.undecided || v.answer.Remedy == nil {
		return ""
	}
	return tfkit.GrantHCL(*v.answer.Remedy)
}

// decided is the answer as a sentence.
func decided(s *subject, a *inquiry.Answer) string {
	e := a.Explanation
	if !e.Decision.Allowed {
		return "Refused, " + string(e.Decision.Reason) + ": " + s.words(e.Sentence) + "."
	}
	for _, step := range e.Steps {
		// That the token can make others is said by a note, in a full sentence.
		if detail, _, _ := strings.Cut(step.Detail, "; the token can make others"); step.Gate == authz.GateGrant && detail != "" {
			return "Allowed by " + s.words(detail) + "."
		}
	}
	return "Allowed."
}

func notes(s *subject, a *inquiry.Answer) []string {
	out := make([]string, 0, len(a.Notes))
	for _, note := range a.Notes {
		out = append(out, s.words(note))
	}
	return out
}

// asks says what a gate asks (authorization model §6).
var asks = map[authz.Gate]string{
	authz.GatePresent:   "a credential is present and well formed",
	authz.GateKnown:     "it is known",
	authz.GateAlive:     "it is alive",
	authz.GateAddress:   "its IP condition holds",
	authz.GateTarget:    "the target exists for its owner",
	authz.GateAPIAccess: "API access is on",
	authz.GateGrant:     "a grant exists",
	authz.GateDeny:      "not everything granted is denied",
	authz.GateOwner:     "the owner holds the right too",
	authz.GateNeeds:     "what the operation asks beyond a group",
}
