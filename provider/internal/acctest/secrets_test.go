// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

func TestSecretCheck(t *testing.T) {
	t.Parallel()
	const own = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	secret := "cfut_" + strings.Repeat("x", 40) + "0123abcd"
	check := secretCheck{credential: mocktest.Credential{Value: own}}
	type object = map[string]any
	tests := []struct {
		name             string
		value, sensitive any
		problem          string
	}{
		{"nothing secret", object{"name": "x", "n": 1.0, "none": nil}, object{}, ""},
		{"hidden", object{"value": secret}, object{"value": true}, ""},
		{"hidden as a whole", object{"outer": object{"value": secret}}, object{"outer": true}, ""},
		{"open", object{"value": secret}, object{"name": true}, "r.value holds a secret"},
		{"open in a list", object{"values": []any{"x", secret}}, object{"values": []any{true, false}}, "r.values[1] holds a secret"},
		{"hidden in a list", object{"values": []any{secret}}, object{"values": []any{true}}, ""},
		{"hidden list", object{"values": []any{secret}}, object{"values": true}, ""},
		{"open in a list without marks", object{"values": []any{secret}}, object{}, "r.values[0] holds a secret"},
		{"part of a text", object{"note": "it is " + secret}, nil, "r.note holds a secret"},
		{"the own credential, though hidden", object{"value": own}, object{"value": true}, "r.value holds the credential"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := check.look("r", test.value, test.sensitive)
			switch {
			case test.problem == "" && err != nil:
				t.Error(err)
			case test.problem != "" && (err == nil || !strings.Contains(err.Error(), test.problem)):
				t.Errorf("got %v, want it to say %q", err, test.problem)
			case err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), own)):
				t.Error("the error quotes the secret")
			}
		})
	}

	t.Run("in a state", func(t *testing.T) {
		t.Parallel()
		open := &tfjson.StateModule{Resources: []*tfjson.StateResource{{
			Address: "child", AttributeValues: object{"value": secret}, SensitiveValues: []byte(`{}`),
		}}}
		var resp statecheck.CheckStateResponse
		check.CheckState(t.Context(), statecheck.CheckStateRequest{State: &tfjson.State{Values: &tfjson.StateValues{
			RootModule: &tfjson.StateModule{
				Resources: []*tfjson.StateResource{{
					Address: "root", AttributeValues: object{"value": secret}, SensitiveValues: []byte(`{"value":true}`),
				}},
				ChildModules: []*tfjson.StateModule{open},
			},
		}}}, &resp)
		if resp.Error == nil || !strings.Contains(resp.Error.Error(), "child.value") || strings.Contains(resp.Error.Error(), "root") {
			t.Errorf("got %v", resp.Error)
		}
		resp = statecheck.CheckStateResponse{}
		check.CheckState(t.Context(), statecheck.CheckStateRequest{State: &tfjson.State{}}, &resp)
		if resp.Error != nil {
			t.Errorf("an empty state: %v", resp.Error)
		}
	})

	t.Run("in a plan", func(t *testing.T) {
		t.Parallel()
		var resp plancheck.CheckPlanResponse
		check.CheckPlan(t.Context(), plancheck.CheckPlanRequest{Plan: &tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{{
			Address: "r", Change: &tfjson.Change{
				Before: object{"value": secret}, BeforeSensitive: object{"value": true},
				After: object{"value": secret}, AfterSensitive: object{},
			},
		}}}}, &resp)
		if resp.Error == nil || strings.Count(resp.Error.Error(), "r.value") != 1 {
			t.Errorf("got %v, want one open secret", resp.Error)
		}
	})
}
