// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Run is a provider that was configured once, as for one command of the CLI, and plans, applies and reads
// resources over the plugin protocol as Terraform's core does. It needs no CLI. Its methods may be called
// from several goroutines; what the provider finds wrong is their error.
type Run struct {
	server  tfprotov6.ProviderServer
	schemas map[string]*tfprotov6.Schema
}

// Attributes are some attributes of a resource, as JSON would write them; the others are null.
type Attributes map[string]any

// Instance is a resource instance as a state holds it. It is not changed by what is done with it.
type Instance struct {
	value   tftypes.Value
	private []byte
}

// Start configures the provider with the endpoint and the token of Terraform, and further attributes.
func (e *Env) Start(block Object) *Run {
	e.t.Helper()
	server := e.configured(block)
	schemas, err := server.GetProviderSchema(e.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		e.t.Fatalf("acctest: schemas: %v", err)
	}
	return &Run{server: server, schemas: schemas.ResourceSchemas}
}

// Plan is what the provider plans for one instance.
type Plan struct {
	prior, planned, config tftypes.Value
	private                []byte
	replace                bool
	warnings               []string
}

// IsEmpty says whether the plan changes nothing.
func (p *Plan) IsEmpty() bool { return !p.replace && p.prior.Equal(p.planned) }

// Warnings are what the provider warns of, each with its summary and detail.
func (p *Plan) Warnings() []string { return p.warnings }

// Instance returns a state that holds the attributes and nothing else, as an import leaves it for a read.
func (r *Run) Instance(typeName string, attributes Attributes) (*Instance, error) {
	value, err := r.value(typeName, attributes)
	if err != nil {
		return nil, err
	}
	return &Instance{value: value}, nil
}

// Text is an attribute of type string; it is empty where that is null or not known.
func (i *Instance) Text(name string) string {
	var attributes map[string]tftypes.Value
	var text string
	if i.value.As(&attributes) != nil || !attributes[name].IsKnown() || attributes[name].As(&text) != nil {
		return ""
	}
	return text
}

// Plan plans one instance: a nil prior is a create, nil attributes are a destroy.
func (r *Run) Plan(ctx context.Context, typeName string, prior *Instance, attributes Attributes) (*Plan, error) {
	config, err := r.value(typeName, attributes)
	if err != nil {
		return nil, err
	}
	p := &Plan{config: config, prior: tftypes.NewValue(config.Type(), nil)}
	if prior != nil {
		p.prior, p.private = prior.value, prior.private
	}
	proposed, err := proposedValue(r.schemas[typeName], p.prior, config)
	if err != nil {
		return nil, err
	}
	request := &tfprotov6.PlanResourceChangeRequest{TypeName: typeName, PriorPrivate: p.private}
	for to, from := range map[**tfprotov6.DynamicValue]tftypes.Value{
		&request.PriorState: p.prior, &request.ProposedNewState: proposed, &request.Config: config,
	} {
		if *to, err = encode(from); err != nil {
			return nil, err
		}
	}
	resp, err := r.server.PlanResourceChange(ctx, request)
	if err = problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics }); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	p.warnings = warningsOf(resp.Diagnostics)
	p.private = resp.PlannedPrivate
	if p.planned, err = resp.PlannedState.Unmarshal(config.Type()); err != nil {
		return nil, err
	}
	p.replace = slices.ContainsFunc(resp.RequiresReplace, func(at *tftypes.AttributePath) bool { return p.changes(at) })
	return p, nil
}

// changes says whether the attribute is planned otherwise than it was. The CLIs replace for no other.
func (p *Plan) changes(at *tftypes.AttributePath) bool {
	before, _, missing := tftypes.WalkAttributePath(p.prior, at)
	after, _, gone := tftypes.WalkAttributePath(p.planned, at)
	if missing != nil || gone != nil {
		return (missing == nil) != (gone == nil)
	}
	was, known := before.(tftypes.Value)
	is, both := after.(tftypes.Value)
	return !known || !both || !is.IsFullyKnown() || !was.Equal(is)
}

// Apply carries a plan out. The instance is nil after a destroy; beside an error it is what the provider
// leaves in state all the same.
func (r *Run) Apply(ctx context.Context, typeName string, plan *Plan) (*Instance, error) {
	request := &tfprotov6.ApplyResourceChangeRequest{TypeName: typeName, PlannedPrivate: plan.private}
	for to, from := range map[**tfprotov6.DynamicValue]tftypes.Value{
		&request.PriorState: plan.prior, &request.PlannedState: plan.planned, &request.Config: plan.config,
	} {
		var err error
		if *to, err = encode(from); err != nil {
			return nil, err
		}
	}
	resp, err := r.server.ApplyResourceChange(ctx, request)
	failed := problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics })
	if err != nil {
		return nil, fmt.Errorf("apply: %w", failed)
	}
	instance, err := decode(resp.NewState, plan.planned.Type(), resp.Private)
	if failed != nil {
		err = fmt.Errorf("apply: %w", failed)
	}
	return instance, err
}

// Read refreshes one instance; nil means that the object is gone.
func (r *Run) Read(ctx context.Context, typeName string, instance *Instance) (*Instance, error) {
	read, _, err := r.ReadWarnings(ctx, typeName, instance)
	return read, err
}

// ReadWarnings is Read, with the texts of the warnings.
func (r *Run) ReadWarnings(ctx context.Context, typeName string, instance *Instance) (read *Instance, warnings []string, err error) {
	current, err := encode(instance.value)
	if err != nil {
		return nil, nil, err
	}
	resp, err := r.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: current, Private: instance.private,
	})
	if err = problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics }); err != nil {
		return nil, nil, fmt.Errorf("read: %w", err)
	}
	read, err = decode(resp.NewState, instance.value.Type(), resp.Private)
	return read, warningsOf(resp.Diagnostics), err
}

// value builds the value of a resource; nil attributes are null.
func (r *Run) value(typeName string, attributes Attributes) (tftypes.Value, error) {
	schema, ok := r.schemas[typeName]
	if !ok {
		return tftypes.Value{}, fmt.Errorf("the provider has no resource %q", typeName)
	}
	value, err := valueOf(schema, attributes)
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("attributes of %s: %w", typeName, err)
	}
	return value, nil
}

// proposedValue merges as Terraform's core does: what the configuration says, else, for a computed
// attribute, what the state says.
func proposedValue(schema *tfprotov6.Schema, prior, config tftypes.Value) (tftypes.Value, error) {
	if config.IsNull() || prior.IsNull() {
		return config, nil
	}
	var before, merged map[string]tftypes.Value
	if err := errors.Join(prior.As(&before), config.As(&merged)); err != nil {
		return tftypes.Value{}, err
	}
	// As hands out the configuration's own map, which stays as it is.
	merged = maps.Clone(merged)
	for _, attribute := range schema.Block.Attributes {
		if attribute.Computed && merged[attribute.Name].IsNull() {
			merged[attribute.Name] = before[attribute.Name]
		}
	}
	return tftypes.NewValue(config.Type(), merged), nil
}

func encode(value tftypes.Value) (*tfprotov6.DynamicValue, error) {
	dynamic, err := tfprotov6.NewDynamicValue(value.Type(), value)
	return &dynamic, err
}

func decode(dynamic *tfprotov6.DynamicValue, kind tftypes.Type, private []byte) (*Instance, error) {
	if dynamic == nil {
		return nil, nil
	}
	value, err := dynamic.Unmarshal(kind)
	if err != nil || value.IsNull() {
		return nil, err
	}
	return &Instance{value: value, private: private}, nil
}

// problem is the error of a call, or the errors among its diagnostics.
func problem(err error, diagnostics func() []*tfprotov6.Diagnostic) error {
	if err != nil {
		return err
	}
	for _, d := range diagnostics() {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			err = errors.Join(err, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return err
}
