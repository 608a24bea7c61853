// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package engine lets the server's decision engine judge scenes. It turns a scene into what the engine reads
// and decides nothing: worlds become maps, policies are compiled by the engine, and every verdict is what the
// engine answered.
package engine

import (
	"errors"
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// Evaluator is the engine as a [panel.Evaluator]. It is not safe for concurrent use.
type Evaluator struct {
	operations map[string]*catalog.Operation
	readers    catalog.GroupSet // A of the row that reads one record
}

// New prepares the engine. It fails only when the catalogue lacks the row that reads a record.
func New() (*Evaluator, error) {
	e := &Evaluator{operations: make(map[string]*catalog.Operation)}
	for _, o := range catalog.Operations() {
		e.operations[o.Name()] = o
	}
	read, ok := e.operations["GET /zones/{zone_id}/dns_records/{dns_record_id}"]
	if !ok {
		return nil, errors.New("the operations table has no row that reads one record")
	}
	e.readers = read.Accepts
	return e, nil
}

// Name implements [panel.Evaluator].
func (*Evaluator) Name() string { return "engine" }

// World implements [panel.Evaluator].
func (e *Evaluator) World(w *scene.World) (panel.World, error) {
	read, err := readWorld(w)
	if err != nil {
		return nil, err
	}
	return &bench{evaluator: e, world: read}, nil
}

// bench is a world before the engine.
type bench struct {
	evaluator *Evaluator
	world     *world
	// first and compiled remember the policies last compiled: many credentials of an enumeration share them.
	first    *scene.Policy
	count    int
	compiled *authz.Policies
}

// Credential implements [panel.World].
func (b *bench) Credential(c *scene.Credential) (panel.Credential, error) {
	bound := &bound{bench: b}
	if c == nil {
		return bound, nil
	}
	read, err := readCredential(c)
	if err != nil {
		return nil, err
	}
	if read.Kind.HasPolicies() {
		if read.Policies, err = b.policies(c.Policies); err != nil {
			return nil, err
		}
	}
	bound.credential = read
	return bound, nil
}

func (b *bench) policies(in []scene.Policy) (*authz.Policies, error) {
	if len(in) > 0 && b.first == &in[0] && b.count == len(in) {
		return b.compiled, nil
	}
	list, err := readPolicies(in)
	if err != nil {
		return nil, err
	}
	compiled, err := authz.Compile(list)
	if err != nil {
		return nil, fmt.Errorf("compiling policies: %w", err)
	}
	if len(in) > 0 {
		b.first, b.count, b.compiled = &in[0], len(in), compiled
	}
	return compiled, nil
}

// bound is a credential before the engine.
type bound struct {
	bench      *bench
	credential *authz.Credential
}

// Judge implements [panel.Credential].
func (b *bound) Judge(r *scene.Request) (scene.Verdict, error) {
	request, err := b.request(r)
	if err != nil {
		return scene.Verdict{}, err
	}
	w := b.bench.world
	switch r.Mode {
	case scene.ModeTargets:
		return verdict(authz.Decide(w, &request.Request)), nil
	case scene.ModeList:
		v := verdict(authz.DecideList(&request.Request, request.userOnly))
		if v.Allowed {
			v.Items = make([]bool, len(request.Targets))
			for i, t := range request.Targets {
				v.Items[i] = authz.Visible(w, &request.Request, t)
			}
		}
		return v, nil
	case scene.ModeRecord:
		before, after, err := request.pair(r)
		if err != nil {
			return scene.Verdict{}, err
		}
		d, visible := authz.DecideRecord(w, &request.Request, b.bench.evaluator.readers, before, after)
		v := verdict(d)
		v.Hidden = !visible
		return v, nil
	default:
		return scene.Verdict{}, fmt.Errorf("unknown mode %q", r.Mode)
	}
}

// Explain traces the engine's decision on a scene in ModeTargets, gate by gate, for people. Other modes are
// traced target by target.
func (e *Evaluator) Explain(s *scene.Scene) ([]authz.Explanation, error) {
	w, err := readWorld(&s.World)
	if err != nil {
		return nil, err
	}
	credential, err := (&bench{evaluator: e, world: w}).Credential(s.Credential)
	if err != nil {
		return nil, err
	}
	b, ok := credential.(*bound)
	if !ok {
		return nil, errors.New("the credential is not the engine's own")
	}
	request, err := b.request(&s.Request)
	if err != nil {
		return nil, err
	}
	if s.Request.Mode == scene.ModeTargets {
		return []authz.Explanation{authz.Explain(w, &request.Request)}, nil
	}
	before, after, err := request.pair(&s.Request)
	if err != nil {
		return nil, err
	}
	targets := request.Targets
	for _, t := range []*authz.Target{before, after} {
		if t != nil {
			targets = append(targets, *t)
		}
	}
	list := make([]authz.Explanation, 0, len(targets))
	for _, t := range targets {
		request.Targets = []authz.Target{t}
		list = append(list, authz.Explain(w, &request.Request))
	}
	return list, nil
}

func verdict(d authz.Decision) scene.Verdict {
	return scene.Verdict{Allowed: d.Allowed, Gate: int(d.Gate), Reason: string(d.Reason)}
}
