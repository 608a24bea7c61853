// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

var _ resource.ResourceWithMoveState = &tokenResource{}

// The resources that tokens can be moved from, and the type of the provider that they belong to.
const (
	movedProvider     = "cloudflare"
	movedUserToken    = "cloudflare_api_token"     //nolint:gosec // The name of a type.
	movedAccountToken = "cloudflare_account_token" //nolint:gosec // The name of a type.
)

// MoveState takes over tokens from the official provider, of both kinds of owner. It asks for the types of
// resource and provider alone: host and namespace are the CLI's and the mirror's, and every version of the
// schema is read from the JSON of the state, which differs only in how resources are written.
func (r *tokenResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveToken}}
}

// moveToken makes no request: the token and its secret are what they were. The refresh that follows reads the
// definition, so that one which cannot be read from the state is no reason to refuse the move.
func moveToken(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	owned := req.SourceTypeName == movedAccountToken
	if path.Base(req.SourceProviderAddress) != movedProvider || !owned && req.SourceTypeName != movedUserToken {
		return
	}
	var source movedState
	if req.SourceRawState == nil || json.Unmarshal(req.SourceRawState.JSON, &source) != nil ||
		!isID(source.ID) || owned && !isID(source.AccountID) {
		// The text of the error would quote the state, which holds the secret.
		resp.Diagnostics.AddError("Cannot move the API token", fmt.Sprintf(
			"The state of the %s does not name a token: it needs an id, and for a token of an account the account's id.\n\n"+
				"Remove the moved block, import the token by its id, and remove the old resource from state.", req.SourceTypeName))
		return
	}
	accountID := types.StringNull()
	if owned {
		accountID = types.StringValue(source.AccountID)
	}
	state := emptyModel(accountID)
	state.ID = types.StringValue(source.ID)
	token, err := source.token()
	if err == nil {
		if diags := state.fromAPI(ctx, token); diags.HasError() {
			err = errors.New(diags.Errors()[0].Summary())
			state = emptyModel(accountID)
			state.ID = types.StringValue(source.ID)
		}
	}
	if err != nil {
		resp.Diagnostics.AddWarning("Definition of the API token is not moved", fmt.Sprintf(
			"The token %s and its secret are moved. Its definition is read from the API when it is refreshed, because the state of the %s cannot be read in full: %v.\n\n"+
				"Let the plan refresh; with -refresh=false it would show the whole definition as new.", source.ID, req.SourceTypeName, err))
	}
	if source.Value != "" {
		state.Value = types.StringValue(source.Value)
	}
	resp.Diagnostics.Append(resp.TargetState.Set(ctx, state)...)
	resp.Diagnostics.Append(tfkit.SetIdentity(ctx, resp.TargetIdentity, state.identity())...)
	resp.Diagnostics.Append(resp.TargetPrivate.SetKey(ctx, movedKey, []byte("true"))...)
}

// movedState is the state of a token in the official provider. Null and absent are the same.
type movedState struct {
	ID         string          `json:"id"`
	AccountID  string          `json:"account_id"`
	Name       string          `json:"name"`
	Status     string          `json:"status"`
	Value      string          `json:"value"`
	Policies   json.RawMessage `json:"policies"`
	Condition  json.RawMessage `json:"condition"`
	NotBefore  string          `json:"not_before"`
	ExpiresOn  string          `json:"expires_on"`
	IssuedOn   string          `json:"issued_on"`
	ModifiedOn string          `json:"modified_on"`
}

type movedPolicy struct {
	Effect           client.Effect `json:"effect"`
	PermissionGroups []struct {
		ID string `json:"id"`
	} `json:"permission_groups"`
	Resources json.RawMessage `json:"resources"`
}

type movedCondition struct {
	RequestIP *struct {
		In    []string `json:"in"`
		NotIn []string `json:"not_in"`
	} `json:"request_ip"`
}

// token is the token as the API would show it. Errors quote nothing of the state.
func (s movedState) token() (*client.Token, error) {
	out := &client.Token{ID: s.ID, Name: s.Name, Status: s.Status}
	if out.Name == "" || out.Status == "" {
		return nil, errors.New("name or status is missing")
	}
	var policies []movedPolicy
	if err := json.Unmarshal(s.Policies, &policies); err != nil || len(policies) == 0 {
		return nil, errors.New("policies are missing or have another form")
	}
	for _, p := range policies {
		if p.Effect != client.EffectAllow && p.Effect != client.EffectDeny || len(p.PermissionGroups) == 0 {
			return nil, errors.New("a policy has no effect or no permission groups")
		}
		policy := client.Policy{Effect: p.Effect}
		for _, group := range p.PermissionGroups {
			if !isID(group.ID) {
				return nil, errors.New("a permission group has no id")
			}
			policy.Groups = append(policy.Groups, client.PolicyGroup{ID: group.ID})
		}
		resources, err := movedResources(p.Resources)
		if err != nil {
			return nil, err
		}
		policy.Resources = resources
		out.Policies = append(out.Policies, policy)
	}
	if len(s.Condition) > 0 {
		var condition *movedCondition
		if err := json.Unmarshal(s.Condition, &condition); err != nil {
			return nil, errors.New("condition has another form")
		}
		if condition != nil && condition.RequestIP != nil {
			out.Condition = &client.IPCondition{In: condition.RequestIP.In, NotIn: condition.RequestIP.NotIn}
		}
	}
	return out, s.times(out)
}

// times reads the times; one that is missing stays unset.
func (s movedState) times(out *client.Token) error {
	var issued, modified *time.Time
	for _, t := range []struct {
		text string
		to   **time.Time
	}{{s.NotBefore, &out.NotBefore}, {s.ExpiresOn, &out.ExpiresOn}, {s.IssuedOn, &issued}, {s.ModifiedOn, &modified}} {
		if t.text == "" {
			continue
		}
		parsed, err := time.Parse(time.RFC3339, t.text)
		if err != nil {
			return errors.New("a time has another form than RFC 3339")
		}
		*t.to = &parsed
	}
	if issued != nil {
		out.IssuedOn = *issued
	}
	if modified != nil {
		out.ModifiedOn = *modified
	}
	return nil
}

// movedResources reads the resources of a policy: an object, or the JSON text of one. Nested resources are an
// object or, again, its text.
func movedResources(raw json.RawMessage) (map[string]client.ResourceValue, error) {
	problem := errors.New("the resources of a policy have another form")
	var values map[string]json.RawMessage
	if err := json.Unmarshal(unquoted(raw), &values); err != nil || len(values) == 0 {
		return nil, problem
	}
	resources := make(map[string]client.ResourceValue, len(values))
	for key, value := range values {
		var read client.ResourceValue
		if err := json.Unmarshal(unquoted(value), &read); err != nil || read.Nested != nil && len(read.Nested) == 0 {
			return nil, problem
		}
		resources[key] = read
	}
	return resources, nil
}

// unquoted is the JSON object that a JSON string holds, or what it is given where that holds none.
func unquoted(raw json.RawMessage) json.RawMessage {
	var text string
	if json.Unmarshal(raw, &text) != nil || text == "" || text[0] != '{' {
		return raw
	}
	return json.RawMessage(text)
}
