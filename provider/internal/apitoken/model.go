// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// tokenModel is the resource as configuration, plan and state hold it.
type tokenModel struct {
	ID               types.String `tfsdk:"id"`
	AccountID        types.String `tfsdk:"account_id"`
	Name             types.String `tfsdk:"name"`
	Policies         types.Map    `tfsdk:"policies"`
	Condition        types.Object `tfsdk:"condition"`
	NotBefore        timestamp    `tfsdk:"not_before"`
	ExpiresOn        timestamp    `tfsdk:"expires_on"`
	Status           types.String `tfsdk:"status"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
	Grants           types.Set    `tfsdk:"grants"`
	Value            types.String `tfsdk:"value"`
	IssuedOn         types.String `tfsdk:"issued_on"`
	ModifiedOn       types.String `tfsdk:"modified_on"`
}

type policyModel struct {
	Effect           types.String `tfsdk:"effect"`
	PermissionGroups types.Set    `tfsdk:"permission_groups"`
	Resources        types.Object `tfsdk:"resources"`
}

type resourcesModel struct {
	Zones              types.Set  `tfsdk:"zones"`
	Accounts           types.Set  `tfsdk:"accounts"`
	AllZonesOfAccounts types.Set  `tfsdk:"all_zones_of_accounts"`
	AllZones           types.Bool `tfsdk:"all_zones"`
	AllAccounts        types.Bool `tfsdk:"all_accounts"`
	User               types.Bool `tfsdk:"user"`
	R2Buckets          types.Set  `tfsdk:"r2_buckets"`
	DNSRecords         types.Set  `tfsdk:"dns_records"`
	Other              types.Set  `tfsdk:"other"`
}

type recordModel struct {
	ZoneID types.String `tfsdk:"zone_id"`
	Type   types.String `tfsdk:"type"`
	Name   types.String `tfsdk:"name"`
}

type otherModel struct {
	Within types.String `tfsdk:"within"`
	Key    types.String `tfsdk:"key"`
}

type conditionModel struct {
	RequestIP types.Object `tfsdk:"request_ip"`
}

type requestIPModel struct {
	In    types.Set `tfsdk:"in"`
	NotIn types.Set `tfsdk:"not_in"`
}

// The object types of the nested attributes; the schema test holds them
// against the schema.
var (
	recordType    = types.ObjectType{AttrTypes: map[string]attr.Type{"zone_id": types.StringType, "type": types.StringType, "name": types.StringType}}
	otherType     = types.ObjectType{AttrTypes: map[string]attr.Type{"within": types.StringType, "key": types.StringType}}
	stringSetType = types.SetType{ElemType: types.StringType}
	resourcesType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"zones": stringSetType, "accounts": stringSetType, "all_zones_of_accounts": stringSetType,
		"all_zones": types.BoolType, "all_accounts": types.BoolType, "user": types.BoolType, "r2_buckets": stringSetType,
		"dns_records": types.SetType{ElemType: recordType}, "other": types.SetType{ElemType: otherType},
	}}
	policyType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"effect": types.StringType, "permission_groups": stringSetType, "resources": resourcesType,
	}}
	requestIPType = types.ObjectType{AttrTypes: map[string]attr.Type{"in": stringSetType, "not_in": stringSetType}}
	conditionType = types.ObjectType{AttrTypes: map[string]attr.Type{"request_ip": requestIPType}}
)

// owner reads whose token it is.
func (m *tokenModel) owner() owner { return ownerOf(m.AccountID) }

func ownerOf(accountID types.String) owner {
	return owner{known: !accountID.IsUnknown(), accountID: accountID.ValueString()}
}

// compiled is a definition as far as it is known.
type compiled struct {
	definition
	// policiesKnown and complete are false where a value of the policies, or
	// any value, is not known yet or has a problem.
	policiesKnown, complete bool
}

// compile turns the configured attributes into the definition that a request
// carries, and reports every problem on the way at the attribute that has it.
// What is unknown is left out.
func (m *tokenModel) compile(ctx context.Context) (compiled, diag.Diagnostics) {
	var out compiled
	out.Name = m.Name.ValueString()

	policies, policiesKnown, diags := compilePolicies(ctx, m.Policies, m.owner())
	out.Policies, out.policiesKnown = policies, policiesKnown

	cond, condKnown, ds := compileCondition(ctx, m.Condition)
	diags.Append(ds...)
	out.Condition = cond

	var nbKnown, expKnown bool
	out.NotBefore, nbKnown = m.NotBefore.time()
	out.ExpiresOn, expKnown = m.ExpiresOn.time()
	if out.NotBefore != nil && out.ExpiresOn != nil && !out.ExpiresOn.After(*out.NotBefore) {
		diags.AddAttributeError(path.Root("expires_on"), "Token would never be valid",
			"expires_on ("+m.ExpiresOn.ValueString()+") is not after not_before ("+m.NotBefore.ValueString()+").\n\nSet expires_on to a later time, or not_before to an earlier one.")
	}
	out.complete = !m.Name.IsUnknown() && policiesKnown && condKnown && nbKnown && expKnown && !diags.HasError()
	return out, diags
}

// fromAPI takes over what the API says of the token. Whatever means the same
// as what the model already holds keeps its spelling, and policies keep their
// keys ([pairPolicies]). The secret is not part of a read: what is kept stays.
func (m *tokenModel) fromAPI(ctx context.Context, token *client.Token) diag.Diagnostics {
	var diags diag.Diagnostics
	m.ID = types.StringValue(token.ID)
	m.Name = types.StringValue(token.Name)
	m.Status = types.StringValue(token.Status)

	m.Policies = pairPolicies(ctx, m.Policies, token.Policies, m.owner(), &diags)
	m.Condition = showCondition(ctx, m.Condition, token.Condition, &diags)
	for _, t := range []struct {
		to   *timestamp
		from timestamp
	}{{&m.NotBefore, timestampFrom(token.NotBefore)}, {&m.ExpiresOn, timestampFrom(token.ExpiresOn)}} {
		if !t.to.sameInstant(t.from) {
			*t.to = t.from
		}
	}

	policies := make([]policy, 0, len(token.Policies))
	for _, p := range token.Policies {
		policies = append(policies, policyFromAPI(p))
	}
	m.Grants = grantSet(policies)
	m.takeDates(token)
	return diags
}

// takeDates fills the two times that the API decides; one that it leaves out
// is null.
func (m *tokenModel) takeDates(token *client.Token) {
	m.IssuedOn, m.ModifiedOn = types.StringNull(), types.StringNull()
	if !token.IssuedOn.IsZero() {
		m.IssuedOn = types.StringValue(formatTime(token.IssuedOn))
	}
	if !token.ModifiedOn.IsZero() {
		m.ModifiedOn = types.StringValue(formatTime(token.ModifiedOn))
	}
}

// as reads an object into a model struct. The caller has checked that the
// object is neither null nor unknown.
func as[T any](ctx context.Context, obj types.Object, diags *diag.Diagnostics) (T, bool) {
	var model T
	ds := obj.As(ctx, &model, basetypes.ObjectAsOptions{})
	diags.Append(ds...)
	return model, !ds.HasError()
}
