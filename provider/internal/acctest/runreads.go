// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ForReplacement is the destroy of a replacement that the other plan is the create of: Terraform's core hands it
// the private data of that plan, and not what the state keeps.
func (p *Plan) ForReplacement(create *Plan) *Plan {
	destroy := *p
	destroy.private = create.private
	return &destroy
}

// Replaces says whether the plan replaces the object.
func (p *Plan) Replaces() bool { return p.replace }

// Planned is the instance as it is planned; attributes that only the apply knows are unknown.
func (p *Plan) Planned() *Instance { return &Instance{value: p.planned} }

// WithPrivate is the instance with what the provider keeps beside it, as a state has it.
func (i *Instance) WithPrivate(private []byte) *Instance {
	return &Instance{value: i.value, private: private}
}

// IsUnknown says whether an attribute is one that only the apply knows.
func (i *Instance) IsUnknown(name string) bool {
	var attributes map[string]tftypes.Value
	return i.value.As(&attributes) == nil && !attributes[name].IsKnown()
}

// Validate validates a configuration of a resource as the CLIs do before they plan.
func (r *Run) Validate(ctx context.Context, typeName string, attributes Attributes) error {
	value, err := r.value(typeName, attributes)
	if err != nil {
		return err
	}
	config, err := encode(value)
	if err != nil {
		return err
	}
	resp, err := r.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: config})
	return problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics })
}

// Import imports by the id that an import block gives, and reads what it names.
func (r *Run) Import(ctx context.Context, typeName, id string) (*Instance, error) {
	resp, err := r.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
	if err = problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics }); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if len(resp.ImportedResources) != 1 {
		return nil, fmt.Errorf("import: %d resources, want one", len(resp.ImportedResources))
	}
	imported := resp.ImportedResources[0]
	instance, err := decode(imported.State, r.schemas[typeName].ValueType(), imported.Private)
	if err != nil {
		return nil, err
	}
	return r.Read(ctx, typeName, instance)
}

// Data reads a data source, and returns its attributes as encoding/json would have read them.
func (r *Run) Data(ctx context.Context, typeName string, attributes map[string]any) (map[string]any, error) {
	schemas, err := r.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	schema, ok := schemas.DataSourceSchemas[typeName]
	if !ok {
		return nil, fmt.Errorf("the provider has no data source %q", typeName)
	}
	all := map[string]tftypes.Value{}
	for _, attribute := range schema.Block.Attributes {
		all[attribute.Name] = tftypes.NewValue(attribute.ValueType(), attributes[attribute.Name])
	}
	config, err := encode(tftypes.NewValue(schema.ValueType(), all))
	if err != nil {
		return nil, err
	}
	resp, err := r.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: config})
	if err = problem(err, func() []*tfprotov6.Diagnostic { return resp.Diagnostics }); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	value, err := resp.State.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	plain, err := plainOf(value)
	object, _ := plain.(map[string]any)
	return object, err
}
