// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package panel puts one question to several evaluators and says whether they agree. An evaluator is bound in
// three steps, world, credential, request, so that one that compiles what it reads does so once for many
// requests.
//
// The package knows no evaluator and decides nothing itself.
package panel

import (
	"fmt"
	"iter"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// Evaluator judges scenes. It need not be safe for concurrent use: every worker makes its own.
type Evaluator interface {
	// Name is how reports call it.
	Name() string
	// World reads a world. The caller does not change the world afterwards.
	World(w *scene.World) (World, error)
}

// World is a world that an evaluator has read.
type World interface {
	// Credential reads a credential of the world; nil is an unknown one. The caller does not change it
	// afterwards, and credentials may share their policies.
	Credential(c *scene.Credential) (Credential, error)
}

// Credential is a credential that an evaluator has read.
type Credential interface {
	// Judge answers one request. The verdict is the caller's.
	Judge(r *scene.Request) (scene.Verdict, error)
}

// Judge puts a whole scene to one evaluator.
func Judge(e Evaluator, s *scene.Scene) (scene.Verdict, error) {
	w, err := e.World(&s.World)
	if err != nil {
		return scene.Verdict{}, fmt.Errorf("%s: %w", e.Name(), err)
	}
	c, err := w.Credential(s.Credential)
	if err != nil {
		return scene.Verdict{}, fmt.Errorf("%s: %w", e.Name(), err)
	}
	v, err := judge(c, &s.Request)
	if err != nil {
		return scene.Verdict{}, fmt.Errorf("%s: %w", e.Name(), err)
	}
	return v, nil
}

// judge asks a request. An operation on a stored record is decided on the zone that contains it first
// (authorization model §5 "First the zone"); what that refuses is never asked of the record.
func judge(c Credential, r *scene.Request) (scene.Verdict, error) {
	if r.Mode != scene.ModeRecord || r.Before == nil {
		return c.Judge(r)
	}
	first := *r
	first.Mode, first.Before, first.After = scene.ModeTargets, nil, nil
	first.Targets = []scene.Target{{Kind: scene.OnRecords, Zone: r.Before.Zone}}
	if v, err := c.Judge(&first); err != nil || !v.Allowed {
		return v, err
	}
	return c.Judge(r)
}

// Batch is a world, a credential and the requests to ask with it.
type Batch struct {
	World      *scene.World
	Credential *scene.Credential
	Requests   []scene.Request
}

// Scene is the i-th question of the batch by itself.
func (b *Batch) Scene(i int) *scene.Scene {
	return &scene.Scene{World: *b.World, Credential: b.Credential, Request: b.Requests[i]}
}

// Panel are evaluators that sit together. It is not safe for concurrent use.
type Panel struct {
	evaluators []Evaluator
	bound      []Credential
	// worlds are the evaluators' readings of the world last met, which many batches share.
	met    *scene.World
	worlds []World
}

// New seats the evaluators.
func New(evaluators ...Evaluator) *Panel {
	return &Panel{evaluators: evaluators, bound: make([]Credential, len(evaluators)), worlds: make([]World, len(evaluators))}
}

// Names are the evaluators' names in their order.
func (p *Panel) Names() []string {
	names := make([]string, len(p.evaluators))
	for i, e := range p.evaluators {
		names[i] = e.Name()
	}
	return names
}

// Judge asks every evaluator every request of the batch and hands the verdicts over, request by request, in
// the evaluators' order; the slice is reused. It stops when an evaluator cannot judge, which is a fault of
// the question or the evaluator and never an agreement.
func (p *Panel) Judge(b *Batch, each func(i int, verdicts []scene.Verdict)) error {
	if err := p.bind(b); err != nil {
		return err
	}
	verdicts := make([]scene.Verdict, len(p.evaluators))
	for i := range b.Requests {
		for j, c := range p.bound {
			v, err := judge(c, &b.Requests[i])
			if err != nil {
				return fmt.Errorf("%s cannot judge request %d (%s): %w", p.evaluators[j].Name(), i, b.Requests[i].Operation, err)
			}
			verdicts[j] = v
		}
		each(i, verdicts)
	}
	return nil
}

func (p *Panel) bind(b *Batch) error {
	if p.met != b.World {
		p.met = nil
		for i, e := range p.evaluators {
			w, err := e.World(b.World)
			if err != nil {
				return fmt.Errorf("%s cannot read a world: %w", e.Name(), err)
			}
			p.worlds[i] = w
		}
		p.met = b.World
	}
	for i, w := range p.worlds {
		c, err := w.Credential(b.Credential)
		if err != nil {
			return fmt.Errorf("%s cannot read a credential: %w", p.evaluators[i].Name(), err)
		}
		p.bound[i] = c
	}
	return nil
}

// Ask puts one scene to every evaluator.
func (p *Panel) Ask(s *scene.Scene) ([]scene.Verdict, error) {
	verdicts := make([]scene.Verdict, len(p.evaluators))
	for i, e := range p.evaluators {
		v, err := Judge(e, s)
		if err != nil {
			return nil, err
		}
		verdicts[i] = v
	}
	return verdicts, nil
}

// Agree reports whether all verdicts are equal.
func Agree(verdicts []scene.Verdict) bool {
	for i := 1; i < len(verdicts); i++ {
		if !Equal(verdicts[0], verdicts[i]) {
			return false
		}
	}
	return true
}

// Equal compares two verdicts: allowed or not, the gate and the reason of a refusal, what a list holds, and
// whether a record is hidden. A hidden record is answered as an absent one, whatever hid it, so that the model
// leaves the gate and the reason open.
func Equal(a, b scene.Verdict) bool {
	if a.Allowed != b.Allowed || a.Hidden != b.Hidden || !slices.Equal(a.Items, b.Items) {
		return false
	}
	return a.Hidden || a.Gate == b.Gate && a.Reason == b.Reason
}

// Job is some work for one worker: batches that share a world or policies.
type Job = iter.Seq[*Batch]
