// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider"
)

// Caller calls a function of the provider by its name. Each argument has the type that a configuration
// gives it; one for a parameter of a certain type has that type.
type Caller func(name string, arguments ...tftypes.Value) (tftypes.Value, *tfprotov6.FunctionError)

// Functions calls the provider's functions over the plugin protocol, as Terraform would: the provider is not
// configured. It needs neither a CLI nor a server, and the caller may be used by parallel tests. Calls that
// no CLI would make fail the test.
func Functions(tb testing.TB) Caller {
	tb.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		tb.Fatalf("acctest: provider: %v", err)
	}
	functions, err := server.GetFunctions(tb.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		tb.Fatalf("acctest: functions: %v", err)
	}
	return func(name string, arguments ...tftypes.Value) (tftypes.Value, *tfprotov6.FunctionError) {
		tb.Helper()
		function, ok := functions.Functions[name]
		if !ok || len(function.Parameters) != len(arguments) {
			tb.Fatalf("acctest: the provider has no function %q of %d arguments", name, len(arguments))
		}
		values := make([]*tfprotov6.DynamicValue, len(arguments))
		for i, argument := range arguments {
			value, err := tfprotov6.NewDynamicValue(function.Parameters[i].Type, argument)
			if err != nil {
				tb.Fatalf("acctest: argument %d: %v", i, err)
			}
			values[i] = &value
		}
		resp, err := server.CallFunction(tb.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: values})
		if err != nil {
			tb.Fatalf("acctest: call %s: %v", name, err)
		}
		if resp.Error != nil {
			return tftypes.Value{}, resp.Error
		}
		result, err := resp.Result.Unmarshal(function.Return.Type)
		if err != nil {
			tb.Fatalf("acctest: result of %s: %v", name, err)
		}
		return result, nil
	}
}

// Literal is a value as a configuration writes it: maps are objects, slices are tuples, nil is null.
func Literal(tb testing.TB, in any) tftypes.Value {
	tb.Helper()
	switch in := in.(type) {
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case tftypes.Value:
		return in
	case string:
		return tftypes.NewValue(tftypes.String, in)
	case bool:
		return tftypes.NewValue(tftypes.Bool, in)
	case int:
		return tftypes.NewValue(tftypes.Number, in)
	case []any:
		kinds, values := []tftypes.Type{}, []tftypes.Value{}
		for _, element := range in {
			value := Literal(tb, element)
			kinds, values = append(kinds, value.Type()), append(values, value)
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: kinds}, values)
	case map[string]any:
		kinds, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
		for name, element := range in {
			value := Literal(tb, element)
			kinds[name], values[name] = value.Type(), value
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, values)
	default:
		tb.Fatalf("acctest: cannot write a %T as a literal", in)
		return tftypes.Value{}
	}
}
