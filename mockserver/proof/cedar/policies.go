// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"iter"
	"strconv"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/ast"
	"github.com/cedar-policy/cedar-go/types"
)

// policies are policies of Cedar in the order in which they were made.
type policies struct {
	// permits are those by which a grant exists; all decides, with the forbids.
	permits, all policyList
}

func (p *policies) permit(policy *ast.Policy) {
	compiled := cedargo.NewPolicyFromAST(policy)
	p.all, p.permits = append(p.all, compiled), append(p.permits, compiled)
}

func (p *policies) forbid(policy *ast.Policy) {
	p.all = append(p.all, cedargo.NewPolicyFromAST(policy))
}

// policyList is what cedar-go runs over; a policy's id is its place.
type policyList []*cedargo.Policy

// All implements [cedargo.PolicyIterator].
func (l policyList) All() iter.Seq2[cedargo.PolicyID, *cedargo.Policy] {
	return func(yield func(cedargo.PolicyID, *cedargo.Policy) bool) {
		for i, p := range l {
			if !yield(placeID(i), p) {
				return
			}
		}
	}
}

// placeID is the id of the policy at a place of its list.
func placeID(i int) cedargo.PolicyID {
	if i < len(placeIDs) {
		return placeIDs[i]
	}
	return cedargo.PolicyID(strconv.Itoa(i))
}

var placeIDs = func() (ids [64]cedargo.PolicyID) {
	for i := range ids {
		ids[i] = cedargo.PolicyID(strconv.Itoa(i))
	}
	return ids
}()

// text is the policies in Cedar's own language.
func (l policyList) text() string {
	var b bytes.Buffer
	for _, p := range l {
		b.Write(p.MarshalCedar())
		b.WriteString("\n\n")
	}
	return b.String()
}

//go:embed gates/*.cedar
var gateFiles embed.FS

// gates are the policies of some gates.
type gates struct {
	policies policyList
	refusals []refusal // by place; zero for the permit
}

// refusal is what a forbid of a gate says.
type refusal struct {
	gate, order int
	reason      string
}

// before reports whether r comes first; the zero refusal comes after all.
func (r refusal) before(other refusal) bool {
	if r.gate == 0 || other.gate == 0 {
		return r.gate != 0
	}
	if r.gate != other.gate {
		return r.gate < other.gate
	}
	return r.order < other.order
}

func loadGates(file string) (*gates, error) {
	text, err := gateFiles.ReadFile("gates/" + file)
	if err != nil {
		return nil, fmt.Errorf("reading the gates: %w", err)
	}
	list, err := cedargo.NewPolicyListFromBytes(file, text)
	if err != nil {
		return nil, fmt.Errorf("parsing the gates: %w", err)
	}
	g := &gates{}
	for _, p := range list {
		if err := g.add(p); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return g, nil
}

// add appends a policy; a forbid has the annotations gate and reason, and may have order.
func (g *gates) add(p *cedargo.Policy) error {
	var r refusal
	if p.Effect() == cedargo.Forbid {
		annotations := p.Annotations()
		r.reason = string(annotations["reason"])
		var err error
		if r.gate, err = strconv.Atoi(string(annotations["gate"])); err != nil || r.reason == "" {
			return fmt.Errorf("a forbid lacks its gate or reason: %s", p.MarshalCedar())
		}
		if order, ok := annotations["order"]; ok {
			if r.order, err = strconv.Atoi(string(order)); err != nil {
				return fmt.Errorf("order of a forbid: %w", err)
			}
		}
	}
	g.policies = append(g.policies, p)
	g.refusals = append(g.refusals, r)
	return nil
}

// errEvaluation is what no policy here may run into.
var errEvaluation = errors.New("a policy failed to evaluate")

// run asks the gates and returns the first refusal, zero for none.
func (g *gates) run(entities types.EntityGetter, request cedargo.Request) (refusal, error) {
	decision, diagnostic := cedargo.Authorize(g.policies, entities, request)
	if len(diagnostic.Errors) > 0 {
		return refusal{}, fmt.Errorf("%w: %s", errEvaluation, diagnostic.Errors[0].Message)
	}
	if decision == cedargo.Allow {
		return refusal{}, nil
	}
	var first refusal
	for _, reason := range diagnostic.Reasons {
		place, err := strconv.Atoi(string(reason.PolicyID))
		if err != nil {
			return refusal{}, fmt.Errorf("policy id: %w", err)
		}
		if r := g.refusals[place]; r.before(first) {
			first = r
		}
	}
	if first.gate == 0 {
		return refusal{}, fmt.Errorf("no gate permits %s", request.Action)
	}
	return first, nil
}

// allows asks policies one question.
func (l policyList) allows(entities types.EntityGetter, request cedargo.Request) (bool, error) {
	if len(l) == 0 {
		return false, nil
	}
	decision, diagnostic := cedargo.Authorize(l, entities, request)
	if len(diagnostic.Errors) > 0 {
		return false, fmt.Errorf("%w: %s", errEvaluation, diagnostic.Errors[0].Message)
	}
	return decision == cedargo.Allow, nil
}
