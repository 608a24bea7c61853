// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"context"
	"errors"
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// object is one resource of a state, as Terraform's core keeps it.
type object struct {
	typeName string
	// createFirst is lifecycle { create_before_destroy = true }.
	createFirst bool

	current *acctest.Instance // nil where there is none
	tainted bool              // of current: its create failed half way, so that it is to be replaced
	deposed []*acctest.Instance
}

// apply does what one `apply` does to the object: refresh, plan and, where that is not empty, apply. Nil
// attributes are a configuration without the resource. It reports whether there was anything to apply. As
// in a state, what was done before an error stays.
func (o *object) apply(ctx context.Context, run *acctest.Run, attributes acctest.Attributes) (changed bool, err error) {
	if err := o.refresh(ctx, run); err != nil {
		return false, err
	}
	c, err := o.plan(ctx, run, attributes)
	if err != nil || c.isEmpty() {
		return false, err
	}
	return true, o.carryOut(ctx, run, c)
}

// change is apply without the refresh.
func (o *object) change(ctx context.Context, run *acctest.Run, attributes acctest.Attributes) error {
	c, err := o.plan(ctx, run, attributes)
	if err != nil || c.isEmpty() {
		return err
	}
	return o.carryOut(ctx, run, c)
}

// refresh reads every instance, and forgets those that the provider says are gone. A tainted one stays
// tainted.
func (o *object) refresh(ctx context.Context, run *acctest.Run) error {
	if o.current != nil {
		read, err := run.Read(ctx, o.typeName, o.current)
		if err != nil {
			return err
		}
		o.current = read
		o.tainted = o.tainted && read != nil
	}
	var kept []*acctest.Instance
	for _, deposed := range o.deposed {
		read, err := run.Read(ctx, o.typeName, deposed)
		if err != nil {
			return err
		}
		if read != nil {
			kept = append(kept, read)
		}
	}
	o.deposed = kept
	return nil
}

// change is what a plan says of the object.
type change struct {
	update  *acctest.Plan // in place
	create  *acctest.Plan
	destroy *acctest.Plan // of the current instance
	deposed []*acctest.Plan
}

func (c *change) isEmpty() bool {
	return c.update == nil && c.create == nil && c.destroy == nil && len(c.deposed) == 0
}

func (o *object) plan(ctx context.Context, run *acctest.Run, attributes acctest.Attributes) (*change, error) {
	c := &change{}
	var err error
	for _, deposed := range o.deposed {
		plan, err := run.Plan(ctx, o.typeName, deposed, nil)
		if err != nil {
			return nil, err
		}
		c.deposed = append(c.deposed, plan)
	}
	switch {
	case o.current == nil && attributes == nil:
	case o.current == nil:
		c.create, err = run.Plan(ctx, o.typeName, nil, attributes)
	case attributes == nil:
		c.destroy, err = run.Plan(ctx, o.typeName, o.current, nil)
	case o.tainted:
		err = o.planReplacement(ctx, run, c, attributes)
	default:
		if c.update, err = run.Plan(ctx, o.typeName, o.current, attributes); err != nil {
			return nil, err
		}
		replaces, empty := c.update.Replaces(), c.update.IsEmpty()
		if replaces || empty {
			c.update = nil
		}
		if replaces {
			err = o.planReplacement(ctx, run, c, attributes)
		}
	}
	return c, err
}

// planReplacement plans the new instance as if there were none, and the destroy of the old one.
func (o *object) planReplacement(ctx context.Context, run *acctest.Run, c *change, attributes acctest.Attributes) (err error) {
	if c.create, err = run.Plan(ctx, o.typeName, nil, attributes); err != nil {
		return err
	}
	destroy, err := run.Plan(ctx, o.typeName, o.current, nil)
	if err != nil {
		return err
	}
	c.destroy = destroy
	if !o.createFirst {
		c.destroy = destroy.ForReplacement(c.create)
	}
	return nil
}

// carryOut applies a plan. Destroys of deposed instances do not depend on anything, so that what becomes of
// them does not keep the rest.
func (o *object) carryOut(ctx context.Context, run *acctest.Run, c *change) error {
	var errs []error
	var left []*acctest.Instance
	for i, plan := range c.deposed {
		rest, err := o.destroy(ctx, run, o.deposed[i], plan)
		errs = append(errs, err)
		if rest != nil {
			left = append(left, rest)
		}
	}
	o.deposed = left
	switch {
	case c.update != nil:
		errs = append(errs, o.update(ctx, run, c.update))
	case c.create != nil && c.destroy != nil && o.createFirst:
		errs = append(errs, o.createThenDestroy(ctx, run, c))
	default:
		errs = append(errs, o.destroyThenCreate(ctx, run, c))
	}
	return errors.Join(errs...)
}

func (o *object) destroyThenCreate(ctx context.Context, run *acctest.Run, c *change) error {
	if c.destroy != nil {
		rest, err := o.destroy(ctx, run, o.current, c.destroy)
		o.current = rest
		if err != nil {
			return err
		}
		o.tainted = false
	}
	if c.create == nil {
		return nil
	}
	return o.create(ctx, run, c.create)
}

func (o *object) createThenDestroy(ctx context.Context, run *acctest.Run, c *change) error {
	old, tainted := o.current, o.tainted
	o.current, o.tainted = nil, false
	err := o.create(ctx, run, c.create)
	if err != nil && o.current == nil {
		o.current, o.tainted = old, tainted // nothing came of it: the old one is the current one again
		return err
	}
	if err != nil {
		o.deposed = append(o.deposed, old)
		return err
	}
	rest, err := o.destroy(ctx, run, old, c.destroy)
	if rest != nil {
		o.deposed = append(o.deposed, rest)
	}
	return err
}

func (o *object) create(ctx context.Context, run *acctest.Run, plan *acctest.Plan) error {
	created, err := run.Apply(ctx, o.typeName, plan)
	if created == nil && err == nil {
		err = fmt.Errorf("%s: the create returned nothing", o.typeName)
	}
	o.current, o.tainted = created, created != nil && err != nil
	return err
}

func (o *object) update(ctx context.Context, run *acctest.Run, plan *acctest.Plan) error {
	updated, err := run.Apply(ctx, o.typeName, plan)
	if updated != nil {
		o.current = updated
	}
	return err
}

// destroy returns what is left, which is nothing unless there is an error.
func (o *object) destroy(ctx context.Context, run *acctest.Run, instance *acctest.Instance, plan *acctest.Plan) (*acctest.Instance, error) {
	rest, err := run.Apply(ctx, o.typeName, plan)
	if err == nil && rest != nil {
		err = fmt.Errorf("%s: the destroy left something", o.typeName)
	}
	if err != nil && rest == nil {
		rest = instance
	}
	return rest, err
}

// instances are all that the state holds.
func (o *object) instances() []*acctest.Instance {
	all := append([]*acctest.Instance{}, o.deposed...)
	if o.current != nil {
		all = append(all, o.current)
	}
	return all
}
