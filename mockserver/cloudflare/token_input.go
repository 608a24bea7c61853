// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"fmt"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// tokenInput is the definition that a create or an update sends.
type tokenInput struct {
	name                 string
	policies             []authz.PolicyInput
	ids                  []string // of the policies, "" where none was sent
	in, notIn            []string
	notBefore, expiresOn time.Time
	status               *string
	// problems are faults of values, told together with those that the
	// engine finds.
	problems []problem
}

// readToken reads a token. What replies hold besides the definition is known
// and left alone: clients send whole tokens back.
func readToken(o *object) tokenInput {
	o.ignore("id", "issued_on", "modified_on", "last_used_on", "value")
	in := tokenInput{
		name: o.text("name"), notBefore: o.time("not_before"), expiresOn: o.time("expires_on"),
		status: o.optionalText("status"),
	}
	for _, p := range o.objects("policies") {
		in.readPolicy(p)
	}
	in.readCondition(o)
	return in
}

func (in *tokenInput) fault(pointer, message string) {
	if len(in.problems) >= maxProblems {
		return
	}
	in.problems = append(in.problems, problem{pointer: pointer, message: pointer + ": " + message})
}

func (in *tokenInput) readPolicy(o *object) {
	p := authz.PolicyInput{Effect: authz.Effect(o.text("effect"))}
	for _, g := range o.objects("permission_groups") {
		g.ignore("name", "meta", "scopes", "description", "key")
		id := g.text("id")
		if id == "" {
			in.fault(g.pointer("id"), "id must be present: permission groups are named by their id")
		} else {
			p.Groups = append(p.Groups, id)
		}
		g.end()
	}
	if entries := o.child("resources"); entries != nil {
		for _, m := range entries.value.members {
			p.Resources = append(p.Resources, in.readResource(m))
		}
	}
	in.ids = append(in.ids, o.text("id"))
	in.policies = append(in.policies, p)
	o.end()
}

// readResource reads one entry of a policy's resources. A value of another
// form is noted here; the entry then stands for an empty map, so that the
// policy is still judged as having it.
func (in *tokenInput) readResource(m member) authz.Resource {
	r := authz.Resource{Key: m.name}
	switch {
	case m.value.kind == kindString && m.value.text == "*":
	case m.value.kind == kindObject && len(m.value.members) > 0:
		for _, nested := range m.value.members {
			if nested.value.kind != kindString || nested.value.text != "*" {
				in.fault(nested.value.pointer(), `the value of a nested key must be "*"`)
			}
			r.Nested = append(r.Nested, nested.name)
		}
	default:
		in.fault(m.value.pointer(), `the value of a resource must be "*" or a map of "*" with at least one entry`)
		r.Nested = []string{}
	}
	return r
}

// readCondition reads the IP condition in either of its two spellings. Absent,
// null and empty conditions and lists are all no condition.
func (in *tokenInput) readCondition(o *object) {
	condition := o.child("condition")
	if condition == nil {
		return
	}
	const current, older = "request_ip", "request.ip"
	ranges := condition.child(current)
	if old := condition.child(older); old != nil {
		if ranges != nil {
			condition.fault(older, "stands beside %s, which is the same", current)
		}
		ranges = old
	}
	condition.end()
	if ranges == nil {
		return
	}
	in.in, in.notIn = ranges.texts("in"), ranges.texts("not_in")
	ranges.end()
}

// check judges the definition (authorization model §3) and returns its
// policies in canonical form, or every problem in one refusal.
func (in *tokenInput) check(x *exchange, c *authz.Check) ([]authz.Policy, error) {
	policies, found := authz.CheckDefinition(x.tx, c, in.name, in.policies, in.in, in.notIn, in.notBefore, in.expiresOn)
	problems := in.problems
	told := make(map[string]bool, len(problems))
	for _, p := range problems {
		told[p.pointer] = true
	}
	for _, p := range found {
		if pointer := problemPointer(p); !told[pointer] || p.Key == "" {
			problems = append(problems, problem{pointer: pointer, message: p.Error()})
		}
	}
	if len(problems) > 0 {
		return nil, refuseProblems(problems)
	}
	return policies, nil
}

// problemPointer is the place of a problem in the body.
func problemPointer(p *authz.Problem) string {
	pointer := ""
	if p.Policy >= 0 {
		pointer = fmt.Sprintf("/policies/%d", p.Policy)
	}
	switch {
	case p.Field != "":
		return pointer + "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(p.Field)
	case p.Group != "":
		return pointer + "/permission_groups"
	case p.Key != "":
		outer, _, _ := strings.Cut(p.Key, " ")
		return pointer + "/resources/" + escapePointer(outer)
	default:
		return pointer
	}
}
