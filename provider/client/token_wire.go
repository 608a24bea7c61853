// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The wire forms of a token. They are the provider's own and share nothing with the reference
// server's, so that one mistake cannot pass on both sides.

const everything = "*"

// MarshalJSON writes "*", or the nested keys in order, each with "*".
func (v ResourceValue) MarshalJSON() ([]byte, error) {
	if v.Nested == nil {
		return json.Marshal(everything)
	}
	nested := make(map[string]string, len(v.Nested))
	for _, key := range v.Nested {
		nested[key] = everything
	}
	return json.Marshal(nested)
}

// UnmarshalJSON reads both forms and refuses every other, since a grant that is not understood must
// not be shown as a smaller one.
func (v *ResourceValue) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		if text != everything {
			return fmt.Errorf("resource value %q is not understood; only %q is", text, everything)
		}
		v.Nested = nil
		return nil
	}
	var nested map[string]json.RawMessage
	if err := json.Unmarshal(data, &nested); err != nil || nested == nil {
		return errors.New("resource value is neither text nor an object")
	}
	for key, value := range nested {
		var text string // a null leaves it as it is
		if json.Unmarshal(value, &text) != nil || text != everything {
			return fmt.Errorf("nested resource %q has a value that is not understood", key)
		}
	}
	v.Nested = slices.AppendSeq(make([]string, 0, len(nested)), maps.Keys(nested))
	slices.Sort(v.Nested)
	return nil
}

type wireGroup struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type wirePolicy struct {
	ID        string                   `json:"id,omitempty"`
	Effect    Effect                   `json:"effect"`
	Groups    []wireGroup              `json:"permission_groups"`
	Resources map[string]ResourceValue `json:"resources"`
}

type wireRanges struct {
	In    []string `json:"in,omitempty"`
	NotIn []string `json:"not_in,omitempty"`
}

type wireCondition struct {
	RequestIP *wireRanges `json:"request_ip,omitempty"`
	// DottedRequestIP is the spelling of older replies; it is read and never sent.
	DottedRequestIP *wireRanges `json:"request.ip,omitempty"`
}

type wireDefinition struct {
	Name      string         `json:"name"`
	Policies  []wirePolicy   `json:"policies"`
	Condition *wireCondition `json:"condition,omitempty"`
	NotBefore string         `json:"not_before,omitempty"`
	ExpiresOn string         `json:"expires_on,omitempty"`
	Status    string         `json:"status,omitempty"`
}

type wireToken struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Status     string         `json:"status"`
	IssuedOn   *time.Time     `json:"issued_on"`
	ModifiedOn *time.Time     `json:"modified_on"`
	LastUsedOn *time.Time     `json:"last_used_on"`
	NotBefore  *time.Time     `json:"not_before"`
	ExpiresOn  *time.Time     `json:"expires_on"`
	Policies   []wirePolicy   `json:"policies"`
	Condition  *wireCondition `json:"condition"`
	Value      string         `json:"value"`
}

// wire is the body of a create; an update adds what clears the condition.
func (d TokenDefinition) wire() wireDefinition {
	out := wireDefinition{
		Name:      d.Name,
		Policies:  make([]wirePolicy, 0, len(d.Policies)),
		Condition: d.Condition.wire(),
		NotBefore: wireTime(d.NotBefore),
		ExpiresOn: wireTime(d.ExpiresOn),
		Status:    d.Status,
	}
	for _, policy := range d.Policies {
		p := wirePolicy{Effect: policy.Effect, Groups: make([]wireGroup, 0, len(policy.Groups)), Resources: policy.Resources}
		for _, group := range policy.Groups {
			p.Groups = append(p.Groups, wireGroup{ID: group.ID})
		}
		out.Policies = append(out.Policies, p)
	}
	return out
}

func (d TokenDefinition) wireUpdate() wireDefinition {
	out := d.wire()
	if out.Condition == nil {
		// What an update leaves out some servers keep; an empty condition clears it on all of them.
		out.Condition = &wireCondition{}
	}
	return out
}

func (c *IPCondition) wire() *wireCondition {
	if c == nil {
		return nil
	}
	return &wireCondition{RequestIP: &wireRanges{In: c.In, NotIn: c.NotIn}}
}

func (w *wireCondition) condition() *IPCondition {
	if w == nil {
		return nil
	}
	ranges := w.RequestIP
	if ranges == nil {
		ranges = w.DottedRequestIP
	}
	if ranges == nil || len(ranges.In)+len(ranges.NotIn) == 0 {
		return nil
	}
	return &IPCondition{In: ranges.In, NotIn: ranges.NotIn}
}

func (w wireToken) token() Token {
	out := Token{
		ID: w.ID, Name: w.Name, Status: w.Status, Value: w.Value,
		LastUsedOn: w.LastUsedOn, NotBefore: w.NotBefore, ExpiresOn: w.ExpiresOn,
		Condition: w.Condition.condition(),
		Policies:  make([]Policy, 0, len(w.Policies)),
	}
	if w.IssuedOn != nil {
		out.IssuedOn = *w.IssuedOn
	}
	if w.ModifiedOn != nil {
		out.ModifiedOn = *w.ModifiedOn
	}
	for _, policy := range w.Policies {
		p := Policy{ID: policy.ID, Effect: policy.Effect, Resources: policy.Resources, Groups: make([]PolicyGroup, 0, len(policy.Groups))}
		for _, group := range policy.Groups {
			p.Groups = append(p.Groups, PolicyGroup(group))
		}
		out.Policies = append(out.Policies, p)
	}
	return out
}

func wireTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Truncate(time.Second).Format(time.RFC3339)
}
