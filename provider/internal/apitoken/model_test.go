// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// TestSchema_MatchesModel holds the object types of the model against the schema.
func TestSchema_MatchesModel(t *testing.T) {
	t.Parallel()
	var resp resource.SchemaResponse
	NewResource().Schema(t.Context(), resource.SchemaRequest{}, &resp)
	if diags := resp.Schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Fatalf("schema: %v", diags)
	}
	for name, want := range map[string]attr.Type{"policies": types.MapType{ElemType: policyset.PolicyType}, "condition": conditionType} {
		if got := resp.Schema.Attributes[name].GetType(); !got.Equal(want) {
			t.Errorf("%s: schema has %s, model %s", name, got, want)
		}
	}
	if !resp.Schema.Attributes["value"].IsSensitive() {
		t.Error("the secret is not sensitive")
	}
}

// fullModel is a token with every attribute that configuration can set.
func fullModel(t *testing.T) tokenModel {
	t.Helper()
	return tokenModel{
		ID:        types.StringValue("ed17574386854bf78a67040be0a770b0"),
		AccountID: types.StringNull(),
		Name:      types.StringValue("ci"),
		Policies: policiesValue(t, map[string]any{
			"dns":  obj{"effect": "allow", "permission_groups": []string{"DNS Edit"}, "resources": obj{"zones": []string{zoneA}, "all_zones": false}},
			"self": pol([]string{"API Tokens Read"}, obj{"user": true}),
		}),
		Condition: conditionValue(t, requestIP([]string{"198.51.100.7"}, []string{"203.0.113.0/24"})),
		NotBefore: stamp("2030-01-01T01:00:00+01:00"), ExpiresOn: stamp("2031-01-01T00:00:00Z"),
		Status: types.StringValue("active"), AllowSelfLockout: types.BoolValue(true),
		Grants: types.SetValueMust(types.StringType, []attr.Value{
			types.StringValue("allow API Tokens Read on the token's user"), types.StringValue("allow DNS Write on zone " + zoneA),
		}),
		SecretStorage: types.StringNull(), Recipients: types.SetNull(types.StringType), RotateTriggers: types.MapNull(types.StringType),
		Value: types.StringValue("kept"), EncryptedValue: types.StringNull(), IssuedOn: types.StringValue("2029-01-01T00:00:00Z"), ModifiedOn: types.StringValue("2029-06-01T00:00:00Z"),
	}
}

// answer is what the API says of a token with this definition.
func answer(t *testing.T, m tokenModel) *client.Token {
	t.Helper()
	def, diags := m.compile(t.Context())
	if !def.complete {
		t.Fatalf("model does not compile: %v", diags)
	}
	api := def.toAPI(userID, m.Status.ValueString())
	slices.Reverse(api.Policies)
	return &client.Token{
		ID: m.ID.ValueString(), Name: api.Name, Status: api.Status, Policies: api.Policies, Condition: api.Condition,
		NotBefore: api.NotBefore, ExpiresOn: api.ExpiresOn,
		IssuedOn: *instant(t, m.IssuedOn.ValueString()), ModifiedOn: *instant(t, m.ModifiedOn.ValueString()),
	}
}

// TestModel_RoundTrip reads back what was sent: nothing changes, the secret and
// what only Terraform knows included.
func TestModel_RoundTrip(t *testing.T) {
	t.Parallel()
	full := fullModel(t)
	owned := fullModel(t)
	owned.AccountID = types.StringValue(accountA)
	owned.Policies = policiesValue(t, map[string]any{"all": pol([]string{"Zone Read"}, obj{"all_zones": true})})
	owned.Grants = types.SetValueMust(types.StringType, []attr.Value{types.StringValue("allow Zone Read on all zones of account " + accountA)})
	bare := fullModel(t)
	bare.Condition, bare.NotBefore, bare.ExpiresOn = conditionValue(t, nil), timestampNull(), timestampNull()
	bare.AllowSelfLockout, bare.Value = types.BoolNull(), types.StringNull()
	for name, m := range map[string]tokenModel{"full": full, "account-owned": owned, "bare": bare} {
		got := m
		if diags := got.fromAPI(t.Context(), answer(t, m)); len(diags) > 0 {
			t.Errorf("%s: %v", name, diags)
		}
		if diff := cmp.Diff(m, got, cmp.Comparer(func(a, b attr.Value) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestModel_Imported reads into a model that holds an id alone, as an import does.
func TestModel_Imported(t *testing.T) {
	t.Parallel()
	full := fullModel(t)
	got := tokenModel{ID: full.ID, Policies: types.MapNull(policyset.PolicyType), Condition: conditionValue(t, nil), NotBefore: timestampNull(), ExpiresOn: timestampNull()}
	if diags := got.fromAPI(t.Context(), answer(t, full)); len(diags) > 0 {
		t.Fatal(diags)
	}
	def, diags := got.compile(t.Context())
	if !def.complete {
		t.Fatalf("what an import shows does not compile: %v", diags)
	}
	want, _ := full.compile(t.Context())
	if !def.equal(want.definition) || !got.Grants.Equal(full.Grants) || !got.Value.IsNull() {
		t.Errorf("imported %+v, want the meaning of %+v and no secret", got, full)
	}
}

func TestModel_Compile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change   func(*tokenModel)
		complete bool
		problems []string
	}{
		"complete":             {func(*tokenModel) {}, true, nil},
		"name unknown":         {func(m *tokenModel) { m.Name = types.StringUnknown() }, false, nil},
		"policies unknown":     {func(m *tokenModel) { m.Policies = types.MapUnknown(policyset.PolicyType) }, false, nil},
		"expires unknown":      {func(m *tokenModel) { m.ExpiresOn = timestamp{StringValue: types.StringUnknown()} }, false, nil},
		"condition unknown":    {func(m *tokenModel) { m.Condition = types.ObjectUnknown(conditionType.AttrTypes) }, false, nil},
		"expires before begin": {func(m *tokenModel) { m.ExpiresOn = stamp("2029-12-31T00:00:00Z") }, false, []string{"expires_on: Token would never be valid"}},
		"expires at begin":     {func(m *tokenModel) { m.ExpiresOn = stamp("2030-01-01T00:00:00Z") }, false, []string{"expires_on: Token would never be valid"}},
	} {
		m := fullModel(t)
		test.change(&m)
		def, diags := m.compile(t.Context())
		if diff := cmp.Diff(test.problems, problems(diags)); diff != "" || def.complete != test.complete {
			t.Errorf("%s: complete %v, problems (-want +got):\n%s", name, def.complete, diff)
		}
	}
}

func TestModel_TakeLost(t *testing.T) {
	t.Parallel()
	const id, other = "ed17574386854bf78a67040be0a770b0", "f267e341f3dd4697bd3b9f71dd96247f"
	lost := &client.LostCreateError{Name: "ci", CandidateIDs: []string{id}, Err: client.ErrNoAPIToken}
	for name, test := range map[string]struct {
		token *client.Token
		err   error
		want  bool
		value types.String
	}{
		"the lost one":            {&client.Token{ID: id}, lost, true, types.StringNull()},
		"made in its place":       {&client.Token{ID: other, Value: "secret", Status: "active"}, lost, true, types.StringValue("secret")},
		"a candidate in doubt":    {nil, lost, false, types.StringNull()},
		"nothing could be read":   {nil, &client.LostCreateError{Err: client.ErrNoAPIToken}, false, types.StringNull()},
		"another error":           {nil, client.ErrNoAPIToken, false, types.StringNull()},
		"another error, a result": {&client.Token{ID: id}, client.ErrNoAPIToken, false, types.StringNull()},
	} {
		m := fullModel(t)
		m.ID, m.Value = types.StringUnknown(), types.StringUnknown()
		if got := m.takeLost(test.token, test.err); got != test.want {
			t.Errorf("%s: kept = %v, want %v", name, got, test.want)
		}
		if test.want && (m.ID.ValueString() != test.token.ID || !m.Value.Equal(test.value) || m.Status.IsUnknown() || m.ModifiedOn.IsUnknown()) {
			t.Errorf("%s: state is %s, %s, %s", name, m.ID, m.Status, m.ModifiedOn)
		}
	}
}
