// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// RPC is the provider, configured with Terraform's token and spoken to over the plugin protocol. It is how
// tests reach what no CLI at hand can run. Values go in and come out as plain Go ones, as encoding/json
// makes them; attributes that are left out are null. A call that no CLI would make fails the test.
type RPC struct {
	t          *testing.T
	server     tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

// RPC starts a provider of its own. The attributes of block are added to the provider block.
func (e *Env) RPC(block Object) *RPC {
	e.t.Helper()
	r := &RPC{t: e.t, server: e.configured(block)}
	schemas, err := r.server.GetProviderSchema(e.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	r.must("GetProviderSchema", err)
	r.schemas = schemas
	identities, err := r.server.GetResourceIdentitySchemas(e.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	r.must("GetResourceIdentitySchemas", err)
	r.identities = identities.IdentitySchemas
	return r
}

// Listed is one result of a list resource.
type Listed struct {
	DisplayName string
	// Identity is what the resource is imported by.
	Identity map[string]any
	// Resource is nil where it was not asked for.
	Resource map[string]any
}

// List runs a list resource as a query does: it validates the configuration and reads at most limit
// results. The diagnostics are those of validation and of all results.
func (r *RPC) List(typeName string, config map[string]any, includeResource bool, limit int64) ([]Listed, []*tfprotov6.Diagnostic) {
	r.t.Helper()
	server, ok := r.server.(tfprotov6.ListResourceServer)
	schema, known := r.schemas.ListResourceSchemas[typeName]
	if !ok || !known {
		r.t.Fatalf("acctest: the provider has no list resource %q", typeName)
	}
	given := r.encode(config)
	validated, err := server.ValidateListResourceConfig(r.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: given})
	r.must("ValidateListResourceConfig", err)
	if len(validated.Diagnostics) > 0 {
		return nil, validated.Diagnostics
	}
	if _, err := given.Unmarshal(schema.ValueType()); err != nil {
		r.t.Fatalf("acctest: configuration of %s: %v", typeName, err)
	}
	stream, err := server.ListResource(r.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: given, IncludeResource: includeResource, Limit: limit,
	})
	r.must("ListResource", err)
	var listed []Listed
	var diags []*tfprotov6.Diagnostic
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		next := Listed{DisplayName: result.DisplayName, Identity: r.identity(typeName, result.Identity)}
		if result.Resource != nil {
			next.Resource = r.decode(result.Resource, r.schemas.ResourceSchemas[typeName])
		}
		listed = append(listed, next)
	}
	return listed, diags
}

// Invoke validates, plans and invokes an action, and returns its progress messages. It stops at the first
// of the three that has an error.
func (r *RPC) Invoke(actionType string, config map[string]any) (messages []string, diags []*tfprotov6.Diagnostic) {
	r.t.Helper()
	server, ok := r.server.(tfprotov6.ActionServer)
	if _, known := r.schemas.ActionSchemas[actionType]; !ok || !known {
		r.t.Fatalf("acctest: the provider has no action %q", actionType)
	}
	given := r.encode(config)
	validated, err := server.ValidateActionConfig(r.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: given})
	r.must("ValidateActionConfig", err)
	diags = append(diags, validated.Diagnostics...)
	if hasError(diags) {
		return nil, diags
	}
	planned, err := server.PlanAction(r.t.Context(), &tfprotov6.PlanActionRequest{ActionType: actionType, Config: given})
	r.must("PlanAction", err)
	diags = append(diags, planned.Diagnostics...)
	if hasError(diags) {
		return nil, diags
	}
	stream, err := server.InvokeAction(r.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: given})
	r.must("InvokeAction", err)
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			messages = append(messages, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = append(diags, event.Diagnostics...)
		}
	}
	return messages, diags
}

// Moved is what became of a moved resource.
type Moved struct {
	State, Identity map[string]any
	Diagnostics     []*tfprotov6.Diagnostic
}

// Move moves a resource of another type and provider here. The state is the JSON of its attributes.
func (r *RPC) Move(sourceProvider, sourceType string, sourceVersion int64, state []byte, targetType string) Moved {
	r.t.Helper()
	resp, err := r.server.MoveResourceState(r.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: sourceProvider, SourceTypeName: sourceType, SourceSchemaVersion: sourceVersion,
		SourceState: &tfprotov6.RawState{JSON: state}, TargetTypeName: targetType,
	})
	r.must("MoveResourceState", err)
	moved := Moved{Diagnostics: resp.Diagnostics}
	if resp.TargetState != nil {
		moved.State = r.decode(resp.TargetState, r.schemas.ResourceSchemas[targetType])
	}
	if resp.TargetIdentity != nil {
		moved.Identity = r.identity(targetType, resp.TargetIdentity)
	}
	return moved
}

// Open validates and opens an ephemeral resource. The result is nil where there is an error.
func (r *RPC) Open(typeName string, config map[string]any) (map[string]any, *tfprotov6.OpenEphemeralResourceResponse) {
	r.t.Helper()
	schema, known := r.schemas.EphemeralResourceSchemas[typeName]
	if !known {
		r.t.Fatalf("acctest: the provider has no ephemeral resource %q", typeName)
	}
	given := r.encode(config)
	validated, err := r.server.ValidateEphemeralResourceConfig(r.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: given})
	r.must("ValidateEphemeralResourceConfig", err)
	if hasError(validated.Diagnostics) {
		return nil, &tfprotov6.OpenEphemeralResourceResponse{Diagnostics: validated.Diagnostics}
	}
	opened, err := r.server.OpenEphemeralResource(r.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: given})
	r.must("OpenEphemeralResource", err)
	if hasError(opened.Diagnostics) {
		return nil, opened
	}
	return r.decode(opened.Result, schema), opened
}

// Renew renews an ephemeral resource.
func (r *RPC) Renew(typeName string, private []byte) *tfprotov6.RenewEphemeralResourceResponse {
	r.t.Helper()
	resp, err := r.server.RenewEphemeralResource(r.t.Context(), &tfprotov6.RenewEphemeralResourceRequest{TypeName: typeName, Private: private})
	r.must("RenewEphemeralResource", err)
	return resp
}

// Close closes an ephemeral resource.
func (r *RPC) Close(typeName string, private []byte) []*tfprotov6.Diagnostic {
	r.t.Helper()
	resp, err := r.server.CloseEphemeralResource(r.t.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: typeName, Private: private})
	r.must("CloseEphemeralResource", err)
	return resp.Diagnostics
}

// Import imports by the identity, and reads what it names without the identity, as a CLI does that has a
// state of before identities. It returns the state and the identity of the read.
func (r *RPC) Import(typeName string, identity map[string]any) (state, readIdentity map[string]any, diags []*tfprotov6.Diagnostic) {
	r.t.Helper()
	imported, err := r.server.ImportResourceState(r.t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: r.encode(identity)},
	})
	r.must("ImportResourceState", err)
	if hasError(imported.Diagnostics) || len(imported.ImportedResources) != 1 {
		return nil, nil, imported.Diagnostics
	}
	read, err := r.server.ReadResource(r.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: imported.ImportedResources[0].State, Private: imported.ImportedResources[0].Private,
	})
	r.must("ReadResource", err)
	diags = slices.Concat(imported.Diagnostics, read.Diagnostics)
	if hasError(read.Diagnostics) || read.NewIdentity == nil {
		return nil, nil, diags
	}
	return r.decode(read.NewState, r.schemas.ResourceSchemas[typeName]), r.identity(typeName, read.NewIdentity), diags
}

func (r *RPC) must(call string, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("acctest: %s: %v", call, err)
	}
}

func (r *RPC) encode(value map[string]any) *tfprotov6.DynamicValue {
	r.t.Helper()
	text, err := json.Marshal(value)
	r.must("encode", err)
	return &tfprotov6.DynamicValue{JSON: text}
}

func (r *RPC) decode(value *tfprotov6.DynamicValue, schema *tfprotov6.Schema) map[string]any {
	r.t.Helper()
	decoded, err := value.Unmarshal(schema.ValueType())
	r.must("decode", err)
	return r.object(decoded)
}

func (r *RPC) identity(typeName string, data *tfprotov6.ResourceIdentityData) map[string]any {
	r.t.Helper()
	decoded, err := data.IdentityData.Unmarshal(r.identities[typeName].ValueType())
	r.must("decode identity", err)
	return r.object(decoded)
}

func (r *RPC) object(value tftypes.Value) map[string]any {
	r.t.Helper()
	plain, err := plainOf(value)
	r.must("decode", err)
	object, _ := plain.(map[string]any)
	return object
}

// plainOf is a value as encoding/json would have read it. Sets keep the order of the wire.
func plainOf(value tftypes.Value) (any, error) {
	if value.IsNull() {
		return nil, nil //nolint:nilnil // Null is a value.
	}
	if !value.IsKnown() {
		return Unknown, nil
	}
	kind := value.Type()
	switch {
	case kind.Is(tftypes.String):
		var text string
		err := value.As(&text)
		return text, err
	case kind.Is(tftypes.Bool):
		var truth bool
		err := value.As(&truth)
		return truth, err
	case kind.Is(tftypes.Number):
		number := new(big.Float)
		err := value.As(&number)
		plain, _ := number.Float64()
		return plain, err
	case kind.Is(tftypes.Object{}), kind.Is(tftypes.Map{}):
		var values map[string]tftypes.Value
		if err := value.As(&values); err != nil {
			return nil, err
		}
		plain := make(map[string]any, len(values))
		for name, element := range values {
			converted, err := plainOf(element)
			if err != nil {
				return nil, err
			}
			plain[name] = converted
		}
		return plain, nil
	case kind.Is(tftypes.Set{}), kind.Is(tftypes.List{}):
		var values []tftypes.Value
		if err := value.As(&values); err != nil {
			return nil, err
		}
		plain := make([]any, len(values))
		for i, element := range values {
			converted, err := plainOf(element)
			if err != nil {
				return nil, err
			}
			plain[i] = converted
		}
		return plain, nil
	default:
		return nil, fmt.Errorf("a %s cannot be shown", kind)
	}
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}
