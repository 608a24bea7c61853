// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// apiOwner is the owner as the client names it.
func apiOwner(own policyset.Owner) client.Owner { return client.Owner{AccountID: own.AccountID} }

// definition is everything that a create or update sends, in the form in which
// two definitions are compared. Policies are sorted by key. Status is not part
// of it: it is sent only where the configuration sets it.
type definition struct {
	Name                 string
	Policies             []policyset.Keyed
	Condition            *condition
	NotBefore, ExpiresOn *time.Time
}

// equal reports whether both mean the same token, whatever their keys are.
func (d definition) equal(other definition) bool {
	return d.Name == other.Name && slices.Equal(d.canonicalPolicies(), other.canonicalPolicies()) &&
		d.Condition.equal(other.Condition) && equalInstants(d.NotBefore, other.NotBefore) && equalInstants(d.ExpiresOn, other.ExpiresOn)
}

func (d definition) canonicalPolicies() []string {
	out := make([]string, 0, len(d.Policies))
	for _, p := range d.Policies {
		out = append(out, p.Policy.Canonical())
	}
	slices.Sort(out)
	return out
}

func (d definition) policies() []policyset.Policy {
	out := make([]policyset.Policy, 0, len(d.Policies))
	for _, p := range d.Policies {
		out = append(out, p.Policy)
	}
	return out
}

// needsUser reports whether a request needs the id of the token's user.
func (d definition) needsUser() bool {
	return slices.ContainsFunc(d.Policies, func(p policyset.Keyed) bool { return p.Policy.NeedsUser() })
}

// holds reports whether a policy names the group.
func (d definition) holds(group string) bool {
	return slices.ContainsFunc(d.Policies, func(p policyset.Keyed) bool { return slices.Contains(p.Policy.Groups, group) })
}

// toAPI builds the request. An empty status is not sent, and leaves a token's
// status as it is.
func (d definition) toAPI(userID, status string) client.TokenDefinition {
	out := client.TokenDefinition{
		Name: d.Name, Condition: d.Condition.toAPI(), NotBefore: d.NotBefore, ExpiresOn: d.ExpiresOn, Status: status,
	}
	for _, p := range d.Policies {
		out.Policies = append(out.Policies, p.Policy.ToAPI(userID))
	}
	return out
}

func equalInstants(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.Equal(*b)
}

// right is one thing that a policy says: this effect, for this group, on this
// key.
type right struct {
	effect client.Effect
	group  string
	key    policyset.Key
}

func (d definition) rights() map[right]bool {
	out := map[right]bool{}
	for _, p := range d.Policies {
		for _, g := range p.Policy.Groups {
			for _, k := range p.Policy.Keys {
				out[right{p.Policy.Effect, g, k}] = true
			}
		}
	}
	return out
}

// coveredBy reports whether one of the rights says the same of all that this one is about.
func (r right) coveredBy(rights map[right]bool) bool {
	if rights[r] {
		return true
	}
	for other := range rights {
		if other.effect == r.effect && other.group == r.group && other.key.Covers(r.key, r.group) {
			return true
		}
	}
	return false
}

// narrows reports whether d may allow less than prior: a right that nothing allows any more, a deny of what none
// denied before, a narrower address condition or a shorter life. A wider key in place of a narrower one takes nothing
// away. It errs on the side of yes, for instance where a permission group of more rights replaces one of fewer: it
// guards against lock-outs.
func (d definition) narrows(prior definition) bool {
	before, after := prior.rights(), d.rights()
	for r := range before {
		if r.effect != client.EffectDeny && !r.coveredBy(after) {
			return true
		}
	}
	for r := range after {
		if r.effect == client.EffectDeny && !r.coveredBy(before) {
			return true
		}
	}
	if d.Condition.narrows(prior.Condition) {
		return true
	}
	if d.ExpiresOn != nil && (prior.ExpiresOn == nil || d.ExpiresOn.Before(*prior.ExpiresOn)) {
		return true
	}
	return d.NotBefore != nil && (prior.NotBefore == nil || d.NotBefore.After(*prior.NotBefore))
}
