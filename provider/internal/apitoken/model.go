// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
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
	SecretStorage    types.String `tfsdk:"secret_storage"`
	Recipients       types.Set    `tfsdk:"recipients"`
	RotateTriggers   types.Map    `tfsdk:"rotate_triggers"`
	Value            types.String `tfsdk:"value"`
	EncryptedValue   types.String `tfsdk:"encrypted_value"`
	IssuedOn         types.String `tfsdk:"issued_on"`
	ModifiedOn       types.String `tfsdk:"modified_on"`
}

type conditionModel struct {
	RequestIP types.Object `tfsdk:"request_ip"`
}

type requestIPModel struct {
	In    types.Set `tfsdk:"in"`
	NotIn types.Set `tfsdk:"not_in"`
}

// The object types of the condition; the schema test holds them against the
// schema.
var (
	stringSetType = types.SetType{ElemType: types.StringType}
	requestIPType = types.ObjectType{AttrTypes: map[string]attr.Type{"in": stringSetType, "not_in": stringSetType}}
	conditionType = types.ObjectType{AttrTypes: map[string]attr.Type{"request_ip": requestIPType}}
)

// owner reads whose token it is.
func (m *tokenModel) owner() policyset.Owner { return policyset.OwnerOf(m.AccountID) }

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

	policies, policiesKnown, diags := policyset.Compile(ctx, m.Policies, m.owner())
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
// keys ([policyset.Pair]). The secret is not part of a read: what is kept stays.
func (m *tokenModel) fromAPI(ctx context.Context, token *client.Token) diag.Diagnostics {
	var diags diag.Diagnostics
	m.ID = types.StringValue(token.ID)
	m.Name = types.StringValue(token.Name)
	m.Status = types.StringValue(token.Status)

	m.Policies = policyset.Pair(ctx, m.Policies, token.Policies, m.owner(), &diags)
	m.Condition = showCondition(ctx, m.Condition, token.Condition, &diags)
	for _, t := range []struct {
		to   *timestamp
		from timestamp
	}{{&m.NotBefore, timestampFrom(token.NotBefore)}, {&m.ExpiresOn, timestampFrom(token.ExpiresOn)}} {
		if !t.to.sameInstant(t.from) {
			*t.to = t.from
		}
	}

	policies := make([]policyset.Policy, 0, len(token.Policies))
	for _, p := range token.Policies {
		policies = append(policies, policyset.FromAPI(p))
	}
	m.Grants = policyset.GrantSet(policies)
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
