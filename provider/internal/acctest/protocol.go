// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider"
)

// Object is a resource or its configuration: attributes that are not in it are null. A value is what
// [tftypes.NewValue] takes for the attribute's type; [Unknown] is one that is known after the apply.
type Object map[string]any

// Unknown is a value that is known after the apply.
const Unknown = tftypes.UnknownValue

// Plan plans one resource over the plugin protocol, as Terraform would, and returns what the provider
// has to say: the test framework shows errors, but no warning. A nil prior state is a create, a nil
// configuration a destroy. The attributes of block are added to the provider block. It needs no CLI.
func (e *Env) Plan(typeName string, prior, config, block Object) []*tfprotov6.Diagnostic {
	e.t.Helper()
	server := e.configured(block)
	schemas, err := server.GetProviderSchema(e.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		e.t.Fatalf("acctest: schemas: %v", err)
	}
	schema, ok := schemas.ResourceSchemas[typeName]
	if !ok {
		e.t.Fatalf("acctest: the provider has no resource %q", typeName)
	}
	resp, err := server.PlanResourceChange(e.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName:         typeName,
		PriorState:       e.dynamic(schema, prior),
		ProposedNewState: e.dynamic(schema, proposed(schema, prior, config)),
		Config:           e.dynamic(schema, config),
	})
	if err != nil {
		e.t.Fatalf("acctest: plan of %s: %v", typeName, err)
	}
	return resp.Diagnostics
}

// configured is the provider with the endpoint and the token of Terraform, and further attributes.
func (e *Env) configured(attributes Object) tfprotov6.ProviderServer {
	e.t.Helper()
	server, err := e.ProtoV6ProviderFactories[provider.TypeName]()
	if err != nil {
		e.t.Fatalf("acctest: provider: %v", err)
	}
	schemas, err := server.GetProviderSchema(e.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		e.t.Fatalf("acctest: schemas: %v", err)
	}
	credential := e.Server.CredentialOf(mocktest.UserToken, Terraform)
	config := Object{"base_url": e.Server.BaseURL, "api_token": credential.Value}
	maps.Copy(config, attributes)
	resp, err := server.ConfigureProvider(e.t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: e.dynamic(schemas.Provider, config),
	})
	if err != nil {
		e.t.Fatalf("acctest: configure: %v", err)
	}
	for _, d := range resp.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			e.t.Fatalf("acctest: configure: %s: %s", d.Summary, d.Detail)
		}
	}
	return server
}

// proposed merges as Terraform's core does: what the configuration says, else, for a computed
// attribute, what the state says.
func proposed(schema *tfprotov6.Schema, prior, config Object) Object {
	if config == nil || prior == nil {
		return config
	}
	merged := Object{}
	for _, attribute := range schema.Block.Attributes {
		if value, ok := config[attribute.Name]; ok {
			merged[attribute.Name] = value
		} else if value, ok := prior[attribute.Name]; ok && attribute.Computed {
			merged[attribute.Name] = value
		}
	}
	return merged
}

func (e *Env) dynamic(schema *tfprotov6.Schema, object Object) *tfprotov6.DynamicValue {
	e.t.Helper()
	kind := schema.ValueType()
	value := tftypes.NewValue(kind, nil)
	if object != nil {
		attributes := map[string]tftypes.Value{}
		for _, attribute := range schema.Block.Attributes {
			attributes[attribute.Name] = tftypes.NewValue(attribute.ValueType(), object[attribute.Name])
		}
		value = tftypes.NewValue(kind, attributes)
	}
	dynamic, err := tfprotov6.NewDynamicValue(kind, value)
	if err != nil {
		e.t.Fatalf("acctest: value: %v", err)
	}
	return &dynamic
}
