// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Attributes are the instance's attributes as encoding/json would have read them; what only the apply knows
// is [Unknown].
func (i *Instance) Attributes() (map[string]any, error) {
	plain, err := plainOf(i.value)
	object, _ := plain.(map[string]any)
	return object, err
}

// Private is what the provider keeps beside the instance and shows nobody; nil is nothing.
func (i *Instance) Private() []byte { return i.private }

// Stop tells the provider to end what is under way, as a CLI does that was interrupted.
func (r *Run) Stop(ctx context.Context) error {
	resp, err := r.server.StopProvider(ctx, &tfprotov6.StopProviderRequest{})
	if err == nil && resp.Error != "" {
		err = fmt.Errorf("stop: %s", resp.Error)
	}
	return err
}

// Lease is an ephemeral resource that was opened.
type Lease struct {
	// Result holds the attributes as encoding/json would have read them.
	Result map[string]any

	private []byte
}

// Open opens an ephemeral resource. The lease is nil beside an error; the warnings come with either, each with
// its summary and detail.
func (r *Run) Open(ctx context.Context, typeName string, attributes Attributes) (lease *Lease, warnings []string, err error) {
	schemas, err := r.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, nil, err
	}
	schema, ok := schemas.EphemeralResourceSchemas[typeName]
	if !ok {
		return nil, nil, fmt.Errorf("the provider has no ephemeral resource %q", typeName)
	}
	config, err := valueOf(schema, attributes)
	if err != nil {
		return nil, nil, err
	}
	given, err := encode(config)
	if err != nil {
		return nil, nil, err
	}
	resp, err := r.server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: given})
	if err == nil {
		warnings = warningsOf(resp.Diagnostics)
	}
	if err = problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics }); err != nil {
		return nil, warnings, fmt.Errorf("open: %w", err)
	}
	value, err := resp.Result.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, nil, err
	}
	plain, err := plainOf(value)
	object, _ := plain.(map[string]any)
	return &Lease{Result: object, private: resp.Private}, warnings, err
}

// Renew renews what was opened. Beside an error the lease stays as it is.
func (r *Run) Renew(ctx context.Context, typeName string, lease *Lease) error {
	resp, err := r.server.RenewEphemeralResource(ctx, &tfprotov6.RenewEphemeralResourceRequest{TypeName: typeName, Private: lease.private})
	if err = problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics }); err != nil {
		return fmt.Errorf("renew: %w", err)
	}
	lease.private = resp.Private
	return nil
}

// Close closes what was opened, and returns the warnings beside the errors.
func (r *Run) Close(ctx context.Context, typeName string, lease *Lease) (warnings []string, err error) {
	resp, err := r.server.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: typeName, Private: lease.private})
	if err = problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics }); err != nil {
		return nil, fmt.Errorf("close: %w", err)
	}
	return warningsOf(resp.Diagnostics), nil
}

func warningsOf(diagnostics []*tfprotov6.Diagnostic) []string {
	var warnings []string
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			warnings = append(warnings, d.Summary+": "+d.Detail)
		}
	}
	return warnings
}

// Invoke invokes an action and returns its progress messages.
func (r *Run) Invoke(ctx context.Context, actionType string, attributes Attributes) (messages []string, err error) {
	schemas, err := r.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	server, ok := r.server.(tfprotov6.ActionServer)
	schema, known := schemas.ActionSchemas[actionType]
	if !ok || !known {
		return nil, fmt.Errorf("the provider has no action %q", actionType)
	}
	config, err := valueOf(schema.Schema, attributes)
	if err != nil {
		return nil, err
	}
	given, err := encode(config)
	if err != nil {
		return nil, err
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: given})
	if err != nil {
		return nil, err
	}
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			messages = append(messages, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			err = problem(err, func() []*tfprotov6.Diagnostic { return event.Diagnostics })
		}
	}
	return messages, err
}

// valueOf builds the value of a schema; nil attributes are null.
func valueOf(schema *tfprotov6.Schema, attributes Attributes) (tftypes.Value, error) {
	kind := schema.ValueType()
	if attributes == nil {
		return tftypes.NewValue(kind, nil), nil
	}
	text, err := json.Marshal(attributes)
	if err != nil {
		return tftypes.Value{}, err
	}
	return tfprotov6.DynamicValue{JSON: text}.Unmarshal(kind)
}
